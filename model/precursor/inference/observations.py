"""From surveys to what is fitted: which answers, what each says, and what they share.

Rows of one unit (a person, or a published group) are next to each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from precursor.argument.query import rankings
from precursor.elicitation.answers import Answer, Distribution, Quantiles, Ranking
from precursor.elicitation.judgements import GroupSummary, Judgement
from precursor.elicitation.questions import Offset, Question
from precursor.elicitation.survey import Survey
from precursor.inference.decisions import CAMP_SIDES, CAMP_SPREAD, UNPLACED_SPREAD
from precursor.inference.quantities import ranking_name
from precursor.inference.rows import Ranked, Row, Unit
from precursor.inference.statements import Statement, error_of, orders_of, stated_contrasts, statement
from precursor.inference.statements.known_quantity import has_natural_scale, width_of
from precursor.inference.statements.statement import on_scale
from precursor.network.grammar import (
    Event,
    ExpectationQuery,
    LikelihoodRatioQuery,
    OrderQuery,
    ParameterQuery,
    ProbabilityQuery,
    Query,
)

_MEDIAN_ERROR = 1.25  # standard error of a median over that of a mean, for bell-shaped answers
QUARTILES_TO_SCALE = 1.4814  # interquartile range of Student's t with four degrees of freedom
_UNSTATED_SPREAD = 1.5
_Z975 = 1.96
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
    found = _Found(_keys(surveys))
    for survey in surveys:
        judgements = _latest(survey.judgements, up_to_round)
        widths = _typical_widths(survey, judgements)
        for judgement in judgements:
            _take(found, survey, judgement, widths)
        for summary in survey.summaries:
            _take_summary(found, survey, summary)
    rows, ranked = _one_unit_for_each(found.rows, found.ranked)
    rows.sort(key=lambda row: (row.unit.is_group, row.unit.id))
    waiting = [Waiting(survey, form, count, reason) for (survey, form, reason), count in found.waiting.items()]
    return _assembled(tuple(surveys), rows, ranked, waiting)


class _Found:
    """What has been found so far."""

    def __init__(self, keys: dict[tuple[str, str], str]) -> None:
        self.keys = keys
        self.rows: list[Row] = []
        self.ranked: list[Ranked] = []
        self.waiting: Counter[tuple[str, str, str]] = Counter()
        self.read: set[tuple[str, str, object]] = set()


def _take(found: _Found, survey: Survey, judgement: Judgement, widths: dict[str, float]) -> None:
    """File a judgement as rows, as a ranking, or as waiting with the reason."""
    question, key = survey.questions[judgement.question], found.keys[survey.id, judgement.question]
    if isinstance(question.query, ExpectationQuery):
        found.waiting[survey.id, judgement.form, "answers about an expectation have no likelihood"] += 1
        return
    said = _meaning(survey, judgement, question, widths)
    if said is None:
        found.waiting[survey.id, judgement.form, "says nothing: a bound at the end of its scale"] += 1
    elif said == ():
        found.waiting[survey.id, judgement.form, "an order that cannot happen by the model's definitions"] += 1
    elif (judgement.person, key, said) in found.read:
        found.waiting[survey.id, judgement.form, "a second reading of the same author that agrees: counted once"] += 1
    else:
        found.read.add((judgement.person, key, said))
        _file(found, survey, judgement, key, said)


def _take_summary(found: _Found, survey: Survey, summary: GroupSummary) -> None:
    if isinstance(survey.questions[summary.question].query, ProbabilityQuery | ParameterQuery):
        found.rows.append(_group_row(survey, summary, found.keys[survey.id, summary.question]))
    else:
        reason = "a published group's answer to what is no probability or parameter has no likelihood"
        found.waiting[survey.id, "summary", reason] += 1


def _meaning(
    survey: Survey, judgement: Judgement, question: Question, widths: dict[str, float]
) -> Statement | tuple[str, ...] | Distribution | None:
    """Return what an answer says: of one quantity, of orders, or of a distribution; ``None`` if nothing."""
    answer: Answer = judgement.answer
    if isinstance(answer, Ranking):
        return orders_of(answer, _possible(question.query))
    if isinstance(answer, Distribution):
        return answer
    if question.realised is not None:
        assert isinstance(answer, Quantiles)
        return error_of(answer, question, widths[question.id])
    return statement(answer, survey.lexicon)


def _file(
    found: _Found,
    survey: Survey,
    judgement: Judgement,
    key: str,
    said: Statement | tuple[str, ...] | Distribution,
) -> None:
    question, unit = survey.questions[judgement.question], _person(survey, judgement)
    if isinstance(said, tuple):
        assert question.query is not None
        orders, stated = (
            tuple(ranking_name(question.query, order) for order in names) for names in (_possible(question.query), said)
        )
        found.ranked.append(Ranked(unit, survey.id, question, key, judgement, orders, stated))
    elif isinstance(said, Distribution):
        contrasts = stated_contrasts(said)
        found.rows += [
            Row(
                unit, survey.id, question, key, Statement(float(location)), judgement,
                kind="contrast", contrast=i, rounding=tuple(contrasts.rounding[i].tolist()),
            )
            for i, location in enumerate(contrasts.locations)
        ]  # fmt: skip
    elif question.realised is not None:
        kind = "known" if has_natural_scale(question) else "known_in_widths"
        found.rows.append(Row(unit, survey.id, question, key, said, judgement, kind=kind))  # type: ignore[arg-type]
    elif question.outcome is not None:
        found.rows.append(Row(unit, survey.id, question, key, said, judgement, kind="event_seed"))
    else:
        ratio = isinstance(question.query, LikelihoodRatioQuery)
        found.rows.append(
            Row(unit, survey.id, question, key, said, judgement, kind="likelihood_ratio" if ratio else "quantity")
        )


def _possible(query: Query | None) -> tuple[str, ...]:
    """Return the orders that can happen, as the network names them."""
    assert isinstance(query, OrderQuery)
    return tuple(name for name, constraint in rankings(query.properties).items() if constraint.allowed)


def _typical_widths(survey: Survey, judgements: Sequence[Judgement]) -> dict[str, float]:
    """Return the width that experts typically state for every known quantity of a survey."""
    intervals: dict[str, list[Quantiles]] = defaultdict(list)
    for judgement in judgements:
        if survey.questions[judgement.question].realised is not None and isinstance(judgement.answer, Quantiles):
            intervals[judgement.question].append(judgement.answer)
    return {name: width_of(found, survey.questions[name]) for name, found in intervals.items()}


def _keys(surveys: Sequence[Survey]) -> dict[tuple[str, str], str]:
    """Return what to call each survey's questions: by id, but for an id that means different things by survey too."""
    meanings: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    asked = [
        (survey, survey.questions[name])
        for survey in surveys
        for name in dict.fromkeys(answer.question for answer in (*survey.judgements, *survey.summaries))
    ]
    for _, question in asked:
        meanings[question.id].add(question.meaning)
    return {
        (survey.id, question.id): question.id if len(meanings[question.id]) == 1 else f"{survey.id}/{question.id}"
        for survey, question in asked
    }


def _assembled(
    surveys: tuple[Survey, ...], rows: list[Row], ranked: list[Ranked], waiting: list[Waiting]
) -> Observations:
    by_question: dict[str, set[Unit]] = defaultdict(set)
    known: Counter[str] = Counter()
    for row in rows:
        by_question[row.asked].add(row.unit)
        known[row.unit.id] += row.kind in ("known", "known_in_widths") and row.statement.width > 0
    placeable = {row.asked for row in rows if row.kind == "quantity"}
    shared = {question: units for question, units in by_question.items() if len(units) > 1}
    query_of = {
        str(answer.question.query): answer.question.query
        for answer in (*rows, *ranked)
        if answer.question.query is not None
    }
    offsets = {o.id: o for survey in surveys for o in survey.offsets.values()}
    used = sorted({row.question.offset for row in rows if row.question.offset})
    return Observations(
        surveys=surveys,
        rows=tuple(rows),
        ranked=tuple(ranked),
        waiting=tuple(waiting),
        questions=tuple(sorted({answer.key for answer in (*rows, *ranked)})),
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
    """Return the indicators that some question of the surveys' answers names."""
    known = {name: indicator.about for survey in surveys for name, indicator in survey.indicators.items()}
    queries = {
        str(survey.questions[question].query)
        for survey in surveys
        for question in {*(j.question for j in survey.judgements), *(g.question for g in survey.summaries)}
    }
    asked = " ".join(sorted(queries))
    wanted = {name for name in known if name in asked}
    while True:
        wider = wanted | {name for name in known if any(name in str(known[child]) for child in wanted)}
        if wider == wanted:
            return {name: known[name] for name in sorted(wanted)}
        wanted = wider


def _one_unit_for_each(rows: Sequence[Row], ranked: Sequence[Ranked]) -> tuple[list[Row], list[Ranked]]:
    """Return the answers with one unit for each person: surveys may say more or less of one; a camp is kept."""
    units: dict[tuple[bool, str], Unit] = {}
    for unit in (answer.unit for answer in (*rows, *ranked)):
        known = units.setdefault((unit.is_group, unit.id), unit)
        if not known.side and unit.side:
            units[unit.is_group, unit.id] = unit
    return (
        [replace(row, unit=units[row.unit.is_group, row.unit.id]) for row in rows],
        [replace(row, unit=units[row.unit.is_group, row.unit.id]) for row in ranked],
    )


def _latest(judgements: Sequence[Judgement], up_to_round: Round) -> list[Judgement]:
    latest: dict[tuple[str, str, str], Judgement] = {}
    for judgement in judgements:
        if up_to_round is not None and judgement.round > up_to_round:
            continue
        key = (judgement.expert, judgement.question, judgement.form)
        if key not in latest or judgement.round >= latest[key].round:
            latest[key] = judgement
    return list(latest.values())


def _person(survey: Survey, judgement: Judgement) -> Unit:
    attributes = survey.experts.get(judgement.expert, {})
    camp = attributes.get("camp", "").strip().lower()
    noise_group = attributes.get("group") or survey.id
    side = CAMP_SIDES.get(camp)
    return Unit(
        id=judgement.person,
        label=attributes.get("name") or judgement.expert,
        group=f"{noise_group}/{camp}" if camp else noise_group,
        noise_group=noise_group,
        is_group=False,
        side=side or 0.0,
        side_spread=UNPLACED_SPREAD if side is None else CAMP_SPREAD,
    )


def _group_row(survey: Survey, summary: GroupSummary, key: str) -> Row:
    """Return a published group's median as a row of its own unit: it speaks to the population, not as one expert."""
    question = survey.questions[summary.question]
    low, high = on_scale(summary.median.low, summary.median.scale), on_scale(summary.median.high, summary.median.scale)
    quartiles = _span(summary.q25, summary.q75)
    interval = _span(summary.ci95_low, summary.ci95_high)
    if interval > 0:
        error = interval / (2 * _Z975)
    else:
        spread = quartiles / QUARTILES_TO_SCALE if quartiles > 0 else _UNSTATED_SPREAD
        error = _MEDIAN_ERROR * spread / summary.n**0.5
    name = f"{survey.id}/{summary.group}"
    unit = Unit(name, summary.group.replace("_", " "), name, "", True, 0.0, UNPLACED_SPREAD)
    said = Statement((low + high) / 2, (high - low) ** 2 / 12 + error**2)
    return Row(unit, survey.id, question, key, said, summary, quartile_range=quartiles)


def _span(low: object, high: object) -> float:
    if low is None or high is None:
        return 0.0
    ends = [on_scale(point.value, point.scale) for point in (low, high)]  # type: ignore[attr-defined]
    return float(ends[1] - ends[0]) if np.isfinite(ends).all() else 0.0
