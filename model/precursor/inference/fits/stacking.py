r"""Stacking of predictive densities: weights of models by how well each foretells a unit's answers from the others'.

For unit i and model k, ``log p(y_i | y_-i, k)`` comes from the draws given all answers by Pareto-smoothed importance
sampling (Vehtari, Gelman, Gabry 2017, doi 10.1007/s11222-016-9696-4), and the weights maximise

    sum_i log sum_k w_k p(y_i | y_-i, k),        w_k >= 0,  sum_k w_k = 1

(Yao, Vehtari, Simpson, Gelman 2018, doi 10.1214/17-BA1091): a concave function.  A unit is a person or a published
group, since a person's answers are joint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from precursor.inference.density.pointwise import pointwise
from precursor.inference.plan import Plan
from precursor.inference.reweighting.smoothing import smoothed

_STEPS, _ENOUGH = 20_000, 1e-10


@dataclass(frozen=True)
class LeftOutDensities:
    """Log predictive density of each unit given the others, and the shape of its weights' tail; both (unit,)."""

    log_density: np.ndarray
    pareto_k: np.ndarray


def unit_log_densities(plan: Plan, latent: np.ndarray) -> np.ndarray:
    """Return the log-density of all that each unit answered, rankings too, (draw, unit), at latents, (draw, latent)."""
    found = pointwise(plan, latent)
    units = np.array(found.units)
    place = {(unit.is_group, unit.id): i for i, unit in enumerate(plan.observations.units)}
    rest: list[np.ndarray] = []
    for column, ranking in enumerate(plan.observations.ranked):
        key = (ranking.unit.is_group, ranking.unit.id)
        if key not in place:
            place[key] = units.shape[1] + len(rest)
            rest.append(np.zeros(len(units)))
        where = place[key]
        target = units[:, where] if where < units.shape[1] else rest[where - units.shape[1]]
        target += found.rankings[:, column]
    return np.column_stack([units, *rest])


def left_out(log_densities: np.ndarray) -> LeftOutDensities:
    """Return what each unit's answers are worth given the others', from log-densities at draws, (draw, unit)."""
    found, shapes = [], []
    for column in log_densities.T:
        weights = smoothed(-column)
        some = weights.weights > 0
        values = np.log(weights.weights[some]) + column[some]
        found.append(values.max() + np.log(np.exp(values - values.max()).sum()))
        shapes.append(weights.pareto_k)
    return LeftOutDensities(np.array(found), np.array(shapes))


def stacking_weights(log_densities: np.ndarray) -> np.ndarray:
    """Return the weights of models, (model,), from left-out log-densities, (unit, model).

    Expectation-maximisation for the weights of a mixture of known densities climbs to the one maximum; it stops where
    no weight's gradient promises more than 1e-10 a unit.
    """
    ratio = np.exp(log_densities - log_densities.max(axis=1, keepdims=True))
    weights = np.full(ratio.shape[1], 1.0 / ratio.shape[1])
    for _ in range(_STEPS):
        gradient = (ratio / (ratio @ weights)[:, None]).mean(axis=0)
        if gradient.max() < 1.0 + _ENOUGH:
            break
        weights = weights * gradient
    return weights / weights.sum()


def gain_over_equal(log_densities: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return by how much weights foretell better than equal ones, summed over units, and its standard error."""
    ratio = np.exp(log_densities - log_densities.max(axis=1, keepdims=True))
    return total_with_error(np.log(ratio @ weights) - np.log(ratio.mean(axis=1)))


def total_with_error(values: np.ndarray) -> tuple[float, float]:
    """Return the sum of values, (unit,), and its standard error, the units taken as a sample."""
    return float(values.sum()), float(np.sqrt(len(values)) * values.std(ddof=1)) if len(values) > 1 else float("nan")
