"""P(answers, outcome) of one question under the expert model, summed over a fine grid, with SciPy's densities."""

import numpy as np
from scipy.stats import logistic, norm, t


def answers_and_outcome(scalars, bias, extremity, noise, answers, *, reach=8.0, nodes=241):
    """Return (m_0, m_1) for one draw; ``answers`` are (log-odds, rounding sd, side) triples, side 0 for a density."""
    grid = np.linspace(-reach, reach, nodes)
    x, xi = np.meshgrid(grid, grid)
    flat = np.sqrt(1 + (16 * np.sqrt(3) / (15 * np.pi)) ** 2 * scalars["nu"] ** 2)
    consensus = scalars["average"] + scalars["spread"] * x
    moved = flat * scalars["slope"] * (consensus - scalars["average"]) + scalars["nu"] * xi
    typical = np.sqrt((flat * scalars["slope"] * scalars["spread"]) ** 2 + scalars["nu"] ** 2)
    weight = norm.pdf(x) * norm.pdf(xi) * (grid[1] - grid[0]) ** 2
    for a, b, s, (stated, rounding, side) in zip(bias, extremity, noise, answers, strict=True):
        location = consensus + a + b * scalars["spread"] * moved / typical
        if side == 0:
            weight = weight * t.pdf(stated, 4, location, np.hypot(s, rounding))
        elif side < 0:
            weight = weight * t.cdf(stated, 4, location, s)
        else:
            weight = weight * t.sf(stated, 4, location, s)
    yes = logistic.cdf(flat * (scalars["average"] + scalars["eta"]) + moved)
    return (weight * (1 - yes)).sum(), (weight * yes).sum()
