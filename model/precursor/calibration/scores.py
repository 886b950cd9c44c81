"""Proper scores of probabilities of events, their decomposition, and calibration curves.

G. W. Brier (1950), Monthly Weather Review 78, 1-3.  I. J. Good (1952), JRSS B 14, 107-114 (log score).  T.
Dimitriadis, T. Gneiting, A. I. Jordan (2021), Stable reliability diagrams for probabilistic classifiers, PNAS 118(8)
e2016191118, doi 10.1073/pnas.2016191118 (PAVA calibration curve, consistency bands, decomposition).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

# A forecast nearer to 0 or 1 than this is scored as if it stood there: one wrong certainty would be infinitely bad.
LOG_SCORE_FLOOR = 0.001
INTERVAL = (5.0, 95.0)


def brier(probability: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return ``(p - y)^2`` of each forecast; 0 is best, 1 worst, 1/4 what always saying one half gets."""
    return (probability - outcome) ** 2


def log_score(probability: np.ndarray, outcome: np.ndarray, floor: float = LOG_SCORE_FLOOR) -> np.ndarray:
    """Return ``-log P(what happened)`` of each forecast, natural log, probabilities kept ``floor`` from 0 and 1."""
    p = np.clip(probability, floor, 1.0 - floor)
    return -np.where(outcome == 1, np.log(p), np.log1p(-p))


@dataclass(frozen=True, eq=False)
class CalibrationCurve:
    """How often things happened that were forecast with each probability.

    ``forecast``: the different probabilities stated, ascending; ``observed``: the isotonic estimate of the frequency
    of the event at each; ``low``, ``high``: where the estimate would lie, pointwise in nine cases of ten, were the
    forecasts calibrated (a consistency band); ``count``: forecasts at each.
    """

    forecast: np.ndarray
    observed: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: np.ndarray


def calibration_curve(
    probability: np.ndarray, outcome: np.ndarray, *, seed: int, resamples: int = 500
) -> CalibrationCurve:
    """Return the PAVA calibration curve and its 90 % consistency band, of ``resamples`` simulated outcomes."""
    forecast, place, count = np.unique(probability, return_inverse=True, return_counts=True)
    random = np.random.default_rng(seed)
    simulated = (random.random((resamples, probability.size)) < probability).astype(float)
    curves = np.array([_isotonic(place, values, count) for values in simulated])
    low, high = np.percentile(curves, INTERVAL, axis=0)
    return CalibrationCurve(forecast, _isotonic(place, outcome.astype(float), count), low, high, count)


def _isotonic(place: np.ndarray, outcome: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return the least-squares rising fit, at each different forecast, to the share of events there."""
    share = np.bincount(place, weights=outcome, minlength=count.size) / count
    return isotonic_regression(share, weights=count).x


@dataclass(frozen=True, slots=True)
class Decomposition:
    """``brier = miscalibration - discrimination + uncertainty``.

    What recalibration could save, what the forecasts tell apart, and the score of the base rate.
    """

    miscalibration: float
    discrimination: float
    uncertainty: float


def decompose(probability: np.ndarray, outcome: np.ndarray) -> Decomposition:
    """Return Murphy's decomposition of the mean Brier score, with the isotonic calibration curve in place of bins.

    A. H. Murphy (1973), J. Applied Meteorology 12, 595-600; with PAVA both parts are never negative (Dimitriadis et al.
    2021).
    """
    _, place, count = np.unique(probability, return_inverse=True, return_counts=True)
    recalibrated = _isotonic(place, outcome.astype(float), count)[place]
    as_stated, best = brier(probability, outcome).mean(), brier(recalibrated, outcome).mean()
    uncertainty = brier(np.full(outcome.shape, outcome.mean()), outcome).mean()
    return Decomposition(float(as_stated - best), float(uncertainty - best), float(uncertainty))


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of paired differences, with a 90 % interval over resampled clusters."""

    mean: float
    low: float
    high: float


def paired_difference(
    first: np.ndarray, second: np.ndarray, cluster: np.ndarray, *, seed: int, resamples: int = 2000
) -> Difference:
    """Return the mean of ``first - second`` and its percentile bootstrap interval, whole clusters drawn together.

    Parameters
    ----------
    first, second
        Scores of two methods on the same questions, (question,).
    cluster
        Number of the group each question belongs to, (question,); questions of a group are not independent.
    """
    difference = first - second
    names, place = np.unique(cluster, return_inverse=True)
    totals, sizes = np.bincount(place, weights=difference), np.bincount(place)
    drawn = np.random.default_rng(seed).integers(0, names.size, (resamples, names.size))
    means = totals[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, INTERVAL)
    return Difference(float(difference.mean()), float(low), float(high))


def coverage(low: np.ndarray, high: np.ndarray, realised: np.ndarray) -> float:
    """Return the share of intervals that hold what was realised, ends included."""
    return float(((low <= realised) & (realised <= high)).mean())
