"""``precursor structures RUN``: the headline if the model were built otherwise, and what makes two scenarios part."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, wrapped
from precursor.cli.outcome import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="a run, stance:NAME:RUN or prior:RUN")


def run(arguments: argparse.Namespace) -> Outcome:
    """Show P(deceptive) under every structure, at the two scenarios and over the run."""
    from precursor.analysis.sources import open_sources, run_behind
    from precursor.analysis.structures import structures
    from precursor.cli.main import progress
    from precursor.inference.stance_draws import stance_converged

    passed = stance_converged(*run_behind(arguments.run, arguments.root))
    progress(f"Structures of {arguments.run}: some seconds.")
    a, b, draws = open_sources(["argument", "critic", arguments.run], arguments.root)
    document = structures([a, b, draws], a, b)
    if not passed:
        progress(f"Warning: {arguments.run} did not pass its checks.")
    return Outcome(document, tuple(_lines(document)), passed)


def _lines(document: dict[str, Any]) -> list[str]:
    crossed = document["crossed"]
    rows = [("", *document["sources"])]
    rows += [
        (one["title"], *(percent(answer["estimate"]["mean"]) for answer in one["answers"]))
        for one in document["structures"]
    ]
    return [
        *wrapped(f"{document['query']}, the same values under other structures (nothing is fitted anew):"),
        *narrow(rows),
        "",
        *wrapped(f"{crossed['a']} with some of the beliefs of {crossed['b']}:"),
        *narrow([(", ".join(row["from_b"]) or "none", percent(row["probability"])) for row in crossed["rows"]]),
        "",
        *wrapped("Shares of the gap in log-odds, averaged over orders of swapping (Shapley):"),
        *narrow([(row["group"], f"{row['share']:.2f}") for row in crossed["shares"]]),
    ]
