"""From a syntax tree to numbers: the draws first, an axis of length one for a single network."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

import numpy as np

from precursor.discrete.conditioned import Conditioned
from precursor.discrete.conditions import Premises, Updates, check_premises
from precursor.discrete.jeffrey import with_marginals
from precursor.discrete.posterior import distribution, log_probability
from precursor.network.grammar import (
    Conditions,
    DistributionQuery,
    Event,
    LikelihoodRatioQuery,
    ProbabilityQuery,
    Query,
    StateEvent,
)
from precursor.problems import InputError, Problem

LARGEST_JOINT = 256
"""Cells up to which the probability of several events is read off their joint distribution."""


def answer(network: Conditioned, query: Query, updates: Updates, limit: int) -> np.ndarray:
    """Return a query's answer, ``(draws or 1,)``; of ``P(node | ...)`` ``(draws or 1, states)``.

    Raises `InputError` for what a general network cannot be asked, and as the parts do.
    """
    if isinstance(query, DistributionQuery):
        if query.variable.phase is not None:
            raise InputError(Problem(f"{query.variable}: a general network has no phases.", allowed="P(node)"))
        node = query.variable.node
        return distribution(world_of(network, query.given, updates, limit, (node,)), (node,), limit)
    if isinstance(query, ProbabilityQuery):
        world = world_of(network, query.given, updates, limit, query.events)
        events = states_of(world, query.events)
        return np.zeros(1) if events is None else probability(world, events, limit)
    if isinstance(query, LikelihoodRatioQuery):
        return _likelihood_ratio(network, query, updates, limit)
    raise InputError(Problem(f"{query} cannot be asked of a general network.", allowed="P(...) or LR(...)"))


def world_of(
    network: Conditioned, given: Conditions, updates: Updates, limit: int, asked: tuple[Event | str, ...] = ()
) -> Conditioned:
    """Return the network with everything that is observed and set, in the order of `precursor.discrete.conditions`."""
    premises = check_premises(network, given, updates, asked)
    return with_marginals(premises.condition(premises.intervene(network)), premises.soft_marginals, limit)


def states_of(network: Conditioned, events: tuple[Event, ...]) -> dict[str, int] | None:
    """Return the number of the state that each event names, by node; None if two exclude each other."""
    found: dict[str, int] = {}
    for event in events:
        assert isinstance(event, StateEvent)  # checked with the premises
        node = event.variable.node
        number = network.states[node].index(event.state)
        if found.setdefault(node, number) != number:
            return None
    return found


def probability(world: Conditioned, events: Mapping[str, int], limit: int) -> np.ndarray:
    r"""Return the probability that all events hold, ``(draws or 1,)``.

    Read off the joint distribution, or, where that is large, :math:`P(events, e) / P(e)`.
    """
    if prod(len(world.states[node]) for node in events) <= LARGEST_JOINT:
        joint = distribution(world, tuple(events), limit)
        at: tuple[slice | int, ...] = (slice(None), *events.values())
        return joint[at]
    before = log_probability(world, limit)
    if not np.all(np.isfinite(before)):
        raise InputError(Problem("What is observed has probability zero: nothing can be conditioned on it."))
    if any(world.observed.get(node, state) != state for node, state in events.items()):
        return np.zeros(1)
    return np.exp(log_probability(world.observing(events), limit) - before)


def _likelihood_ratio(network: Conditioned, query: LikelihoodRatioQuery, updates: Updates, limit: int) -> np.ndarray:
    premises = check_premises(network, query.given, updates, (query.finding, query.hypothesis))
    world = premises.condition(premises.intervene(network))
    finding, hypothesis = states_of(world, (query.finding,)), states_of(world, (query.hypothesis,))
    assert finding is not None  # a single event excludes nothing
    assert hypothesis is not None
    ((node, state),) = hypothesis.items()
    known = world.observed.get(node, state)
    other = np.arange(len(world.states[node])) != state
    if known != state:
        raise InputError(Problem(f"{query}: {query.hypothesis} is excluded by what is observed or set."))
    holds = _with_soft(world.observing(hypothesis), premises, limit)
    fails = _with_soft(world.weighing([(node, other.astype(float)[None])]), premises, limit)
    below = probability(fails, finding, limit)
    if np.any(below == 0):
        raise InputError(Problem(f"{query} is not defined: {query.finding} is impossible without {query.hypothesis}."))
    return probability(holds, finding, limit) / below


def _with_soft(world: Conditioned, premises: Premises, limit: int) -> Conditioned:
    return with_marginals(world, premises.soft_marginals, limit)
