r"""Simultaneous bands for the empirical distribution of ranks, and the p-value of a whole set of ranks.

Of N fits the rank of the truth among L draws is uniform on 0 .. L if the fits are right.  At each point z_i = i/(L + 1)
the number of ranks below i is Binomial(N, z_i).  A set of ranks is judged by its most extreme point,

    gamma = 2 min_i min( P(Bin <= R_i), P(Bin >= R_i) ),    R_i = #{ranks < i},

and the bands at confidence 1 - alpha are the pointwise intervals at the level at which gamma falls below it with
probability alpha: Säilynoja, Bürkner and Vehtari (2022), Graphical test for discrete uniformity and its applications
in goodness-of-fit evaluation and multiple sample comparison, Statistics and Computing 32.  R_1, R_2, ... are a Markov
chain with binomial steps, so the probability that it stays within any bands is an exact sum (`probability_within`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.stats import binom

# Points at which ranks are counted: more would cost time and change hardly anything.
MOST_POINTS = 50


@dataclass(frozen=True)
class Bands:
    """Counts of ranks below each point that are within the bands, both ends included; (point,)."""

    points: np.ndarray
    low: np.ndarray
    high: np.ndarray


def points_of(draws: int) -> np.ndarray:
    """Return the points, (point,), at which ranks among ``draws`` draws are counted: whole numbers in 1 .. draws."""
    return np.unique(np.linspace(1, draws, min(draws, MOST_POINTS)).round().astype(int))


def counts_below(ranks: np.ndarray, draws: int) -> np.ndarray:
    """Return the number of ranks below each point, (point,)."""
    return np.searchsorted(np.sort(ranks), points_of(draws), side="left")


def gamma_of(ranks: np.ndarray, draws: int) -> float:
    """Return twice the smallest pointwise tail probability of a set of ranks, (fit,), among ``draws`` draws."""
    below = counts_below(ranks, draws)
    low, high = _tails(len(ranks), draws)
    column = np.arange(len(below))
    return float(2 * np.minimum(low[column, below], high[column, below]).min())


def p_value(ranks: np.ndarray, draws: int) -> float:
    """Return the probability that uniform ranks are as extreme as these (exact)."""
    gamma = gamma_of(ranks, draws)
    # At least zero: the sum that is taken from one is rounded.
    return max(0.0, 1.0 - probability_within(_bands(gamma * (1 + 1e-9), len(ranks), draws), len(ranks), draws))


@lru_cache(maxsize=64)
def bands(fits: int, draws: int, confidence: float = 0.95) -> Bands:
    """Return the widest pointwise level whose bands hold uniform ranks with at least the given probability."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        if probability_within(_bands(middle, fits, draws), fits, draws) >= confidence:
            low = middle
        else:
            high = middle
    return _bands(low, fits, draws)


def probability_within(within: Bands, fits: int, draws: int) -> float:
    """Return the probability that the counts of uniform ranks stay within bands at every point.

    The chain of counts: given R_i = r, the next count is r + Binomial(fits - r, (z' - z) / (1 - z)).
    """
    chance = np.zeros(fits + 1)
    chance[0] = 1.0
    before = 0.0
    counts = np.arange(fits + 1)
    for point, low, high in zip(within.points / (draws + 1), within.low, within.high, strict=True):
        step = (point - before) / (1.0 - before)
        after = np.zeros(fits + 1)
        held = np.flatnonzero(chance)
        if len(held) == 0 or low > high:
            return 0.0
        reached = np.arange(low, high + 1)
        moves = binom.pmf(reached[None, :] - counts[held][:, None], fits - counts[held][:, None], step)
        after[reached] = chance[held] @ moves
        chance, before = after, point
    return float(chance.sum())


def _bands(gamma: float, fits: int, draws: int) -> Bands:
    """Return the counts whose pointwise two-sided tail probability is at least ``gamma``."""
    low, high = _tails(fits, draws)
    inside = 2 * np.minimum(low, high) >= gamma
    first = np.where(inside.any(axis=1), inside.argmax(axis=1), 1)
    last = np.where(inside.any(axis=1), fits - inside[:, ::-1].argmax(axis=1), 0)
    return Bands(points_of(draws), first, last)


@lru_cache(maxsize=16)
def _tails(fits: int, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """Return P(Bin <= k) and P(Bin >= k) at every point, (point, fits + 1)."""
    z = points_of(draws)[:, None] / (draws + 1)
    k = np.arange(fits + 1)[None, :]
    return binom.cdf(k, fits, z), binom.sf(k - 1, fits, z)
