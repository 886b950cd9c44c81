"""Answers of one person that break a law of probability which needs no network to be seen.

With A, B sets of events and C the conditions, of answers at their resolutions: P(A, B | C) <= P(A | C);
P(A | B, C) P(B | C) <= P(A | C) <= P(A | B, C) P(B | C) + 1 - P(B | C); and different states of one node given the
same sum to one at most.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from precursor.elicitation.answers import Distribution
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.elicitation.suspicions.same_quantity import apart
from precursor.elicitation.suspicions.stated import Stated, stated, warning
from precursor.network.grammar import (
    Conditions,
    DistributionQuery,
    Event,
    Intervention,
    ProbabilityQuery,
    StateEvent,
)
from precursor.problems import Problem

_REMEDY = "ask again; incoherent answers are used as they are"
# Sums of what was typed: a difference of rounding is none.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a probability is of: events, given evidence and interventions, as asked with an offset or without."""

    events: frozenset[Event]
    evidence: frozenset[Event]
    interventions: frozenset[Intervention]
    offset: str | None

    @property
    def setting(self) -> tuple[object, ...]:
        return (self.evidence, self.interventions, self.offset)


def incoherent_answers(survey: Survey) -> Iterator[Problem]:
    """Yield each answer that breaks a law of probability together with others of the same person and round."""
    people: dict[tuple[str, int], dict[_Claim, Stated]] = {}
    for judgement in survey.judgements:
        for claim, said in _claims(survey, judgement):
            first = people.setdefault((judgement.expert, judgement.round), {}).setdefault(claim, said)
            whole = isinstance(judgement.answer, Distribution) or isinstance(first.judgement.answer, Distribution)
            # Two answers in numbers are compared in `same_quantity`.
            if whole and first.judgement is not judgement and apart(first, said):
                yield _problem(f"{_said(said)} does not fit {_said(first)}", first, said)
    claims = tuple({claim: None for held in people.values() for claim in held})
    inside = [(whole, part) for whole in claims for part in claims if _joint(whole, part)]
    chains = list(_chains(claims))
    exclusive = [pair for pair in combinations(claims, 2) if _exclusive(*pair)]
    for held in people.values():
        yield from _inside(held, inside)
        yield from _products(held, chains)
        yield from _sums(held, exclusive)


def _claims(survey: Survey, judgement: Judgement) -> Iterator[tuple[_Claim, Stated]]:
    question = survey.questions[judgement.question]
    match question.query, judgement.answer:
        case ProbabilityQuery(events=events, given=given), _:
            said = stated(judgement)
            if said is not None:
                low, high = max(said.low, 0.0), min(said.high, 1.0)
                yield _claim(frozenset(events), given, question.offset), Stated(judgement, low, high, said.value)
        case DistributionQuery(variable=variable, given=given), Distribution() as answer:
            for state, value, low, high in zip(
                answer.states, answer.probabilities, answer.lows, answer.highs, strict=True
            ):
                one = frozenset[Event]({StateEvent(variable, state)})
                yield _claim(one, given, question.offset), Stated(judgement, low, high, value)


def _claim(events: frozenset[Event], given: Conditions, offset: str | None) -> _Claim:
    return _Claim(events, frozenset(given.evidence), frozenset(given.interventions), offset)


def _joint(whole: _Claim, part: _Claim) -> bool:
    return part.events < whole.events and part.setting == whole.setting


def _chains(claims: tuple[_Claim, ...]) -> Iterator[tuple[_Claim, _Claim, _Claim]]:
    """Yield (A given B and C, B given C, A given C)."""
    known = {claim: claim for claim in claims}
    for conditional in claims:
        for condition in claims:
            left = conditional.evidence - condition.events
            plain = _Claim(conditional.events, left, conditional.interventions, conditional.offset)
            fits = condition.events <= conditional.evidence and condition.setting == plain.setting
            if fits and plain in known:
                yield conditional, condition, plain


def _exclusive(first: _Claim, second: _Claim) -> bool:
    if first.setting != second.setting or len(first.events) != 1 or len(second.events) != 1:
        return False
    (one,), (other,) = first.events, second.events
    stated_both = isinstance(one, StateEvent) and isinstance(other, StateEvent)
    return stated_both and one.variable == other.variable and one.state != other.state  # type: ignore[union-attr]


def _inside(held: Mapping[_Claim, Stated], pairs: list[tuple[_Claim, _Claim]]) -> Iterator[Problem]:
    for whole, part in pairs:
        joint, single = held.get(whole), held.get(part)
        if joint is not None and single is not None and joint.low > single.high + _SLACK:
            message = f"{_said(joint)} of several things together is above {_said(single)} of one of them"
            yield _problem(message, joint, single)


def _products(held: Mapping[_Claim, Stated], chains: list[tuple[_Claim, _Claim, _Claim]]) -> Iterator[Problem]:
    for names in chains:
        if not all(name in held for name in names):
            continue
        conditional, condition, plain = (held[name] for name in names)
        least = conditional.low * condition.low
        # It falls with P(B | C), as P(A | B, C) is at most one.
        most = conditional.high * condition.low + 1 - condition.low
        if least > plain.high + _SLACK:
            message = f"{_said(plain)} is less than {_said(conditional)} times {_said(condition)} of its condition"
            yield _problem(message, plain, conditional, condition)
        elif plain.low > most + _SLACK:
            message = f"{_said(plain)} is more than {_said(conditional)} and {_said(condition)} of its condition allow"
            yield _problem(message, plain, conditional, condition)


def _sums(held: Mapping[_Claim, Stated], pairs: list[tuple[_Claim, _Claim]]) -> Iterator[Problem]:
    for first, second in pairs:
        one, other = held.get(first), held.get(second)
        if one is None or other is None or one.judgement is other.judgement:
            continue
        if math.fsum((one.low, other.low)) > 1 + _SLACK:
            yield _problem(f"{_said(one)} and {_said(other)} of things that exclude each other exceed one", one, other)


def _said(said: Stated) -> str:
    text, question = said.judgement.text, said.judgement.question
    return f"{text if len(text) <= 40 else f'{text[:40]}...'!r} ({question})"  # noqa: PLR2004


def _problem(message: str, *said: Stated) -> Problem:
    judgements = sorted((one.judgement for one in said), key=lambda judgement: judgement.row)
    others = ", ".join(str(judgement.row) for judgement in judgements[:-1])
    last = judgements[-1]
    return warning(last, f"'{last.expert}': {message} (see row {others}).", _REMEDY)
