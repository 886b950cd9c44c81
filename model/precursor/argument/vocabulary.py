"""What may stand in a query of the argument: names, states, roles; and what a legitimate query should be warned of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from precursor.argument.events import Variable, constraint_of
from precursor.argument.nodes import (
    ASSUMPTIONS,
    CHAIN_READINGS,
    DOWNSTREAM,
    MODEL_OUTCOME,
    NODES,
    READ_AT_PHASES,
    YES_NO,
)
from precursor.argument.parameters import parameter_space
from precursor.emergence.histories import CORRECTION_WINDOW, PHASES, PROPERTIES
from precursor.network.grammar import (
    Conditions,
    DistributionQuery,
    Event,
    ExpectationQuery,
    Intervention,
    LikelihoodRatioQuery,
    NodeAt,
    OrderEvent,
    OrderQuery,
    ParameterQuery,
    ProbabilityQuery,
    Query,
    StateEvent,
)
from precursor.problems import InputError, Problem, did_you_mean

Indicators = Mapping[str, Event]


class ArgumentVocabulary:
    """The argument's names, as the readers of surveys and the evaluator of queries ask for them."""

    properties: tuple[str, ...] = PROPERTIES

    def problems(self, query: Query, indicators: Indicators) -> tuple[Problem, ...]:
        """Return everything that is wrong with a query's names and roles; empty if nothing is."""
        return tuple(_problems(query, indicators))

    def event_problems(self, event: Event, indicators: Indicators) -> tuple[Problem, ...]:
        """Return what is wrong with a single event (an indicator's ``about``)."""
        return tuple(_event_problems(event, indicators))

    def scale(self, query: Query) -> Literal["probability", "ratio"]:
        """Return on which scale a point answer to the query is given."""
        if isinstance(query, LikelihoodRatioQuery):
            return "ratio"
        if isinstance(query, ParameterQuery):
            scales = {parameter.name: parameter.scale for parameter in parameter_space().parameters}
            return "ratio" if scales.get(query.name) == "log" else "probability"
        return "probability"

    def states(self, query: DistributionQuery) -> tuple[str, ...]:
        """Return the states of a distribution query's node."""
        return NODES.get(query.variable.node, YES_NO)


def require(query: Query, indicators: Indicators) -> None:
    """Raise `InputError` with every problem of the query."""
    problems = ArgumentVocabulary().problems(query, indicators)
    if problems:
        raise InputError(problems)


def warnings_for(query: Query, regime: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return warnings: a chain node asked of a world whose paradigm is not said to be prosaic."""
    if isinstance(query, ParameterQuery):
        return ()
    said = dict(regime or {}) | {i.node: i.state for i in query.given.interventions}
    for event in query.given.evidence:
        if isinstance(event, StateEvent):
            said.setdefault(event.variable.node, event.state)
    if said.get("prosaic_paradigm") == "yes" or not any(_reads_chain(event) for event in _events(query)):
        return ()
    return (
        "This asks about training without prosaic_paradigm=yes: under another paradigm the answer is what prosaic "
        "training would have given.",
    )


def _problems(query: Query, indicators: Indicators) -> Iterator[Problem]:
    if isinstance(query, ParameterQuery):
        yield from _parameter_problems(query, indicators)
        return
    yield from _target_problems(query, indicators)
    for event in query.given.evidence:
        yield from _event_problems(event, indicators)
    for intervention in query.given.interventions:
        yield from _intervention_problems(intervention, indicators)
    if not any(_name_problems(query, indicators)):
        yield from _role_problems(query)


def _name_problems(query: Query, indicators: Indicators) -> Iterator[Problem]:
    yield from _target_problems(query, indicators)
    given: Conditions = query.given  # type: ignore[union-attr]
    for event in given.evidence:
        yield from _event_problems(event, indicators)
    for intervention in given.interventions:
        yield from _intervention_problems(intervention, indicators)


def _parameter_problems(query: ParameterQuery, indicators: Indicators) -> Iterator[Problem]:
    names = parameter_space(indicators).names
    if query.name not in names:
        yield Problem(f"There is no parameter {query.name!r}.", allowed=did_you_mean(query.name, names))


def _target_problems(query: Query, indicators: Indicators) -> Iterator[Problem]:
    match query:
        case ExpectationQuery(quantity=quantity):
            if quantity != CORRECTION_WINDOW:
                yield Problem(
                    f"There is no quantity {quantity!r} to take an expectation of.", allowed=CORRECTION_WINDOW
                )
        case OrderQuery(properties=properties):
            for property_ in properties:
                yield from _property_problems(property_)
            if len(set(properties)) < max(len(properties), 2):
                yield Problem("An order needs two or more different properties.", allowed=", ".join(PROPERTIES))
        case DistributionQuery(variable=variable):
            yield from _variable_problems(variable, indicators)
        case ProbabilityQuery(events=events):
            for event in events:
                yield from _event_problems(event, indicators)
        case LikelihoodRatioQuery(finding=finding, hypothesis=hypothesis):
            yield from _event_problems(finding, indicators)
            yield from _event_problems(hypothesis, indicators)


def _events(query: Query) -> tuple[Event | NodeAt, ...]:
    match query:
        case ProbabilityQuery(events=events):
            return (*events, *query.given.evidence)
        case LikelihoodRatioQuery(finding=finding, hypothesis=hypothesis):
            return (finding, hypothesis, *query.given.evidence)
        case DistributionQuery(variable=variable):
            return (variable, *query.given.evidence)
        case OrderQuery(properties=properties):
            return (*(NodeAt(property_) for property_ in properties), *query.given.evidence)
        case ExpectationQuery():
            return (NodeAt(PROPERTIES[0]), *query.given.evidence)
        case _:
            return ()


def _reads_chain(event: Event | NodeAt) -> bool:
    if isinstance(event, OrderEvent):
        return True
    variable = event.variable if isinstance(event, StateEvent) else event
    return variable.node in CHAIN_READINGS


def _event_problems(event: Event, indicators: Indicators) -> Iterator[Problem]:
    if isinstance(event, OrderEvent):
        yield from _property_problems(event.first)
        yield from _property_problems(event.second)
        if event.first == event.second:
            yield Problem(f"{event}: a property cannot come before itself.", allowed="two different properties")
        return
    unknown = list(_variable_problems(event.variable, indicators))
    yield from unknown
    if not unknown:
        yield from _state_problems(event.variable.node, event.state)


def _property_problems(name: str) -> Iterator[Problem]:
    if name not in PROPERTIES:
        yield Problem(f"{name!r} is not a property that training brings.", allowed=did_you_mean(name, PROPERTIES, 4))


def _variable_problems(variable: NodeAt, indicators: Indicators) -> Iterator[Problem]:
    node, phase = variable.node, variable.phase
    if node not in NODES and node not in indicators:
        yield Problem(f"There is no node {node!r}.", allowed=did_you_mean(node, [*NODES, *indicators]))
    elif phase is not None and node not in READ_AT_PHASES:
        yield Problem(f"{node!r} has no value by phase.", allowed=f"{node}, or a phase of {', '.join(READ_AT_PHASES)}")
    elif phase is not None and phase not in PHASES:
        yield Problem(f"There is no phase {phase!r}.", allowed=did_you_mean(phase, PHASES, 4))


def _state_problems(node: str, state: str) -> Iterator[Problem]:
    allowed = NODES.get(node, YES_NO)
    if state not in allowed:
        yield Problem(f"{node!r} has no state {state!r}.", allowed=" or ".join(allowed))


def _intervention_problems(intervention: Intervention, indicators: Indicators) -> Iterator[Problem]:
    node = intervention.node
    unknown = list(_variable_problems(NodeAt(node), indicators))
    yield from unknown
    if unknown:
        return
    if node in CHAIN_READINGS:
        settable = [*ASSUMPTIONS, MODEL_OUTCOME, *DOWNSTREAM]
        yield Problem(
            f"{node!r} is read off the training chain and cannot be set with do(); "
            "change the scenario's parameters instead.",
            allowed=did_you_mean(node, settable),
        )
    yield from _state_problems(node, intervention.state)


def _role_problems(query: Query) -> Iterator[Problem]:
    """Yield conflicts between target, evidence and interventions whose names are all known."""
    given: Conditions = query.given  # type: ignore[union-attr]
    yield from _setting_problems(query, given)
    contradictions = list(_contradictions(given.evidence, "The evidence has probability zero"))
    yield from contradictions
    match query:
        case ProbabilityQuery(events=targets) if not contradictions:
            yield from _contradictions((*targets, *given.evidence), "The query contradicts itself", same_node=True)
        case LikelihoodRatioQuery(finding=finding, hypothesis=hypothesis):
            subject = constraint_of(finding).variable
            if subject == constraint_of(hypothesis).variable and not subject.is_chain:
                yield Problem("Finding and hypothesis are the same node.", allowed="two different nodes")
        case ExpectationQuery():
            yield from _window_problems(given)


def _setting_problems(query: Query, given: Conditions) -> Iterator[Problem]:
    """Yield what contradicts the interventions: each other, the target, or the evidence."""
    set_nodes: dict[str, str] = {}
    for intervention in given.interventions:
        if set_nodes.setdefault(intervention.node, intervention.state) != intervention.state:
            yield Problem(f"{intervention.node!r} is set twice.", allowed="one do() for each node")
    for node in sorted({*_target_nodes(query)} & set(set_nodes)):
        yield Problem(
            f"{node!r} is both asked for and set with do().",
            allowed=f"the target without do({node}=...), or another target",
        )
    for event in given.evidence:
        if isinstance(event, StateEvent) and set_nodes.get(event.variable.node, event.state) != event.state:
            setting = f"{event.variable.node}={set_nodes[event.variable.node]}"
            yield Problem(f"The evidence {event} contradicts do({setting}): it has probability zero.", allowed=setting)


def _window_problems(given: Conditions) -> Iterator[Problem]:
    conditions: list[tuple[Event | Intervention, str | None]] = [
        *((event, event.variable.node if isinstance(event, StateEvent) else None) for event in given.evidence),
        *((intervention, intervention.node) for intervention in given.interventions),
    ]
    for condition, node in conditions:
        if node not in ASSUMPTIONS:
            yield Problem(
                f"E({CORRECTION_WINDOW} | ...) takes assumptions as conditions only, not {condition}.",
                allowed=", ".join(ASSUMPTIONS),
            )


def _target_events(query: Query) -> tuple[Event, ...]:
    return query.events if isinstance(query, ProbabilityQuery) else ()


def _target_nodes(query: Query) -> Iterator[str]:
    if isinstance(query, DistributionQuery):
        yield query.variable.node
    events = [*_target_events(query)]
    if isinstance(query, LikelihoodRatioQuery):
        events = [query.finding, query.hypothesis]
    for event in events:
        if isinstance(event, StateEvent):
            yield event.variable.node


def _contradictions(events: Iterable[Event], what: str, same_node: bool = False) -> Iterator[Problem]:
    """Yield pairs of events that cannot hold together; with ``same_node``, only those about one and the same node."""
    seen: list[Event] = []
    together: dict[Variable, frozenset[object]] = {}
    for event in dict.fromkeys(events):  # a query may say the same thousands of times
        constraint = constraint_of(event)
        for earlier in seen:
            apart = not (constraint_of(earlier).allowed & constraint.allowed)
            if (
                constraint_of(earlier).variable == constraint.variable
                and apart
                and (not same_node or _same_subject(earlier, event))
            ):
                yield Problem(f"{what}: {earlier} and {event} cannot both hold.", allowed=f"{earlier}, or {event}")
                return
        seen.append(event)
        allowed = frozenset(constraint.allowed)
        together[constraint.variable] = together.get(constraint.variable, allowed) & allowed
        if not together[constraint.variable] and not same_node:
            yield Problem(
                f"{what}: {', '.join(map(str, seen))} cannot all hold.", allowed="events that can happen together"
            )
            return


def _same_subject(left: Event, right: Event) -> bool:
    if isinstance(left, OrderEvent) or isinstance(right, OrderEvent):
        return (
            isinstance(left, OrderEvent)
            and isinstance(right, OrderEvent)
            and {left.first, left.second} == {right.first, right.second}
        )
    return left.variable == right.variable
