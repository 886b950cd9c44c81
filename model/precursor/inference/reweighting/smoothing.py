r"""Importance weights: smoothing their tail, how many draws they are worth, and whether they can be trusted.

Draws ``x_i`` of one density stand for another with weights ``w_i``, the ratio of the two.  The largest weights are
replaced by quantiles of a generalised Pareto distribution fitted to them, whose shape k says how many moments the ratio
has: Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao, Gabry 2024, JMLR 25(72)).  The shape is found
by the empirical Bayes estimator of Zhang and Stephens (2009, doi 10.1198/tech.2009.08017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LARGEST_K = 0.7
_LEAST_TAIL = 5
_PRIOR_DRAWS, _PRIOR_K = 10, 0.5


@dataclass(frozen=True)
class Smoothed:
    """Smoothed weights.

    Attributes
    ----------
    weights
        Weights that sum to one, (draw,).
    pareto_k
        Shape of the tail of the raw weights; infinite where one draw takes all, minus infinity where all are equal.
    threshold
        Above it the weights are not to be trusted: ``min(1 - 1 / log10(draws), 0.7)``, Vehtari et al. 2024, sec. 3.
    """

    weights: np.ndarray
    pareto_k: float
    threshold: float

    @property
    def effective_draws(self) -> float:
        """How many equally weighted, independent draws the weights are worth: ``1 / sum w^2``."""
        return float(1.0 / (self.weights**2).sum())

    @property
    def trusted(self) -> bool:
        """Whether the tail of the weights is light enough."""
        return bool(self.pareto_k <= self.threshold)


def smoothed(log_ratio: np.ndarray) -> Smoothed:
    """Return Pareto-smoothed weights of log-ratios, (draw,); a ratio of zero (minus infinity) is allowed."""
    draws = len(log_ratio)
    threshold = min(1.0 - 1.0 / np.log10(max(draws, 2)), LARGEST_K)
    top = log_ratio.max()
    if not np.isfinite(top):
        return Smoothed(np.full(draws, 1.0 / draws), np.inf, threshold)
    weights = np.exp(log_ratio - top)
    tail = int(min(0.2 * draws, 3.0 * np.sqrt(draws)))
    k = -np.inf
    if tail >= _LEAST_TAIL:
        order = np.argsort(weights, kind="stable")
        cutoff = max(weights[order[-tail - 1]], np.finfo(float).tiny)
        exceeding = order[weights[order] > cutoff]
        excess = weights[exceeding] - cutoff
        if len(excess) < _LEAST_TAIL:
            k = -np.inf if weights.min() == weights.max() else np.inf
        elif excess[-1] > 0:
            k, scale = generalised_pareto(excess)
            levels = (np.arange(len(excess)) + 0.5) / len(excess)
            weights[exceeding] = np.minimum(cutoff + _quantile(levels, k, scale), 1.0)
    return Smoothed(weights / weights.sum(), float(k), threshold)


def generalised_pareto(excess: np.ndarray) -> tuple[float, float]:
    """Return shape k and scale of the generalised Pareto distribution of ascending positive values.

    Zhang and Stephens (2009), the shape drawn towards 0.5 as if by ten further values (Vehtari et al. 2024, app. G).
    """
    n = len(excess)
    candidates = 30 + int(np.sqrt(n))
    quartile = excess[int(n / 4 + 0.5) - 1]
    inverse = 1.0 / excess[-1] + (1.0 - np.sqrt(candidates / (np.arange(1, candidates + 1) - 0.5))) / (3.0 * quartile)
    shapes = np.log1p(-inverse[:, None] * excess[None, :]).mean(axis=1)
    profile = n * (np.log(-inverse / shapes) - shapes - 1.0)
    weight = np.exp(profile - profile.max())
    mean = float((inverse * weight).sum() / weight.sum())
    k = float(np.log1p(-mean * excess).mean())
    scale = -k / mean
    return (k * n + _PRIOR_K * _PRIOR_DRAWS) / (n + _PRIOR_DRAWS), scale


def _quantile(levels: np.ndarray, k: float, scale: float) -> np.ndarray:
    if abs(k) < 1e-12:  # noqa: PLR2004 - the exponential limit
        return -scale * np.log1p(-levels)
    return scale * np.expm1(-k * np.log1p(-levels)) / k


def weighted_mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return means over the first axis of values, (draw, ...); weights sum to one."""
    return np.tensordot(weights, values, axes=(0, 0))


def weighted_quantiles(values: np.ndarray, weights: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return quantiles of weighted values, (draw,): the distribution function is interpolated between mid-steps."""
    order = np.argsort(values, kind="stable")
    height = np.cumsum(weights[order]) - 0.5 * weights[order]
    return np.interp(levels, height, values[order])
