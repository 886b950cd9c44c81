r"""Does the result lean on the prior or on the answers?  Both raised to a power, without a fit.

The posterior with its prior (or its likelihood) raised to the power alpha has weights ``p ** (alpha - 1)`` at the
draws, Pareto-smoothed.  Sensitivity is how fast the result's distribution moves, near alpha = 1, in the cumulative
Jensen-Shannon distance (Nguyen and Vreeken 2015, doi 10.1007/978-3-319-23525-7_11) per doubling of alpha: Kallioinen,
Paananen, Buerkner, Vehtari (2023, Statistics and Computing 34:57, doi 10.1007/s11222-023-10366-5), whose threshold
0.05 is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from precursor.analysis.estimates import MASS
from precursor.inference.reweighting.smoothing import Smoothed, smoothed, weighted_mean, weighted_quantiles

THRESHOLD = 0.05
STEP = 0.01
SHOWN = (0.5, 0.8, 1.25, 2.0)
SWAPS = (0.75, 1.5)
STUDENT_FREEDOM = 4.0
_SHUFFLES = 5
_SEED = 20_230_901


def power_sensitivity(values: np.ndarray, log_density: np.ndarray) -> float:
    """Return how fast the distribution of values, (draw,), moves as a density at the draws, (draw,), is powered."""
    lower, upper = 1.0 / (1.0 + STEP), 1.0 + STEP
    equal = np.full(len(values), 1.0 / len(values))
    moved = [
        cumulative_distance(values, equal, smoothed((alpha - 1.0) * log_density).weights) for alpha in (lower, upper)
    ]
    return float(sum(moved) / (2.0 * np.log2(upper)))


def cumulative_distance(values: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    """Return the cumulative Jensen-Shannon distance, 0 to 1, of the same values, (draw,), under two sets of weights.

    The larger of the distances of values and of their negatives, so that direction does not matter.
    """
    return max(_distance(values, first, second), _distance(-values, first, second))


def _distance(values: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    order = np.argsort(values, kind="stable")
    steps = np.diff(values[order])
    p, q = (np.cumsum(weights[order])[:-1] for weights in (first, second))
    both = float(steps @ (p + q))
    if both <= 0:
        return 0.0
    divergence = _divergence(steps, p, q) + _divergence(steps, q, p)
    return float(np.sqrt(max(divergence, 0.0) / both))


def _divergence(steps: np.ndarray, p: np.ndarray, q: np.ndarray) -> float:
    ratio = np.log2(np.where(p > 0, p, 1.0)) - np.log2(np.where(p > 0, 0.5 * (p + q), 1.0))
    return float(steps @ (p * ratio) + 0.5 / np.log(2.0) * (steps @ (q - p)))


def noise_of_sensitivity(values: np.ndarray, log_density: np.ndarray) -> float:
    """Return the sensitivity that draws of an unrelated density of the same spread would show, by shuffling it."""
    rng = np.random.default_rng(_SEED)
    found = [power_sensitivity(values, rng.permutation(log_density)) for _ in range(_SHUFFLES)]
    return float(np.mean(found))


def beyond_noise(sensitivity: float, noise: float) -> float:
    """Return what of a sensitivity is not noise: squared distances add."""
    return float(np.sqrt(max(sensitivity**2 - noise**2, 0.0)))


def power_scaling(values: np.ndarray, densities: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Return, for each density (``prior``, ``likelihood``), the sensitivity and the result at the powers of `SHOWN`.

    ``noise`` is the sensitivity that finitely many draws would show anyway; a density counts as pulling if what it
    has beyond that (squared distances add) reaches the threshold. ``diagnosis`` follows the paper: sensitive to both
    means conflict, or two pulls on one thing; to the prior alone, that it dominates; otherwise nothing.
    """
    found: dict[str, Any] = {}
    for name, density in densities.items():
        shown = [{"alpha": alpha, **reweighted(values, smoothed((alpha - 1.0) * density))} for alpha in SHOWN]
        own, noise = power_sensitivity(values, density), noise_of_sensitivity(values, density)
        pulls = beyond_noise(own, noise) >= THRESHOLD
        found[name] = {"sensitivity": own, "noise": noise, "pulls": pulls, "powers": shown}
    sensitive = {name: part["pulls"] for name, part in found.items()}
    found["threshold"] = THRESHOLD
    found["diagnosis"] = _diagnosis(sensitive)
    return found


def _diagnosis(sensitive: Mapping[str, bool]) -> str:
    if "likelihood" not in sensitive:
        return "only the prior could be scaled"
    if sensitive["prior"] and sensitive["likelihood"]:
        return "prior and answers both pull: possible conflict"
    if sensitive["prior"]:
        return "the prior dominates, the answers are weak"
    return "no strong dependence on the prior"


def prior_pulls(values: np.ndarray, latent: np.ndarray, groups: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return the sensitivity to the prior of each group of latents alone, most sensitive first, and its noise."""
    rows = []
    for name, positions in groups.items():
        density = -0.5 * (latent[:, positions] ** 2).sum(axis=1)
        own, noise = power_sensitivity(values, density), noise_of_sensitivity(values, density)
        rows.append({"group": name, "sensitivity": own, "noise": noise, "pulls": beyond_noise(own, noise) >= THRESHOLD})
    return sorted(rows, key=lambda row: -float(row["sensitivity"]))


def prior_swap(values: np.ndarray, latent: np.ndarray, groups: Mapping[str, np.ndarray]) -> list[dict[str, Any]]:
    """Return the result under another prior of one group of latents at a time; draws are reweighted.

    The standard normal of the group's latents becomes one with the spread of `SWAPS`, or (``family`` ``student``)
    Student's t with `STUDENT_FREEDOM` degrees of freedom and spread one: as wide, with heavier tails.

    Parameters
    ----------
    values
        The result at the draws, (draw,).
    latent
        The parameters' latents, (draw, latent).
    """
    rows = []
    for name, positions in groups.items():
        square = latent[:, positions] ** 2
        for spread in SWAPS:
            log_ratio = -0.5 * square.sum(axis=1) * (1.0 / spread**2 - 1.0)
            rows.append(
                {"group": name, "spread": spread, "family": "normal", **reweighted(values, smoothed(log_ratio))}
            )
        heavy = 0.5 * square - 0.5 * (STUDENT_FREEDOM + 1.0) * np.log1p(square / STUDENT_FREEDOM)
        rows.append(
            {"group": name, "spread": 1.0, "family": "student", **reweighted(values, smoothed(heavy.sum(axis=1)))}
        )
    return rows


def reweighted(values: np.ndarray, found: Smoothed) -> dict[str, Any]:
    """Return an estimate of values, (draw,), under smoothed weights, and whether the weights can be trusted."""
    levels = np.array([(1 - MASS) / 2, 0.5, (1 + MASS) / 2])
    low, median, high = weighted_quantiles(values, found.weights, levels)
    return {
        "mean": float(weighted_mean(values, found.weights)),
        "median": float(median),
        "low": float(low),
        "high": float(high),
        "pareto_k": float(found.pareto_k) if np.isfinite(found.pareto_k) else None,
        "effective_draws": found.effective_draws,
        "trusted": found.trusted,
    }
