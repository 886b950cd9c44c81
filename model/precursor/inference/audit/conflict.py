r"""Conflict between surveys that asked for the same quantity of the network.

For a query q that several surveys asked for, and one survey S among them, let T be the mean of the numbers given in S
to q (log-odds, oriented towards bad news).  The answers of S to q are taken out of the fit, by smoothed importance
weights, and T is predicted from all that is left: the other surveys on q, with an error shared by all who were asked
(shared too across surveys where the question is the same), the groups' biases, and what the same people said elsewhere.
With T* the prediction,

    tail = 2 min(P(T* < T), P(T* > T)),

uniform if the model holds: the cross-validated conflict of Marshall and Spiegelhalter (2007, doi 10.1214/07-BA217),
one side of the node conflict of Gasemyr and Natvig (2009, doi 10.1111/j.1467-9469.2009.00646.x) and Presanis et al.
(2013, doi 10.1214/13-STS426).  What camps, biases and shared error explain is no conflict.  Of many tests some have
small tails by chance: conflicts are named after Holm's (1979) correction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from precursor.inference.audit.posterior import AuditedPosterior, scale_matrix
from precursor.inference.audit.refit import Refit
from precursor.inference.density.likelihood import Terms
from precursor.inference.plan import Plan
from precursor.inference.reweighting.smoothing import Smoothed, smoothed, weighted_quantiles

LEAST_EFFECTIVE = 100.0
MOST_DRAWS = 2000
LEVEL = 0.05
_NU = 4.0
_SEED = 5_417
_FEWEST = 2


@dataclass(frozen=True)
class Conflict:
    """One survey's answers to a query, against what everything else predicts of their mean.

    Attributes
    ----------
    pooled
        T: mean location of the numbers given, in log-odds (logs of ratios), in the query's own direction.
    predicted
        5 %, median, 95 % of T*.
    tail
        Two-sided tail probability; ``None`` if the weights cannot be trusted.
    named
        Whether it is a conflict at 5 % after correction for all the tests that could be made.
    """

    query: str
    survey: str
    others: tuple[str, ...]
    answers: int
    pooled: float
    predicted: tuple[float, ...] | None
    tail: float | None
    pareto_k: float
    named: bool = False


def conflicts(posterior: AuditedPosterior, refit: Refit | None = None) -> tuple[Conflict, ...]:
    """Return every query that two or more surveys gave numbers to, once for each of those surveys.

    ``refit`` is asked for a posterior without a survey's answers where the weights cannot be trusted: a large conflict
    is often out of their reach.
    """
    thin = posterior.affordable(MOST_DRAWS)
    plan = thin.plan
    asked = _asked(plan)
    masks = [np.ones(len(plan.observations.answers))]
    masks += [_mask(plan, rows) for rows in asked.values()]
    if len(masks) == 1:
        return ()
    densities, found = thin.log_densities(masks), thin.terms()
    rng = np.random.default_rng(_SEED)
    listed = []
    for (query, survey), rows, log_density in zip(asked, asked.values(), densities[1:], strict=True):
        numbers = [i for i in rows if plan.observations.rows[i].statement.censored == "none"]
        if numbers:
            others = tuple(other for about, other in asked if about == query and other != survey)
            weights = smoothed(log_density - densities[0])
            usable = weights.trusted and weights.effective_draws >= LEAST_EFFECTIVE
            without = None if usable or refit is None else refit(_mask(plan, rows), f"{survey} on {query}")
            one = _conflict(plan, found, rows, numbers, weights if usable else None, rng)
            if without is not None:
                again = without.affordable(MOST_DRAWS)
                flat = Smoothed(np.full(len(again.latent), 1 / len(again.latent)), weights.pareto_k, weights.threshold)
                one = _conflict(plan, again.terms(), rows, numbers, flat, rng)
            listed.append(Conflict(query, survey, others, len(numbers), *one, weights.pareto_k))
    return _corrected(listed)


def _mask(plan: Plan, rows: list[int]) -> np.ndarray:
    mask = np.ones(len(plan.observations.answers))
    mask[rows] = 0.0
    return mask


def _asked(plan: Plan) -> dict[tuple[str, str], list[int]]:
    """Return the rows by query and survey, of queries that two or more surveys asked for."""
    found: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(plan.observations.rows):
        if row.kind in ("quantity", "likelihood_ratio"):
            found.setdefault((str(row.question.query), row.survey), []).append(i)
    surveys: dict[str, int] = {}
    for query, _ in found:
        surveys[query] = surveys.get(query, 0) + 1
    return {key: rows for key, rows in found.items() if surveys[key[0]] >= _FEWEST}


def _conflict(
    plan: Plan, found: Terms, rows: list[int], numbers: list[int], weights: Smoothed | None, rng: np.random.Generator
) -> tuple[float, tuple[float, ...] | None, float | None]:
    """Return T, the 5 %, median and 95 % of T*, and the tail, where there are weights."""
    turn, draws = float(plan.facing.turn[numbers[0]]), len(found.variance)
    residual = np.broadcast_to(found.residual[..., numbers], (draws, len(numbers)))
    expected = np.broadcast_to(found.expected[..., numbers], (draws, len(numbers)))
    pooled = float((expected + residual)[0].mean())
    if weights is None:
        return turn * pooled, None, None
    again = expected.mean(axis=1) + sum(
        predicted_residuals(plan, found, draws, members, others, rng).sum(axis=1)
        for members, others in _by_unit(plan, rows, numbers)
    ) / len(numbers)
    below = float(weights.weights @ (again < pooled))
    tail = max(2 * min(below, 1 - below), 1.0 / (weights.effective_draws + 1.0))
    ends = weighted_quantiles(again, weights.weights, np.array([0.05, 0.5, 0.95])) * turn
    return turn * pooled, tuple(sorted(ends.tolist())), min(tail, 1.0)


def _by_unit(plan: Plan, rows: list[int], numbers: list[int]) -> list[tuple[list[int], list[int]]]:
    """Return for each unit its numbers that are left out, and its other numbers, which stay."""
    first, out = plan.sharing.first_row, set(rows)
    found: dict[int, list[int]] = {}
    for i in numbers:
        found.setdefault(int(np.searchsorted(first, i, side="right")) - 1, []).append(i)
    return [
        (
            members,
            [
                i
                for i in range(int(first[unit]), int(first[unit + 1]))
                if i not in out and plan.observations.rows[i].statement.censored == "none"
            ],
        )
        for unit, members in found.items()
    ]


def predicted_residuals(
    plan: Plan, found: Terms, draws: int, rows: list[int], others: list[int], rng: np.random.Generator
) -> np.ndarray:
    """Return draws of some rows' residuals, (draw, row), given other rows of the same unit."""
    matrix = scale_matrix(plan, found, draws, [*rows, *others])
    m = len(rows)
    scale, location = matrix[:, :m, :m], np.zeros((draws, m))
    if others:
        residual = np.broadcast_to(found.residual[..., others], (draws, len(others)))
        across, inside = matrix[:, :m, m:], matrix[:, m:, m:]
        solved = np.linalg.solve(inside, np.concatenate([residual[:, :, None], across.transpose(0, 2, 1)], axis=2))
        location = np.einsum("dij,dj->di", across, solved[:, :, 0])
        stretch = (_NU + np.einsum("di,di->d", residual, solved[:, :, 0])) / (_NU + len(others))
        scale = (scale - across @ solved[:, :, 1:]) * stretch[:, None, None]
    degrees = _NU + len(others)
    normal = np.einsum("dij,dj->di", np.linalg.cholesky(scale), rng.standard_normal((draws, m)))
    return np.asarray(location + normal * np.sqrt(degrees / rng.chisquare(degrees, draws))[:, None])


def _corrected(found: list[Conflict]) -> tuple[Conflict, ...]:
    """Return the conflicts with those named that remain after Holm's step-down correction."""
    from dataclasses import replace

    tested = sorted((i for i, one in enumerate(found) if one.tail is not None), key=lambda i: found[i].tail or 0.0)
    listed = list(found)
    for rank, i in enumerate(tested):
        if (found[i].tail or 0.0) > LEVEL / (len(tested) - rank):
            break
        listed[i] = replace(found[i], named=True)
    return tuple(listed)
