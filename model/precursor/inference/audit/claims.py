"""What one person's answers claim of events: intervals of (conditional) probabilities, at the resolution typed.

Only answers that name a probability of the network are claims: points, bounds, the medians of quantiles and chips, and
each state of a distribution.  Phrases, rankings, likelihood ratios and parameters are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from precursor.elicitation.answers import Distribution
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.elicitation.suspicions.stated import stated
from precursor.network.grammar import Conditions, DistributionQuery, Event, Intervention, ProbabilityQuery, StateEvent


@dataclass(frozen=True, slots=True)
class Claim:
    """A stated interval of P(events | evidence), in the world of given interventions.

    Attributes
    ----------
    judgement
        The answer that claims it, with its survey and row.
    low, high
        Ends of the interval that the answer's resolution leaves, probabilities.
    value
        What was typed, ``None`` of a bound.
    world
        What must agree for two claims to be about one probability measure: the interventions, and the offset between
        what was asked and the query.
    """

    judgement: Judgement
    events: frozenset[Event]
    evidence: frozenset[Event]
    low: float
    high: float
    value: float | None
    world: tuple[frozenset[Intervention], str | None] = (frozenset(), None)

    @property
    def text(self) -> str:
        """The query that was claimed about, in the grammar's words, interventions left out."""
        given = Conditions(tuple(sorted(self.evidence, key=str)))
        return str(ProbabilityQuery(tuple(sorted(self.events, key=str)), given))


def claims_by_person(surveys: Sequence[Survey]) -> dict[str, tuple[Claim, ...]]:
    """Return the claims of each person over all surveys, a later round in the place of an earlier."""
    found: dict[str, list[Claim]] = {}
    for survey in surveys:
        for judgement in latest(survey.judgements):
            found.setdefault(judgement.person, []).extend(claims_of(survey, judgement))
    return {person: tuple(claims) for person, claims in found.items() if claims}


def latest(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Return each expert's answer in each form to each question, from the last round in which it was given."""
    found: dict[tuple[str, str, str], Judgement] = {}
    for judgement in judgements:
        key = (judgement.expert, judgement.question, judgement.form)
        if key not in found or judgement.round >= found[key].round:
            found[key] = judgement
    return list(found.values())


def claims_of(survey: Survey, judgement: Judgement) -> Iterator[Claim]:
    """Yield what an answer claims: one interval, of a distribution one for each state."""
    question = survey.questions[judgement.question]
    match question.query, judgement.answer:
        case ProbabilityQuery(events=events, given=given), _:
            said = stated(judgement)
            if said is not None:
                ends = max(said.low, 0.0), min(said.high, 1.0), said.value
                yield _claim(judgement, frozenset(events), given, question.offset, ends)
        case DistributionQuery(variable=variable, given=given), Distribution() as answer:
            for state, ends in _shares(answer).items():
                one = frozenset[Event]({StateEvent(variable, state)})
                yield _claim(judgement, one, given, question.offset, ends)


def _claim(
    judgement: Judgement,
    events: frozenset[Event],
    given: Conditions,
    offset: str | None,
    ends: tuple[float, float, float | None],
) -> Claim:
    world = frozenset(given.interventions), offset
    return Claim(judgement, events, frozenset(given.evidence), *ends, world)


def _shares(answer: Distribution) -> Mapping[str, tuple[float, float, float | None]]:
    """Return each state's interval; as the stated sum may miss one by rounding, so may each share."""
    total = sum(answer.probabilities)
    lows, highs = answer.lows or answer.probabilities, answer.highs or answer.probabilities
    return {
        state: (min(low, low / total), min(max(high, high / total), 1.0), value)
        for state, value, low, high in zip(answer.states, answer.probabilities, lows, highs, strict=True)
    }
