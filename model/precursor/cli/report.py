"""``precursor report RUN``: the PDF of a run, the same as a page, and every number in them as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from precursor.cli.outcome import Outcome

if TYPE_CHECKING:
    from precursor.inference.runs.run import Run

Say = Callable[[str], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or its folder")


def run(arguments: argparse.Namespace) -> Outcome:
    """Write ``report.pdf``, ``report.html`` and ``report.json`` into the run's folder."""
    from precursor.cli.main import progress
    from precursor.inference.runs.run import Run

    found = Run.open(arguments.run, arguments.root)
    paths, problems = written(found, arguments.root, progress)
    converged = bool(found.summary["converged"])
    document = {"run": found.name, "converged": converged, "files": [str(path) for path in paths], "problems": problems}
    first = () if converged else ("NOT CONVERGED, not a result.",)
    return Outcome(document, (*first, *refused(problems), *map(str, paths)), passed=converged and not problems)


def written(found: Run, root: str | None, say: Say) -> tuple[tuple[Path, ...], list[str]]:
    """Analyse a run and write its report; return the files, or none and what the report may not claim."""
    from precursor.analysis.document.report_analyses import analyses
    from precursor.report.lint import UnsupportedClaimError
    from precursor.report.write import write_report

    parts = analyses(found, root, say)
    say("Setting the report ...")
    try:
        return write_report(found, found.folder, parts), []
    except UnsupportedClaimError as error:
        return (), error.problems


def refused(problems: list[str]) -> tuple[str, ...]:
    """Return what is said of a report that was not written, a line a problem."""
    if not problems:
        return ()
    return ("NO REPORT: it would claim what the checks do not allow.", *(f"  {problem}" for problem in problems))
