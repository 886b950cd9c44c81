r"""Every number stated against what the network, and the same person's other answers, led one to expect of it.

At a draw, a unit's answers r (less their expectation) are Student-t with four degrees of freedom and scale matrix S
(`person_kernel`).  With Q = S^-1, answer i given the n - 1 others is again Student-t:

    4 + n - 1 degrees of freedom,   location r_i - (Q r)_i / Q_ii,
    scale^2 = (4 + r'Qr - (Q r)_i^2 / Q_ii) / (4 + n - 1) / Q_ii

(Ding 2016, doi 10.1080/00031305.2016.1164756).  So the person's own bias, slope and worldview, as the person's other
answers show them, are taken off: what is left is whether *this* answer fits the others, given the network.  A draw saw
the answer itself; that is taken back by the weight ``1 / p(answer | others)``, the largest smoothed: leave-one-out
predictive probabilities (Gelfand, Dey, Chang 1992; Vehtari, Gelman, Gabry 2017, doi 10.1007/s11222-016-9696-4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np

from precursor.inference.audit.posterior import AuditedPosterior, scale_matrix
from precursor.inference.density.likelihood import Terms
from precursor.inference.plan import Plan
from precursor.inference.reweighting.smoothing import Smoothed, smoothed, weighted_quantiles

LEVELS = (0.05, 0.5, 0.95)
MOST_DRAWS = 1000
_NU = 4.0
_TINY = 1e-12
_SEED = 11_903


@dataclass(frozen=True)
class Expected:
    """One stated number against its expectation, in the question's own direction (log-odds, or logs of ratios).

    Attributes
    ----------
    row
        Position among the observations' rows.
    stated
        Location of the answer.
    implied
        5 %, median, 95 % of what the fitted network implies of what was asked.
    expected
        The same of what this expert was expected to say, the other answers of this expert known.
    distance
        Stated less the median expected, over half the width of the central 68 % of ``expected``.
    tail
        Two-sided tail probability of the answer; uniform if the model holds.
    pareto_k, trusted
        Of the weights that take the answer out of the fit.
    """

    row: int
    stated: float
    implied: tuple[float, ...]
    expected: tuple[float, ...]
    distance: float
    tail: float
    pareto_k: float
    trusted: bool


def expected_answers(posterior: AuditedPosterior) -> tuple[Expected, ...]:
    """Return every stated number against its expectation, in the order of the rows; bounds are not numbers."""
    thin = posterior.affordable(MOST_DRAWS)
    plan, found, draws = thin.plan, thin.terms(), len(thin.latent)
    rng = np.random.default_rng(_SEED)
    compared = _compared(thin)
    first, listed = plan.sharing.first_row, []
    for unit in range(len(first) - 1):
        rows = range(int(first[unit]), int(first[unit + 1]))
        location, scale, degrees = given_the_others(plan, found, draws, rows)
        for j, i in enumerate(rows):
            row = plan.observations.rows[i]
            if row.statement.censored == "none" and row.kind in ("quantity", "likelihood_ratio"):
                residual = np.broadcast_to(found.residual[..., i], (draws,))
                weights = smoothed(-log_student(residual, location[:, j], scale[:, j], degrees))
                predicted = location[:, j] + scale[:, j] * rng.standard_t(degrees, draws)
                base = np.broadcast_to(found.expected[..., i], (draws,))
                turn = float(plan.facing.turn[i])
                stated = turn * float((base + residual)[0])
                implied = tuple(np.quantile(compared[:, i], LEVELS).tolist())
                listed.append(_expected(i, stated, implied, turn * (base + predicted), weights))
    return tuple(listed)


def given_the_others(plan: Plan, found: Terms, draws: int, rows: Sequence[int]) -> tuple[np.ndarray, np.ndarray, float]:
    """Return location and scale of each row's residual given the unit's other rows, (draw, row), and the degrees."""
    matrix = scale_matrix(plan, found, draws, rows)
    residual = np.broadcast_to(found.residual[..., list(rows)], (draws, len(rows)))
    precision = np.linalg.inv(matrix)
    own = np.diagonal(precision, axis1=1, axis2=2)
    pulled = np.einsum("dij,dj->di", precision, residual)
    whole = np.einsum("di,di->d", residual, pulled)
    degrees = _NU + len(rows) - 1
    scale = np.sqrt((_NU + np.maximum(whole[:, None] - pulled**2 / own, 0.0)) / degrees / own)
    return residual - pulled / own, scale, degrees


def _expected(i: int, stated: float, implied: tuple[float, ...], predicted: np.ndarray, weights: Smoothed) -> Expected:
    below = float(weights.weights @ (predicted < stated))
    # Draws cannot show a tail smaller than they are many.
    tail = max(2 * min(below, 1 - below), 1.0 / (weights.effective_draws + 1.0))
    levels = np.array([LEVELS[0], 0.16, LEVELS[1], 0.84, LEVELS[2]])
    low, left, middle, right, high = weighted_quantiles(predicted, weights.weights, levels).tolist()
    distance = (stated - middle) / max(0.5 * (right - left), _TINY)
    return Expected(
        i, stated, implied, (low, middle, high), distance, min(tail, 1.0), weights.pareto_k, weights.trusted
    )


def log_student(x: np.ndarray, location: np.ndarray, scale: np.ndarray, degrees: float) -> np.ndarray:
    """Return the log-density of Student's t."""
    constant = lgamma((degrees + 1) / 2) - lgamma(degrees / 2) - 0.5 * log(degrees * pi)
    return np.asarray(constant - np.log(scale) - (degrees + 1) / 2 * np.log1p(((x - location) / scale) ** 2 / degrees))


def _compared(posterior: AuditedPosterior) -> np.ndarray:
    """Return what every row is compared with, offset's mean included, in its own direction, (draw, row)."""
    plan = posterior.plan
    quantities = plan.quantities.over(posterior.unconstrained)
    beside = np.zeros((len(quantities), len(plan.observations.seeds) + 1))
    offsets = {offset.id: offset.mean for offset in plan.observations.offsets}
    shift = np.array([offsets.get(row.question.offset or "", 0.0) for row in plan.observations.rows])
    return np.asarray(np.concatenate([quantities, beside], axis=1)[:, plan.facing.position] + shift)
