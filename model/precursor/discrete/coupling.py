"""How a node's responses to different parents go together, as a table of the twin network (see `counterfactual`)."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from precursor.discrete.conditioned import Conditioned, Policy
from precursor.network.grammar import quote
from precursor.problems import InputError, Problem

_HALF = 0.5


def paired_responses(world: Conditioned, name: str, star: Mapping[str, str], *, monotone: bool, limit: int) -> Policy:
    """Return P(node* | parents and parents*, node), the node's mechanism in the other world given what it did in this.

    Parameters
    ----------
    world
        The actual world.
    name
        The node.
    star
        By node, its name in the other world; a parent that both worlds share has one axis.
    monotone
        Whether a unit keeps its rank; else responses to different parents are independent.
    limit
        The most bytes that the table may take.

    Raises
    ------
    InputError
        Where the table would not fit.
    """
    own = world.parents[name]
    other = tuple(star[parent] for parent in own)
    axes = tuple(dict.fromkeys((*own, *other)))
    table = world.tables[name]
    sizes = {**{p: len(world.states[p]) for p in own}, **{star[p]: len(world.states[p]) for p in own}}
    held = 8 * len(table) * prod(sizes[axis] for axis in axes) * table.shape[-1] ** 2
    if held > limit:
        raise InputError(
            Problem(f"The twin of {quote(name)} would take about {held:,} bytes.", allowed=f"{limit:,} bytes")
        )
    actual, counterfactual = _spread(table, own, axes), _spread(table, other, axes)
    same = np.eye(table.shape[-1])
    if monotone:
        conditional = _rank_preserving(actual, counterfactual)
    else:
        equal = _same_parents(own, other, axes, sizes)
        conditional = np.where(equal, same, counterfactual[..., None, :])
    full = (len(table), *(sizes[axis] for axis in axes), table.shape[-1], table.shape[-1])
    return Policy((*axes, name), np.broadcast_to(conditional, full))


def _spread(table: np.ndarray, own: tuple[str, ...], axes: tuple[str, ...]) -> np.ndarray:
    """Return a table with an axis for each of ``axes``, of length one where it does not depend on it."""
    order = [own.index(axis) for axis in axes if axis in own]
    moved = table.transpose(0, *(i + 1 for i in order), table.ndim - 1)
    return np.expand_dims(moved, tuple(i + 1 for i, axis in enumerate(axes) if axis not in own))


def _rank_preserving(actual: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return P(x* | x) for quantiles at the same level: the share of x's interval that lies in that of x*."""
    shape = np.broadcast_shapes(actual.shape, other.shape)
    p, q = (np.broadcast_to(table, shape) for table in (actual, other))
    shared = _overlap(p, q)
    # Far from zero the cumulative sums round off small intervals: there, count from the other end.
    from_above = _overlap(p[..., ::-1], q[..., ::-1])[..., ::-1, ::-1]
    low = (np.cumsum(p, axis=-1) - p / 2 < _HALF)[..., None]
    shared = np.where(low, shared, from_above)
    total = shared.sum(axis=-1, keepdims=True)
    # What has probability zero in fact has no share to pass on; any distribution will do.
    possible = (p[..., None] > 0) & (total > 0)
    return np.where(possible, shared / np.where(possible, total, 1.0), q[..., None, :])


def _overlap(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return the length that the interval of each state of ``p`` shares with that of each state of ``q``."""
    upper_p, upper_q = np.cumsum(p, axis=-1), np.cumsum(q, axis=-1)
    # Each interval starts exactly where the one before ends: subtracting its length would round a small start away.
    lower_p, lower_q = _starts(upper_p), _starts(upper_q)
    upper = np.minimum(upper_p[..., :, None], upper_q[..., None, :])
    return np.maximum(upper - np.maximum(lower_p[..., :, None], lower_q[..., None, :]), 0.0)


def _starts(upper: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros_like(upper[..., :1]), upper[..., :-1]], axis=-1)


def _same_parents(
    own: tuple[str, ...], other: tuple[str, ...], axes: tuple[str, ...], sizes: Mapping[str, int]
) -> np.ndarray:
    """Return where the parents are in the same states in both worlds, ``(1, axes..., 1, 1)``."""
    equal: np.ndarray = np.ones((1,) * (len(axes) + 3), dtype=bool)
    for mine, theirs in zip(own, other, strict=True):
        if mine != theirs:
            i, j = axes.index(mine) + 1, axes.index(theirs) + 1
            shape = [1] * (len(axes) + 3)
            shape[i] = shape[j] = sizes[mine]
            equal = equal & np.eye(sizes[mine], dtype=bool).reshape(shape)
    return equal
