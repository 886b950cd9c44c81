"""Answers as a person would type them: two significant digits, of whichever end of the scale is nearer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

# The smallest probability that anybody in the carried surveys has typed is 1e-9: nothing closer to an end is simulated.
FURTHEST = math.log(1e9 - 1)
CHIPS = 10
EDGES = ("0", "0.01", "0.02", "0.05", "0.1", "0.2", "0.35", "0.5", "0.65", "0.8", "0.9", "0.95", "0.98", "0.99", "1")
RATIO_EDGES = ("0", "0.1", "0.2", "0.5", "0.8", "1.2", "2", "5", "10", "20", "50", "100", "1000")


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
    bins = [f"{low}-{high}" for low, high in zip(edges, edges[1:], strict=False)]
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
