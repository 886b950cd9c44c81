"""Pools with parameters: learned from resolved questions, applied to others.

Parameters are maximum likelihood with a very wide normal prior (standard deviation `WIDE`), which matters only where
the likelihood has no maximum: when one threshold parts all that happened from all that did not.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import betainc, expit

from precursor.calibration.forecasts import ResolvedForecasts

WIDE = 10.0
_STEPS, _ENOUGH = 100, 1e-10
_CLOSEST = 1e-9


def mean_log_odds(forecasts: ResolvedForecasts) -> np.ndarray:
    """Return the mean log-odds of the answers to each question, (question,)."""
    logit = forecasts.log_odds
    return np.array([logit[rows].mean() for rows in forecasts.by_question])


def mean_probability(forecasts: ResolvedForecasts) -> np.ndarray:
    """Return the mean of the answers to each question, (question,)."""
    return np.array([forecasts.probability[rows].mean() for rows in forecasts.by_question])


def extremised(known: ResolvedForecasts, asked: ResolvedForecasts) -> np.ndarray:
    """Return ``expit(k mean(logit p))``, the factor k learned from the known questions.

    V. A. Satopaa, J. Baron, D. P. Foster, B. A. Mellers, P. E. Tetlock, L. H. Ungar (2014), Combining multiple
    probability predictions using a simple logit model, Int. J. Forecasting 30(2), 344-356.
    """
    (k,) = _logistic(mean_log_odds(known)[:, None], known.outcome, np.array([1.0]))
    return expit(k * mean_log_odds(asked))


def recalibrated_log_odds(known: ResolvedForecasts, asked: ResolvedForecasts) -> np.ndarray:
    """Return ``expit(c + k mean(logit p))``, c and k learned from the known questions.

    Logistic regression of what happened on the mean of the log-odds (B. M. Turner, M. Steyvers, E. C. Merkle, D. V.
    Budescu, T. S. Wallsten 2014, Forecast aggregation via recalibration, Machine Learning 95, 261-289).
    """
    c, k = _logistic(_with_constant(mean_log_odds(known)), known.outcome, np.array([0.0, 1.0]))
    return expit(c + k * mean_log_odds(asked))


def beta_linear(known: ResolvedForecasts, asked: ResolvedForecasts) -> np.ndarray:
    """Return ``B(mean(p); alpha, beta)``, the beta distribution function of the linear pool, alpha and beta learned.

    R. Ranjan, T. Gneiting (2010), Combining probability forecasts, JRSS B 72(1), 71-91, with equal weights.
    """
    from scipy.optimize import minimize

    pooled = np.clip(mean_probability(known), _CLOSEST, 1 - _CLOSEST)

    def loss(log_shape: np.ndarray) -> float:
        p = np.clip(betainc(*np.exp(log_shape), pooled), _CLOSEST, 1 - _CLOSEST)
        density = np.where(known.outcome == 1, np.log(p), np.log1p(-p))
        return float(-density.sum() + 0.5 * (log_shape**2).sum() / WIDE**2)

    bounds = [(-4.0, 6.0), (-4.0, 6.0)]
    found = minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=bounds)
    return betainc(*np.exp(found.x), mean_probability(asked))


def best_expert(known: ResolvedForecasts, asked: ResolvedForecasts) -> np.ndarray:
    """Return the answer of whoever did best on the known questions among those who answered.

    The order is by the mean, over the questions an expert answered, of the expert's Brier score less the mean Brier
    score of all who answered the question: whoever was asked easy questions gains nothing.  It takes at least half as
    many answers as the typical expert gave; where nobody ranked answered, the mean of the answers stands in.
    """
    order = _ranking(known)
    pooled = mean_probability(asked)
    for question, rows in enumerate(asked.by_question):
        ranked = [(order[expert], row) for row, expert in zip(rows, asked.expert[rows], strict=True) if expert in order]
        if ranked:
            pooled[question] = asked.probability[min(ranked)[1]]
    return pooled


def _ranking(known: ResolvedForecasts) -> dict[int, int]:
    """Return the place of each expert who answered enough, best = 0."""
    score = (known.probability - known.outcome[known.question]) ** 2
    typical = np.array([score[rows].mean() for rows in known.by_question])
    experts = len(known.experts)
    answers = np.bincount(known.expert, minlength=experts)
    total = np.bincount(known.expert, weights=score - typical[known.question], minlength=experts)
    enough = np.flatnonzero(answers >= max(1.0, 0.5 * np.median(answers[answers > 0])))
    best_first = enough[np.argsort(total[enough] / answers[enough], kind="stable")]
    return {int(expert): place for place, expert in enumerate(best_first)}


def _with_constant(column: np.ndarray) -> np.ndarray:
    return np.stack([np.ones_like(column), column], axis=1)


def _logistic(columns: np.ndarray, outcome: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return the coefficients of a logistic regression, by Newton's method with halved steps.

    Parameters
    ----------
    columns
        (question, coefficient).
    outcome
        0 or 1, (question,).
    centre
        Where the very wide prior lies, (coefficient,).
    """

    def objective(coefficients: np.ndarray) -> float:
        eta = columns @ coefficients
        penalty = 0.5 * ((coefficients - centre) ** 2).sum() / WIDE**2
        return float((np.logaddexp(0.0, eta) - outcome * eta).sum() + penalty)

    coefficients = centre.copy()
    for _ in range(_STEPS):
        step = _newton_step(columns, outcome, coefficients, centre)
        coefficients, moved = _downhill(objective, coefficients, step)
        if moved < _ENOUGH:
            break
    return coefficients


def _newton_step(columns: np.ndarray, outcome: np.ndarray, coefficients: np.ndarray, centre: np.ndarray) -> np.ndarray:
    p = expit(columns @ coefficients)
    slope = columns.T @ (outcome - p) - (coefficients - centre) / WIDE**2
    curvature = columns.T @ (columns * (p * (1 - p))[:, None]) + np.eye(centre.size) / WIDE**2
    return np.linalg.solve(curvature, slope)


def _downhill(
    objective: Callable[[np.ndarray], float], start: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return the first of ever shorter steps that does not go uphill, and its length."""
    here = objective(start)
    for halving in range(40):
        shorter = step / 2**halving
        if objective(start + shorter) <= here:
            return start + shorter, float(np.abs(shorter).max())
    return start, 0.0
