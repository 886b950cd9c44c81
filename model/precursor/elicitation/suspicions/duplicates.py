"""Two experts who may be one: their answers agree far more often than other people's would.

If the other experts give answer a to a question with relative frequency f(a), two people give the same answers by
chance with probability prod f(a).  A pair is named if that chance, times the number of pairs, is below one in a
thousand.  Frequencies are smoothed as if twenty more people had answered, each differently, so that a small survey
proves little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.elicitation.suspicions.stated import warning
from precursor.problems import Problem

FEWEST = 8
FEWEST_DIFFERENT = 4
NEARLY_ALL = 0.9
BY_CHANCE = 1e-3
_MORE_PEOPLE = 20
_REMEDY = "one row for each person: leave one out, or give both the same 'person' in experts.csv"


def duplicated_people(survey: Survey) -> Iterator[Problem]:
    """Yield each expert whose answers are those, or nearly those, of an earlier one who is not the same person.

    They must share eight questions or more, with four different answers, and agree on nine in ten of them.
    """
    given: dict[str, dict[tuple[str, str, int], Judgement]] = {}
    for judgement in survey.judgements:
        given.setdefault(judgement.expert, {})[judgement.question, judgement.form, judgement.round] = judgement
    experts = [expert for expert, answers in given.items() if len(answers) >= FEWEST]
    if len(experts) < 2:  # noqa: PLR2004
        return
    asked = tuple({key: None for expert in experts for key in given[expert]})
    codes, surprise = _coded([[given[expert].get(key) for key in asked] for expert in experts])
    chance = math.log(BY_CHANCE) - math.log(len(experts) * (len(experts) - 1) / 2)
    named: set[int] = set()
    for later in range(1, len(experts)):
        for earlier in _like(codes, surprise, later, -chance):
            first, second = given[experts[earlier]], given[experts[later]]
            if earlier in named or _person(first) == _person(second):
                continue
            named.add(later)
            shared = int(np.sum((codes[earlier] >= 0) & (codes[later] >= 0)))
            same = int(np.sum((codes[earlier] == codes[later]) & (codes[later] >= 0)))
            message = f"'{experts[later]}' and '{experts[earlier]}' agree on {same} of {shared} answers."
            yield warning(min(second.values(), key=lambda judgement: judgement.row), message, _REMEDY)
            break


def _person(answers: dict[tuple[str, str, int], Judgement]) -> str:
    return next(iter(answers.values())).person


def _coded(table: list[list[Judgement | None]]) -> tuple[np.ndarray, np.ndarray]:
    """Return answers as numbers (expert, question; -1: none; equal = same answer), and -log of the chance of each."""
    codes = np.full((len(table), len(table[0])), -1)
    surprise = np.zeros(codes.shape)
    known: dict[object, int] = {}
    for column in range(codes.shape[1]):
        for line, answers in enumerate(table):
            judgement = answers[column]
            if judgement is not None:
                codes[line, column] = known.setdefault(judgement.answer, len(known))
        held = codes[:, column] >= 0
        counts = np.bincount(codes[held, column], minlength=1)
        # The two compared are not evidence of how common their answer is.
        others = np.maximum(counts - 2, 0) + 1
        chance = others / (max(int(held.sum()) - 2, 0) + _MORE_PEOPLE)
        surprise[held, column] = -np.log(np.minimum(chance, 1.0))[codes[held, column]]
    return codes, surprise


def _like(codes: np.ndarray, surprise: np.ndarray, later: int, least: float) -> Iterator[int]:
    mine = codes[later]
    same = (codes[:later] == mine) & (mine >= 0)
    shared = ((codes[:later] >= 0) & (mine >= 0)).sum(axis=1)
    unlikely = (same * surprise[later]).sum(axis=1)
    alike = (shared >= FEWEST) & (same.sum(axis=1) >= NEARLY_ALL * shared) & (unlikely > least)
    for earlier in np.flatnonzero(alike):
        if len(set(mine[same[earlier]].tolist())) >= FEWEST_DIFFERENT:
            yield int(earlier)
