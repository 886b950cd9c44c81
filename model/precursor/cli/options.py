"""Options that several commands have, and how what was typed for them is read."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from precursor.problems import Problem

# Of the numbers that say how a fit is sampled: the least and the largest.
BOUNDS = {"seed": (0, 2**32 - 1), "draws": (50, 100_000), "chains": (2, 16), "round": (1, 1000)}


def add_scheduler(parser: argparse.ArgumentParser, what: str = "") -> None:
    """Declare ``--scheduler``; ``what`` runs there, for the help."""
    parser.add_argument(
        "--scheduler",
        metavar="WHERE",
        default="none",
        help=f"{what}none: in this process; local: two worker processes; or the address of a Dask scheduler",
    )


def whole_numbers(
    arguments: argparse.Namespace, bounds: Mapping[str, tuple[int, int]]
) -> tuple[dict[str, int], list[Problem]]:
    """Return the whole numbers that were typed, by option, and what is wrong with those that cannot be used.

    Parameters
    ----------
    bounds
        By option, the least and the largest number allowed; an option that the command lacks, or that was not typed,
        is passed over.
    """
    from precursor.elicitation.answers.numbers import whole_number

    found: dict[str, int] = {}
    problems: list[Problem] = []
    for name, (least, most) in bounds.items():
        typed = getattr(arguments, name, None)
        if typed is None:
            continue
        number = whole_number(typed, least, most)
        if number is None:
            problems.append(Problem(f"--{name} {typed!r} cannot be used.", f"a whole number from {least} to {most:,}"))
        else:
            found[name] = number
    return found, problems
