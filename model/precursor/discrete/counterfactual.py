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

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from precursor.discrete.ask import probability, states_of, world_of
from precursor.discrete.conditioned import Conditioned, Policy
from precursor.discrete.conditions import Updates, check_premises
from precursor.discrete.coupling import paired_responses
from precursor.discrete.posterior import distribution
from precursor.discrete.relevance import ancestors, descendants
from precursor.network.grammar import (
    Conditions,
    DistributionQuery,
    Event,
    NodeAt,
    ProbabilityQuery,
    Query,
    StateEvent,
    quote,
)
from precursor.problems import InputError, Problem

ASSUMPTIONS = {
    "monotone": "each of them keeps its rank among like units; of more than two states it has to be named in ordered",
    "canonical": "its responses to different states of its parents are independent",
}
_BINARY = 2


@dataclass(frozen=True, slots=True)
class Assumption:
    """How a node's responses to different parents go together.

    Attributes
    ----------
    name
        One of `ASSUMPTIONS`, or None for none.
    ordered
        Nodes of more than two states whose states are in order.
    """

    name: str | None
    ordered: frozenset[str] = frozenset()


def counterfactual(
    network: Conditioned,
    query: Query,
    do: Mapping[str, str],
    assumption: Assumption,
    updates: Updates,
    limit: int,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return a counterfactual's value, and the nodes that the assumption decides.

    Parameters
    ----------
    network
        Nothing set or observed.
    query
        ``P(event, ... | ...)`` or ``P(node | ...)``: the left of the bar is about the other world.
    do
        What holds in the other world.  Interventions in the query or the updates hold in both.
    assumption
        See the module.
    updates, limit
        As for any question.

    Returns
    -------
    value : ``(draws or 1,)``, of ``P(node | ...)`` ``(draws or 1, states)``.
    assumed : the nodes whose pairs of responses the assumption decides; without any, the value needs none.

    Raises
    ------
    InputError
        As any question; where an assumption is needed and none is made, or where it does not decide.
    """
    if isinstance(query, DistributionQuery) and query.variable.phase is None:
        asked: tuple[Event | str, ...] = (query.variable.node,)
    elif isinstance(query, ProbabilityQuery):
        asked = query.events
    else:
        raise InputError(Problem(f"{query} is no counterfactual of a general network.", allowed="P(...)"))
    if not do:
        raise InputError(Problem("A counterfactual sets something otherwise.", allowed="do={node: state}"))
    set_to = check_premises(network, Conditions(tuple(_events(do))), {}, tuple(assumption.ordered)).observed
    world = world_of(network, query.given, updates, limit, asked)
    events = {} if isinstance(query, DistributionQuery) else states_of(world, query.events)
    if events is None:
        return np.zeros(1), ()
    targets = tuple(events) or tuple(str(node) for node in asked)
    twin = twin_network(world, set_to, targets, assumption, limit)
    if events:
        there = {twin.star[node]: state for node, state in events.items()}
        return probability(twin.world, there, limit), twin.assumed
    return distribution(twin.world, tuple(twin.star[node] for node in targets), limit), twin.assumed


def _events(do: Mapping[str, str]) -> Iterator[StateEvent]:
    return (StateEvent(NodeAt(str(node)), str(state)) for node, state in do.items())


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
    assumption: Assumption,
    limit: int,
) -> Twin:
    """Return the twin network for a question about ``targets`` in the world where ``set_to`` holds.

    Raises
    ------
    InputError
        Where an assumption is needed and none is made, or does not decide: ``monotone`` for a node of more than two
        states that is not declared ordered.  Where the tables would not fit in ``limit`` bytes.
    """
    changed = descendants(world.parents, set_to)
    star = {name: _starred(name, world.states) if name in changed else name for name in world.states}
    cut = {name: () if name in set_to else parents for name, parents in world.parents.items()}
    needed = [name for name in world.states if name in ancestors(cut, targets) and name in changed]
    informed = ancestors(world.parents, world.informative)
    assumed = tuple(name for name in needed if name not in set_to and name in informed)
    _require_decided(world, assumed, assumption)
    states, parents, tables = dict(world.states), dict(world.parents), dict(world.tables)
    for name in needed:
        states[star[name]] = world.states[name]
        if name in set_to:
            mechanism = Policy((), np.eye(len(world.states[name]))[set_to[name]][None])
        elif name in assumed:
            mechanism = paired_responses(world, name, star, monotone=assumption.name == "monotone", limit=limit)
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


def _require_decided(world: Conditioned, assumed: Collection[str], assumption: Assumption) -> None:
    if assumption.name is not None and assumption.name not in ASSUMPTIONS:
        raise InputError(Problem(f"Unknown assumption {assumption.name!r}.", allowed=" or ".join(ASSUMPTIONS)))
    names = ", ".join(map(quote, assumed))
    if assumption.name is None and assumed:
        raise InputError(
            Problem(
                f"The network alone does not identify this: it depends on how {names} would have responded.",
                allowed="; or ".join(f"assumption={name!r} ({meaning})" for name, meaning in ASSUMPTIONS.items()),
            )
        )
    unordered = [name for name in assumed if len(world.states[name]) > _BINARY and name not in assumption.ordered]
    if assumption.name == "monotone" and unordered:
        raise InputError(
            Problem(
                f"monotone does not identify this: {', '.join(map(quote, unordered))} has more than two states.",
                allowed="ordered=[...], if its states are in order, or another assumption",
            )
        )
