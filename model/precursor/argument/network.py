"""The argument as an explicit Bayesian network: its graph, and the table of every node at a scenario.

Queries do not need it: `argument.marginal` computes with structural zeros and merged regimes what summing over these
tables would give.  It is there to be looked at, drawn and tested, and it shows what the training chain is to a
network: four hidden nodes with 65 states, one at the end of each phase, from which everything else is read off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from types import MappingProxyType

import networkx as nx
import numpy as np

from precursor.argument import downstream
from precursor.argument.events import CHAIN, constraint_of, reading, scheming_prone
from precursor.argument.nodes import (
    ASSUMPTIONS,
    CHAIN_READINGS,
    DOWNSTREAM,
    MODEL_OUTCOME,
    OUTCOMES,
    READ_AT_PHASES,
    YES_NO,
)
from precursor.argument.scenario import Scenario
from precursor.emergence.histories import DEPLOYMENT, LONG, PHASES, PRETRAINING, SHORT
from precursor.emergence.regime import (
    FROZEN,
    OPPOSED,
    TRAINED_IN_THE_WILD,
    TRAINING_GOES_ON,
    Configuration,
    deployment_rates,
    long_rates,
    pretraining_rates,
    short_rates,
    start_weights,
)
from precursor.emergence.state_space import RateClass, StartClass, full_space, states
from precursor.exact.algebra import Numbers, Scalar
from precursor.exact.factor import Factor
from precursor.exact.propagation import generator, transition_matrix
from precursor.network.grammar import Event, NodeAt, OrderEvent, StateEvent
from precursor.network.indicators import parents_first
from precursor.network.table import ConditionalTable, conditional_table

Indicators = Mapping[str, Event]
Given = Mapping[str, str]

_CONFIGURED_BY = (
    "data_rich_domain", "goal_prompting", "fine_tuning_objective", "differential_adversarial_examples",
    "long_horizon_training",
)  # fmt: skip
_ADVERSARIAL = "differential_adversarial_examples"
# The assumptions that a phase's transition depends on, beside the state at the end of the phase before.
CHAIN_PARENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        PRETRAINING: ("unsupervised_pretraining", "data_rich_domain", _ADVERSARIAL),
        SHORT: _CONFIGURED_BY,
        LONG: (*_CONFIGURED_BY, "objective_revision"),
        DEPLOYMENT: (*_CONFIGURED_BY, "train_deploy_regime", "deployment_memory"),
    }
)


@cache
def chain_states() -> tuple[str, ...]:
    """Return the names of the training chain's 65 states: what was acquired, in order, and the goal pointer."""
    return tuple(f"{' < '.join(state.history) or 'nothing'}; {state.pointer}" for state in states())


def hidden(phase: str) -> str:
    """Return the node that is the training chain's state at the end of a phase."""
    return f"{CHAIN}@{phase}"


def graph(indicators: Indicators | None = None) -> nx.DiGraph:
    """Return the network's graph.

    Every node has the attributes ``states`` (reference first) and ``kind``: ``assumption``, ``training`` (hidden),
    ``reading``, ``outcome``, ``downstream`` or ``indicator``.
    """
    found = nx.DiGraph()
    for node, kind, known, parents in _declared(indicators or {}):
        found.add_node(node, states=known, kind=kind)
        found.add_edges_from((parent, node) for parent in parents)
    return found


def tables(scenario: Scenario, indicators: Indicators | None = None) -> Mapping[str, ConditionalTable]:
    """Return the table of every node at a scenario, by node, each built when it is first asked for.

    An assumption that the scenario's regime sets is certain.
    """
    return _Tables(scenario, indicators or {})


def _declared(indicators: Indicators) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    """Yield every node: name, kind, states, parents."""
    for node, known in ASSUMPTIONS.items():
        yield node, "assumption", known, ()
    for before, phase in zip((None, *PHASES), PHASES, strict=False):
        earlier = () if before is None else (hidden(before),)
        yield hidden(phase), "training", chain_states(), (*earlier, *CHAIN_PARENTS[phase])
    for node, known in CHAIN_READINGS.items():
        for phase in PHASES if node in READ_AT_PHASES else (DEPLOYMENT,):
            yield _named(NodeAt(node, phase)), "reading", known, (hidden(phase),)
    yield MODEL_OUTCOME, "outcome", OUTCOMES, (hidden(DEPLOYMENT), _ADVERSARIAL, "prosaic_paradigm")
    for node, known in DOWNSTREAM.items():
        yield node, "downstream", known, downstream.PARENTS[node]
    for name, event in parents_first(indicators):
        yield name, "indicator", YES_NO, (_subject(event),)


def _named(variable: NodeAt) -> str:
    """Return a variable's name; at the end of deployment that of the node itself."""
    return variable.node if variable.phase in {None, DEPLOYMENT} else f"{variable.node}@{variable.phase}"


def _subject(event: Event) -> str:
    """Return the node that an indicator's event is about."""
    return hidden(DEPLOYMENT) if isinstance(event, OrderEvent) else _named(event.variable)


class _Tables(Mapping[str, ConditionalTable]):
    """Tables by node, built on demand."""

    def __init__(self, scenario: Scenario, indicators: Indicators) -> None:
        self._algebra = Numbers(scenario.parameters)
        self._regime = scenario.regime
        self._indicators = indicators
        self._graph = graph(indicators)
        self._built: dict[str, ConditionalTable] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._graph)

    def __len__(self) -> int:
        return len(self._graph)

    def __getitem__(self, node: str) -> ConditionalTable:
        if node not in self._built:
            self._built[node] = self._table(node, self._graph.nodes[node]["kind"])
        return self._built[node]

    def _table(self, node: str, kind: str) -> ConditionalTable:
        algebra = self._algebra
        match kind:
            case "assumption":
                return self._of(node, (), _root(algebra, node, self._regime.get(node)))
            case "training":
                phase = node.removeprefix(f"{CHAIN}@")
                parents = (*self._before(phase), *CHAIN_PARENTS[phase])
                return self._of(node, parents, _transitions(algebra, phase))
            case "reading":
                name, _, phase = node.partition("@")
                members = [reading(name, state) for state in CHAIN_READINGS[name]]
                return self._of(node, (hidden(phase or DEPLOYMENT),), _indicator_of(members))
            case "outcome":
                parents = (hidden(DEPLOYMENT), _ADVERSARIAL, "prosaic_paradigm")
                return self._of(node, parents, _outcomes(algebra))
            case "downstream":
                return self._of(node, downstream.PARENTS[node], self._dense(downstream.table(algebra, node)))
        return self._indicator(node, self._indicators[node])

    def _before(self, phase: str) -> tuple[str, ...]:
        at = PHASES.index(phase)
        return (hidden(PHASES[at - 1]),) if at else ()

    def _of(self, node: str, parents: Iterable[str], values: np.ndarray) -> ConditionalTable:
        return conditional_table(node, tuple(parents), values, {name: self._states(name) for name in self._graph})

    def _states(self, node: str) -> tuple[str, ...]:
        known: tuple[str, ...] = self._graph.nodes[node]["states"]
        return known

    def _dense(self, factor: Factor) -> np.ndarray:
        values = np.zeros([len(self._states(name)) for name in factor.variables])
        for key, value in factor.entries.items():
            at = tuple(self._states(name).index(state) for name, state in zip(factor.variables, key, strict=True))
            values[at] = _number(value)
        return values

    def _indicator(self, name: str, event: Event) -> ConditionalTable:
        subject = _subject(event)
        if isinstance(event, StateEvent):
            holds = np.array([state == event.state for state in self._states(subject)])
        else:
            allowed = constraint_of(event).allowed
            holds = np.array([i in allowed for i in range(len(chain_states()))])
        given, otherwise = (
            _number(downstream.indicator_chances(self._algebra, name, event_holds)[0]) for event_holds in (True, False)
        )
        seen = np.where(holds, given, otherwise)
        return self._of(name, (subject,), np.stack([seen, 1.0 - seen]))


def _number(scalar: Scalar) -> float:
    return 0.0 if scalar is None else float(np.asarray(scalar).reshape(-1)[0])


def _root(algebra: Numbers, node: str, setting: str | None) -> np.ndarray:
    """Return an assumption's prior, or certainty where the regime sets it."""
    known = ASSUMPTIONS[node]
    if setting is not None:
        return np.array([float(state == setting) for state in known])
    if len(known) > 2:  # noqa: PLR2004 - a binary node has one parameter, the others one per state
        return np.array([_number(algebra.value(f"p_{node}.{state}")) for state in known])
    return np.array([_number(algebra.value(f"p_{node}")), _number(algebra.complement(f"p_{node}"))])


def _indicator_of(members: list[frozenset[int]]) -> np.ndarray:
    """Return one where a chain state lies in a reading's set, (reading, chain state)."""
    return np.array([np.isin(np.arange(len(states())), list(chosen)) for chosen in members], dtype=float)


def _outcomes(algebra: Numbers) -> np.ndarray:
    """Return P(model_outcome | chain state, adversarial examples, paradigm)."""
    plays_along = _number(algebra.value("p_plays_along"))
    by_pointer = {"none": "not_goal_directed", "proxy": "proxy", "base": "base_goal"}
    values = np.zeros((len(OUTCOMES), len(states()), 2, 2))
    for i, state in enumerate(states()):
        values[OUTCOMES.index(by_pointer[state.pointer]), i, :, 0] = 1.0
        if i in scheming_prone():
            values[:, i, 0, 0] = 0.0
            values[OUTCOMES.index("deceptive"), i, 0, 0] = plays_along
            values[OUTCOMES.index("proxy"), i, 0, 0] = 1.0 - plays_along
    other = [_number(algebra.value(f"p_model_outcome_not_prosaic.{outcome}")) for outcome in OUTCOMES]
    values[..., 1] = np.array(other)[:, None, None]
    return values


def _transitions(algebra: Numbers, phase: str) -> np.ndarray:
    """Return P(state at the end | state at the end of the phase before, assumptions), the end's axis first."""
    parents = CHAIN_PARENTS[phase]
    configurations = [dict(zip(parents, chosen, strict=True)) for chosen in product(*map(ASSUMPTIONS.get, parents))]  # type: ignore[arg-type]
    ends = _propagators([_RATES[phase](algebra, given) for given in configurations])
    whole = np.stack(
        [_start(algebra, phase, given) @ end for given, end in zip(configurations, ends, strict=True)], axis=-1
    )
    if phase == PRETRAINING:
        trained = np.array([given["unsupervised_pretraining"] == "substantial" for given in configurations])
        whole = np.where(trained, whole[0], np.eye(len(states()))[0][:, None])
    else:
        whole = np.swapaxes(whole, 0, 1)
    return whole.reshape(*whole.shape[:-1], *(len(ASSUMPTIONS[parent]) for parent in parents))


def _propagators(rates: list[tuple[Scalar, ...]]) -> np.ndarray:
    """Return the transition matrix of each set of rates, (configuration, from, to); equal rates are computed once."""
    table = np.array([[_number(rate) for rate in row] for row in rates]).reshape(-1, len(RateClass))
    different, which = np.unique(table, axis=0, return_inverse=True)
    return transition_matrix(generator(full_space().chain, different))[which]


def _start(algebra: Numbers, phase: str, given: Given) -> np.ndarray:
    """Return what the phase's start does to the goal pointer, as a matrix (from, to)."""
    kinds: tuple[StartClass, ...] = ()
    if phase == SHORT:
        kinds = (StartClass.SHIFT_UNDERSTOOD, StartClass.SHIFT_NOT_UNDERSTOOD)
    elif phase == LONG and given["objective_revision"] == "between_phases":
        kinds = (StartClass.OUTDATE,)
    weights = start_weights(algebra, given[_ADVERSARIAL])
    matrix = np.eye(len(states()))
    for source, target, kind in full_space().start_edges:
        if kind in kinds:
            matrix[source, target] = _number(weights[kind])
            matrix[source, source] = 1.0 - matrix[source, target]
    return matrix


def _configuration(given: Given) -> Configuration:
    return Configuration(
        given["data_rich_domain"],
        given["goal_prompting"],
        given["fine_tuning_objective"],
        given[_ADVERSARIAL],
        from_start=given["long_horizon_training"] == "from_start",
        no_long_horizon=given["long_horizon_training"] == "none",
    )


def _pretraining(algebra: Numbers, given: Given) -> tuple[Scalar, ...]:
    return pretraining_rates(algebra, given["data_rich_domain"], given[_ADVERSARIAL])


def _deployment(algebra: Numbers, given: Given) -> tuple[Scalar, ...]:
    kinds = {
        "frozen": FROZEN,
        "alternating": TRAINING_GOES_ON if given["deployment_memory"] == "fresh" else TRAINED_IN_THE_WILD,
        "continual_same": TRAINED_IN_THE_WILD,
        "continual_opposed": OPPOSED,
    }
    kind = kinds[given["train_deploy_regime"]]
    return deployment_rates(algebra, kind, None if kind == FROZEN else _configuration(given), given[_ADVERSARIAL])


_RATES: Mapping[str, Callable[[Numbers, Given], tuple[Scalar, ...]]] = MappingProxyType(
    {
        PRETRAINING: _pretraining,
        SHORT: lambda algebra, given: short_rates(algebra, _configuration(given)),
        LONG: lambda algebra, given: long_rates(algebra, _configuration(given)),
        DEPLOYMENT: _deployment,
    }
)
