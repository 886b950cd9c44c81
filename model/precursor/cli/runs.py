"""``precursor runs``: which runs there are, and what each found."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.outcome import Outcome, table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: there are none."""


def run(arguments: argparse.Namespace) -> Outcome:
    """List the runs under ``reports/``; one that cannot be used is listed with what is wrong with it."""
    from precursor.analysis.tables.run_list import run_rows

    rows = run_rows(arguments.root)
    lines = tuple(line for row in rows for line in _lines(row))
    return Outcome({"runs": rows}, lines or ("There are no runs.",))


def _lines(row: dict[str, Any]) -> tuple[str, ...]:
    if row["errors"]:
        return (f"{row['name']}: broken", *(f"  {error['message']}" for error in row["errors"]))
    checks = "passed its checks" if row["converged"] else "did not pass its checks"
    head = f"{row['name']}: {row['made']}, {checks}{', quick' if row['quick'] else ''}"
    medians = table([(f"{item['median']:.4g}", item["query"]) for item in row["headline"]]) if row["headline"] else ()
    return (head, *(f"  {line}" for line in medians))
