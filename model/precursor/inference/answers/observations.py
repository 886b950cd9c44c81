"""From surveys to what is fitted: which answers, what each says, and what they share.

Rows of one unit (a person, or a published group) are next to each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from precursor.elicitation.indicators import events
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.questions import Offset
from precursor.elicitation.survey import Survey
from precursor.inference.answers.filing import CANNOT_HAPPEN, NO_CHOICE, Filing, typical_widths
from precursor.inference.answers.rows import Ranked, Row, Unit
from precursor.inference.named import indicators_of
from precursor.network.grammar import Event, Query
from precursor.problems import InputError, Problem

_KNOWN_FOR_A_WIDTH = 3
Round = int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Answers that are not fitted, and why."""

    survey: str
    form: str
    answers: int
    reason: str


@dataclass(frozen=True)
class Observations:
    """Everything that is fitted, in order, with the questions' queries, offsets and indicators.

    Attributes
    ----------
    rows
        Sorted by unit.
    ranked
        Rankings, in the order of the surveys.
    questions, queries
        Distinct questions by key, distinct queries by canonical text; a query may serve several questions.
    shared_questions
        What two or more units answered (`Row.asked`): these have their own shared error.
    placed_questions
        Those of them that two or more units of a known camp answered: these have their own worldview loading.  Else
        its sign would not be identified, and the mean loading stands in.
    seeds
        Keys of the seed questions with an outcome.
    widths
        People who gave intervals for three or more known quantities: these have a width factor of their own.
    up_to_round
        The last round that counts as held; ``None`` for all.
    """

    surveys: tuple[Survey, ...]
    rows: tuple[Row, ...]
    ranked: tuple[Ranked, ...]
    waiting: tuple[Waiting, ...]
    questions: tuple[str, ...]
    queries: tuple[str, ...]
    query_of: dict[str, Query]
    shared_questions: tuple[str, ...]
    placed_questions: tuple[str, ...]
    seeds: tuple[str, ...]
    widths: tuple[str, ...]
    offsets: tuple[Offset, ...]
    indicators: dict[str, Event]
    up_to_round: Round = None

    @property
    def answers(self) -> tuple[Row | Ranked, ...]:
        """Rows, then rankings: what can be switched off, in the order of the switches."""
        return (*self.rows, *self.ranked)

    @property
    def judged(self) -> tuple[Row | Ranked, ...]:
        """One row or ranking for each answer that was given: of a distribution its first contrast."""
        return tuple(answer for answer in self.answers if isinstance(answer, Ranked) or answer.contrast <= 0)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Units in the order of their rows."""
        return tuple(dict.fromkeys(row.unit for row in self.rows))

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups of persons that have a common bias."""
        return tuple(sorted({row.unit.group for row in self.rows if not row.unit.is_group}))

    @property
    def noise_groups(self) -> tuple[str, ...]:
        """What answers have a common noise: those of groups of persons, likelihood ratios, known quantities."""
        return tuple(sorted({row.noise_group for row in self.rows if not row.unit.is_group}))

    def index(self, attribute: Sequence[str], names: Iterable[str]) -> np.ndarray:
        """Return the position of each name among ``attribute``."""
        position = {name: i for i, name in enumerate(attribute)}
        return np.array([position[name] for name in names], dtype=np.int64)


def observe(surveys: Sequence[Survey], up_to_round: Round = None) -> Observations:
    """Return what the surveys say, ready for a likelihood; answers that cannot be fitted are listed as waiting.

    A later round of the same expert, question and form replaces an earlier one; rounds after ``up_to_round`` count as
    not held yet.  Two readings of one author who code an answer alike have read it once: the second is not fitted again
    (that they agree says nothing of the author's noise).
    """
    keys = _keys(surveys)
    asked = [(survey, _latest(survey.judgements, up_to_round)) for survey in surveys]
    found = Filing(keys, typical_widths(asked, keys))
    for survey, judgements in asked:
        for judgement in judgements:
            found.take(survey, judgement)
        for summary in survey.summaries:
            found.take_summary(survey, summary)
    rows, ranked = _one_unit_for_each(found.rows, found.ranked)
    rows.sort(key=lambda row: (row.unit.is_group, row.unit.id))
    waiting = [Waiting(survey, form, count, reason) for (survey, form, reason), count in found.waiting.items()]
    return replace(assembled(tuple(surveys), rows, ranked, waiting), up_to_round=up_to_round)


def with_possible_orders(observations: Observations, possible: Collection[str]) -> Observations:
    """Return the observations with orders that the questions' own conditions rule out left out of all rankings.

    ``possible`` names the orders that can happen.  A ranking of which nothing is left, or that is left without an
    alternative, waits.
    """
    kept, waiting = list[Ranked](), Counter[tuple[str, str]]()
    for ranking in observations.ranked:
        orders, stated = (
            tuple(order for order in names if order in possible) for names in (ranking.orders, ranking.stated)
        )
        reason = CANNOT_HAPPEN if not stated else NO_CHOICE if stated == orders else ""
        if reason:
            waiting[ranking.survey, reason] += 1
        else:
            kept.append(replace(ranking, orders=orders, stated=stated))
    more = tuple(Waiting(survey, "ranking", count, reason) for (survey, reason), count in waiting.items())
    return replace(observations, ranked=tuple(kept), waiting=(*observations.waiting, *more))


def _keys(surveys: Sequence[Survey]) -> dict[tuple[str, str], str]:
    """Return what to call each survey's questions: by id, but for an id that means different things by survey too."""
    meanings: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    asked = [
        (survey, survey.questions[name])
        for survey in surveys
        for name in dict.fromkeys(
            [*(answer.question for answer in survey.judgements), *(group.question for group in survey.summaries)]
        )
    ]
    for _, question in asked:
        meanings[question.id].add(question.meaning)
    return {
        (survey.id, question.id): question.id if len(meanings[question.id]) == 1 else f"{survey.id}/{question.id}"
        for survey, question in asked
    }


def assembled(
    surveys: tuple[Survey, ...], rows: Sequence[Row], ranked: Sequence[Ranked], waiting: Sequence[Waiting]
) -> Observations:
    """Return the observations of rows (those of one unit next to each other) and rankings."""
    by_question: dict[str, set[Unit]] = defaultdict(set)
    known: Counter[str] = Counter()
    for row in rows:
        by_question[row.asked].add(row.unit)
        known[row.unit.id] += row.kind in ("known", "known_in_widths") and row.statement.width > 0
    placeable = {row.asked for row in rows if row.kind == "quantity"}
    shared = {question: units for question, units in by_question.items() if len(units) > 1}
    answers: tuple[Row | Ranked, ...] = (*rows, *ranked)
    query_of = {
        str(answer.question.query): answer.question.query for answer in answers if answer.question.query is not None
    }
    offsets = {o.id: o for survey in surveys for o in survey.offsets.values()}
    used = sorted({row.question.offset for row in rows if row.question.offset})
    return Observations(
        surveys=surveys,
        rows=tuple(rows),
        ranked=tuple(ranked),
        waiting=tuple(waiting),
        questions=tuple(sorted({answer.key for answer in answers})),
        queries=tuple(sorted(query_of)),
        query_of=query_of,
        shared_questions=tuple(sorted(shared)),
        placed_questions=tuple(
            sorted(q for q, units in shared.items() if q in placeable and sum(unit.side != 0 for unit in units) > 1)
        ),
        seeds=tuple(sorted({row.key for row in rows if row.kind == "event_seed"})),
        widths=tuple(sorted(unit for unit, count in known.items() if count >= _KNOWN_FOR_A_WIDTH)),
        offsets=tuple(offsets[name] for name in used),
        indicators=_indicators(surveys),
    )


def _indicators(surveys: Sequence[Survey]) -> dict[str, Event]:
    """Return the indicators that some question of the surveys' answers names, and the findings they read; by id."""
    known: dict[str, Event] = {}
    for survey in surveys:
        for id_, event in events(survey.indicators.values()).items():
            if known.setdefault(id_, event) != event:
                what = f"The indicator '{id_}' of the survey {survey.id} bears on {event}, in another on {known[id_]}."
                raise InputError(Problem(what, "surveys that mean the same by one indicator, or one of them left out"))
    queries = (
        survey.questions[question].query
        for survey in surveys
        for question in {*(j.question for j in survey.judgements), *(g.question for g in survey.summaries)}
    )
    return indicators_of([query for query in queries if query is not None], dict(sorted(known.items())))


def _one_unit_for_each(rows: Sequence[Row], ranked: Sequence[Ranked]) -> tuple[list[Row], list[Ranked]]:
    """Return the answers with one unit for each person: surveys may say more or less of one; a camp is kept."""
    units: dict[tuple[bool, str], Unit] = {}
    answers: tuple[Row | Ranked, ...] = (*rows, *ranked)
    for unit in (answer.unit for answer in answers):
        known = units.setdefault((unit.is_group, unit.id), unit)
        if not known.side and unit.side:
            units[unit.is_group, unit.id] = unit
    return (
        [_of_unit(row, units[row.unit.is_group, row.unit.id]) for row in rows],
        [_of_unit(ranking, units[ranking.unit.is_group, ranking.unit.id]) for ranking in ranked],
    )


def _of_unit[Answer: (Row, Ranked)](answer: Answer, unit: Unit) -> Answer:
    return answer if answer.unit is unit else replace(answer, unit=unit)


def _latest(judgements: Sequence[Judgement], up_to_round: Round) -> list[Judgement]:
    latest: dict[tuple[str, str, str], Judgement] = {}
    for judgement in judgements:
        if up_to_round is not None and judgement.round > up_to_round:
            continue
        key = (judgement.expert, judgement.question, judgement.form)
        if key not in latest or judgement.round >= latest[key].round:
            latest[key] = judgement
    return list(latest.values())
