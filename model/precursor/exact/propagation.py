"""Propagation of a distribution through a unit of time of a continuous-time Markov chain, in NumPy.

Uniformisation (Jensen 1953): with ``q`` at least the largest exit rate, ``P = I + Q / q`` is a stochastic matrix and
``exp(Q) = sum_k Poisson(k; q) P^k``: a sum of non-negative terms, accurate in every component however small.  The
number of terms grows with ``q``, so above `SQUARING_ABOVE` the matrix of a time slice with ``q <= 1/2`` is squared
instead, which bounds the cost for any finite rate.  Rates are clipped at `LARGEST_RATE`, where nothing is left to
change.  `exact.circuit` has the same algorithm compiled, with its adjoint, for a sampler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from precursor.exact.algebra import Chain

SQUARING_ABOVE = 300.0
LARGEST_RATE = 1e12
SMALLEST_WEIGHT = 1e-18
_SLICE_RATE = 0.5
_MOSTLY_STAYS = 0.5
_LANES_AT_ONCE = 512


def propagate(chain: Chain, start: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Return ``start @ exp(Q)`` for every lane.

    Parameters
    ----------
    chain
        The edges; ``Q[source, target] += rate[class]`` and rows sum to zero.
    start
        Non-negative, (lanes, states).
    rates
        Cumulative hazards over the phase, one per class of edge, (lanes, classes); finite and not negative.

    Returns
    -------
    np.ndarray
        (lanes, states).
    """
    pieces = [
        _propagate(chain, start[i : i + _LANES_AT_ONCE], rates[i : i + _LANES_AT_ONCE])
        for i in range(0, len(start), _LANES_AT_ONCE)
    ]
    return np.concatenate(pieces) if pieces else np.zeros_like(start)


def generator(chain: Chain, rates: np.ndarray) -> np.ndarray:
    """Return the off-diagonal rates as matrices, (lanes, states, states), and leave the diagonal at zero."""
    matrix = np.zeros((len(rates), chain.n_states, chain.n_states))
    clipped = np.minimum(rates, LARGEST_RATE)
    for source, target, kind in zip(chain.sources, chain.targets, chain.classes, strict=True):
        matrix[:, source, target] += clipped[:, kind]
    return matrix


def transition_matrix(off_diagonal: np.ndarray) -> np.ndarray:
    """Return ``exp(Q)`` for generators given by their off-diagonal rates, (lanes, states, states)."""
    exit_rate = off_diagonal.sum(axis=2)
    doublings = np.ceil(np.log2(np.maximum(exit_rate.max(axis=1) / _SLICE_RATE, 1.0))).astype(int)
    scale = 0.5**doublings
    identity = np.eye(off_diagonal.shape[1])
    step = _uniformised(off_diagonal * scale[:, None, None], np.full(len(scale), _SLICE_RATE))
    weights = _poisson_weights(_SLICE_RATE)
    power = np.broadcast_to(identity, step.shape)
    matrix = weights[0] * power
    for weight in weights[1:]:
        power = power @ step
        matrix = matrix + weight * power
    for done in range(int(doublings.max(initial=0))):
        active = doublings > done
        matrix[active] = _sharpen(matrix[active] @ matrix[active])
    return matrix


def expected_time(off_diagonal: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Return the expected time in a unit of time spent where ``counted`` is one, by starting state, (lanes, states).

    ``integral over s from 0 to 1 of exp(Q s) b``: on a slice, ``1 / q`` times the sum over k of P(N > k) P^k b with N
    Poisson; then doubled with the squared transition matrix.
    """
    exit_rate = off_diagonal.sum(axis=2)
    doublings = np.ceil(np.log2(np.maximum(exit_rate.max(axis=1) / _SLICE_RATE, 1.0))).astype(int)
    scale = 0.5**doublings
    sliced = off_diagonal * scale[:, None, None]
    step = _uniformised(sliced, np.full(len(scale), _SLICE_RATE))
    weights = np.array(_poisson_weights(_SLICE_RATE))
    above = 1.0 - np.cumsum(weights)
    power = np.broadcast_to(counted[None, :, None], (*exit_rate.shape, 1))
    time = np.zeros_like(power)
    for tail in np.maximum(above, 0.0):
        time = time + tail / _SLICE_RATE * power
        power = step @ power
    time = time * scale[:, None, None]
    matrix = transition_matrix(sliced)
    for done in range(int(doublings.max(initial=0))):
        active = doublings > done
        time[active] = time[active] + matrix[active] @ time[active]
        matrix[active] = _sharpen(matrix[active] @ matrix[active])
    return time[:, :, 0]


def _propagate(chain: Chain, start: np.ndarray, rates: np.ndarray) -> np.ndarray:
    off_diagonal = generator(chain, rates)
    largest = off_diagonal.sum(axis=2).max(axis=1)
    result = np.empty_like(start)
    slow = largest <= SQUARING_ABOVE
    if slow.any():
        result[slow] = _by_uniformisation(off_diagonal[slow], start[slow], largest[slow])
    if not slow.all():
        result[~slow] = np.matmul(start[~slow, None, :], transition_matrix(off_diagonal[~slow]))[:, 0, :]
    return result


def _by_uniformisation(off_diagonal: np.ndarray, start: np.ndarray, largest: np.ndarray) -> np.ndarray:
    q = float(max(largest.max(), 1e-300))
    step = _uniformised(off_diagonal, np.full(len(start), q))
    vector = start[:, None, :]
    result = np.zeros_like(vector)
    for weight in _poisson_weights(q):
        result += weight * vector
        vector = np.matmul(vector, step)
    return result[:, 0, :]


def _uniformised(off_diagonal: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return ``I + Q / q``; the diagonal is what the row leaves over, never negative."""
    step = off_diagonal / q[:, None, None]
    diagonal = np.arange(step.shape[1])
    step[:, diagonal, diagonal] = np.maximum(1.0 - step.sum(axis=2), 0.0)
    return step


def _poisson_weights(q: float) -> list[float]:
    """Return Poisson(k; q) for k = 0, 1, ... until the weights are negligible (q at most `SQUARING_ABOVE`)."""
    weights = [float(np.exp(-q))]
    k = 0
    while weights[-1] > SMALLEST_WEIGHT or k <= q:
        k += 1
        weights.append(weights[-1] * q / k)
    return weights


def _sharpen(matrix: np.ndarray) -> np.ndarray:
    """Reset diagonals above one half to one minus the rest of the row: squaring would double their rounding error."""
    diagonal = np.arange(matrix.shape[1])
    kept = matrix[:, diagonal, diagonal].copy()
    rest = matrix.sum(axis=2) - kept
    matrix[:, diagonal, diagonal] = np.where(kept > _MOSTLY_STAYS, np.maximum(1.0 - rest, 0.0), kept)
    return matrix
