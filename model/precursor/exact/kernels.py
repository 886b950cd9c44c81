"""The circuit's forward and backward passes, compiled by Numba.

``graph`` is a chain's edges in four orders: (edges, first_in, incoming, first_out, outgoing, first_of_class, by_class),
see `exact.circuit.graph_of`.

A circuit is a list of segments.  A segment is a run of triples, each meaning ``values[out] += values[a] * values[b]``,
followed by blocks of eight lanes of a Markov chain, each advanced by one unit of time.  Both steps have exact adjoints,
so the gradient costs a small multiple of the value.

The chain is advanced by uniformisation over its edges, eight lanes side by side (`exact.lanes`); above
`SQUARING_LANES_ABOVE` by squaring a dense matrix (see `exact.propagation`).  The adjoint of ``x_{k+1} = x_k P``,
``result = sum_k w_k x_k`` is ``y_k = w_k g + P y_{k+1}``, and an edge's rate receives
``x_k[i] (y_{k+1}[j] - y_{k+1}[i]) / q``; the result does not depend on q, so q needs no derivative.
"""

from __future__ import annotations

import numba
import numpy as np

from precursor.exact.lanes import WIDTH, add_rate_bars, step_and_add, step_back
from precursor.exact.propagation import LARGEST_RATE, SMALLEST_WEIGHT

ZERO, ONE, TRASH = 0, 1, 2
FIRST_FREE = 3

SIGMOID, SIGMOID_COMPLEMENT, SOFTPLUS, EXP, SOFTMAX = 0, 1, 2, 3, 4

_SLICE_TERMS = 18
_SLICE_RATE = 0.5
SQUARING_LANES_ABOVE = 3000.0
_MOST_TERMS = int(SQUARING_LANES_ABOVE + 14 * SQUARING_LANES_ABOVE**0.5 + 60)

_jit = numba.njit(cache=True, fastmath=False, nogil=True)


@_jit
def _leaf(kind, u, index, start, size):
    """Return a leaf's value from the unconstrained parameters."""
    x = u[index]
    if kind == SIGMOID:
        return 1.0 / (1.0 + np.exp(-x)) if x >= 0 else np.exp(x) / (1.0 + np.exp(x))
    if kind == SIGMOID_COMPLEMENT:
        return 1.0 / (1.0 + np.exp(x)) if x <= 0 else np.exp(-x) / (1.0 + np.exp(-x))
    if kind == SOFTPLUS:
        return x + np.log1p(np.exp(-x)) if x > 0 else np.log1p(np.exp(x))
    if kind == EXP:
        return np.exp(min(x, 600.0))
    largest = u[start]
    for i in range(start, start + size):
        largest = max(largest, u[i])
    total = 0.0
    for i in range(start, start + size):
        total += np.exp(u[i] - largest)
    return np.exp(x - largest) / total


@_jit
def forward(u, leaves, triples, segments, graph, starts, rates, outs, values):
    """Fill ``values`` (one number per slot) from the unconstrained parameters ``u``."""
    values[:] = 0.0
    values[ONE] = 1.0
    for row in range(leaves.shape[0]):
        values[leaves[row, 0]] = _leaf(leaves[row, 1], u, leaves[row, 2], leaves[row, 3], leaves[row, 4])
    triple, block = 0, 0
    n_states = starts.shape[1]
    scratch = _scratch(n_states)
    weights = np.empty(_MOST_TERMS)
    for segment in range(segments.shape[0]):
        for t in range(triple, segments[segment, 0]):
            values[triples[t, 0]] += values[triples[t, 1]] * values[triples[t, 2]]
        triple = segments[segment, 0]
        for b in range(block, segments[segment, 1]):
            _advance(values, graph, starts[b], rates[b], outs[b], scratch, weights)
        block = segments[segment, 1]
    values[TRASH] = 0.0


@_jit
def backward(u, leaves, triples, segments, graph, starts, rates, outs, values, bars, u_bar):
    """Add to ``u_bar`` the gradient of ``sum(bars * values)``; ``bars`` is used up."""
    n_states = starts.shape[1]
    history = np.empty((_MOST_TERMS, n_states * WIDTH))
    scratch = _scratch(n_states)
    weights = np.empty(_MOST_TERMS)
    for segment in range(segments.shape[0] - 1, -1, -1):
        first_block = segments[segment - 1, 1] if segment > 0 else 0
        first_triple = segments[segment - 1, 0] if segment > 0 else 0
        for b in range(segments[segment, 1] - 1, first_block - 1, -1):
            _advance_back(values, bars, graph, starts[b], rates[b], outs[b], history, scratch, weights)
        for t in range(segments[segment, 0] - 1, first_triple - 1, -1):
            bar = bars[triples[t, 0]]
            if bar != 0.0:
                a, b_ = triples[t, 1], triples[t, 2]
                bars[a] += bar * values[b_]
                bars[b_] += bar * values[a]
    for row in range(leaves.shape[0]):
        _leaf_back(leaves[row], u, values, bars, u_bar)


@_jit
def _leaf_back(leaf, u, values, bars, u_bar):
    slot, kind, index, start, size = leaf[0], leaf[1], leaf[2], leaf[3], leaf[4]
    bar, value = bars[slot], values[slot]
    if bar == 0.0:
        return
    if kind == SIGMOID:
        u_bar[index] += bar * value * _leaf(SIGMOID_COMPLEMENT, u, index, start, size)
    elif kind == SIGMOID_COMPLEMENT:
        u_bar[index] -= bar * value * _leaf(SIGMOID, u, index, start, size)
    elif kind == SOFTPLUS:
        u_bar[index] += bar * _leaf(SIGMOID, u, index, start, size)
    elif kind == EXP:
        u_bar[index] += bar * value
    else:
        for i in range(start, start + size):
            u_bar[i] -= bar * value * _leaf(SOFTMAX, u, i, start, size)
        u_bar[index] += bar * value


@_jit
def _load(values, slots, into):
    for i in range(slots.shape[0]):
        for w in range(WIDTH):
            into[i * WIDTH + w] = values[slots[i, w]]


@_jit
def _exit_rates(graph, rate, exits, scratch):
    """Fill the exit rates, (states * WIDTH,), and return the largest; nan if any rate is."""
    zeros, ones = scratch[4], scratch[5]
    step_back(graph[3], graph[4][0], graph[4][1], rate, zeros, ones, exits, zeros, 0.0)
    largest = 0.0
    for i in range(exits.shape[0]):
        if np.isnan(exits[i]):
            return np.nan
        largest = max(largest, exits[i])
    return largest


@_jit
def _scratch(n_states):
    """Return working rows of one lane block; the fifth stays zero, the sixth one."""
    scratch = np.zeros((6, n_states * WIDTH))
    scratch[5] = 1.0
    return scratch


@_jit
def _clipped_rates(values, slots):
    rate = np.empty(slots.shape[0] * WIDTH)
    _load(values, slots, rate)
    for i in range(rate.shape[0]):
        rate[i] = min(rate[i], LARGEST_RATE) if not np.isnan(rate[i]) else np.nan
    return rate


@_jit
def _poisson_weights(q, weights):
    """Fill Poisson(k; q) for k = 0, 1, ... until negligible, return how many; in logs if exp(-q) would underflow."""
    k = 0
    weights[0] = np.exp(-q)
    log_weight, log_q = -q, np.log(q)
    in_logs = q > 600.0  # noqa: PLR2004
    while k + 1 < weights.shape[0] and (k <= q or weights[k] > SMALLEST_WEIGHT):
        k += 1
        if in_logs:
            log_weight += log_q - np.log(k)
            weights[k] = np.exp(log_weight)
        else:
            weights[k] = weights[k - 1] * q / k
    return k + 1


@_jit
def _advance(values, graph, start, rate_slots, out, scratch, weights):
    """Advance eight lanes by one unit of time."""
    x, new, stay, total = scratch[0], scratch[1], scratch[2], scratch[3]
    rate = _clipped_rates(values, rate_slots)
    q = _exit_rates(graph, rate, stay, scratch)
    if np.isnan(q):
        for i in range(out.shape[0]):
            for w in range(WIDTH):
                values[out[i, w]] = np.nan
        return
    if q > SQUARING_LANES_ABOVE:
        _advance_by_squaring(values, graph[0], start, rate, out)
        return
    _load(values, start, x)
    if q == 0.0:
        total[:] = x
    else:
        for i in range(stay.shape[0]):
            stay[i] = 1.0 - stay[i] / q
        rate /= q
        terms = _poisson_weights(q, weights)
        for i in range(x.shape[0]):
            total[i] = weights[0] * x[i]
        for k in range(1, terms):
            step_and_add(graph[1], graph[2][0], graph[2][1], rate, stay, x, new, total, weights[k])
            x, new = new, x
    for i in range(out.shape[0]):
        for w in range(WIDTH):
            values[out[i, w]] = total[i * WIDTH + w]


@_jit
def _advance_back(values, bars, graph, start, rate_slots, out, history, scratch, weights):
    """Add the adjoint of `_advance` to the bars of its starts and rates."""
    y, new, stay, g = scratch[0], scratch[1], scratch[2], scratch[3]
    _load(bars, out, g)
    any_bar = False
    for i in range(g.shape[0]):
        if g[i] != 0.0:
            any_bar = True
            break
    if not any_bar:
        return
    rate = _clipped_rates(values, rate_slots)
    rate_bar = np.zeros(rate.shape[0])
    q = _exit_rates(graph, rate, stay, scratch)
    if q > SQUARING_LANES_ABOVE:
        _back_by_squaring(values, bars, graph[0], start, rate, rate_slots, out)
        return
    if q == 0.0:
        q = 1.0
    stay[:] = 1.0 - stay / q
    rate /= q
    terms = _poisson_weights(q, weights)
    _load(values, start, history[0])
    for k in range(1, terms):
        step_back(graph[1], graph[2][0], graph[2][1], rate, stay, history[k - 1], history[k], g, 0.0)
    for i in range(y.shape[0]):
        y[i] = weights[terms - 1] * g[i]
    for k in range(terms - 2, -1, -1):
        add_rate_bars(graph[5], graph[6][0], graph[6][1], history[k], y, rate_bar)
        step_back(graph[3], graph[4][0], graph[4][1], rate, stay, y, new, g, weights[k])
        y, new = new, y
    for i in range(start.shape[0]):
        for w in range(WIDTH):
            bars[start[i, w]] += y[i * WIDTH + w]
    for c in range(rate_slots.shape[0]):
        for w in range(WIDTH):
            bars[rate_slots[c, w]] += rate_bar[c * WIDTH + w] / q


@_jit
def _lane_slice(edges, rate, n_states, lane):
    """Return the uniformised matrix of a time slice short enough, and how often it must be squared."""
    matrix = np.zeros((n_states, n_states))
    for e in range(edges.shape[1]):
        matrix[edges[0, e], edges[1, e]] += rate[edges[2, e] * WIDTH + lane]
    largest = 0.0
    for i in range(n_states):
        largest = max(largest, matrix[i].sum())
    doublings = 0
    while largest > _SLICE_RATE:
        largest *= 0.5
        doublings += 1
    matrix *= 0.5**doublings / _SLICE_RATE
    for i in range(n_states):
        matrix[i, i] = max(1.0 - matrix[i].sum(), 0.0)
    return matrix, doublings


@_jit
def _slice_weights():
    weights = np.empty(_SLICE_TERMS)
    weights[0] = np.exp(-_SLICE_RATE)
    for k in range(1, _SLICE_TERMS):
        weights[k] = weights[k - 1] * _SLICE_RATE / k
    return weights


@_jit
def _powers(step, doublings):
    """Return the Horner partial sums of the slice, and the squares: both are needed to go back."""
    n = step.shape[0]
    weights = _slice_weights()
    horner = np.zeros((_SLICE_TERMS, n, n))
    for i in range(n):
        horner[0, i, i] = weights[_SLICE_TERMS - 1]
    for k in range(1, _SLICE_TERMS):
        horner[k] = np.dot(horner[k - 1], step)
        for i in range(n):
            horner[k, i, i] += weights[_SLICE_TERMS - 1 - k]
    squares = np.empty((doublings + 1, n, n))
    squares[0] = horner[_SLICE_TERMS - 1]
    for d in range(doublings):
        squares[d + 1] = np.dot(squares[d], squares[d])
        for i in range(n):
            if squares[d + 1, i, i] > 0.5:  # noqa: PLR2004 - else squaring doubles its rounding error
                squares[d + 1, i, i] = max(1.0 - (squares[d + 1, i].sum() - squares[d + 1, i, i]), 0.0)
    return horner, squares


@_jit
def _advance_by_squaring(values, edges, start, rate, out):
    n = start.shape[0]
    result = np.empty((n, WIDTH))
    for lane in range(WIDTH):
        step, doublings = _lane_slice(edges, rate, n, lane)
        _, squares = _powers(step, doublings)
        result[:, lane] = 0.0
        for i in range(n):
            mass = values[start[i, lane]]
            if mass != 0.0:
                for j in range(n):
                    result[j, lane] += mass * squares[doublings, i, j]
    for i in range(n):
        for lane in range(WIDTH):
            values[out[i, lane]] = result[i, lane]


@_jit
def _back_by_squaring(values, bars, edges, start, rate, rate_slots, out):
    n = start.shape[0]
    for lane in range(WIDTH):
        step, doublings = _lane_slice(edges, rate, n, lane)
        horner, squares = _powers(step, doublings)
        g = np.empty(n)
        for j in range(n):
            g[j] = bars[out[j, lane]]
        matrix_bar = np.empty((n, n))
        start_bar = np.zeros(n)
        for i in range(n):
            mass = values[start[i, lane]]
            for j in range(n):
                matrix_bar[i, j] = mass * g[j]
                start_bar[i] += squares[doublings, i, j] * g[j]
        for d in range(doublings - 1, -1, -1):
            across = np.ascontiguousarray(squares[d].T)
            matrix_bar = np.dot(across, matrix_bar) + np.dot(matrix_bar, across)
        step_bar = np.zeros((n, n))
        across = np.ascontiguousarray(step.T)
        for k in range(_SLICE_TERMS - 1, 0, -1):
            step_bar += np.dot(np.ascontiguousarray(horner[k - 1].T), matrix_bar)
            matrix_bar = np.dot(matrix_bar, across)
        scale = 0.5**doublings / _SLICE_RATE
        for i in range(n):
            bars[start[i, lane]] += start_bar[i]
        for e in range(edges.shape[1]):
            i, j, c = edges[0, e], edges[1, e], edges[2, e]
            if rate[c * WIDTH + lane] < LARGEST_RATE:
                bars[rate_slots[c, lane]] += scale * (step_bar[i, j] - step_bar[i, i])


@numba.njit(cache=True, fastmath=False, nogil=True, parallel=True)
def forward_draws(u, leaves, triples, segments, graph, starts, rates, outs, n_values, outputs):
    """Return the outputs for every draw, (draws, outputs); ``u`` is (draws, parameters)."""
    result = np.empty((u.shape[0], outputs.shape[0]))
    for draw in numba.prange(u.shape[0]):
        values = np.empty(n_values)
        forward(u[draw], leaves, triples, segments, graph, starts, rates, outs, values)
        for i in range(outputs.shape[0]):
            result[draw, i] = values[outputs[i]]
    return result
