"""What the answers taught about each parameter, in bits, without taking the posterior to be Normal.

The divergence of posterior from prior on the unconstrained scale, ``E[log posterior] - E[log prior]`` over posterior
draws.  The prior is Normal, its part exact; the posterior's entropy is estimated from spacings of the ordered draws
(Vasicek 1976, with the bias correction of Ebrahimi, Pflughoeft, Soofi 1994, doi 10.1016/0167-7152(94)90046-9).  Beside
it stands `learning.bits_learnt`, which takes the posterior as Normal: the smaller of the two is not the better; where
they part, the posterior is skewed, has two humps, or learnt next to nothing.
"""

from __future__ import annotations

import numpy as np

from precursor.argument.parameters import ParameterSpace


def bits_by_spacings(space: ParameterSpace, unconstrained: np.ndarray) -> np.ndarray:
    """Return the divergence from prior to posterior in bits, (parameter,), zero where the prior has no spread.

    Parameters
    ----------
    unconstrained
        Posterior draws, (draw, parameter).  Equal draws are told apart by their number.
    """
    spread = np.sqrt(np.square(space.loadings).sum(axis=1))
    found = np.zeros(len(space.names))
    for i in np.flatnonzero(spread > 0):
        scores = (unconstrained[:, i] - space.mean[i]) / spread[i]
        against_prior = 0.5 * np.log(2 * np.pi) + 0.5 * np.mean(scores**2)
        found[i] = (against_prior - entropy_by_spacings(scores)) / np.log(2.0)
    return found


def entropy_by_spacings(values: np.ndarray) -> float:
    """Return the differential entropy, in nats, of the distribution of values, (draw,)."""
    n = len(values)
    m = max(1, int(np.sqrt(n) / 2))
    ordered = np.sort(values)
    index = np.arange(n)
    ahead, behind = np.minimum(index + m, n - 1), np.maximum(index - m, 0)
    # Near the ends a window is cut, and its factor with it.
    rank = index + 1
    factor = np.where(rank <= m, 1 + (rank - 1) / m, np.where(rank > n - m, 1 + (n - rank) / m, 2.0))
    gaps = np.maximum(ordered[ahead] - ordered[behind], 1e-12)
    return float(np.mean(np.log(n * gaps / (factor * m))))
