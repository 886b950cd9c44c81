"""A likelihood ratio: ``3``, ``~3``, ``1/4``, ``2 to 6`` (central 90 %), ``>1``, ``<1/3``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from precursor.elicitation.answers.bound import Bound, parse_bound
from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.numbers import read_number, refuse, shown
from precursor.elicitation.answers.point import Point, parse_point
from precursor.elicitation.answers.quantiles import Quantiles
from precursor.elicitation.answers.spreadsheets import cleaned

CENTRAL_90 = (0.05, 0.95)
_SYNTAX = "3, ~3, 1/4, 2 to 6 (central 90 %), >1 or <1/3"
_RATIO = AnswerContext(scale="ratio")
_INTERVAL = re.compile(r"(?P<low>.*\S)\s+to\s+(?P<high>\S.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A likelihood ratio as stated: a point, a bound, or the 5 % and 95 % quantiles, on the ratio scale."""

    stated: Point | Bound | Quantiles


def parse_likelihood_ratio(text: str, context: AnswerContext) -> LikelihoodRatio:  # noqa: ARG001
    """Return the likelihood ratio that ``text`` states; raise `InputError` if it states none."""
    text = cleaned(text, _SYNTAX)
    if match := _INTERVAL.fullmatch(text):
        return LikelihoodRatio(_interval(match["low"], match["high"], text))
    if text.startswith(("<", ">", "≤", "≥")):
        return LikelihoodRatio(parse_bound(text, _RATIO))
    return LikelihoodRatio(parse_point(text, _RATIO))


def _interval(low_text: str, high_text: str, text: str) -> Quantiles:
    low, high = read_number(low_text, "ratio"), read_number(high_text, "ratio")
    if low.value >= high.value:
        raise refuse(f"The interval {shown(text)} is empty or upside down.", _SYNTAX)
    return Quantiles(CENTRAL_90, (low.value, high.value), "ratio", (low.low, high.low), (low.high, high.high))
