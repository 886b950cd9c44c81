r"""What a question is asked under: observations and interventions, checked against the network, and their order.

Everything may be given together.  The order of operations is

1. **interventions** replace mechanisms, giving :math:`P_1(v) = \prod_V P'(v \mid pa'(V))`: ``do(X=x)`` puts
   :math:`P'(x) = 1`, a soft intervention puts :math:`P'(X) = q` without parents, a policy puts any
   :math:`P'(X \mid pa')`;
2. **hard evidence** :math:`e` and **virtual evidence**, likelihoods :math:`L_i` (Pearl 1988), condition:
   :math:`P_2(v) \propto P_1(v) \, 1[e] \prod_i L_i(v_i)`; in this step their order does not matter;
3. **soft evidence** (Jeffrey 1965) gives nodes the marginals :math:`q_j`: :math:`P_3` is the distribution closest to
   :math:`P_2` in relative entropy among those with these marginals; for one node
   :math:`P_3(v) = P_2(v \mid x) \, q(x)`;
4. the question is answered from :math:`P_3`, so that what stands right of the bar is conditioned on before soft
   evidence is taken in, and soft marginals hold in the answer exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from precursor.discrete.conditioned import Conditioned, Policy
from precursor.discrete.relevance import cycle_with
from precursor.network.grammar import Conditions, DistributionQuery, Event, NodeAt, StateEvent, parse_query, quote
from precursor.problems import InputError, Problem, did_you_mean

Numbers = Mapping[str, float | np.ndarray]
"""By state, a number, or one for each draw of the network, ``(draws,)``."""
Given = str | Mapping[str, str]
"""What is observed and set, in the grammar (``"A=yes, do(B=no)"``), or hard evidence as states by node."""
_TOLERANCE = 1e-9


class Updates(TypedDict, total=False):
    """What has no place in the grammar; each a mapping by node.

    Attributes
    ----------
    virtual_evidence
        The likelihood of each state (not negative, not all zero; only their ratios matter).
    soft_evidence
        The marginal that the node shall have after updating, by state.
    soft_intervention
        The distribution that the node is given from outside, by state; its parents are cut.
    policies
        A new table given chosen parents, a `Policy`.
    """

    virtual_evidence: Mapping[str, Numbers]
    soft_evidence: Mapping[str, Numbers]
    soft_intervention: Mapping[str, Numbers]
    policies: Mapping[str, Policy]


@dataclass(frozen=True, slots=True)
class Premises:
    """Checked observations and interventions: states as numbers, numbers as arrays in the order of the states."""

    observed: Mapping[str, int]
    set_to: Mapping[str, int]
    likelihoods: Mapping[str, np.ndarray]
    soft_marginals: Mapping[str, np.ndarray]
    mechanisms: Mapping[str, Policy]

    def intervene(self, network: Conditioned) -> Conditioned:
        """Return the network with step 1 done."""
        return network.with_mechanisms(self.mechanisms).setting(self.set_to)

    def condition(self, network: Conditioned) -> Conditioned:
        """Return an intervened network with step 2 done."""
        return network.observing(self.observed).weighing(tuple(self.likelihoods.items()))


def parse_given(given: Given) -> Conditions:
    """Return the conditions of a text or a mapping.  Raises `InputError` where the text cannot be read."""
    if isinstance(given, str):
        if not given.strip():
            return Conditions()
        query = parse_query(f"P(x | {given})")
        assert isinstance(query, DistributionQuery)  # it is spelled as one
        return query.given
    return Conditions(tuple(StateEvent(NodeAt(str(node)), str(state)) for node, state in given.items()))


def check_premises(
    network: Conditioned, given: Conditions, updates: Updates, asked: Iterable[Event | str] = ()
) -> Premises:
    """Return the premises of a question about the events and nodes asked.

    Raises `InputError` with everything that is wrong with either.
    """
    problems = [
        problem
        for target in asked
        if (problem := _node_problem(network, target) if isinstance(target, str) else _event_problem(network, target))
    ]
    observed = _states_of(network, ((event, "evidence") for event in given.evidence), problems)
    interventions = (StateEvent(NodeAt(do.node), do.state) for do in given.interventions)
    set_to = _states_of(network, ((event, "do") for event in interventions), problems)
    problems += [
        Problem(f"{quote(node)} is set to one state and observed in another, which has probability zero.")
        for node, state in observed.items()
        if set_to.get(node, state) != state
    ]
    soft = _arrays(network, updates.get("soft_intervention", {}), "soft intervention", problems)
    policies = {
        node: checked
        for node, policy in updates.get("policies", {}).items()
        if (checked := _policy(network, node, policy, problems)) is not None
    }
    problems += [
        Problem(f"{quote(node)} is intervened on in two ways.", allowed="one intervention a node")
        for node in {**set_to, **soft, **policies}
        if (node in set_to) + (node in soft) + (node in policies) > 1
    ]
    mechanisms = {**{node: Policy((), values) for node, values in soft.items()}, **policies}
    premises = Premises(
        observed,
        set_to,
        _arrays(network, updates.get("virtual_evidence", {}), "virtual evidence", problems, normalised=False),
        _arrays(network, updates.get("soft_evidence", {}), "soft evidence", problems),
        mechanisms,
    )
    cut = {**{node: policy.parents for node, policy in mechanisms.items()}, **dict.fromkeys(set_to, ())}
    if cut and not problems:
        problems += [
            Problem(f"The new mechanism of {quote(node)} would make a cycle.", allowed="parents that do not follow it")
            for node in cycle_with(network.parents, cut)
        ]
    if problems:
        raise InputError(problems)
    return premises


def _node_problem(network: Conditioned, node: str) -> Problem | None:
    """Return what is wrong with a node's name, if anything."""
    if node in network.states:
        return None
    return Problem(f"The network has no node {node!r}.", allowed=did_you_mean(node, network.states))


def _event_problem(network: Conditioned, event: Event) -> Problem | None:
    """Return what is wrong with an event of a general network, if anything."""
    if not isinstance(event, StateEvent):
        return Problem(f"{event} is no event of a general network.", allowed="node=state")
    node, phase = event.variable.node, event.variable.phase
    if phase is not None:
        return Problem(f"{event.variable}: a general network has no phases.", allowed=quote(node))
    states = network.states.get(node)
    if states is None:
        return _node_problem(network, node)
    if event.state not in states:
        return Problem(f"{quote(node)} has no state {event.state!r}.", allowed=did_you_mean(event.state, states))
    return None


def _states_of(network: Conditioned, events: Iterable[tuple[Event, str]], problems: list[Problem]) -> dict[str, int]:
    found: dict[str, int] = {}
    for event, role in events:
        problem = _event_problem(network, event)
        if problem is not None or not isinstance(event, StateEvent):
            problems += [problem] if problem else []
            continue
        node, state = event.variable.node, network.states[event.variable.node].index(event.state)
        if found.setdefault(node, state) != state:
            problems.append(Problem(f"{quote(node)} has two states in the {role}, which has probability zero."))
    return found


def _arrays(
    network: Conditioned,
    given: Mapping[str, Numbers],
    what: str,
    problems: list[Problem],
    *,
    normalised: bool = True,
) -> dict[str, np.ndarray]:
    found = {}
    for node, numbers in given.items():
        problem = _node_problem(network, node) or _numbers_problem(network, node, numbers, what, normalised=normalised)
        if problem is not None:
            problems.append(problem)
            continue
        values = _by_draw(numbers, network.states[node])
        found[node] = values / values.sum(axis=1, keepdims=True) if normalised else values
    return found


def _numbers_problem(
    network: Conditioned, node: str, numbers: Numbers, what: str, *, normalised: bool
) -> Problem | None:
    states = network.states[node]
    for state in numbers:
        if state not in states:
            return Problem(f"{what} of {quote(node)}: no state {state!r}.", allowed=did_you_mean(state, states))
    missing = [state for state in states if state not in numbers]
    if missing:
        return Problem(f"{what} of {quote(node)}: {', '.join(missing)} left out.", allowed="a number for every state")
    try:
        values = _by_draw(numbers, states)
    except (TypeError, ValueError):
        return Problem(f"{what} of {quote(node)}: not numbers.", allowed="a number for every state, or one a draw")
    draws = max(map(len, network.tables.values()))
    return _values_problem(f"{what} of {quote(node)}", values, draws, normalised=normalised)


def _values_problem(what: str, values: np.ndarray, draws: int, *, normalised: bool) -> Problem | None:
    """Return what is wrong with numbers ``(draws or 1, states)``, if anything."""
    if len(values) not in {1, draws}:
        return Problem(f"{what}: numbers of {len(values)} draws.", allowed=f"{draws}")
    if not np.all((values >= 0) & np.isfinite(values)) or np.any(values.sum(axis=1) == 0):
        return Problem(f"{what}: not possible.", allowed="finite, not negative, not all zero")
    totals = values.sum(axis=1)
    if normalised and np.any(np.abs(totals - 1) > _TOLERANCE):
        furthest = totals[np.abs(totals - 1).argmax()]
        return Problem(f"{what}: sums to {furthest:.9g}.", allowed="numbers that sum to one")
    return None


def _by_draw(numbers: Numbers, states: Iterable[str]) -> np.ndarray:
    """Return the numbers in the order of the states, ``(draws or 1, states)``."""
    columns = [np.atleast_1d(np.asarray(numbers[state], dtype=float)) for state in states]
    if any(column.ndim != 1 for column in columns):
        raise ValueError
    return np.stack(np.broadcast_arrays(*columns), axis=1)


def _policy(network: Conditioned, node: str, policy: Policy, problems: list[Problem]) -> Policy | None:
    wrong = [problem for name in (node, *policy.parents) if (problem := _node_problem(network, name)) is not None]
    if len(set(policy.parents)) < len(policy.parents):
        wrong.append(Problem(f"The policy of {quote(node)} has a parent twice.", allowed="every parent once"))
    if not wrong:
        shape = tuple(len(network.states[name]) for name in (*policy.parents, node))
        table = np.array(policy.table, dtype=float)
        table = table if table.ndim > len(shape) else table[None]
        draws = max(map(len, network.tables.values()))
        if table.shape[1:] != shape or len(table) not in {1, draws}:
            wrong.append(
                Problem(f"The policy of {quote(node)} has the shape {np.shape(policy.table)}.", allowed=str(shape))
            )
        elif not np.all((table >= 0) & (np.abs(table.sum(axis=-1, keepdims=True) - 1) <= _TOLERANCE)):
            wrong.append(Problem(f"The policy of {quote(node)}: no probabilities.", allowed="rows that sum to one"))
        else:
            return Policy(policy.parents, table)
    problems += wrong
    return None
