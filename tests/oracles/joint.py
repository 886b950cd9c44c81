"""Any query on the whole network, answered by summing over everything.

A slow reference.  `answer` adds up, over every configuration of the assumption nodes, every path of the chain and every
state of every downstream node, the probability of the worlds in which the events hold.  Nothing is eliminated and
nothing is approximated; the only economy is that the sum over paths is taken one phase at a time.

Events enter the sum as `Factor`: a factor multiplies a world by one number where its event holds and by another where
it does not.  An observed event is (1, 0), a denied one (0, 1), and an indicator's finding a pair of likelihoods.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf, prod

import numpy as np

from precursor.network.grammar import (
    Conditions,
    DistributionQuery,
    Event,
    ExpectationQuery,
    LikelihoodRatioQuery,
    NodeAt,
    OrderEvent,
    OrderQuery,
    ParameterQuery,
    ProbabilityQuery,
    StateEvent,
    parse_event,
    parse_query,
)
from tests.oracles import training_chain as chain
from tests.oracles.training_chain import Array, C, Configuration, G, L, Parameters, State

ASSUMPTIONS: dict[str, tuple[str, ...]] = {
    "tai_by_2100": ("yes", "no"),
    "prosaic_paradigm": ("yes", "no"),
    **chain.CHAIN_ASSUMPTIONS,
}
OUTCOMES = ("deceptive", "proxy", "base_goal", "not_goal_directed")
DOWNSTREAM: dict[str, tuple[str, ...]] = {
    "governance": ("strong", "weak"),
    "deceptive_defection": ("yes", "no"),
    "oversight_contains": ("yes", "no"),
    "deception_catastrophe": ("yes", "no"),
    "direct_reward_optimizer": ("yes", "no"),
    "aligned": ("yes", "no"),
    "reward_catastrophe": ("yes", "no"),
    "proxy_catastrophe": ("yes", "no"),
    "multipolar_catastrophe": ("yes", "no"),
    "existential_catastrophe": ("yes", "no"),
    "human_extinction": ("yes", "no"),
}
"""The nodes below `model_outcome`, parents before children, with their states, as in the model's table."""
PATHWAYS = ("deception_catastrophe", "reward_catastrophe", "proxy_catastrophe", "multipolar_catastrophe")
ORDERS = ("no_goal", "understanding_first", "goal_then_understanding", "long_horizon_first", "goal_only")
CHAIN_NODES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(chain.PROPERTIES, ("yes", "no")),
    "goal_pointer": chain.POINTERS,
    "emergence_order": ORDERS,
}

World = Mapping[str, str]
"""A state for `tai_by_2100`, `model_outcome` and every downstream node drawn so far."""


class ImpossibleEvidence(ValueError):
    """The conditions have probability zero."""


@dataclass(frozen=True, slots=True)
class Factor:
    """What an event multiplies the probability of a world by, where it holds and where it does not."""

    event: Event
    if_true: float
    if_false: float


def observed(*events: Event) -> tuple[Factor, ...]:
    """Return the factors that keep only the worlds in which all the events hold."""
    return tuple(Factor(event, 1.0, 0.0) for event in events)


def denied(event: Event) -> tuple[Factor, ...]:
    """Return the factor that keeps only the worlds in which the event does not hold."""
    return (Factor(event, 0.0, 1.0),)


@dataclass(frozen=True, slots=True)
class Network:
    """A complete scenario: parameters, indicators (with the event each is about), and what is set from outside."""

    parameters: Parameters
    indicators: Mapping[str, str]
    interventions: Mapping[str, str]
    precise: bool = False

    def states(self, variable: NodeAt) -> tuple[str, ...]:
        """Return the states of a node, or of a node at the end of a phase."""
        known = {**ASSUMPTIONS, **CHAIN_NODES, "model_outcome": OUTCOMES, **DOWNSTREAM}
        known |= dict.fromkeys(self.indicators, ("yes", "no"))
        if variable.node not in known:
            raise ValueError(f"unknown node {variable.node}")
        at_phases = (*chain.PROPERTIES, "goal_pointer")
        if variable.phase is not None and (variable.node not in at_phases or variable.phase not in chain.PHASES):
            raise ValueError(f"{variable} is not defined")
        return known[variable.node]

    def check(self, event: Event) -> None:
        """Raise `ValueError` if an event does not exist in the network."""
        if isinstance(event, OrderEvent):
            unknown = {event.first, event.second} - set(chain.PROPERTIES)
            if unknown:
                raise ValueError(f"not properties: {sorted(unknown)}")
        elif event.state not in self.states(event.variable):
            raise ValueError(f"{event}: no such state")


def answer(
    query_text: str,
    parameters: Mapping[str, float],
    regime: Mapping[str, str] | None = None,
    indicators: Mapping[str, str] | None = None,
    *,
    precise: bool = False,
) -> float | dict[str, float]:
    """Answer a query of the grammar by brute force.

    Parameters
    ----------
    parameters
        A complete scenario, flat, with dotted names.
    regime
        Assumption nodes set from outside, as by ``do``; a ``do`` in the query overrides it.
    indicators
        The event that each indicator is about, by the indicator's id.
    precise
        Exponentiate in extended precision: slower, with small relative errors even of tiny probabilities.

    Returns
    -------
    float or dict
        A number; for ``P(node)`` one number by state and for ``order(...)`` one by ranking.

    Raises
    ------
    ImpossibleEvidence
        If the conditions have probability zero.
    ValueError
        If the query names something that does not exist, or intervenes on what is read off the chain.
    """
    query = parse_query(query_text)
    if isinstance(query, ParameterQuery):
        return parameters[query.name]
    network = Network(parameters, indicators or {}, _interventions(query.given, regime or {}), precise)
    for node, state in network.interventions.items():
        _check_intervention(network, node, state)
    for event in query.given.evidence:
        network.check(event)
    given = observed(*query.given.evidence)
    match query:
        case ProbabilityQuery():
            return conditional(network, observed(*query.events), given)
        case DistributionQuery():
            return distribution(network, query.variable, given)
        case OrderQuery():
            return ranking_distribution(network, query.properties, given)
        case LikelihoodRatioQuery():
            return likelihood_ratio(network, query.finding, query.hypothesis, given)
        case ExpectationQuery():
            return expected_correction_window(network, query.quantity, given)
    raise AssertionError(f"not a query: {query}")


def _interventions(given: Conditions, regime: Mapping[str, str]) -> dict[str, str]:
    return {**regime, **{item.node: item.state for item in given.interventions}}


def _check_intervention(network: Network, node: str, state: str) -> None:
    if node in CHAIN_NODES:
        raise ValueError(f"do({node}) is refused: it is read off the chain")
    network.check(StateEvent(NodeAt(node), state))


# --- the kinds of query ------------------------------------------------------------------------------------------


def conditionals(network: Network, targets: Iterable[tuple[Factor, ...]], given: tuple[Factor, ...]) -> list[float]:
    """Return the probability of each target among the worlds that the conditions keep."""
    denominator = total(network, given)
    if denominator == 0.0:
        raise ImpossibleEvidence("the conditions have probability zero")
    return [total(network, target + given) / denominator for target in targets]


def conditional(network: Network, target: tuple[Factor, ...], given: tuple[Factor, ...]) -> float:
    """Return the probability of one target among the worlds that the conditions keep."""
    return conditionals(network, [target], given)[0]


def distribution(network: Network, variable: NodeAt, given: tuple[Factor, ...]) -> dict[str, float]:
    """Return the distribution over a node's states."""
    states = network.states(variable)
    targets = [observed(StateEvent(variable, state)) for state in states]
    return dict(zip(states, conditionals(network, targets, given), strict=True))


def likelihood_ratio(network: Network, finding: Event, hypothesis: Event, given: tuple[Factor, ...]) -> float:
    """Return P(finding | hypothesis, ...) / P(finding | not hypothesis, ...), infinite if only the second is zero."""
    if_true = conditional(network, observed(finding), observed(hypothesis) + given)
    if_false = conditional(network, observed(finding), denied(hypothesis) + given)
    if if_true == if_false == 0.0:
        raise ImpossibleEvidence("the finding has probability zero either way")
    return inf if if_false == 0.0 else if_true / if_false


def expected_correction_window(network: Network, quantity: str, given: tuple[Factor, ...]) -> float:
    """Return the expected length of the correction window, averaged over the configurations that are kept."""
    if quantity != "correction_window":
        raise ValueError(f"unknown quantity {quantity}")
    if any(not isinstance(f.event, StateEvent) or f.event.variable.node not in ASSUMPTIONS for f in given):
        raise ValueError("the correction window takes assumption nodes as conditions only")
    weighted = [
        (configuration, kept_weight(network, configuration, given)) for configuration in configurations(network)
    ]
    mass = sum(weight for _, weight in weighted)
    if mass == 0.0:
        raise ImpossibleEvidence("the conditions have probability zero")
    window = _remembered(
        lambda configuration: chain.correction_window(network.parameters, configuration, precise=network.precise)
    )
    return sum(weight * window(configuration) for configuration, weight in weighted if weight > 0.0) / mass


def rankings(properties: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every order of acquisition of every subset of the properties, with the text of the ranking it belongs to.

    Properties that are never acquired come last, tied, in the order in which the query names them.
    """
    for size in range(len(properties) + 1):
        for order in itertools.permutations(properties, size):
            never = [name for name in properties if name not in order]
            last = [" = ".join(never)] if never else []
            yield order, " < ".join([*order, *last])


def acquired_in_order(order: tuple[str, ...], properties: tuple[str, ...]) -> tuple[Factor, ...]:
    """Return the factors that keep the worlds in which exactly ``order``, of some properties, is acquired."""
    return observed(
        *(StateEvent(NodeAt(name), "yes" if name in order else "no") for name in properties),
        *(OrderEvent(first, second) for first, second in itertools.pairwise(order)),
    )


def ranking_distribution(network: Network, properties: tuple[str, ...], given: tuple[Factor, ...]) -> dict[str, float]:
    """Return the distribution over the rankings of some properties, by text; impossible rankings have zero."""
    for name in properties:
        network.check(OrderEvent(name, name))
    orders, texts = zip(*rankings(properties), strict=True)
    targets = [acquired_in_order(order, properties) for order in orders]
    found = dict.fromkeys(texts, 0.0)
    for text, value in zip(texts, conditionals(network, targets, given), strict=True):
        found[text] += value
    return found


# --- the sum over all worlds -------------------------------------------------------------------------------------


def total(network: Network, factors: Iterable[Factor]) -> float:
    """Return the sum, over all worlds, of a world's probability times all the factors."""
    factors = without_indicators(network, tuple(factors))
    for factor in factors:
        network.check(factor.event)
    weights = phase_weights(factors)
    if any(not numbers.any() for numbers in weights.values()):
        return 0.0
    below = downstream_masses(network, factors)
    prosaic = _remembered(lambda configuration: prosaic_masses(network, configuration, weights))
    result = 0.0
    for configuration in configurations(network):
        weight = kept_weight(network, configuration, factors)
        if weight > 0.0:
            outcomes = outcome_masses(network, configuration, prosaic(configuration))
            tai = configuration["tai_by_2100"]
            result += weight * sum(outcomes[outcome] * below[tai, outcome] for outcome in OUTCOMES)
    return result


def configurations(network: Network) -> Iterator[Configuration]:
    """Yield every configuration of the assumption nodes that the interventions leave open."""
    free = [
        (network.interventions[node],) if node in network.interventions else states
        for node, states in ASSUMPTIONS.items()
    ]
    for states in itertools.product(*free):
        yield dict(zip(ASSUMPTIONS, states, strict=True))


def kept_weight(network: Network, configuration: Configuration, factors: Iterable[Factor]) -> float:
    """Return a configuration's probability times the factors about assumption nodes."""
    drawn = (node for node in ASSUMPTIONS if node not in network.interventions)
    weight = prod(assumption_probability(network.parameters, node, configuration[node]) for node in drawn)
    return weight * prod(factor_in(configuration, factor) for factor in factors if _about(factor, ASSUMPTIONS))


def assumption_probability(parameters: Parameters, node: str, state: str) -> float:
    """Return the probability of an assumption node's state: a table for three and more states, else P(first state)."""
    states = ASSUMPTIONS[node]
    if len(states) > 2:
        return parameters[f"p_{node}.{state}"]
    return parameters[f"p_{node}"] if state == states[0] else 1.0 - parameters[f"p_{node}"]


def _about(factor: Factor, nodes: Iterable[str]) -> bool:
    return isinstance(factor.event, StateEvent) and factor.event.variable.node in nodes


def factor_in(world: Mapping[str, str], factor: Factor) -> float:
    """Return a factor's number in a world that draws the node its event is about."""
    event = factor.event
    assert isinstance(event, StateEvent)
    return factor.if_true if world[event.variable.node] == event.state else factor.if_false


# --- indicators --------------------------------------------------------------------------------------------------


def without_indicators(network: Network, factors: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """Sum the indicators out, children first: all factors about one become a single factor on the event it is about."""
    waiting = [name for name in network.indicators if any(_about(factor, (name,)) for factor in factors)]
    parents = {
        str(parse_event(network.indicators[name]).variable) for name in waiting if "=" in network.indicators[name]
    }
    for name in waiting:
        about = network.indicators[name]
        mine = [factor for factor in factors if _about(factor, (name,))]
        if name not in parents:
            rest = tuple(factor for factor in factors if factor not in mine)
            weight = {state: prod(factor_in({name: state}, factor) for factor in mine) for state in ("yes", "no")}
            return without_indicators(network, (*rest, indicator_factor(network, name, parse_event(about), weight)))
    return factors


def indicator_factor(network: Network, name: str, about: Event, weight: Mapping[str, float]) -> Factor:
    """Return what an indicator's two states, weighted, say about its event; nothing if the indicator is set."""
    if name in network.interventions:
        fixed = weight[network.interventions[name]]
        return Factor(about, fixed, fixed)
    event, not_event = (network.parameters[f"p_indicator.{name}.{key}"] for key in ("event", "not_event"))
    if name.startswith("finding_"):
        relevance = network.parameters[f"p_indicator_relevance.{name}"]
        event = relevance * event + (1.0 - relevance) * not_event
    return Factor(
        about,
        event * weight["yes"] + (1.0 - event) * weight["no"],
        not_event * weight["yes"] + (1.0 - not_event) * weight["no"],
    )


# --- the chain's part --------------------------------------------------------------------------------------------


def emergence_order(state: State) -> str:
    """Return the name of the order in which goal, understanding and long horizon came."""
    if not state.has(G):
        return "no_goal"
    order = [name for name in state.history if name in (G, C, L)]
    if order[0] == C:
        return "understanding_first"
    if order == [G]:
        return "goal_only"
    return "goal_then_understanding" if order[1] == C else "long_horizon_first"


def acquired_first(state: State, first: str, second: str) -> bool:
    """Return whether the first property has been acquired, and the second later or never."""
    if first == second or not state.has(first):
        return False
    return not state.has(second) or state.history.index(first) < state.history.index(second)


def holds(event: Event, state: State) -> bool:
    """Return whether an event read off the chain holds in a state at the end of its phase."""
    if isinstance(event, OrderEvent):
        return acquired_first(state, event.first, event.second)
    node = event.variable.node
    if node == "goal_pointer":
        return state.pointer == event.state
    if node == "emergence_order":
        return emergence_order(state) == event.state
    return state.has(node) == (event.state == "yes")


def phase_of(event: Event) -> str:
    """Return the phase at whose end an event is read off the chain."""
    return (None if isinstance(event, OrderEvent) else event.variable.phase) or chain.DEPLOYMENT


def phase_weights(factors: Iterable[Factor]) -> dict[str, Array]:
    """Return, for each phase, the product of the factors about its end, by state."""
    weights: dict[str, Array] = {phase: np.ones(len(chain.STATES)) for phase in chain.PHASES}
    for factor in factors:
        if isinstance(factor.event, OrderEvent) or _about(factor, CHAIN_NODES):
            numbers = [factor.if_true if holds(factor.event, s) else factor.if_false for s in chain.STATES]
            weights[phase_of(factor.event)] *= numbers
    return weights


def _remembered[T](function: Callable[[Configuration], T]) -> Callable[[Configuration], T]:
    """Return the function, evaluated once for configurations that differ in nothing the chain listens to."""
    known: dict[tuple[str, ...], T] = {}

    def lookup(configuration: Configuration) -> T:
        key = tuple(configuration[node] for node in chain.CHAIN_ASSUMPTIONS)
        if key not in known:
            known[key] = function(configuration)
        return known[key]

    return lookup


def state_outcome(plays_along: float, adversarial: bool, state: State) -> dict[str, float]:
    """Return the distribution of a prosaic system's outcome, given the final state of its training."""
    if state.deceives(adversarial):
        return {"deceptive": plays_along, "proxy": 1.0 - plays_along}
    return {{chain.NONE: "not_goal_directed", chain.PROXY: "proxy", chain.BASE: "base_goal"}[state.pointer]: 1.0}


@lru_cache(maxsize=16)
def outcome_table(plays_along: float, adversarial: bool) -> Array:
    """Return the probability of each outcome by final state, shape (65, 4)."""
    rows = [state_outcome(plays_along, adversarial, state) for state in chain.STATES]
    return np.array([[row.get(outcome, 0.0) for outcome in OUTCOMES] for row in rows])


def prosaic_masses(network: Network, configuration: Configuration, weights: Mapping[str, Array]) -> dict[str, float]:
    """Return the mass of each outcome of a prosaic system, factors about the chain included."""
    parameters = tuple(network.parameters.items())
    finals = chain.propagate(_steps(parameters, tuple(configuration.items()), network.precise), weights)
    adversarial = configuration["differential_adversarial_examples"] == "present"
    masses = finals @ outcome_table(network.parameters["p_plays_along"], adversarial)
    return dict(zip(OUTCOMES, (float(mass) for mass in masses), strict=True))


@lru_cache(maxsize=8192)
def _steps(
    parameters: tuple[tuple[str, float], ...], configuration: tuple[tuple[str, str], ...], precise: bool
) -> tuple[chain.Step, ...]:
    return chain.steps(dict(parameters), dict(configuration), precise=precise)


def outcome_masses(network: Network, configuration: Configuration, prosaic: Mapping[str, float]) -> Mapping[str, float]:
    """Return the mass of each outcome, given what it would be of a prosaic system."""
    mass = sum(prosaic.values())
    if "model_outcome" in network.interventions:
        return {outcome: mass * (outcome == network.interventions["model_outcome"]) for outcome in OUTCOMES}
    if configuration["prosaic_paradigm"] == "no":
        return {outcome: mass * network.parameters[f"p_model_outcome_not_prosaic.{outcome}"] for outcome in OUTCOMES}
    return prosaic


# --- the downstream part -----------------------------------------------------------------------------------------


def first_state_probability(parameters: Parameters, node: str, world: World) -> float:
    """Return the probability of a downstream node's first state, given its parents in the world."""
    outcome = world["model_outcome"]
    match node:
        case "governance":
            return parameters["p_governance"]
        case "deceptive_defection":
            return parameters["p_deceptive_defection"] if outcome == "deceptive" else 0.0
        case "oversight_contains":
            open_to_it = world["deceptive_defection"] == "yes"
            return parameters[f"p_oversight_contains.{world['governance']}"] if open_to_it else 0.0
        case "deception_catastrophe":
            return float(world["deceptive_defection"] == "yes" and world["oversight_contains"] == "no")
        case "direct_reward_optimizer":
            return parameters["p_direct_reward_optimizer"] if outcome == "base_goal" else 0.0
        case "aligned":
            return float(outcome == "base_goal" and world["direct_reward_optimizer"] == "no")
        case "reward_catastrophe":
            open_to_it = world["direct_reward_optimizer"] == "yes"
            return parameters[f"p_reward_catastrophe.{world['governance']}"] if open_to_it else 0.0
        case "proxy_catastrophe":
            return parameters[f"p_proxy_catastrophe.{world['governance']}"] if outcome == "proxy" else 0.0
        case "multipolar_catastrophe":
            return parameters[f"p_multipolar_catastrophe.{world['governance']}"]
        case "existential_catastrophe":
            return catastrophe_probability(parameters, world)
        case "human_extinction":
            return parameters["p_human_extinction"] if world["existential_catastrophe"] == "yes" else 0.0
    raise ValueError(f"unknown downstream node {node}")


def catastrophe_probability(parameters: Parameters, world: World) -> float:
    """Return the noisy-OR of the pathways and the leak, zero without transformative AI by 2100."""
    if world["tai_by_2100"] == "no":
        return 0.0
    links = [parameters[f"p_existential.{pathway}"] for pathway in PATHWAYS if world[pathway] == "yes"]
    # With a + b - ab and not one minus a product, a tiny probability keeps its digits.
    combined = parameters["p_existential_leak"]
    for link in links:
        combined = combined + link - combined * link
    return combined


def downstream_masses(network: Network, factors: Iterable[Factor]) -> dict[tuple[str, str], float]:
    """Return, for each state of `tai_by_2100` and each outcome, the mass of the downstream worlds."""
    nodes = ("model_outcome", *DOWNSTREAM)
    mine = [factor for factor in factors if _about(factor, nodes)]
    return {
        (tai, outcome): world_mass(network, {"tai_by_2100": tai, "model_outcome": outcome}, tuple(DOWNSTREAM), mine)
        for tai, outcome in itertools.product(ASSUMPTIONS["tai_by_2100"], OUTCOMES)
    }


def world_mass(network: Network, world: World, undrawn: tuple[str, ...], factors: list[Factor]) -> float:
    """Return the sum over all states of the nodes not yet drawn, given those of the nodes drawn so far."""
    if not undrawn:
        return prod(factor_in(world, factor) for factor in factors)
    node, *rest = undrawn
    result = 0.0
    for state, chance in state_probabilities(network, node, world).items():
        if chance > 0.0:
            result += chance * world_mass(network, {**world, node: state}, tuple(rest), factors)
    return result


def state_probabilities(network: Network, node: str, world: World) -> dict[str, float]:
    """Return the distribution of a downstream node, given its parents or what it is set to."""
    first, second = DOWNSTREAM[node]
    if node in network.interventions:
        return {network.interventions[node]: 1.0}
    chance = first_state_probability(network.parameters, node, world)
    return {first: chance, second: 1.0 - chance}
