"""The value of information by enumeration of a small joint table, and of Gaussian signals by conditioning."""

from math import log2

import numpy as np


def by_enumeration(joint):
    """Return variance, bits and shift of learning c, from ``joint[u][c]`` over yes (0) and no (1)."""
    p_u = joint[0][0] + joint[0][1]
    variance = bits = shift = 0.0
    for c in (0, 1):
        p_c = joint[0][c] + joint[1][c]
        if p_c == 0:
            continue
        after = joint[0][c] / p_c
        variance += p_c * (p_u * (1 - p_u) - after * (1 - after))
        bits += p_c * (entropy(p_u) - entropy(after))
        shift += p_c * abs(after - p_u)
    # A belief is a martingale: the fall of its variance is the variance of where it goes.
    return {"variance": variance, "bits": bits, "shift": shift}


def entropy(p):
    return -sum(q * log2(q) for q in (p, 1 - p) if q > 0)


def gaussian_reduction(covariance, noise, asked):
    """Return the share of the first variable's variance removed by noisy signals of the others in ``asked``.

    By precision matrices: every observation adds its own, then the whole is inverted.
    """
    size = len(covariance)
    design = np.zeros((len(asked), size))
    for row, variable in enumerate(asked):
        design[row, variable] = 1.0
    precision = np.linalg.inv(covariance) + design.T @ np.linalg.inv(noise) @ design
    return 1.0 - np.linalg.inv(precision)[0, 0] / covariance[0, 0]
