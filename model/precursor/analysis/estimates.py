"""Draws of a quantity, summarised: probability (mean), median, and the central 90 %."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

MASS = 0.9
LEVELS = (0.01, 0.05, 0.1)
# Below this the posterior is as good as the prior: the report marks it.
LEAST_BITS = 0.1
Estimate = dict[str, Any]


def estimate(values: np.ndarray) -> Estimate:
    """Return mean, median and the equal-tailed 90 % interval of draws."""
    low, median, high = np.quantile(values, [(1 - MASS) / 2, 0.5, (1 + MASS) / 2])
    return {"mean": float(np.mean(values)), "median": float(median), "low": float(low), "high": float(high)}


def share_below(values: np.ndarray, levels: Sequence[float] = LEVELS) -> dict[str, float]:
    """Return which share of the draws lies below each level, keyed as in ``summary.json`` ("0.01", ...)."""
    return {f"{level:g}": float(np.mean(values < level)) for level in levels}


def learned(prior: np.ndarray, posterior: np.ndarray) -> dict[str, Any]:
    """Return how far draws of a probability moved: ``bits``, and whether it is still the prior's (``prior_dominated``).

    The divergence from prior to posterior, their log-odds taken as Normal.  What has no spread is certain by
    definition: nothing is learned of it, and it is nobody's prior.

    Parameters
    ----------
    prior, posterior
        Probabilities, (draw,).
    """
    before, after = (
        np.log(np.clip(p, 1e-300, None)) - np.log(np.clip(1 - p, 1e-300, None)) for p in (prior, posterior)
    )
    spread = float(before.std())
    if spread <= 0 or after.std() <= 0:
        return {"bits": 0.0, "prior_dominated": False}
    ratio, shift = float(after.std()) / spread, float(after.mean() - before.mean()) / spread
    bits = float((0.5 * (ratio**2 + shift**2 - 1.0) - np.log(ratio)) / np.log(2.0))
    return {"bits": bits, "prior_dominated": bits < LEAST_BITS}


def by_state(draws: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return an estimate for each state of a distribution, in order."""
    return [{"state": state, **estimate(values)} for state, values in draws.items()]


def evenly(draws: np.ndarray, most: int) -> np.ndarray:
    """Return at most ``most`` draws, evenly spaced: of an ordered chain they lose the least."""
    if len(draws) <= most:
        return draws
    return draws[np.linspace(0, len(draws) - 1, most).round().astype(int)]


def plain(value: Any) -> Any:  # noqa: ANN401 - anything that a run carries
    """Return a value as JSON can hold it: NumPy scalars and arrays as Python's, nan and infinities as ``None``."""
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if isinstance(value, str | int | bool | None) else str(value)
