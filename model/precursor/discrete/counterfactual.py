r"""Counterfactuals: what would have been, had something been set otherwise, given what in fact was.

A Bayesian network alone does not say.  Each node is read as :math:`X = f(pa, U_X)` with noises :math:`U_X` that are
independent across nodes and the same in both worlds; the tables fix :math:`P(f(pa, U) = x)` but not how the responses
to different parents go together.  That is an assumption, and it is named in the answer:

``monotone``
    A unit keeps its rank: :math:`f(pa, u)` is the quantile of :math:`P(\cdot \mid pa)` at level :math:`u`, states in
    order.  For a node of two states it says that no unit moves against the direction in which its probability moves
    (Pearl's monotonicity, for every pair of parents' states).  A node of more states has to be declared ordered.
``canonical``
    Canonical response functions with a distribution of their own for each configuration of the parents: the responses
    to different configurations are independent, those to the same are equal.

In both the twin network (Balke and Pearl 1994) needs only pairs of responses, so it is an ordinary network: a node
:math:`X^*` of the other world has the parents :math:`X`, :math:`pa` and :math:`pa^*`, and

.. math:: P(x^* \mid x, pa, pa^*) = P(f(pa, U) = x, f(pa^*, U) = x^*) / P(x \mid pa).

Nodes that do not descend from what is set are shared.  Where nothing that is observed depends on a node, its responses
need no assumption.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from precursor.discrete.conditioned import Conditioned, Policy
from precursor.discrete.relevance import ancestors, descendants
from precursor.network.grammar import quote
from precursor.problems import InputError, Problem

ASSUMPTIONS = ("monotone", "canonical")


@dataclass(frozen=True, slots=True)
class Twin:
    """Both worlds as one network.

    Attributes
    ----------
    world
        The network; what is observed is observed of the actual world.
    star
        By node, its name in the other world (its own, where it is shared).
    assumed
        The nodes whose pairs of responses the assumption decides.
    """

    world: Conditioned
    star: Mapping[str, str]
    assumed: tuple[str, ...]


def twin_network(
    world: Conditioned,
    set_to: Mapping[str, int],
    targets: Collection[str],
    assumption: str | None,
    ordered: Collection[str],
    limit: int,
) -> Twin:
    """Return the twin network for a question about ``targets`` in the world where ``set_to`` holds.

    Raises
    ------
    InputError
        Where an assumption is needed and none is made, or where it does not decide: ``monotone`` for a node of more than
        two states that is not declared ordered.  Where the tables would not fit in ``limit`` bytes.
    """
    changed = descendants(world.parents, set_to)
    star = {name: _starred(name, world.states) if name in changed else name for name in world.states}
    cut = {name: () if name in set_to else parents for name, parents in world.parents.items()}
    needed = [name for name in world.states if name in ancestors(cut, targets) and name in changed]
    informed = ancestors(world.parents, world.informative)
    assumed = tuple(name for name in needed if name not in set_to and name in informed)
    _require_decided(world, assumed, assumption, ordered)
    states, parents, tables = dict(world.states), dict(world.parents), dict(world.tables)
    for name in needed:
        states[star[name]] = world.states[name]
        if name in set_to:
            mechanism = Policy((), np.eye(len(world.states[name]))[set_to[name]][None])
        elif name in assumed:
            mechanism = _paired(world, name, star, assumption == "monotone", limit)
        else:
            mechanism = Policy(tuple(star[parent] for parent in world.parents[name]), world.tables[name])
        parents[star[name]], tables[star[name]] = mechanism.parents, mechanism.table
    observed = {**world.observed, **{star[name]: state for name, state in set_to.items() if name in needed}}
    return Twin(replace(world, states=states, parents=parents, tables=tables, observed=observed), star, assumed)


def _starred(name: str, taken: Collection[str]) -> str:
    """Return a name for the node of the other world that no node has."""
    while name in taken:
        name += "*"
    return name


def _require_decided(
    world: Conditioned, assumed: Collection[str], assumption: str | None, ordered: Collection[str]
) -> None:
    if assumption is not None and assumption not in ASSUMPTIONS:
        raise InputError(Problem(f"Unknown assumption {assumption!r}.", allowed=" or ".join(ASSUMPTIONS)))
    names = ", ".join(map(quote, assumed))
    if assumption is None and assumed:
        raise InputError(
            Problem(
                f"The network alone does not identify this: it depends on how {names} would have responded.",
                allowed=f"an assumption: {' or '.join(ASSUMPTIONS)}",
            )
        )
    unordered = [name for name in assumed if len(world.states[name]) > 2 and name not in ordered]  # noqa: PLR2004
    if assumption == "monotone" and unordered:
        raise InputError(
            Problem(
                f"monotone does not identify this: {', '.join(map(quote, unordered))} has more than two states.",
                allowed="ordered=[...], if its states are in order, or another assumption",
            )
        )


def _paired(world: Conditioned, name: str, star: Mapping[str, str], monotone: bool, limit: int) -> Policy:
    """Return P(node* | parents and parents*, node); a shared parent is there once."""
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
    """Return P(x* | x) where both are quantiles at the same level: the share of x's interval that lies in that of x*."""
    shape = np.broadcast_shapes(actual.shape, other.shape)
    p, q = (np.broadcast_to(table, shape) for table in (actual, other))
    shared = _overlap(p, q)
    # Far from zero the cumulative sums round off small intervals: there, count from the other end.
    from_above = _overlap(p[..., ::-1], q[..., ::-1])[..., ::-1, ::-1]
    low = (np.cumsum(p, axis=-1) - p / 2 < 0.5)[..., None]
    shared = np.where(low, shared, from_above)
    total = shared.sum(axis=-1, keepdims=True)
    # What has probability zero in fact has no share to pass on; any distribution will do.
    possible = (p[..., None] > 0) & (total > 0)
    return np.where(possible, shared / np.where(possible, total, 1.0), q[..., None, :])


def _overlap(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """Return the length that the interval of each state of ``p`` shares with that of each state of ``q``."""
    upper_p, upper_q = np.cumsum(p, axis=-1), np.cumsum(q, axis=-1)
    lower_p, lower_q = upper_p - p, upper_q - q
    upper = np.minimum(upper_p[..., :, None], upper_q[..., None, :])
    return np.maximum(upper - np.maximum(lower_p[..., :, None], lower_q[..., None, :]), 0.0)


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
