"""``precursor experts RUN``: what a run learned of every expert's bias, extremity, noise and interval width."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.outcome import Outcome, table

_HEAD = ("expert", "group", "answers", "bias", "extremity", "noise", "width factor")
_MEASURES = ("bias", "extremity", "noise_multiplier", "width_factor")
_NOTES = (
    "",
    "Median, and 5 to 95 %.  In brackets: as expected of any such person, the answers say nothing of it.",
    "Bias: log-odds towards bad news.  Extremity: slope on the log-odds, 1 = as the model has them.",
    "Noise: by how much all of a person's own deviations exceed the group's; above 1 the answers count for less.",
    "Width factor: what stated intervals are widened by.",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="name or folder of a run")


def run(arguments: argparse.Namespace) -> Outcome:
    """List the experts of a run."""
    from precursor.inference.runs.run import Run
    from precursor.problems import InputError, Problem

    found = Run.open(arguments.run, arguments.root)
    experts = found.summary.get("experts")
    if experts is None:
        raise InputError(Problem(f"The run {found.name} says nothing of its experts.", "make it again: precursor run"))
    document = {"run": found.name, "converged": found.summary["converged"], "experts": experts}
    passed = bool(found.summary["converged"])
    failed = () if passed else (f"NOT CONVERGED, not a result: {found.name}.",)
    return Outcome(document, (*failed, *_lines(experts)), passed=passed)


def _lines(experts: list[dict[str, Any]]) -> tuple[str, ...]:
    if not experts:
        return ("The run has no experts.",)
    rows = [
        (
            f"our reading of {expert['label']}" if expert["our_reading"] else expert["label"],
            "/".join(part for part in (expert["group"], expert["camp"]) if part),
            f"{expert['answers']:,}",
            *(_cell(expert[name]) for name in _MEASURES),
        )
        for expert in experts
    ]
    return (*table([_HEAD, *rows]), *_NOTES)


def _cell(measure: dict[str, Any]) -> str:
    text = f"{measure['median']:.2f}, {measure['low']:.2f} to {measure['high']:.2f}"
    return text if measure["touched"] else f"({text})"
