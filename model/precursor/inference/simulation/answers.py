"""From people and truths to answers: the expert model of model.md, section 4, run forwards.

Facing bad news (which the sign ``n`` of a question says), a person's place on a question is

    l = a + b n logit(theta) + z w + d + n u + s t,        t ~ StudentT(4),

with w and d one draw a question, u one draw a person and target (turned with the state that is asked for), and every
answer's own t.  A distribution has that in each of its contrasts (`quantities.contrasts`), bad news acting along one
direction of them.  The tail is the answer's, as model.md has it; the fitted model gives it to the person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, sqrt

import numpy as np

from precursor.argument.downstream import states_of
from precursor.elicitation.questions import Question
from precursor.inference.decisions import RANKING_SLIP, SEED_LOGIT_MEAN, SEED_LOGIT_SD
from precursor.inference.quantities import contrast_name, contrasts
from precursor.inference.simulation import typed
from precursor.inference.simulation.people import STATED_WIDTH, Person, Population, people_of
from precursor.inference.simulation.truth import Truth
from precursor.network.grammar import DistributionQuery, LikelihoodRatioQuery, ProbabilityQuery, StateEvent
from precursor.problems import InputError, Problem

FORMS = ("point", "quantiles", "chips", "ranking", "distribution", "likelihood_ratio")
_DEGREES_OF_FREEDOM = 4
_BINARY = 2


@dataclass(frozen=True, slots=True)
class SimulatedAnswer:
    """One row of ``responses.csv``; ``location`` is the unrounded place of a single quantity, on its scale."""

    expert: str
    question: str
    form: str
    answer: str
    location: float | None = None


@dataclass(frozen=True)
class Simulation:
    """Who answered what: made up, by whom, from which seed."""

    people: tuple[Person, ...]
    answers: tuple[SimulatedAnswer, ...]
    population: Population
    seed: int


def simulate(
    truths: Sequence[Truth],
    people: int,
    seed: int,
    *,
    population: Population | None = None,
    camps: bool = False,
    forms: Mapping[str, str] | None = None,
) -> Simulation:
    """Return the answers of simulated people to questions whose true values are given.

    Parameters
    ----------
    truths
        Questions with what is true of them (see `truths_at`).
    people, seed
        How many answer, and the seed that gives the same answers again.
    population
        Scales of the expert model; the medians of their priors unless given.
    camps
        Whether half of the people are known sceptics and half known to be concerned.
    forms
        Form by question, where it is not the first that the question allows.

    Raises
    ------
    InputError
        For no people, and for every form that is not simulated (bounds and words) or that a question does not allow.
    """
    chosen = {truth.question.id: (forms or {}).get(truth.question.id, truth.question.forms[0]) for truth in truths}
    _check(truths, people, chosen)
    population = population or Population()
    rng = np.random.default_rng(seed)
    crowd = people_of(population, people, rng, camps=camps)
    asked = [_Asked.drawn(truth, chosen[truth.question.id], population, rng) for truth in truths]
    answers = [answer for person in crowd for answer in _answers(person, asked, population, rng)]
    return Simulation(crowd, tuple(answers), population, seed)


@dataclass(frozen=True)
class _Asked:
    """A question with what all people have in common on it: its loading w and shared error d, by contrast."""

    truth: Truth
    form: str
    loadings: np.ndarray
    shared_errors: np.ndarray
    seed_logit: float = 0.0

    @classmethod
    def drawn(cls, truth: Truth, form: str, population: Population, rng: np.random.Generator) -> _Asked:
        parts = len(truth.bad_news) if isinstance(truth.bad_news, tuple) else 1
        loadings = rng.normal(population.loading_mean, population.loading_spread, parts)
        errors = rng.normal(0.0, population.shared_error, parts)
        return cls(truth, form, loadings, errors, _seed_logit(truth, rng))

    @property
    def loading(self) -> float:
        """W of a single quantity."""
        return float(self.loadings[0])

    @property
    def shared_error(self) -> float:
        """D of a single quantity."""
        return float(self.shared_errors[0])


@dataclass
class _Residuals:
    """A person's residuals u by target, drawn when first needed."""

    scale: float
    rng: np.random.Generator
    known: dict[str, float] = field(default_factory=dict)

    def of(self, target: str) -> float:
        if target not in self.known:
            self.known[target] = float(self.rng.normal(0.0, self.scale))
        return self.known[target]


def _answers(
    person: Person, asked: Sequence[_Asked], population: Population, rng: np.random.Generator
) -> list[SimulatedAnswer]:
    residuals = _Residuals(population.target_residual, rng)
    return [_answer(person, item, population, residuals, rng) for item in asked]


def _answer(
    person: Person, item: _Asked, population: Population, residuals: _Residuals, rng: np.random.Generator
) -> SimulatedAnswer:
    question = item.truth.question
    location: float | None = None
    if item.form == "ranking":
        text = _ranking(item.truth, population, rng)
    elif item.form == "distribution":
        text = _distribution(person, item, population, residuals, rng)
    else:
        width = float(STATED_WIDTH.median * np.exp(STATED_WIDTH.log_sd * rng.standard_normal()))
        wide = item.form in ("quantiles", "chips")
        scale = sqrt(population.noise**2 + (person.width_factor * width) ** 2) if wide else population.noise
        location = _place(person, item, residuals) + scale * float(rng.standard_t(_DEGREES_OF_FREEDOM))
        text = typed.answer(question, item.form, location, width)
    return SimulatedAnswer(person.id, question.id, item.form, text, location)


def _place(person: Person, item: _Asked, residuals: _Residuals) -> float:
    """Return where a person stands on a single quantity, before the answer's own noise."""
    question, value, sign = item.truth.question, item.truth.value, item.truth.bad_news
    assert isinstance(value, float)
    assert isinstance(sign, float)
    if question.realised is not None:
        return typed.onto(question, value) + item.shared_error
    if question.outcome is not None:
        return person.bias + person.slope * item.seed_logit + item.shared_error
    inside = min(max(value, -typed.FURTHEST), typed.FURTHEST)
    if isinstance(question.query, LikelihoodRatioQuery):
        return person.slope * inside + item.shared_error
    target, facing = _target(question)
    leaning = person.bias + person.worldview * item.loading + item.shared_error
    return person.slope * inside + sign * leaning + facing * residuals.of(target)


def _target(question: Question) -> tuple[str, float]:
    """Return what a question is about, however conditioned, and whether it asks for the first of two states."""
    query = question.query
    if isinstance(query, ProbabilityQuery):
        if len(query.events) == 1 and isinstance(event := query.events[0], StateEvent):
            states = states_of(event.variable.node)
            if len(states) == _BINARY:
                return str(event.variable), 1.0 if event.state == states[0] else -1.0
        return ", ".join(map(str, query.events)), 1.0
    return str(query), 1.0


def _distribution(
    person: Person, item: _Asked, population: Population, residuals: _Residuals, rng: np.random.Generator
) -> str:
    """Return shares: every contrast has the effects and the noise of one log-odds, its tail that of the answer."""
    shares, direction, query = item.truth.value, item.truth.bad_news, item.truth.question.query
    assert isinstance(shares, Mapping)
    assert isinstance(direction, tuple)
    assert isinstance(query, DistributionQuery)
    floor = exp(-typed.FURTHEST)
    combination = contrasts(len(shares))
    own = np.array([residuals.of(contrast_name(query.variable, i)) for i in range(len(direction))])
    moved = np.array(direction) * (person.bias + person.worldview * item.loadings) + item.shared_errors + own
    moved += population.noise * rng.standard_normal(len(own)) / sqrt(rng.chisquare(_DEGREES_OF_FREEDOM) / 4)
    # The rows of the combination are orthogonal and of length sqrt(2): half its transpose leads back to logarithms.
    logs = person.slope * np.log([max(share, floor) for share in shares.values()]) + moved @ combination / 2
    weights = np.exp(logs - logs.max())
    return typed.whole_percent(dict(zip(shares, weights / weights.sum(), strict=True)))


def _ranking(truth: Truth, population: Population, rng: np.random.Generator) -> str:
    """Return an order of the network, drawn with its probability to the power of the sharpness, or by a slip."""
    orders = truth.value
    assert isinstance(orders, Mapping)
    possible = [name for name, mass in orders.items() if mass > 0]
    logs = population.ranking_sharpness * np.log([orders[name] for name in possible])
    weights = np.exp(logs - logs.max())
    chances = (1 - RANKING_SLIP) * weights / weights.sum() + RANKING_SLIP / len(possible)
    return possible[int(rng.choice(len(possible), p=chances / chances.sum()))]


def _seed_logit(truth: Truth, rng: np.random.Generator) -> float:
    """Return the log-odds that an event with a known outcome had before it, given the outcome (by rejection)."""
    if truth.question.outcome is None:
        return 0.0
    while True:
        logit = float(rng.normal(SEED_LOGIT_MEAN, SEED_LOGIT_SD))
        if (rng.random() < 1 / (1 + exp(-logit))) == bool(truth.question.outcome):
            return logit


def _check(truths: Sequence[Truth], people: int, forms: Mapping[str, str]) -> None:
    problems = [] if people > 0 else [Problem("Nobody answers.", "one or more people")]
    for truth in truths:
        question = truth.question
        form = forms[question.id]
        if form not in question.forms or form not in FORMS:
            can = ", ".join(name for name in question.forms if name in FORMS)
            problems.append(Problem(f"Question {question.id!r} has no simulated answers of the form '{form}'.", can))
    if problems:
        raise InputError(problems)


__all__ = ["FORMS", "SimulatedAnswer", "Simulation", "simulate"]
