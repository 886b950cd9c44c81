"""Answers as intervals: what an answer says of the number that was asked for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from precursor.elicitation.answers import Answer, Bound, Chips, LikelihoodRatio, Point, Quantiles
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey_names import RESPONSES
from precursor.problems import Problem

_MEDIAN = 0.5


@dataclass(frozen=True, slots=True)
class Stated:
    """What one answer says of one number: that it lies from ``low`` to ``high``, at ``value`` if it names one.

    Of a point the interval is its resolution; of quantiles and chips, the median with its resolution; a bound leaves
    the other side open.
    """

    judgement: Judgement
    low: float
    high: float
    value: float | None = None


def stated(judgement: Judgement) -> Stated | None:
    """Return what an answer says of the number asked for; None of one that names no number."""
    found = _interval(judgement.answer)
    return None if found is None else Stated(judgement, *found)


def warning(judgement: Judgement, message: str, remedy: str) -> Problem:
    """Return a warning at an answer's row."""
    return Problem(message, remedy, file=RESPONSES, row=judgement.row, column="answer")


def rows(judgements: Iterable[Judgement], most: int = 8) -> str:
    """Return the rows of answers for a message: ``rows 3, 5, 8 and 2 more``."""
    found = [judgement.row for judgement in judgements]
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return f"row{'s' if len(found) > 1 else ''} {', '.join(map(str, found[:most]))}{more}"


def _interval(answer: Answer) -> tuple[float, float, float | None] | None:
    match answer:
        case Point(value=value, low=low, high=high):
            return low, high, value
        case Bound(limit=limit, below=below):
            return (-math.inf, limit, None) if below else (limit, math.inf, None)
        case Quantiles():
            return _median(answer)
        case Chips():
            return _middle_bin(answer)
        case LikelihoodRatio(stated=said):
            return _interval(said)
    return None


def _median(answer: Quantiles) -> tuple[float, float, float | None] | None:
    if _MEDIAN in answer.levels:
        at = answer.levels.index(_MEDIAN)
        value = answer.values[at]
        return (answer.lows[at], answer.highs[at], value) if answer.lows else (value, value, value)
    for (below, low), (above, high) in pairwise(zip(answer.levels, answer.values, strict=True)):
        if below < _MEDIAN < above:
            return low, high, None
    return None


def _middle_bin(answer: Chips) -> tuple[float, float, float | None]:
    half, seen, at = sum(answer.counts) / 2, 0, 0
    while seen < half:
        seen += answer.counts[at]
        at += 1
    return answer.lows[at - 1], answer.highs[at - 1], None
