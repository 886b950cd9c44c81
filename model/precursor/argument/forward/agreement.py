r"""Whether what happened in simulated worlds agrees with the probabilities that were computed for them.

Of worlds in which the evidence holds, an event happens in world *i* with its exact probability :math:`\theta_i`, on its
own: the number of times it happens is Poisson-binomial.  Its tails beyond one from the mean are no heavier than those
of the binomial with the mean probability (Hoeffding 1956, doi 10.1214/aoms/1177728178), so the binomial's bound holds
for however small probabilities and however few worlds: a false alarm is no likelier than said.
"""

from __future__ import annotations

import numpy as np


def discrepancy(exact: np.ndarray, happened: np.ndarray) -> float:
    """Return how far a count lies from what was computed, in standard deviations of a normal with its tail.

    Parameters
    ----------
    exact
        The probability of the event in each world, (world,).
    happened
        Whether it happened there, (world,).

    Returns
    -------
    float
        Not negative; zero where there are no worlds; infinite where the count cannot be, or a probability is none.
    """
    from scipy.special import bdtr, bdtrc, ndtri  # noqa: PLC0415  (half a second, and a query needs none of it)

    n, count = len(exact), int(happened.sum())
    if not n:
        return 0.0
    if not np.all((exact >= 0.0) & (exact <= 1.0)) or np.any(happened & (exact == 0.0)):
        return np.inf
    mean = float(exact.mean())
    if abs(count - n * mean) <= 1.0:
        return 0.0
    tail = bdtrc(count - 1, n, mean) if count > n * mean else bdtr(count, n, mean)
    return float(-ndtri(min(tail, 0.5)))


def halves(exact: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which worlds have an exact probability up to the median, and which above: errors in both may cancel."""
    low = exact <= np.median(exact) if len(exact) else np.zeros(0, dtype=bool)
    return low, ~low
