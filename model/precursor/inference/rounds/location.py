"""Where an answer stands, whatever its form: what two answers of one person, in two rounds or surveys, are compared by.

Of what was typed as a number, that number: a point, the median of quantiles.  Of the other forms, the location that
their likelihood has (`statements`): a bound and a bare 0 or 1 stand at their limit, chips and phrases at their middle.
Log-odds of probabilities, logs of ratios and of quantities of scale ``log``, other quantities as they are.
"""

from __future__ import annotations

import math

from precursor.elicitation.answers import Answer, Bound, Distribution, LikelihoodRatio, Point, Quantiles, Ranking
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.inference.answers.statements import statement

_MEDIAN = 0.5


def locations_of(survey: Survey, judgement: Judgement) -> dict[str, float]:
    """Return where an answer stands, by part: one part without a name, or one for each state of a distribution.

    Rankings, and answers that say nothing, stand nowhere.
    """
    answer = judgement.answer
    match answer:
        case Ranking():
            return {}
        case Distribution():
            ends = zip(answer.states, answer.probabilities, answer.lows, answer.highs, strict=True)
            return {state: _typed(value, low, high, "probability") for state, value, low, high in ends}
    number = _number(answer, known=survey.questions[judgement.question].realised is not None)
    if number is None:
        said = statement(answer, survey.lexicon)
        number = None if said is None else said.location
    return {} if number is None else {"": number}


def _number(answer: Answer, *, known: bool) -> float | None:
    """Return the number that was typed, on its scale; ``None`` if an answer is no number."""
    match answer:
        case LikelihoodRatio(stated=Point() as point):
            return _typed(point.value, point.low, point.high, "ratio")
        case Point():
            return _typed(answer.value, answer.low, answer.high, answer.scale)
        case Quantiles() if _MEDIAN in answer.levels:
            at = answer.levels.index(_MEDIAN)
            low, high = (ends[at] if ends else answer.values[at] for ends in (answer.lows, answer.highs))
            return _typed(answer.values[at], low, high, answer.scale)
        case Quantiles() if known:
            return _between(answer)
    return None


def scale_of(survey: Survey, judgement: Judgement) -> str:
    """Return the scale that `locations_of` has: ``probability``, ``ratio``, ``log`` or ``linear``."""
    answer = judgement.answer
    if isinstance(answer, LikelihoodRatio):
        return "ratio"
    return str(getattr(answer, "scale", survey.questions[judgement.question].scale))


def is_censored(judgement: Judgement) -> bool:
    """Return whether an answer names only one side: a bound, or a bare 0 or 1."""
    answer = judgement.answer
    ends = isinstance(answer, Point) and answer.scale == "probability" and answer.value in (0.0, 1.0)
    return isinstance(answer, Bound) or ends or isinstance(getattr(answer, "stated", None), Bound)


def natural(location: float, scale: str) -> float:
    """Return a location on its natural scale: probability, ratio, or the quantity's unit."""
    if scale == "probability":
        return 0.5 * (1.0 + math.tanh(0.5 * location))
    return location if scale == "linear" else math.exp(location)


def _typed(value: float, low: float, high: float, scale: str) -> float:
    """Return a number on its scale; one at an end of the scale stands where its resolution does."""
    if scale == "probability":
        inside = high if value <= 0.0 else low if value >= 1.0 else value
        return math.log(inside) - math.log1p(-inside)
    return value if scale == "linear" else math.log(value)


def _between(answer: Quantiles) -> float:
    """Return the median of a known quantity, between the levels that were given."""
    import numpy as np

    values = [_typed(value, value, value, answer.scale) for value in answer.values]
    return float(np.interp(_MEDIAN, answer.levels, values))
