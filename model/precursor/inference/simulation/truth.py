"""What there is to know: each question's true value at one set of parameters, and which way is bad news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, log, log1p

import numpy as np

from precursor.argument.answer import answer_at
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.argument.scenario import Scenario
from precursor.elicitation.questions import Question
from precursor.inference.named import indicators_of
from precursor.inference.orientation import orientations
from precursor.inference.quantities import quantities_of
from precursor.network.grammar import DistributionQuery, Event, LikelihoodRatioQuery, OrderQuery, Query

_END = 0.01


@dataclass(frozen=True, slots=True)
class Truth:
    """A question with its true value and the direction of bad news.

    Attributes
    ----------
    value
        Of a single quantity its log-odds (of a ratio its logarithm; infinite at an end of the scale); of a distribution
        or an order the probability of every state or ranking; of a seed question what the question states.
    bad_news
        +1 or -1: how the quantity moves with the log-odds of extinction under the prior, as the fit has it
        (`orientations`).  Of a distribution a vector over its contrasts, of unit length, along which they move.  0
        where bad news has no part: orders, likelihood ratios, seed questions.
    """

    question: Question
    value: float | Mapping[str, float]
    bad_news: float | tuple[float, ...] = 0.0


def truths_at(questions: Sequence[Question], scenario: Scenario, indicators: Mapping[str, Event]) -> tuple[Truth, ...]:
    """Return the truth of every question at a scenario.

    Seed questions have theirs with them.  Raises `InputError` for a query that cannot be asked of the scenario.
    """
    directions = _bad_news(questions, indicators)
    return tuple(_truth(question, scenario, indicators, directions) for question in questions)


def around(scenario: Scenario, indicators: Mapping[str, Event] | None = None, *, spread: float, seed: int) -> Scenario:
    """Return a scenario near another one, without its regime: every parameter is moved on its unconstrained scale.

    ``spread`` is the standard deviation of the move.  Values at an end of their scale are first taken one percent
    inside, ratios of zero to a hundredth: from an end no finite move leads away.  Assumptions that the scenario sets
    become random again, as they are in a fit.  ``indicators`` are those that the scenario was read with.
    """
    space = parameter_space(indicators)
    moved = unconstrained_near(space, scenario, spread=spread, seed=seed)
    return scenario_of_draw(space, moved, name=f"around {scenario.name}")


def unconstrained_near(space: ParameterSpace, scenario: Scenario, *, spread: float, seed: int) -> np.ndarray:
    """Return where `around` puts the parameters, (parameter,), on their unconstrained scales.

    Of a distribution only differences matter: its reference state stands where the prior has it.
    """
    inside = np.array([_inside(scenario.parameters[p.name], p.scale) for p in space.parameters])
    moved = inside + spread * np.random.default_rng(seed).standard_normal(len(inside))
    for i, parameter in enumerate(space.parameters):
        if parameter.scale == "simplex" and parameter.sd == 0:
            of_same = [j for j, other in enumerate(space.parameters) if other.group == parameter.group]
            moved[of_same] += parameter.mean - moved[i]
    return moved


def scenario_of_draw(space: ParameterSpace, unconstrained: np.ndarray, *, name: str = "draw") -> Scenario:
    """Return one draw of the unconstrained parameters, (parameter,), as a scenario without a regime."""
    natural = space.natural(np.asarray(unconstrained, dtype=float)[None, :])[0]
    return Scenario(name, dict(zip(space.names, natural.tolist(), strict=True)))


def _truth(
    question: Question,
    scenario: Scenario,
    indicators: Mapping[str, Event],
    directions: Mapping[str, float | tuple[float, ...]],
) -> Truth:
    if question.query is None:
        known = question.realised if question.realised is not None else question.outcome
        assert known is not None
        return Truth(question, float(known))
    found = answer_at(question.query, scenario, indicators)
    value = found if isinstance(found, dict) else unconstrained_of(found, question.scale)
    return Truth(question, value, directions[question.id])


def unconstrained_of(value: float, scale: str) -> float:
    """Return the log-odds of a probability, the logarithm of anything else; infinite at the ends."""
    if value <= 0:
        return -inf
    if scale != "probability":
        return log(value)
    return log(value) - log1p(-value) if value < 1 else inf


def _bad_news(questions: Sequence[Question], indicators: Mapping[str, Event]) -> dict[str, float | tuple[float, ...]]:
    """Return how bad news acts on each question, as the fit has it (`orientations`)."""
    asked = [(question, question.query) for question in questions if question.query is not None]
    used = indicators_of([query for _, query in asked], indicators)
    space = parameter_space(used)
    queries = [query for _, query in asked]
    acting = orientations(queries, space, used)
    parts = quantities_of(queries, space, used).of_query
    return {question.id: _direction(query, acting[own]) for (question, query), own in zip(asked, parts, strict=True)}


def _direction(query: Query, acting: np.ndarray) -> float | tuple[float, ...]:
    if isinstance(query, LikelihoodRatioQuery | OrderQuery):
        return 0.0
    if isinstance(query, DistributionQuery):
        return tuple(acting.tolist())
    return float(acting[0])


def _inside(value: float, scale: str) -> float:
    if scale == "logit":
        inner = min(max(value, _END), 1 - _END) if value in (0.0, 1.0) else value
        return log(inner) - log1p(-inner)
    return log(value if value > 0 else _END)


__all__ = ["Truth", "around", "scenario_of_draw", "truths_at", "unconstrained_near", "unconstrained_of"]
