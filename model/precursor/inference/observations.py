"""From surveys to arrays: which answers are fitted, what each says, and what answers share.

A *unit* is a person, or a published group; its answers are *rows*.  Rows of one unit are next to each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from precursor.argument.downstream import states_of
from precursor.elicitation.judgements import GroupSummary, Judgement
from precursor.elicitation.questions import Offset, Question
from precursor.elicitation.survey import Survey
from precursor.inference.decisions import CAMP_SIDES, CAMP_SPREAD, UNPLACED_SPREAD
from precursor.inference.statements import Statement, has_likelihood, statement
from precursor.inference.statements.statement import on_scale
from precursor.network.grammar import Event, ParameterQuery, ProbabilityQuery, Query, StateEvent

_MEDIAN_ERROR = 1.25  # standard error of a median over that of a mean, for bell-shaped answers
QUARTILES_TO_SCALE = 1.4814  # interquartile range of Student's t with four degrees of freedom
_UNSTATED_SPREAD = 1.5
_Z975 = 1.96


@dataclass(frozen=True, slots=True)
class Unit:
    """A person or a published group, with its place among camps."""

    id: str
    label: str
    group: str
    noise_group: str
    is_group: bool
    side: float
    side_spread: float


@dataclass(frozen=True, slots=True)
class Row:
    """One answer that is fitted."""

    unit: Unit
    survey: str
    question: Question
    statement: Statement
    judgement: Judgement | GroupSummary
    quartile_range: float = 0.0

    @property
    def target(self) -> str:
        """What the question is about, whatever it is conditioned on; an event and its complement are one target."""
        query = self.question.query
        if not isinstance(query, ProbabilityQuery):
            return str(query)
        (event, *others) = query.events
        if not others and isinstance(event, StateEvent) and _has_complement(event):
            return str(event.variable)
        return ", ".join(map(str, query.events))


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
    questions, queries
        Distinct questions by id, distinct queries by canonical text; a query may serve several questions.
    shared_questions
        Ids of the questions that two or more units answered: these have their own shared error.
    placed_questions
        Those of them that two or more units of a known camp answered: these have their own worldview loading.  Else
        its sign would not be identified, and the mean loading stands in.
    """

    surveys: tuple[Survey, ...]
    rows: tuple[Row, ...]
    waiting: tuple[Waiting, ...]
    questions: tuple[str, ...]
    queries: tuple[str, ...]
    query_of: dict[str, Query]
    shared_questions: tuple[str, ...]
    placed_questions: tuple[str, ...]
    offsets: tuple[Offset, ...]
    indicators: dict[str, Event]

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
        """Groups of persons that have a common noise."""
        return tuple(sorted({row.unit.noise_group for row in self.rows if not row.unit.is_group}))

    def index(self, attribute: Sequence[str], names: Iterable[str]) -> np.ndarray:
        """Return the position of each name among ``attribute``."""
        position = {name: i for i, name in enumerate(attribute)}
        return np.array([position[name] for name in names], dtype=np.int64)


def observe(surveys: Sequence[Survey]) -> Observations:
    """Return what the surveys say, ready for a likelihood; answers without one are listed as waiting.

    A later round of the same expert, question and form replaces an earlier one.  Two readings of one author who code an
    answer alike have read it once: the second is not fitted again (that they agree says nothing of the author's noise).
    """
    rows: list[Row] = []
    waiting: Counter[tuple[str, str, str]] = Counter()
    read: set[tuple[str, str, Statement]] = set()
    for survey in surveys:
        for judgement in _latest(survey.judgements):
            question = survey.questions[judgement.question]
            reason = _why_not(question, judgement)
            if reason:
                waiting[survey.id, judgement.form, reason] += 1
                continue
            said = statement(judgement.answer, survey.lexicon)
            if said is None:
                waiting[survey.id, judgement.form, "says nothing: a bound at the end of its scale"] += 1
            elif (judgement.person, question.id, said) in read:
                waiting[survey.id, judgement.form, "a second reading of the same author that agrees: counted once"] += 1
            else:
                read.add((judgement.person, question.id, said))
                rows.append(Row(_person(survey, judgement), survey.id, question, said, judgement))
        rows += [_group_row(survey, summary) for summary in survey.summaries]
    rows = _one_unit_for_each(rows)
    rows.sort(key=lambda row: (row.unit.is_group, row.unit.id))
    return _assembled(
        tuple(surveys),
        rows,
        [Waiting(survey, form, count, reason) for (survey, form, reason), count in waiting.items()],
    )


def _assembled(surveys: tuple[Survey, ...], rows: list[Row], waiting: list[Waiting]) -> Observations:
    by_question: dict[str, set[Unit]] = defaultdict(set)
    for row in rows:
        by_question[row.question.id].add(row.unit)
    shared = {question: units for question, units in by_question.items() if len(units) > 1}
    query_of = {str(row.question.query): row.question.query for row in rows if row.question.query is not None}
    offsets = {o.id: o for survey in surveys for o in survey.offsets.values()}
    used = sorted({row.question.offset for row in rows if row.question.offset})
    return Observations(
        surveys=surveys,
        rows=tuple(rows),
        waiting=tuple(waiting),
        questions=tuple(sorted(by_question)),
        queries=tuple(sorted(query_of)),
        query_of=query_of,
        shared_questions=tuple(sorted(shared)),
        placed_questions=tuple(sorted(q for q, units in shared.items() if sum(unit.side != 0 for unit in units) > 1)),
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


def _has_complement(event: StateEvent) -> bool:
    """Return whether the node has just one other state."""
    states = states_of(event.variable.node)
    return event.state in states and len(states) == 2  # noqa: PLR2004 - an event and its complement


def _one_unit_for_each(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with one unit for each person: surveys may say more or less of one person; a camp is kept."""
    units: dict[tuple[bool, str], Unit] = {}
    for unit in (row.unit for row in rows):
        known = units.setdefault((unit.is_group, unit.id), unit)
        if not known.side and unit.side:
            units[unit.is_group, unit.id] = unit
    return [replace(row, unit=units[row.unit.is_group, row.unit.id]) for row in rows]


def _latest(judgements: Sequence[Judgement]) -> list[Judgement]:
    latest: dict[tuple[str, str, str], Judgement] = {}
    for judgement in judgements:
        key = (judgement.expert, judgement.question, judgement.form)
        if key not in latest or judgement.round >= latest[key].round:
            latest[key] = judgement
    return list(latest.values())


def _why_not(question: Question, judgement: Judgement) -> str | None:
    if question.query is None:
        return "a seed question: it is not about the network"
    if not has_likelihood(judgement.answer):
        return f"the form {judgement.form!r} has no likelihood yet"
    if not isinstance(question.query, ProbabilityQuery | ParameterQuery):
        return f"answers to {type(question.query).__name__} have no likelihood yet"
    return None


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


def _group_row(survey: Survey, summary: GroupSummary) -> Row:
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
    return Row(unit, survey.id, question, said, summary, quartiles)


def _span(low: object, high: object) -> float:
    if low is None or high is None:
        return 0.0
    ends = [on_scale(point.value, point.scale) for point in (low, high)]  # type: ignore[attr-defined]
    return float(ends[1] - ends[0]) if np.isfinite(ends).all() else 0.0
