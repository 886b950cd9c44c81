"""``precursor report RUN``: the PDF of a run, and every number in it as JSON."""

from __future__ import annotations

import argparse

from precursor.cli.outcome import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or its folder")


def run(arguments: argparse.Namespace) -> Outcome:
    """Write ``report.pdf`` and ``report.json`` into the run's folder."""
    from precursor.inference.run import Run
    from precursor.report.write import write_report

    found = Run.open(arguments.run, arguments.root)
    paths = write_report(found, found.folder)
    document = {"run": found.name, "converged": found.summary["converged"], "files": [str(path) for path in paths]}
    first = () if found.summary["converged"] else ("NOT CONVERGED, not a result.",)
    return Outcome(document, (*first, *map(str, paths)), passed=bool(found.summary["converged"]))
