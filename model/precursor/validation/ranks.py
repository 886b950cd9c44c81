"""Ranks of truths among draws, and what they say: uniform if, and only if, the fits are right on average.

Talts, Betancourt, Simpson, Vehtari and Gelman (2018), Validating Bayesian inference algorithms with simulation-based
calibration; Modrák et al. (2023), Simulation-based calibration checking for Bayesian computation: the choice of test
quantities shapes sensitivity (quantities that look at the data, the joint log-likelihood first, see what ranks of
parameters cannot: a fit that ignores the data has uniform ranks of its parameters).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from precursor.validation.bands import p_value

SIGNIFICANCE = 0.05


@dataclass(frozen=True, slots=True)
class Judged:
    """One quantity: whether its ranks are uniform as far as can be told.

    Attributes
    ----------
    p_value
        Of its ranks (`bands.p_value`).
    passed
        Whether that is at least the significance divided by the number of quantities judged (Bonferroni: the chance
        that any of them fails while all fits are right is at most the significance, however they depend).
    mean
        Of (rank + 1/2) / (draws + 1): above one half the truths lie above the draws.
    spread
        Variance of the same over that of uniform ranks: above one the intervals are too narrow.
    """

    name: str
    p_value: float
    passed: bool
    mean: float
    spread: float

    def as_json(self) -> dict[str, Any]:
        """Return the entry of the table."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def ranks_of(truth: np.ndarray, draws: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how many draws lie below each truth; ties are broken at random.

    Parameters
    ----------
    truth, draws
        Quantities, (quantity,), and near-independent draws of them, (draw, quantity).
    """
    below = (draws < truth).sum(axis=0)
    ties = (draws == truth).sum(axis=0)
    return below + rng.integers(0, ties + 1)


def thinned(draws: np.ndarray, count: int) -> np.ndarray:
    """Return ``count`` draws, evenly spaced along the first axis."""
    if count > len(draws):
        raise ValueError(f"{len(draws)} draws cannot be thinned to {count}.")
    return draws[np.linspace(0, len(draws) - 1, count).round().astype(int)]


def judged(
    names: Sequence[str], ranks: np.ndarray, draws: int, significance: float = SIGNIFICANCE
) -> tuple[Judged, ...]:
    """Return the verdict on every quantity, from ranks, (fit, quantity), each among ``draws`` draws."""
    found = []
    for name, column in zip(names, ranks.T, strict=True):
        p = p_value(column, draws)
        place = (column + 0.5) / (draws + 1)
        uniform = (1 - 1 / (draws + 1) ** 2) / 12
        found.append(
            Judged(
                name,
                p,
                bool(p >= significance / len(names)),
                float(place.mean()),
                float(((place - 0.5) ** 2).mean() / uniform),
            )
        )
    return tuple(found)
