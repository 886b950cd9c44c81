r"""Who moved an expectation: the path attribution between two densities, from draws of both.

Between the densities the path is tempered: ``log p_t = log p_0 + t (l_1 + ... + l_P)``, the l's being what each player
adds to the log-density.  Along it

    d/dt E_t[f] = Cov_t(f, l_1 + ... + l_P) = sum_i Cov_t(f, l_i),

so the parts ``int_0^1 Cov_t(f, l_i) dt`` sum to the whole move.  This is the value of Aumann and Shapley (1974, Values
of Non-Atomic Games), known for networks as integrated gradients (Sundararajan, Taly, Yan 2017, arXiv:1703.01365); its
integrand is the local sensitivity of a posterior mean to the weight of an observation (Giordano, Broderick, Jordan
2018, JMLR 19(51)).  Whoever adds nothing that depends on f's causes has no part; equals have equal parts.

Expectations at every t come from the draws of all sampled densities pooled (Shirts and Chodera 2008, doi
10.1063/1.2978177).  On the pooled draws p_t is an exponential family in t, so the sum is exact there too, but for the
quadrature in t.  Errors are those of a jackknife over blocks of consecutive draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_PANELS = np.array([0.0, 1e-4, 1e-3, 0.004, 0.015, 0.05, 0.12, 0.25, 0.45, 0.65, 0.85, 1.0])
_NODES = 4
_BLOCKS = 10
_NEWTON_STEPS = 200


@dataclass(frozen=True)
class Pooled:
    """Draws of several densities, pooled.

    Attributes
    ----------
    log_densities
        Of every sampled density at every draw, up to a constant of its own, (density, draw).
    source
        Which density each draw is of, (draw,).
    """

    log_densities: np.ndarray
    source: np.ndarray


@dataclass(frozen=True)
class Legs:
    """Log-densities at the pooled draws, on the scale of those sampled, (draw,): where the path begins and ends.

    ``first`` and ``last`` are the densities that the two runs sampled; the path leads from ``start`` along ``parts``,
    (draw, player).
    """

    first: np.ndarray
    start: np.ndarray
    parts: np.ndarray
    last: np.ndarray

    @property
    def end(self) -> np.ndarray:
        """Where the path ends: the start and all parts."""
        return self.start + self.parts.sum(axis=1)


@dataclass(frozen=True)
class Split:
    """Parts of moves of expectations, with standard errors.

    Attributes
    ----------
    parts, part_errors
        (function, player).
    structure, structure_errors
        What came before and after the path: the same answers, otherwise surrounded, (function,).
    jackknife
        The parts and, last, the structure, with each block of draws left out, (block, function, player + 1).
    source
        The density that each block is of, (block,).
    least_effective
        The smallest effective number of draws along the path.
    """

    parts: np.ndarray
    part_errors: np.ndarray
    structure: np.ndarray
    structure_errors: np.ndarray
    jackknife: np.ndarray
    source: np.ndarray
    least_effective: float

    def error_of(self, which: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return standard errors of the sum of some players' parts, (function,)."""
        return jackknife_error(self.jackknife[:, :, which].sum(axis=2), self.source)


def split(functions: np.ndarray, pooled: Pooled, legs: Legs) -> Split:
    """Return how the move of each function's expectation, (function, draw), divides among the parts of the path."""
    blocks = _blocks(pooled.source)
    whole, least = _parts(functions, pooled, legs, np.arange(functions.shape[1]))
    left_out = []
    for block in blocks:
        keep = np.setdiff1d(np.arange(functions.shape[1]), block)
        left_out.append(_parts(functions, pooled, legs, keep)[0])
    jackknife, source = np.array(left_out), np.array([pooled.source[block[0]] for block in blocks])
    errors = jackknife_error(jackknife, source)
    return Split(whole[:, :-1], errors[:, :-1], whole[:, -1], errors[:, -1], jackknife, source, least)


def jackknife_error(left_out: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Return standard errors from estimates with each block left out, (block, ...), blocks of one source together."""
    variance = np.zeros(left_out.shape[1:])
    for which in np.unique(source):
        own = left_out[source == which]
        variance += (len(own) - 1) / len(own) * ((own - own.mean(axis=0)) ** 2).sum(axis=0)
    return np.sqrt(variance)


def _blocks(source: np.ndarray) -> list[np.ndarray]:
    """Return blocks of consecutive draws of one source each."""
    found = []
    for which in np.unique(source):
        own = np.flatnonzero(source == which)
        found += [block for block in np.array_split(own, _BLOCKS) if len(block)]
    return found


def _parts(functions: np.ndarray, pooled: Pooled, legs: Legs, keep: np.ndarray) -> tuple[np.ndarray, float]:
    base = pooled_log_weights(pooled.log_densities[:, keep], pooled.source[keep])
    values, parts = functions[:, keep], legs.parts[keep]
    start, delta = legs.start[keep] + base, parts.sum(axis=1)
    ends = [_normalised(base + log[keep]) for log in (legs.first, legs.start, legs.end, legs.last)]
    first, begins, stops, last = (values @ weights for weights in ends)
    least = min(1.0 / (weights**2).sum() for weights in ends)
    along = np.zeros_like(values)
    for t, width in zip(*_quadrature(), strict=True):
        weights = _normalised(start + t * delta)
        least = min(least, 1.0 / (weights**2).sum())
        along += width * weights * (values - (values @ weights)[:, None])
    return np.column_stack([along @ parts, (begins - first) + (last - stops)]), float(least)


def _quadrature() -> tuple[np.ndarray, np.ndarray]:
    """Return nodes and weights on [0, 1]: Gauss-Legendre on panels that are narrow where the path is fast."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    low, high = _PANELS[:-1, None], _PANELS[1:, None]
    return ((low + high + (high - low) * nodes) / 2).ravel(), ((high - low) / 2 * weights).ravel()


def _normalised(log_weights: np.ndarray) -> np.ndarray:
    weights = np.exp(log_weights - log_weights.max())
    return np.asarray(weights / weights.sum())


def pooled_log_weights(log_densities: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Return log-weights, (draw,), under which pooled draws are draws of the flat density.

    The densities' normalising constants solve ``F_k = log sum_x p_k(x) / sum_j N_j p_j(x) exp(-F_j)``, by Newton's
    method on the convex function that this makes stationary, with plain iteration where Newton's step goes astray.
    """
    counts = np.array([(source == k).sum() for k in range(len(log_densities))], dtype=float)
    sampled = counts > 0
    logs, log_counts = log_densities[sampled], np.log(counts[sampled])
    constants = logs.mean(axis=1)

    def denominator(at: np.ndarray) -> np.ndarray:
        return _log_sum(log_counts[:, None] + logs - at[:, None], axis=0)

    def imbalance(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        responsible = np.exp(log_counts[:, None] + logs - at[:, None] - denominator(at))
        return responsible, responsible.sum(axis=1) - np.exp(log_counts)

    for _ in range(_NEWTON_STEPS):
        responsible, gradient = imbalance(constants)
        if np.abs(gradient).max() < 1e-9 * np.exp(log_counts).min():
            break
        plain = _log_sum(logs - denominator(constants), axis=1)
        hessian = np.diag(responsible.sum(axis=1)) - responsible @ responsible.T
        step = np.linalg.lstsq(hessian, gradient, rcond=1e-12)[0]
        newton = constants + step - step[0]
        better = np.isfinite(newton).all() and np.abs(imbalance(newton)[1]).max() < np.abs(imbalance(plain)[1]).max()
        constants = newton if better else plain
        constants = constants - constants[0]
    return np.asarray(-denominator(constants))


def _log_sum(values: np.ndarray, axis: int) -> np.ndarray:
    top = values.max(axis=axis, keepdims=True)
    return np.asarray(np.log(np.exp(values - top).sum(axis=axis)) + top.squeeze(axis))
