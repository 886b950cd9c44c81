"""Answers to queries: at a scenario's single parameter point, or over draws of the parameters.

A `Plan` holds the masses that a query needs and how its answer follows from them.  For a scenario the masses are
computed at once; for draws they are recorded as a circuit, shared by all queries asked together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from precursor.argument.correction_window import expected_correction_window, window_masks
from precursor.argument.events import Constraint, constraint_of, reading, scheming_prone
from precursor.argument.marginal import Marginal
from precursor.argument.nodes import CHAIN_READINGS
from precursor.argument.parameters import ParameterSpace
from precursor.argument.query import (
    condition_of,
    distribution,
    likelihood_ratio_odds,
    odds,
    order_distribution,
    rankings,
)
from precursor.argument.scenario import Scenario
from precursor.argument.vocabulary import require
from precursor.emergence.histories import GOAL_POINTER, POINTER_STATES
from precursor.emergence.state_space import StateSpace, full_space, lump
from precursor.exact.algebra import Algebra, Numbers, Scalar
from precursor.network.grammar import (
    DistributionQuery,
    Event,
    ExpectationQuery,
    LikelihoodRatioQuery,
    OrderQuery,
    ParameterQuery,
    ProbabilityQuery,
    Query,
    StateEvent,
)
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    from precursor.exact.circuit import Circuit, Recorder

Values = np.ndarray | dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Plan:
    """The masses a query needs, and the function from them, (draws, masses), to its value or its distribution."""

    masses: tuple[Scalar, ...]
    finish: Callable[[np.ndarray], Values]


def answer_at(
    query: Query, scenario: Scenario, indicators: Mapping[str, Event] | None = None
) -> float | dict[str, float]:
    """Return a query's exact answer at a scenario.

    Returns a probability, expectation, ratio or parameter value; for ``P(node)`` and ``order(...)`` a distribution.
    Raises `InputError` for unknown names, impossible roles and evidence of probability zero.
    """
    indicators = indicators or {}
    require(query, indicators)
    _require_regime(query, scenario.regime)
    if isinstance(query, ParameterQuery):
        return scenario.parameters[query.name]
    algebra = Numbers(scenario.parameters)
    marginal = Marginal(algebra, full_space(), _constraints(indicators))
    if isinstance(query, ExpectationQuery):
        return float(_expectation(marginal, query, scenario.regime)[0])
    plan = plan_of(marginal, query, scenario.regime)
    masses = np.array([[0.0 if mass is None else float(mass[0]) for mass in plan.masses]])
    found = _finished(plan, masses, query)
    return {state: float(value[0]) for state, value in found.items()} if isinstance(found, dict) else float(found[0])


def answer_over(
    queries: Sequence[Query],
    space: ParameterSpace,
    unconstrained: np.ndarray,
    indicators: Mapping[str, Event] | None = None,
) -> list[Values]:
    """Return each query's answers over draws: arrays (draws,), or one per state.

    Parameters
    ----------
    unconstrained
        Draws of the parameters on their unconstrained scales, (draws, parameters), in the order of ``space``.
    """
    indicators = indicators or {}
    for query in queries:
        require(query, indicators)
    exact = [query for query in queries if not isinstance(query, ParameterQuery | ExpectationQuery)]
    circuit, plans = record(exact, space, indicators)
    outputs = circuit.evaluate(unconstrained) if exact else np.zeros((len(unconstrained), 0))
    ends = np.cumsum([0, *(len(plan.masses) for plan in plans)])
    finished = {
        id(query): _finished(plan, outputs[:, start:end], query)
        for query, plan, start, end in zip(exact, plans, ends[:-1], ends[1:], strict=True)
    }
    natural = None
    answers: list[Values] = []
    for query in queries:
        if isinstance(query, ParameterQuery | ExpectationQuery):
            natural = space.natural(unconstrained) if natural is None else natural
            answers.append(_other_over(query, space, unconstrained, natural, indicators))
        else:
            answers.append(finished[id(query)])
    return answers


def record(
    queries: Sequence[Query], space: ParameterSpace, indicators: Mapping[str, Event]
) -> tuple[Circuit, list[Plan]]:
    """Return one circuit for all queries, on the coarsest exact state space, and each query's plan (of its outputs)."""
    from precursor.exact.circuit import Recorder  # noqa: PLC0415  (compiled code: only for draws)

    constraints = _constraints(indicators)
    recorder = Recorder(space.leaves())
    marginal = Marginal(recorder, space_for(queries, constraints), constraints)
    plans = [plan_of(marginal, query, {}) for query in queries]
    return recorder.circuit([mass for plan in plans for mass in plan.masses]), plans


def record_odds(queries: Sequence[Query], space: ParameterSpace, indicators: Mapping[str, Event]) -> Circuit:
    """Return a circuit with two outputs for each query, whose ratio is its odds (for a ratio parameter, its value).

    Takes queries of single quantities: probabilities and parameters.
    """
    if any(not isinstance(query, ProbabilityQuery | ParameterQuery) for query in queries):
        raise TypeError("Odds are those of probabilities and parameters.")
    return record_masses(queries, space, indicators)[0]


def record_masses(
    queries: Sequence[Query], space: ParameterSpace, indicators: Mapping[str, Event]
) -> tuple[Circuit, list[dict[str, int]]]:
    """Return one circuit of all masses that the queries' answers are ratios of, and by query where each stands.

    A probability or parameter has ``yes`` and ``no`` (their ratio is the odds, or a ratio parameter's value); a
    likelihood ratio ``both`` and ``hypothesis``, ``other_both`` and ``negation`` (the finding with each, each
    alone); a distribution a mass for each state; an order one for each ranking, those that cannot happen left out.
    Raises `InputError` where a probability or a state is certain or impossible by structure.
    """
    from precursor.exact.circuit import Recorder  # noqa: PLC0415  (compiled code: only for draws)

    for query in queries:
        require(query, indicators)
    constraints = _constraints(indicators)
    recorder = Recorder(space.leaves())
    asked = [query for query in queries if not isinstance(query, ParameterQuery)]
    marginal = Marginal(recorder, space_for(asked, constraints), constraints)
    outputs: list[Scalar] = []
    positions = []
    for query in queries:
        masses = _named_masses(recorder, marginal, space, query)
        if any(mass is None for mass in masses.values()):
            raise InputError(
                Problem(f"{query} is certain or impossible by the model's structure: no answer can inform it.")
            )
        positions.append({name: len(outputs) + i for i, name in enumerate(masses)})
        outputs += masses.values()
    return recorder.circuit(outputs), positions


def _named_masses(recorder: Recorder, marginal: Marginal, space: ParameterSpace, query: Query) -> dict[str, Scalar]:
    if isinstance(query, ParameterQuery):
        return dict(zip(("yes", "no"), _parameter_odds(recorder, space, query.name), strict=True))
    condition = condition_of(query.given)
    match query:
        case ProbabilityQuery():
            found = odds(marginal, query, condition)
            return {"yes": found.yes, "no": found.no}
        case LikelihoodRatioQuery():
            given, other = likelihood_ratio_odds(marginal, query, condition)
            hypothesis, negation = (recorder.total((side.yes, side.no)) for side in (given, other))
            return {"both": given.yes, "hypothesis": hypothesis, "other_both": other.yes, "negation": negation}
        case DistributionQuery():
            return distribution(marginal, query, condition)
        case OrderQuery():
            masses = order_distribution(marginal, query, condition)
            return {name: mass for name, mass in masses.items() if mass is not None}
    raise TypeError(f"No masses for {type(query).__name__}.")


def _parameter_odds(recorder: Recorder, space: ParameterSpace, name: str) -> list[Scalar]:
    parameter = space.parameters[space.names.index(name)]
    if parameter.scale == "log":
        return [recorder.value(name), recorder.one]
    if parameter.scale == "logit":
        return [recorder.value(name), recorder.complement(name)]
    others = [p.name for p in space.parameters if p.group == parameter.group and p.name != name]
    return [recorder.value(name), recorder.total(recorder.value(other) for other in others)]


def plan_of(marginal: Marginal, query: Query, regime: Mapping[str, str]) -> Plan:
    """Return the plan of a probability, distribution, order or likelihood-ratio query."""
    condition = condition_of(query.given, regime)  # type: ignore[union-attr]
    match query:
        case ProbabilityQuery():
            found = odds(marginal, query, condition)
            return Plan((found.yes, found.no), lambda masses: masses[:, 0] / masses.sum(axis=1))
        case LikelihoodRatioQuery():
            given, otherwise = likelihood_ratio_odds(marginal, query, condition)
            return Plan((given.yes, given.no, otherwise.yes, otherwise.no), _ratio)
        case DistributionQuery():
            return _distribution_plan(distribution(marginal, query, condition))
        case OrderQuery():
            return _distribution_plan(order_distribution(marginal, query, condition))
    raise TypeError(f"No plan for {type(query).__name__}.")


def space_for(queries: Sequence[Query], indicators: Mapping[str, Constraint]) -> StateSpace:
    """Return the coarsest exact lumping of the training chain in which every query can be read off."""
    masks = {scheming_prone(), *(reading(GOAL_POINTER, state) for state in POINTER_STATES)}
    for query in queries:
        masks.update(_masks(query))
    masks.update(c.allowed for c in indicators.values() if c.variable.is_chain)  # type: ignore[misc]
    return lump(sorted(masks, key=sorted))


def _masks(query: Query) -> set[frozenset[int]]:
    events: list[Event] = [*query.given.evidence]  # type: ignore[union-attr]
    match query:
        case ProbabilityQuery():
            events += query.events
        case LikelihoodRatioQuery():
            events += [query.finding, query.hypothesis]
        case DistributionQuery():
            node = query.variable.node
            events += [StateEvent(query.variable, state) for state in _chain_states(node)]
        case OrderQuery():
            orders = {c.allowed for c in rankings(query.properties).values()}
            return orders | _masks_of(events)  # type: ignore[return-value]
    return _masks_of(events)


def _masks_of(events: Sequence[Event]) -> set[frozenset[int]]:
    constraints = [constraint_of(event) for event in events]
    return {constraint.allowed for constraint in constraints if constraint.variable.is_chain}  # type: ignore[misc]


def _chain_states(node: str) -> tuple[str, ...]:
    return CHAIN_READINGS.get(node, ())


def _distribution_plan(masses: Mapping[str, Scalar]) -> Plan:
    names = tuple(masses)

    def finish(values: np.ndarray) -> Values:
        total = values.sum(axis=1)
        return {name: values[:, i] / total for i, name in enumerate(names)}

    return Plan(tuple(masses.values()), finish)


def _ratio(masses: np.ndarray) -> np.ndarray:
    given = masses[:, 0] / (masses[:, 0] + masses[:, 1])
    otherwise = masses[:, 2] / (masses[:, 2] + masses[:, 3])
    undefined = np.where(given > 0, np.inf, np.nan)
    return np.divide(given, otherwise, out=undefined, where=otherwise > 0)


def _finished(plan: Plan, masses: np.ndarray, query: Query) -> Values:
    total = masses.sum(axis=1)
    halves = (
        (masses[:, :2].sum(axis=1), masses[:, 2:].sum(axis=1)) if isinstance(query, LikelihoodRatioQuery) else (total,)
    )
    if any(not np.all(half > 0) for half in halves):
        given = query.given  # type: ignore[union-attr]
        raise InputError(
            Problem(
                f"The evidence of {query} has probability zero.", allowed=f"conditions that can happen (now:{given})"
            )
        )
    return plan.finish(masses)


def _constraints(indicators: Mapping[str, Event]) -> dict[str, Constraint]:
    return {name: constraint_of(event) for name, event in indicators.items()}


def _require_regime(query: Query, regime: Mapping[str, str]) -> None:
    """Refuse evidence against a scenario's regime, unless the query's own ``do`` overrides it."""
    if isinstance(query, ParameterQuery):
        return
    overridden = {intervention.node for intervention in query.given.interventions}
    for event in query.given.evidence:
        if isinstance(event, StateEvent):
            node = event.variable.node
            if node not in overridden and regime.get(node, event.state) != event.state:
                raise InputError(
                    Problem(
                        f"The evidence {event} has probability zero: the scenario's regime sets {node}={regime[node]}.",
                        allowed=f"{node}={regime[node]}, or do({node}={event.state})",
                    )
                )


def _expectation(marginal: Marginal, query: ExpectationQuery, regime: Mapping[str, str]) -> np.ndarray:
    return expected_correction_window(marginal.training, condition_of(query.given, regime).do)


_DRAWS_AT_ONCE = 64


def _other_over(
    query: Query,
    space: ParameterSpace,
    unconstrained: np.ndarray,
    natural: np.ndarray,
    indicators: Mapping[str, Event],
) -> np.ndarray:
    if isinstance(query, ParameterQuery):
        return natural[:, space.names.index(query.name)]
    parts = [np.zeros(0)]
    space_of_window = lump(window_masks())
    for start in range(0, len(natural), _DRAWS_AT_ONCE):
        some = slice(start, start + _DRAWS_AT_ONCE)
        algebra: Algebra = _numbers(space, unconstrained[some], natural[some])
        marginal = Marginal(algebra, space_of_window, _constraints(indicators))
        parts.append(_expectation(marginal, query, {}))  # type: ignore[arg-type]
    return np.concatenate(parts)


def _numbers(space: ParameterSpace, unconstrained: np.ndarray, natural: np.ndarray) -> Numbers:
    """Return the algebra of draws; a probability that rounds to one keeps its complement and its hazard."""
    logits = {p.name: unconstrained[:, i] for i, p in enumerate(space.parameters) if p.scale == "logit"}
    hazards = {name: np.logaddexp(0.0, logit) for name, logit in logits.items()}
    complements = {name: np.exp(-hazard) for name, hazard in hazards.items()}
    return Numbers(dict(zip(space.names, natural.T, strict=True)), complements, hazards)
