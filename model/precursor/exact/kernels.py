"""The circuit's forward and backward passes, compiled by Numba.

A circuit is a list of segments.  A segment is a run of sums of products, ``values[out] = sum values[a] * values[b]``,
followed by blocks of eight lanes of a Markov chain, each advanced by one unit of time.  Both steps have exact adjoints,
so the gradient costs a small multiple of the value.

The chain is advanced by uniformisation over the edges of a block's pattern (`exact.pattern`), its lanes side by side
(`exact.lanes`); above `SQUARING_LANES_ABOVE` by squaring a dense matrix (see `exact.propagation`).  With Poisson
weights w and x the start, ``result = sum_k w_k x P^k`` is summed by Horner's rule, ``y_k = w_k x + y_{k+1} P``.  The
adjoint is the same with P transposed and the bar g of the result in place of x, ``y_k = w_k g + P y_{k+1}``, where an
edge's rate receives ``x_k[i] (y_{k+1}[j] - y_{k+1}[i]) / q``; the result does not depend on q, so q needs none.
"""

from __future__ import annotations

import numba
import numpy as np

from precursor.exact.compiling import compiled
from precursor.exact.lanes import WIDTH, step, step_and_add, step_back
from precursor.exact.propagation import LARGEST_RATE, SMALLEST_WEIGHT

ZERO, ONE, TRASH = 0, 1, 2
FIRST_FREE = 3

SIGMOID, SIGMOID_COMPLEMENT, SOFTPLUS, EXP, SOFTMAX = 0, 1, 2, 3, 4

_SLICE_TERMS = 18
_SLICE_RATE = 0.5
SQUARING_LANES_ABOVE = 3000.0
_MOST_TERMS = int(SQUARING_LANES_ABOVE + 14 * SQUARING_LANES_ABOVE**0.5 + 60)

# Far out a density may be infinite or nan: what the sampler then refuses is a point, not an exception.
_jit = compiled(nogil=True)


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
def forward(u, tables, values):
    """Fill ``values`` (one number for each slot that outputs need) from the unconstrained parameters ``u``."""
    leaves, sums, first_term, terms, segments, pattern_of, patterns, stream, starts, rates, outs = tables
    values[ZERO], values[ONE] = 0.0, 1.0
    for row in range(leaves.shape[0]):
        values[leaves[row, 0]] = _leaf(leaves[row, 1], u, leaves[row, 2], leaves[row, 3], leaves[row, 4])
    row, block = 0, 0
    scratch, weights = _scratch(starts.shape[1]), np.empty(_MOST_TERMS)
    for segment in range(segments.shape[0]):
        for r in range(row, segments[segment, 0]):
            total = 0.0
            for t in range(first_term[r], first_term[r + 1]):
                total += values[terms[t, 0]] * values[terms[t, 1]]
            values[sums[r]] = total
        row = segments[segment, 0]
        for b in range(block, segments[segment, 1]):
            _advance(values, patterns[pattern_of[b]], stream, starts[b], rates[b], outs[b], scratch, weights)
        block = segments[segment, 1]
    values[TRASH] = 0.0


@_jit
def backward(u, tables, values, bars, u_bar):
    """Add to ``u_bar`` the gradient of ``sum(bars * values)``; ``bars`` is used up."""
    leaves, sums, first_term, terms, segments, pattern_of, patterns, stream, starts, rates, outs = tables
    scratch, weights = _scratch(starts.shape[1]), np.empty(_MOST_TERMS)
    history = _aligned(64 * starts.shape[1] * WIDTH)
    for segment in range(segments.shape[0] - 1, -1, -1):
        first_block = segments[segment - 1, 1] if segment > 0 else 0
        first_row = segments[segment - 1, 0] if segment > 0 else 0
        for b in range(segments[segment, 1] - 1, first_block - 1, -1):
            history = _advance_back(
                values, bars, patterns[pattern_of[b]], stream, starts[b], rates[b], outs[b], history, scratch, weights
            )
        for r in range(segments[segment, 0] - 1, first_row - 1, -1):
            bar = bars[sums[r]]
            if bar != 0.0:
                for t in range(first_term[r], first_term[r + 1]):
                    a, b_ = terms[t, 0], terms[t, 1]
                    if a != ONE:
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
def _aligned(size):
    """Return an empty array that starts a cache line: a vector across two lines costs two loads."""
    room = np.empty(size + WIDTH)
    first = (-(room.ctypes.data // 8)) % WIDTH
    return room[first : first + size]


@_jit
def _scratch(n_states):
    """Return room for the working rows of one block."""
    return _aligned(4 * n_states * WIDTH)


@_jit
def _rows(scratch, size):
    """Return four rows; each is a whole number of cache lines long."""
    return scratch[:size], scratch[size : 2 * size], scratch[2 * size : 3 * size], scratch[3 * size : 4 * size]


@_jit
def _exit_rates(pattern, stream, rate, exits, ones, zeros):
    """Fill the exit rates, (states * WIDTH,), and return the largest; nan if any rate is."""
    zeros[:], ones[:] = 0.0, 1.0
    step(stream, pattern[3], rate, zeros, ones, exits)
    largest = 0.0
    for i in range(exits.shape[0]):
        if np.isnan(exits[i]):
            return np.nan
        largest = max(largest, exits[i])
    return largest


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
def _advance(values, pattern, stream, start, rate_slots, out, scratch, weights):
    """Advance eight lanes by one unit of time."""
    n, size = pattern[0], pattern[0] * WIDTH
    x, y, new, stay = _rows(scratch, size)
    rate = _clipped_rates(values, rate_slots)
    q = _exit_rates(pattern, stream, rate, stay, y, new)
    if q > SQUARING_LANES_ABOVE:
        _advance_by_squaring(values, _plain_edges(pattern, stream), start[:n], rate, out)
        return
    _load(values, start[:n], x)
    if np.isnan(q):
        y[:] = np.nan
    elif q == 0.0:
        y[:] = x
    else:
        for i in range(size):
            stay[i] = 1.0 - stay[i] / q
        rate /= q
        terms = _poisson_weights(q, weights)
        for i in range(size):
            y[i] = weights[terms - 1] * x[i]
        for k in range(terms - 2, -1, -1):
            step_and_add(stream, pattern[2], rate, stay, y, new, x, weights[k])
            y, new = new, y
    for i in range(n):
        for w in range(WIDTH):
            values[out[i, w]] = y[i * WIDTH + w]


@_jit
def _plain_edges(pattern, stream):
    return stream[pattern[4] : pattern[4] + 3 * pattern[1]].reshape(pattern[1], 3)


@_jit
def _advance_back(values, bars, pattern, stream, start, rate_slots, out, history, scratch, weights):
    """Add the adjoint of `_advance` to the bars of its starts and rates; return the history's room, grown if needed."""
    n, size = pattern[0], pattern[0] * WIDTH
    y, new, stay, g = _rows(scratch, size)
    _load(bars, out[:n], g)
    if not g.any():
        return history
    edges = _plain_edges(pattern, stream)
    rate = _clipped_rates(values, rate_slots)
    q = _exit_rates(pattern, stream, rate, stay, y, new)
    if q > SQUARING_LANES_ABOVE:
        _back_by_squaring(values, bars, edges, start[:n], rate, rate_slots, out)
        return history
    if q == 0.0:
        q = 1.0
    for i in range(size):
        stay[i] = 1.0 - stay[i] / q
    rate /= q
    terms = _poisson_weights(q, weights)
    if terms * size > history.shape[0]:
        history = _aligned(2 * terms * size)
    _load(values, start[:n], history[:size])
    for k in range(1, terms - 1):
        step(stream, pattern[2], rate, stay, history[(k - 1) * size : k * size], history[k * size : (k + 1) * size])
    for i in range(size):
        y[i] = weights[terms - 1] * g[i]
    edge_bars = _aligned(pattern[1] * WIDTH)
    edge_bars[:] = 0.0
    for k in range(terms - 2, -1, -1):
        x = history[k * size : (k + 1) * size]
        step_back(stream, pattern[3], rate, stay, y, new, g, weights[k], x, edge_bars)
        y, new = new, y
    _add_bars(bars, start[:n], rate_slots[edges[:, 2]], y, edge_bars / q)
    return history


@_jit
def _add_bars(bars, start, rate_of_edge, y, edge_bars):
    for i in range(start.shape[0]):
        for w in range(WIDTH):
            bars[start[i, w]] += y[i * WIDTH + w]
    for e in range(rate_of_edge.shape[0]):
        for w in range(WIDTH):
            bars[rate_of_edge[e, w]] += edge_bars[e * WIDTH + w]


@_jit
def _lane_slice(edges, rate, n_states, lane):
    """Return the uniformised matrix of a time slice short enough, and how often it must be squared."""
    matrix = np.zeros((n_states, n_states))
    for e in range(edges.shape[0]):
        matrix[edges[e, 0], edges[e, 1]] += rate[edges[e, 2] * WIDTH + lane]
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
        for e in range(edges.shape[0]):
            i, j, c = edges[e, 0], edges[e, 1], edges[e, 2]
            if rate[c * WIDTH + lane] < LARGEST_RATE:
                bars[rate_slots[c, lane]] += scale * (step_bar[i, j] - step_bar[i, i])


@compiled(nogil=True, parallel=True)
def forward_draws(u, tables, n_values, outputs):
    """Return the outputs for every draw, (draws, outputs); ``u`` is (draws, parameters)."""
    result = np.empty((u.shape[0], outputs.shape[0]))
    for draw in numba.prange(u.shape[0]):
        values = np.empty(n_values)
        forward(u[draw], tables, values)
        for i in range(outputs.shape[0]):
            result[draw, i] = values[outputs[i]]
    return result
