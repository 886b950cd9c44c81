"""Answers as a person would type them: two significant digits, of whichever end of the scale is nearer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from precursor.elicitation.questions import Question
from precursor.inference.simulation.truth import unconstrained_of

# The smallest probability that anybody in the carried surveys has typed is 1e-9: nothing closer to an end is simulated.
FURTHEST = math.log(1e9 - 1)
CHIPS = 10
LEVELS = (0.05, 0.5, 0.95)
EDGES = ("0", "0.01", "0.02", "0.05", "0.1", "0.2", "0.35", "0.5", "0.65", "0.8", "0.9", "0.95", "0.98", "0.99", "1")
RATIO_EDGES = ("0", "0.1", "0.2", "0.5", "0.8", "1.2", "2", "5", "10", "20", "50", "100", "1000")


def answer(question: Question, form: str, location: float, width: float) -> str:
    """Return an answer in a form of one quantity, at a place on the question's scale and with a stated spread."""
    if form == "quantiles":
        values = {level: location + width * NormalDist().inv_cdf(level) for level in LEVELS}
        return labelled({f"{100 * level:g}%": _number(question, value) for level, value in values.items()})
    if form == "chips":
        edges = EDGES if question.scale == "probability" else RATIO_EDGES
        belief = NormalDist(min(max(location, -FURTHEST), FURTHEST), width)
        inner = [belief.cdf(unconstrained_of(float(edge), question.scale)) for edge in edges[1:-1]]
        return chips([0.0, *inner, 1.0], edges)
    return _number(question, location)


def _number(question: Question, location: float) -> str:
    if question.scale == "probability":
        return probability(location)
    if question.scale == "ratio":
        return ratio(location)
    if question.unit == "percent":
        return percent(location)
    return number(math.exp(location)) if question.scale == "log" else number(location * _unit(question))


def onto(question: Question, value: float) -> float:
    """Return a known quantity where it is compared: a share in log-odds, else in logs, else in units of its own."""
    if question.unit == "percent":
        return min(max(unconstrained_of(value / 100, "probability"), -FURTHEST), FURTHEST)
    return math.log(value) if question.scale == "log" else value / _unit(question)


def _unit(question: Question) -> float:
    """Return what one unit of width is worth: of a quantity on a linear scale, a tenth of its size (or of one)."""
    natural = question.unit == "percent" or question.scale == "log" or question.realised is None
    return 1.0 if natural else max(abs(question.realised or 0.0), 1.0) / 10


def probability(log_odds: float) -> str:
    """Return a probability in two significant digits: ``0.023``, ``0.977``, ``1.0e-06``."""
    inside = min(max(log_odds, -FURTHEST), FURTHEST)
    nearer = _two_digits(1 / (1 + math.exp(abs(inside))))
    return nearer if inside <= 0 else str(Decimal(1) - Decimal(nearer))


def percent(log_odds: float) -> str:
    """Return a share as a number of percent: ``2.3``, ``97.7``."""
    return f"{(Decimal(probability(log_odds)) * 100).normalize():f}"


def ratio(logarithm: float) -> str:
    """Return a ratio in two significant digits: ``3.1``, ``0.25``, ``1.2e+03``."""
    return _two_digits(math.exp(min(max(logarithm, -FURTHEST), FURTHEST)))


def number(value: float) -> str:
    """Return any number in two significant digits."""
    return _two_digits(value)


def labelled(parts: Mapping[str, str]) -> str:
    """Return ``label: value; label: value``."""
    return "; ".join(f"{label}: {value}" for label, value in parts.items())


def whole_percent(shares: Mapping[str, float]) -> str:
    """Return a distribution in whole percent that sum to a hundred (largest remainders)."""
    counts = apportion([*shares.values()], 100)
    return labelled({state: f"{count}%" for state, count in zip(shares, counts, strict=True)})


def chips(cumulative: Sequence[float], edges: Sequence[str]) -> str:
    """Return ten chips over bins, given the distribution function at every edge; bins without chips are left out."""
    counts = apportion(np.diff(cumulative).tolist(), CHIPS)
    bins = [f"{low}-{high}" for low, high in pairwise(edges)]
    return labelled({name: str(count) for name, count in zip(bins, counts, strict=True) if count})


def apportion(weights: Sequence[float], total: int) -> list[int]:
    """Return whole numbers in proportion to weights, with the given sum: the method of largest remainders."""
    exact = total * np.asarray(weights, dtype=float) / math.fsum(weights)
    floors = np.floor(exact).astype(int)
    most_missing = np.argsort(floors - exact, kind="stable")[: total - int(floors.sum())]
    floors[most_missing] += 1
    return [int(count) for count in floors]


def _two_digits(value: float) -> str:
    # "#" keeps the zero of 0.10: without it the answer would be read as one digit, 0.05 to 0.15.
    return f"{value:#.2g}".removesuffix(".").replace(".e", "e")
