"""Pools without parameters: each question's answers in, one probability out.

Each function takes the answers to one question and returns one number; ``log_odds`` of answers of 0 and 1 are those of
the end of their resolution (`ResolvedForecasts.log_odds`).
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.special import expit

# J. Baron, B. A. Mellers, P. E. Tetlock, E. Stone, L. H. Ungar (2014), Two reasons to make aggregated probability
# forecasts more extreme, Decision Analysis 11(2), 133-145, doi 10.1287/deca.2014.0293: exponents about 2.5.
EXTREMISING = 2.5


def mean(probability: np.ndarray) -> float:
    """Return the linear pool with equal weights, ``sum(p) / n`` (M. Stone 1961, Annals of Math. Stat. 32, 1339)."""
    return float(np.mean(probability))


def median(probability: np.ndarray) -> float:
    """Return the median of the probabilities."""
    return float(np.median(probability))


def log_odds(logit: np.ndarray) -> float:
    """Return the logarithmic pool with equal weights, ``expit(mean(logit p))``: the geometric mean of the odds.

    C. Genest, J. V. Zidek (1986), Combining probability distributions, Statistical Science 1(1), 114-135.
    """
    return float(expit(np.mean(logit)))


def extremised_2_5(logit: np.ndarray) -> float:
    """Return ``expit(2.5 mean(logit p))``, the factor of Baron et al. (2014), put on the mean of the log-odds."""
    return float(expit(EXTREMISING * np.mean(logit)))


def neyman_roughgarden(logit: np.ndarray) -> float:
    """Return ``expit(d(n) mean(logit p))`` with a factor that only depends on how many answered (`factor`)."""
    return float(expit(factor(logit.size) * np.mean(logit)))


def factor(experts: int) -> float:
    r"""Return the extremising factor for ``n`` experts: 1 for one, rising to the square root of three.

    ``d(n) = n (sqrt(3 n^2 - 3 n + 1) - 2) / (n^2 - n - 1)``: E. Neyman, T. Roughgarden (2022), Are you smarter than a
    random expert? The robust aggregation of substitutable signals, EC '22, doi 10.1145/3490486.3538243, put on the mean
    of the log-odds, as forecasters do, with a prior of one half; the theorem is about forecasts of a number.
    """
    return experts * (sqrt(3.0 * experts**2 - 3.0 * experts + 1.0) - 2.0) / (experts**2 - experts - 1.0)
