"""Variance-based sensitivity: how much of a result's variance a factor accounts for.

Two situations, two kinds of estimator.

*Given data.*  Posterior draws are dependent, and there is no function to call at will.  ``first_order`` is
``S = Var(E[y | x]) / Var(y)`` from the draws themselves, by classes of equal size (Plischke, Borgonovo, Smith 2013, doi
10.1016/j.ejor.2012.11.047), less what noise within classes adds (Kelley's epsilon squared).  With dependent factors S
includes what x tells through others.  `linear_shapley_effects` divides the variance that a linear regression explains
among groups of dependent factors (Shapley effects: Owen 2014, doi 10.1137/130936233; for linear models the LMG measure
of Lindeman, Merenda, Gold 1980); the shares sum to R squared, and what is missing to one is not linear.

*By design.*  The prior's latents are independent standard normals, so Sobol indices are well defined there: first order
by Saltelli et al. (2010, doi 10.1016/j.cpc.2009.09.018, table 2 b), total by Jansen (1999, doi
10.1016/S0010-4655(98)00154-4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from precursor.analysis.coalitions import coalitions, shapley_values

CLASSES = 24
_BLOCKS = 10


@dataclass(frozen=True, slots=True)
class Indices:
    """First-order and total indices with standard errors, (factor,)."""

    first: np.ndarray
    first_error: np.ndarray
    total: np.ndarray
    total_error: np.ndarray


def first_order(factors: np.ndarray, result: np.ndarray, classes: int = CLASSES) -> tuple[np.ndarray, np.ndarray]:
    """Return given-data first-order indices and their jackknife errors over blocks of consecutive draws, (factor,).

    Parameters
    ----------
    factors
        (draw, factor); a constant factor has index zero.
    result
        (draw,).
    """
    keep = np.ones(len(result), dtype=bool)
    whole = _first_order(factors, result, classes)
    left_out = []
    for block in np.array_split(np.arange(len(result)), _BLOCKS):
        keep[block] = False
        left_out.append(_first_order(factors[keep], result[keep], classes))
        keep[block] = True
    spread = np.stack(left_out) - np.mean(left_out, axis=0)
    return whole, np.sqrt((_BLOCKS - 1) / _BLOCKS * np.sum(spread**2, axis=0))


def _first_order(factors: np.ndarray, result: np.ndarray, classes: int) -> np.ndarray:
    n = len(result)
    centred = result - result.mean()
    whole = float(centred @ centred)
    edges = np.linspace(0, n, classes + 1).astype(int)
    sizes = np.diff(edges)
    ordered = centred[np.argsort(factors, axis=0, kind="stable")]
    means = np.add.reduceat(ordered, edges[:-1], axis=0) / sizes[:, None]
    between = (sizes[:, None] * means**2).sum(axis=0)
    noise = (whole - between) / (n - classes)
    index = (between - (classes - 1) * noise) / whole if whole > 0 else np.zeros(factors.shape[1])
    return np.where(np.ptp(factors, axis=0) > 0, index, 0.0)


def linear_shapley_effects(
    factors: np.ndarray, result: np.ndarray, groups: Mapping[str, np.ndarray]
) -> tuple[dict[str, float], float]:
    """Return each group's share of the result's variance by linear regression, and R squared, to which they sum.

    Adjusted for the number of regressors, so that a factor of pure noise has an expected share of about zero.

    Parameters
    ----------
    factors
        (draw, factor).
    groups
        Positions of each group's factors; at most 16 groups.
    """
    n = len(result)
    x = factors - factors.mean(axis=0)
    y = result - result.mean()
    gram, moment, whole = x.T @ x, x.T @ y, float(y @ y)
    members = coalitions(len(groups))
    positions = list(groups.values())
    explained = np.zeros(len(members))
    for row, chosen in enumerate(members):
        own = np.concatenate([np.zeros(0, dtype=int), *(p for p, used in zip(positions, chosen, strict=True) if used)])
        if len(own):
            fitted, _, rank, _ = np.linalg.lstsq(gram[np.ix_(own, own)], moment[own], rcond=1e-10)
            share = float(moment[own] @ fitted) / whole
            explained[row] = 1.0 - (1.0 - share) * (n - 1) / (n - 1 - rank)
    shares = shapley_values(explained)
    return dict(zip(groups, shares.tolist(), strict=True)), float(explained[-1])


def sobol_indices(
    function: Callable[[np.ndarray], np.ndarray],
    draw: Callable[[np.random.Generator, int], np.ndarray],
    groups: Mapping[str, np.ndarray],
    size: int,
    rng: np.random.Generator,
) -> Indices:
    """Return Sobol indices of groups of independent factors, from ``size * (groups + 2)`` calls.

    Errors are standard errors of the numerators; the variance is taken as known.

    Parameters
    ----------
    function
        From factors, (row, factor), to results, (row,); called once.
    draw
        Independent draws of all factors, (row, factor).
    groups
        Positions of each group's factors.
    """
    a, b = draw(rng, size), draw(rng, size)
    rows = [a, b]
    for positions in groups.values():
        swapped = a.copy()
        swapped[:, positions] = b[:, positions]
        rows.append(swapped)
    found = function(np.concatenate(rows)).reshape(len(rows), size)
    # Centring changes no index and takes most of the noise out of the first-order estimator.
    found = found - found[:2].mean()
    at_a, at_b, swapped_results = found[0], found[1], found[2:]
    variance = float(np.var(found[:2]))
    first = at_b * (swapped_results - at_a)
    total = 0.5 * (at_a - swapped_results) ** 2
    return Indices(
        first.mean(axis=1) / variance,
        _error(first) / variance,
        total.mean(axis=1) / variance,
        _error(total) / variance,
    )


def _error(terms: np.ndarray) -> np.ndarray:
    return np.asarray(terms.std(axis=1, ddof=1) / np.sqrt(terms.shape[1]))
