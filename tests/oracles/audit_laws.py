"""Laws of probability for audits, in closed form and by corners: shares no code with the linear programmes."""

from __future__ import annotations

import math
from itertools import product

Interval = tuple[float, float]


def logit(p: float) -> float:
    return math.log(p) - math.log1p(-p)


def moved(ends: Interval, t: float) -> Interval:
    """Both ends moved outwards by t in log-odds."""
    return tuple(1 / (1 + math.exp(-(logit(p) + side * t))) for p, side in zip(ends, (-1, 1), strict=True))  # type: ignore[return-value]


def total_probability(condition: Interval, given: Interval, given_not: Interval) -> Interval:
    """P(X) = P(C) P(X | C) + P(not C) P(X | not C) is linear in each of the three: its ends are at the corners."""
    values = [c * a + (1 - c) * b for c, a, b in product(condition, given, given_not)]
    return min(values), max(values)


def overlap(first: Interval, second: Interval) -> float:
    """By how much two intervals overlap; negative if they do not."""
    return min(first[1], second[1]) - max(first[0], second[0])


def least_common_shift(plain: Interval, condition: Interval, given: Interval, given_not: Interval) -> float:
    """The least t at which all four, moved outwards, hold together, by walking up in small steps."""
    t = 0.0
    while overlap(moved(plain, t), total_probability(*(moved(x, t) for x in (condition, given, given_not)))) < 0:
        t += 1e-3
    return t
