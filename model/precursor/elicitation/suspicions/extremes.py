"""Certainty that may be a typing error, and people whose unit seems to be another than everybody's."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import fmean, median

from precursor.elicitation.answers import Point
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.elicitation.suspicions.stated import rows, warning
from precursor.problems import Problem

FEWEST_ANSWERS = 4
FEWEST_OTHERS = 5
FACTOR = 100
# In log-odds: how far a person's answers are from the others' medians, and how much nearer a hundredth, or a hundred
# times as much, would be.
FAR = 2.5
MUCH_NEARER = 1 / 3
_CLOSEST = 1e-12


def certainties(survey: Survey) -> Iterator[Problem]:
    """Yield a warning for each person who states 0 or 1 as a probability (known outcomes, of seeds, left out)."""
    found: dict[str, list[Judgement]] = {}
    for judgement in survey.judgements:
        answer = judgement.answer
        certain = isinstance(answer, Point) and answer.scale == "probability" and answer.value in (0, 1)
        if certain and not survey.questions[judgement.question].seed:
            found.setdefault(judgement.expert, []).append(judgement)
    for expert, judgements in found.items():
        values = sorted({judgement.text for judgement in judgements})
        message = f"'{expert}' is certain ({' and '.join(values)}) in {rows(judgements)}."
        remedy = "a very small or large probability, such as 0.1% or 99.9%, or a bound, unless certainty is meant"
        yield warning(judgements[0], f"{message} It is read as within half a percent.", remedy)


def mixed_units(survey: Survey) -> Iterator[Problem]:
    """Yield people whose answers would be near everybody's if they were a hundred times larger, or smaller.

    Looked at are numbers on probabilities, of people with four or more on questions that five others answered so.
    """
    answered: dict[str, dict[str, Judgement]] = {}
    for judgement in survey.judgements:
        answer = judgement.answer
        if isinstance(answer, Point) and answer.scale == "probability" and judgement.round == 1:
            answered.setdefault(judgement.question, {}).setdefault(judgement.expert, judgement)
    medians = {
        question: median(_value(judgement) for judgement in held.values())
        for question, held in answered.items()
        if len(held) > FEWEST_OTHERS
    }
    people: dict[str, list[Judgement]] = {}
    for question in medians:
        for expert, judgement in answered[question].items():
            people.setdefault(expert, []).append(judgement)
    for expert, judgements in people.items():
        if len(judgements) >= FEWEST_ANSWERS and (larger := _other_unit(judgements, medians)) is not None:
            ordered = sorted(judgements, key=lambda judgement: judgement.row)
            size = "a hundred times larger" if larger else "a hundredth"
            message = f"The answers of '{expert}' would fit everybody's if they were {size} ({rows(ordered)})."
            yield warning(ordered[0], message, "the unit asked about: percent typed as fractions, or the reverse?")


def _other_unit(judgements: Sequence[Judgement], medians: dict[str, float]) -> bool | None:
    pairs = [(_value(judgement), medians[judgement.question]) for judgement in judgements]
    far = fmean(abs(_logit(value) - _logit(middle)) for value, middle in pairs)
    if far < FAR:
        return None
    for larger, factor in ((True, FACTOR), (False, 1 / FACTOR)):
        if any(value * factor > 1 for value, _ in pairs):
            continue
        near = fmean(abs(_logit(value * factor) - _logit(middle)) for value, middle in pairs)
        if near < MUCH_NEARER * far:
            return larger
    return None


def _value(judgement: Judgement) -> float:
    assert isinstance(judgement.answer, Point)
    return judgement.answer.value


def _logit(probability: float) -> float:
    inside = min(max(probability, _CLOSEST), 1 - _CLOSEST)
    return math.log(inside) - math.log1p(-inside)
