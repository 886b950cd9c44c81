"""What can be analysed: a scenario (one set of values), a run's draws, or a run's prior, as unconstrained values.

A scenario's regime is written as certainties of the assumptions, which are roots: to set one is to be certain of it.
Values at the ends of a scale (a probability of one, a ratio of zero) are infinite here, and evaluated exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from precursor.argument.answer import record_masses
from precursor.argument.nodes import ASSUMPTIONS
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.argument.scenario import Scenario
from precursor.argument.vocabulary import require
from precursor.inference.named import indicators_of
from precursor.inference.runs.run import Run
from precursor.inference.runs.stance_draws import stance_converged
from precursor.inference.scenarios import completed
from precursor.network.grammar import (
    Event,
    ParameterQuery,
    ProbabilityQuery,
    Query,
    StateEvent,
    parse_query,
)
from precursor.problems import InputError, Problem

_PRIOR_SEED = 20_260_105


# Variance is parted by classes of draws: with fewer than two draws a class there is nothing to part it by.
FEWEST_DRAWS = 40


@dataclass(frozen=True)
class Source:
    """Unconstrained values of all parameters, (draw, parameter), in the order of ``space``; a scenario has one row.

    ``regime`` holds the assumptions that a scenario sets, by node.  ``converged`` is False for draws of a fit that did
    not pass its checks.
    """

    name: str
    kind: str
    space: ParameterSpace
    indicators: Mapping[str, Event]
    unconstrained: np.ndarray
    defaults_used: tuple[str, ...] = ()
    regime: Mapping[str, str] = field(default_factory=dict)
    converged: bool = True

    @property
    def single(self) -> bool:
        """Whether it is one set of values."""
        return len(self.unconstrained) == 1

    @property
    def centre(self) -> np.ndarray:
        """The values themselves, or the mean of the draws, (parameter,)."""
        return self.unconstrained[0] if self.single else np.asarray(self.unconstrained.mean(axis=0))


def alike(sources: Sequence[Source]) -> list[Source]:
    """Return the sources over the union of their indicators; what a run lacks is drawn from the prior."""
    indicators = {id_: event for source in sources for id_, event in source.indicators.items()}
    return [extended(source, indicators) for source in sources]


def extended(source: Source, indicators: Mapping[str, Event]) -> Source:
    """Return the source with at least the given indicators.

    Parameters that it lacks are draws of the prior, for a scenario its medians.
    """
    wanted = {**indicators, **source.indicators}
    if set(wanted) == set(source.indicators):
        return source
    space = parameter_space(wanted)
    rows = len(source.unconstrained)
    values = (
        np.repeat(space.mean[None, :], rows, axis=0)
        if source.single
        else space.prior_draws(np.random.default_rng(_PRIOR_SEED), rows)
    )
    place = {name: i for i, name in enumerate(space.names)}
    values[:, [place[name] for name in source.space.names]] = source.unconstrained
    return replace(source, space=space, indicators=wanted, unconstrained=values)


def source_of_run(run: Run) -> Source:
    """Return a run's posterior draws."""
    converged = stance_converged(run, None)
    return Source(run.name, "run", run.space, run.indicator_events, run.draws(), converged=converged)


def source_of_scenario(scenario: Scenario, indicators: Mapping[str, Event]) -> Source:
    """Return a scenario's values, its regime as certainties."""
    space = parameter_space(indicators)
    scenario = completed(scenario, indicators)
    natural = np.array([scenario.parameters[name] for name in space.names])
    unconstrained = unconstrained_of(space, natural)
    place = {name: i for i, name in enumerate(space.names)}
    for node, state in scenario.regime.items():
        states = ASSUMPTIONS[node]
        if f"p_{node}" in place:
            unconstrained[place[f"p_{node}"]] = np.inf if state == states[0] else -np.inf
        else:
            for other in states:
                unconstrained[place[f"p_{node}.{other}"]] = 0.0 if other == state else -np.inf
    return Source(
        scenario.name, "scenario", space, indicators, unconstrained[None, :], scenario.defaults_used, scenario.regime
    )


def unconstrained_of(space: ParameterSpace, natural: np.ndarray) -> np.ndarray:
    """Return unconstrained values of natural ones; any leading shape, last axis parameters; ends are infinite."""
    scales = np.array([parameter.scale for parameter in space.parameters])
    values = np.empty_like(np.asarray(natural, dtype=float))
    logit = scales == "logit"
    with np.errstate(divide="ignore"):
        values[..., ~logit] = np.log(natural[..., ~logit])
        values[..., logit] = np.log(natural[..., logit]) - np.log1p(-natural[..., logit])
    return values


def parse_single(text: str, indicators: Mapping[str, Event]) -> Query:
    """Return a query of a probability or a parameter; anything else, and what is wrong with it, is an `InputError`."""
    tree = parse_query(text)
    require(tree, indicators)
    if not isinstance(tree, ProbabilityQuery | ParameterQuery):
        raise InputError(Problem(f"{text} is not a probability.", "P(event | ...) or parameter(name)"))
    return tree


def require_possible(queries: Sequence[Query], source: Source) -> None:
    """Raise an `InputError` for evidence against the regime of a scenario, unless a query's own ``do`` overrides it.

    It has to be looked for: the probability of a root cancels from what is conditional on it, zero or not.
    """
    problems = []
    for query in queries:
        if isinstance(query, ParameterQuery):
            continue
        overridden = {intervention.node for intervention in query.given.interventions}
        for event in query.given.evidence:
            node = event.variable.node if isinstance(event, StateEvent) else None
            if node in source.regime and node not in overridden and source.regime[node] != event.state:  # type: ignore[index, union-attr]
                set_ = f"{node}={source.regime[node]}"  # type: ignore[index]
                message = f"The evidence {event} has probability zero: the regime of {source.name} sets {set_}."
                problems.append(Problem(message, f"{set_}, or do({event})"))
    if problems:
        raise InputError(problems)


def require_spread(texts: Sequence[str], log_odds: np.ndarray, name: str) -> None:
    """Raise `InputError` where variance has no parts: too few draws, or (draw, query) the same in all of them.

    What varies by less than rounding does not vary.
    """
    if len(log_odds) < FEWEST_DRAWS:
        problem = Problem(
            f"The run {name} has too few draws ({len(log_odds)}) to say what its spread comes from.",
            f"{FEWEST_DRAWS} draws or more",
        )
        raise InputError(problem)
    still = np.ptp(log_odds, axis=0) <= 1e-12 * np.abs(log_odds).max(axis=0)
    problems = [
        Problem(f"{text} is the same in every draw of {name}: it has no spread to be explained.")
        for text, constant in zip(texts, still, strict=True)
        if constant
    ]
    if problems:
        raise InputError(problems)


def log_odds_over(
    queries: Sequence[Query], source: Source, unconstrained: np.ndarray | None = None, *, allow_certain: bool = False
) -> np.ndarray:
    """Return log-odds of queries (of ratio parameters, logarithms), (draw, query); indicators not named are left out.

    Raises `InputError` where evidence is impossible, and, unless allowed, where a probability is zero or one.
    """
    require_possible(queries, source)
    values = source.unconstrained if unconstrained is None else unconstrained
    circuit, positions = record_masses(queries, source.space, indicators_of(queries, source.indicators))
    masses = circuit.evaluate(values)
    yes, no = (masses[:, [where[side] for where in positions]] for side in ("yes", "no"))
    problems = []
    for i, query in enumerate(queries):
        if np.any(yes[:, i] + no[:, i] <= 0):
            problems.append(Problem(f"The evidence of {query} has probability zero in {source.name}."))
        elif not allow_certain and (np.any(yes[:, i] <= 0) or np.any(no[:, i] <= 0)):
            problems.append(Problem(f"{query} is certain or impossible in {source.name}: its log-odds are infinite."))
    if problems:
        raise InputError(problems)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(yes) - np.log(no))


def relevant(query: Query, source: Source) -> np.ndarray:
    """Return the positions of the parameters on which a query depends, (parameter,)."""
    leaves = record_masses([query], source.space, indicators_of([query], source.indicators))[0].leaves
    spans = [np.arange(start, start + size) for start, size in leaves[:, 3:5] if size]
    return np.unique(np.concatenate([leaves[:, 2], *spans])).astype(int)


def probability_of(log_odds: np.ndarray) -> np.ndarray:
    """Return probabilities of log-odds."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(log_odds))))


def natural_of(query: Query, space: ParameterSpace, log_odds: np.ndarray) -> np.ndarray:
    """Return a query's values on their natural scale: a ratio parameter's are exponentials, all else probabilities."""
    if isinstance(query, ParameterQuery) and space.parameters[space.names.index(query.name)].scale == "log":
        return np.exp(log_odds)
    return probability_of(log_odds)
