r"""Exact posteriors of a conditioned network.

.. math:: P(x \mid e) = \frac{\sum_{v \setminus x} \prod_V P(v \mid pa(V)) \, 1[e] \prod_i L_i(v_i)}
                             {\sum_{v} \prod_V P(v \mid pa(V)) \, 1[e] \prod_i L_i(v_i)}

What is irrelevant is pruned (`relevance`); the rest is summed by a plan of `exact.dense`, kept by the shape of the
question.  All results have the draws first, an axis of length one for a single network.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from precursor.discrete.conditioned import Conditioned
from precursor.discrete.relevance import ancestors, parts
from precursor.exact.dense.draws import answers, marginals
from precursor.exact.dense.order import Scope
from precursor.exact.dense.plan import Plan, make_plan
from precursor.exact.dense.sweep import safe
from precursor.problems import InputError, Problem

MEMORY_LIMIT = 1 << 30
"""The most bytes that the tables of one question may take."""
_CHEAP = 10_000_000
"""Multiplications below which it is not worth asking whether single eliminations beat the tree."""
_STEP = 5_000
"""What carrying out a step of a plan costs besides its multiplications, in multiplications."""
_ELIMINATION = 1_000_000
"""What finding the tables that bear on one variable costs, in multiplications."""
_EVERY = slice(None)


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables that share variables, the observed ones sliced away.

    Attributes
    ----------
    names
        The variables; their places are their numbers.
    sizes
        The number of states of each.
    scopes
        The variables of each table.
    values
        The tables, ``(draws or 1, states...)``.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    scopes: tuple[Scope, ...]
    values: tuple[np.ndarray, ...]


def relevant_tables(world: Conditioned, targets: Iterable[str]) -> list[Tables]:
    """Return the tables that bear on the targets or on the probability of what is observed, in independent parts."""
    needed = ancestors(world.parents, {*targets, *world.informative})
    names = [name for name in world.states if name in needed]
    number = {name: i for i, name in enumerate(names)}
    sliced = [_sliced(world, (*world.parents[name], name), world.tables[name], number) for name in names]
    sliced += [_sliced(world, (name,), values, number) for name, values in world.likelihoods]
    found = []
    for group in parts([scope for scope, _ in sliced]):
        used = sorted({v for table in group for v in sliced[table][0]})
        renumbered = {v: i for i, v in enumerate(used)}
        found.append(
            Tables(
                tuple([names[v] for v in used]),
                tuple([len(world.states[names[v]]) for v in used]),
                tuple([tuple([renumbered[v] for v in sliced[table][0]]) for table in group]),
                tuple([sliced[table][1] for table in group]),
            )
        )
    return found


def _sliced(
    world: Conditioned, variables: Sequence[str], table: np.ndarray, number: dict[str, int]
) -> tuple[Scope, np.ndarray]:
    observed = world.observed
    if observed.keys().isdisjoint(variables):
        return tuple([number[name] for name in variables]), table
    at = tuple([observed.get(name, _EVERY) for name in variables])
    return tuple([number[name] for name in variables if name not in observed]), table[(_EVERY, *at)]


def distribution(world: Conditioned, targets: Sequence[str], limit: int = MEMORY_LIMIT) -> np.ndarray:
    """Return the joint distribution of the targets given all that is observed, ``(draws or 1, states of each...)``.

    Raises `InputError` where the evidence has probability zero, or where the tables would not fit in ``limit`` bytes.
    """
    free = [name for name in dict.fromkeys(targets) if name not in world.observed]
    sizes = [len(world.states[name]) for name in free]
    draws = max(map(len, world.tables.values()))
    _require_memory(8 * prod(len(world.states[name]) for name in targets) * draws, limit, "The answer itself")
    joint: np.ndarray | None = None
    for part in relevant_tables(world, free):
        kept = [name for name in free if name in part.names]
        if not kept and _surely_possible(part):
            continue
        plan = _planned(part, kept, limit)
        found, log_scale = answers(plan, part.values, limit)
        _require_possible(log_scale)
        at = tuple([_EVERY if name in kept else None for name in free])
        found = found[(_EVERY, *at)]
        joint = found if joint is None else joint * found
    if joint is None:
        joint = np.ones((1, *sizes))
    total = joint.sum(axis=tuple(range(1, joint.ndim)), keepdims=True)
    return _with_observed(world, targets, free, joint / total)


def _with_observed(world: Conditioned, targets: Sequence[str], free: Sequence[str], joint: np.ndarray) -> np.ndarray:
    """Return a joint distribution with an axis for the targets whose state is known, certain of it."""
    if list(targets) == list(free):
        return joint
    full = np.zeros((len(joint), *(len(world.states[name]) for name in targets)))
    at = tuple(world.observed.get(name, slice(None)) for name in targets)
    order = [free.index(name) for name in targets if name not in world.observed]
    full[(slice(None), *at)] = joint.transpose(0, *(i + 1 for i in order))
    return full


def log_probability(world: Conditioned, limit: int = MEMORY_LIMIT) -> np.ndarray:
    """Return the natural logarithm of the probability of all that is observed, ``(draws or 1,)``.

    Likelihoods count as they are given, unnormalised.  Minus infinity where it is impossible.
    Raises `InputError` where the tables would not fit in ``limit`` bytes.
    """
    total: np.ndarray = np.zeros(1)
    for part in relevant_tables(world, ()):
        _, log_scale = answers(_planned(part, (), limit), part.values, limit)
        total = total + log_scale
    return total


def all_marginals(world: Conditioned, limit: int = MEMORY_LIMIT) -> dict[str, np.ndarray]:
    """Return the distribution of every variable given all that is observed, ``(draws or 1, states)`` each.

    By one sweep forward and one back, or by one elimination a variable, whichever the estimated cost says.
    Raises `InputError` as `distribution` does.
    """
    found: dict[str, np.ndarray] = {}
    for part in relevant_tables(world, world.states):
        if not part.names:
            _require_possible(answers(_planned(part, (), limit), part.values, limit)[1])
            continue
        plan = make_plan(part.scopes, part.sizes)
        if _single_eliminations_are_better(world, part, plan, limit):
            found |= {name: distribution(world, (name,), limit) for name in part.names}
            continue
        _require_memory(plan.both_ways_bytes, limit, "Its tables")
        try:
            values = marginals(plan, part.values, _holders(part), limit)
        except ArithmeticError:
            # Impossible, or so improbable that single eliminations have to go by way of logarithms.
            values = [distribution(world, (name,), limit) for name in part.names]
        found |= dict(zip(part.names, values, strict=True))
    known = {name: np.eye(len(world.states[name]))[state][None] for name, state in world.observed.items()}
    return {name: known[name] if name in known else found[name] for name in world.states}


def _holders(part: Tables) -> list[tuple[int, int]]:
    """Return, for each variable, the smallest table that has it, and its axis there."""
    found: dict[int, tuple[int, int]] = {}
    for table in sorted(range(len(part.scopes)), key=lambda table: -part.values[table].size):
        found |= {variable: (table, axis) for axis, variable in enumerate(part.scopes[table])}
    return [found[variable] for variable in range(len(part.names))]


def _single_eliminations_are_better(world: Conditioned, part: Tables, tree: Plan, limit: int) -> bool:
    """Return whether an elimination for each variable is estimated to cost less than the sweeps over the tree.

    An elimination sees a variable's ancestors alone, and those of what is observed; the tree joins all of them.
    """
    draws = max(len(table) for table in part.values)
    # A sweep back makes two products for each one forward.
    of_tree = 3 * _cost(tree, draws)
    fits = tree.both_ways_bytes <= limit
    if fits and of_tree < _CHEAP:
        return False
    single = 0
    for name in part.names:
        single += _ELIMINATION
        for piece in relevant_tables(world, (name,)):
            if name in piece.names:
                plan = make_plan(piece.scopes, piece.sizes, (piece.names.index(name),))
                single += _cost(plan, draws)
                if plan.forward_bytes > limit or (fits and single > of_tree):
                    return False
    return True


def _cost(plan: Plan, draws: int) -> int:
    return draws * plan.multiplications + _STEP * len(plan.steps)


def _planned(part: Tables, kept: Sequence[str], limit: int) -> Plan:
    plan = make_plan(part.scopes, part.sizes, tuple(part.names.index(name) for name in kept))
    _require_memory(plan.forward_bytes, limit, "Its tables")
    if plan.logarithm_bytes > limit and not safe(part.values):
        _require_memory(plan.logarithm_bytes, limit, "Its tables of logarithms, where products may underflow,")
    return plan


def _require_memory(held: int, limit: int, what: str) -> None:
    if held > limit:
        raise InputError(
            Problem(
                f"This is too large to compute exactly: {what.lower()} would take about {_size(held)}.",
                allowed=f"{_size(limit)}, the network's memory_limit",
            )
        )


def _size(held: int) -> str:
    """Return a number of bytes as text."""
    for unit, scale in (("TB", 2**40), ("GB", 2**30), ("MB", 2**20)):
        if held >= scale:
            return f"{held / scale:.3g} {unit}"
    return f"{held:,} bytes"


def _surely_possible(part: Tables) -> bool:
    """Return whether no table has a zero, so that the sum cannot be zero."""
    return all(bool(np.all(values > 0)) for values in part.values)


def _require_possible(log_scale: np.ndarray) -> None:
    if not np.all(np.isfinite(log_scale)):
        raise _impossible(int(np.sum(~np.isfinite(log_scale))), len(log_scale))


def _impossible(impossible: int = 1, draws: int = 1) -> InputError:
    where = f" in {impossible:,} of {draws:,} draws" if draws > 1 else ""
    return InputError(
        Problem(
            f"What is observed has probability zero{where}: nothing can be conditioned on it.",
            allowed="evidence that the network holds possible",
        )
    )
