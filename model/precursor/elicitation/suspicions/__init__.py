"""What looks wrong with a survey that can be used: warnings, each with its row and what to do about it.

Nothing here forbids an answer: people may be as certain, as incoherent or as alike as they are.  The checks are about
typing, copying and carelessness, and they are quiet unless chance is a poor explanation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from precursor.elicitation.findings import in_reading_order
from precursor.elicitation.survey import Survey
from precursor.elicitation.suspicions.coherence import incoherent_answers
from precursor.elicitation.suspicions.duplicates import duplicated_people
from precursor.elicitation.suspicions.extremes import certainties, mixed_units
from precursor.elicitation.suspicions.names import names_alike
from precursor.elicitation.suspicions.patterns import monotonous_answers
from precursor.elicitation.suspicions.same_quantity import contradicted_answers
from precursor.problems import Problem

MOST_SHOWN = 100


def suspicions(survey: Survey) -> tuple[Problem, ...]:
    """Return what is suspicious in a survey's ``responses.csv``, in the order of its rows.

    Of each kind the first hundred are named, and the rest counted.
    """
    checks = (
        contradicted_answers,
        incoherent_answers,
        monotonous_answers,
        duplicated_people,
        names_alike,
        certainties,
        mixed_units,
    )
    return in_reading_order(problem for check in checks for problem in _first(tuple(check(survey))))


def _first(problems: tuple[Problem, ...]) -> Iterator[Problem]:
    """Yield the first of what one check found, and one problem that counts the rest."""
    ordered = sorted(problems, key=lambda problem: problem.row or 0)
    yield from ordered[:MOST_SHOWN]
    if rest := ordered[MOST_SHOWN:]:
        message = f"As much is to be said of {len(rest)} more answers, from row {rest[0].row} on: {rest[0].message}"
        yield replace(rest[0], message=message)


__all__ = ["MOST_SHOWN", "suspicions"]
