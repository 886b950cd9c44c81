"""Each answer in its place: as rows of one quantity each, as a ranking, or as waiting with the reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from precursor.argument.query import rankings
from precursor.elicitation.answers import Answer, Distribution, Quantiles, Ranking
from precursor.elicitation.judgements import GroupSummary, Judgement
from precursor.elicitation.questions import Question
from precursor.elicitation.survey import Survey
from precursor.inference.answers.rows import Kind, Ranked, Row, Unit
from precursor.inference.answers.statements import Statement, error_of, orders_of, stated_contrasts, statement
from precursor.inference.answers.statements.known_quantity import has_natural_scale, width_of
from precursor.inference.answers.units import group_row, person_of
from precursor.inference.quantities import ranking_name
from precursor.network.grammar import (
    ExpectationQuery,
    LikelihoodRatioQuery,
    OrderQuery,
    ParameterQuery,
    ProbabilityQuery,
    Query,
)

Keys = Mapping[tuple[str, str], str]
Orders = tuple[str, ...]
Said = Statement | Orders | Distribution
NOTHING_SAID = "says nothing: true whatever is the case"
CANNOT_HAPPEN = "an order that cannot happen by the model's definitions"
NO_CHOICE = "only one order can happen on the question's conditions"
NO_EXPECTATION = "answers about an expectation have no likelihood"
NO_GROUP = "a published group's answer to what is no probability or parameter has no likelihood"
READ_TWICE = "a second reading of the same author that agrees: counted once"


class Filing:
    """What has been found so far: rows, rankings, and how many answers wait by (survey, form, reason).

    Parameters
    ----------
    keys
        What to call each survey's questions, by (survey, question).
    widths
        The width that experts typically state for each known quantity, by key (see `typical_widths`).
    """

    def __init__(self, keys: Keys, widths: Mapping[str, float]) -> None:
        self.keys = keys
        self.widths = widths
        self.rows: list[Row] = []
        self.ranked: list[Ranked] = []
        self.waiting: Counter[tuple[str, str, str]] = Counter()
        self._read: set[tuple[str, str, object]] = set()
        self._persons: dict[tuple[str, str], Unit] = {}

    def take(self, survey: Survey, judgement: Judgement) -> None:
        """File an expert's answer."""
        question, key = survey.questions[judgement.question], self.keys[survey.id, judgement.question]
        said = None
        if isinstance(question.query, ExpectationQuery):
            reason = NO_EXPECTATION
        else:
            said = self._meaning(survey, judgement, question, key)
            reason = _why_not(said, question)
        if not reason and (judgement.person, key, said) in self._read:
            reason = READ_TWICE
        if reason or said is None:
            self.waiting[survey.id, judgement.form, reason] += 1
            return
        self._read.add((judgement.person, key, said))
        self._file(survey, judgement, key, said)

    def take_summary(self, survey: Survey, summary: GroupSummary) -> None:
        """File a published group's answer."""
        if not isinstance(survey.questions[summary.question].query, ProbabilityQuery | ParameterQuery):
            self.waiting[survey.id, "summary", NO_GROUP] += 1
            return
        row = group_row(survey, summary, self.keys[survey.id, summary.question])
        if row is None:
            self.waiting[survey.id, "summary", NOTHING_SAID] += 1
        else:
            self.rows.append(row)

    def _meaning(self, survey: Survey, judgement: Judgement, question: Question, key: str) -> Said | None:
        """Return what an answer says: of one quantity, of orders, or of a distribution; ``None`` if nothing."""
        answer: Answer = judgement.answer
        if isinstance(answer, Ranking):
            return orders_of(answer, possible_orders(question.query))
        if isinstance(answer, Distribution):
            return answer
        if question.realised is not None:
            assert isinstance(answer, Quantiles)
            return error_of(answer, question, self.widths[key])
        return statement(answer, survey.lexicon)

    def _file(self, survey: Survey, judgement: Judgement, key: str, said: Said) -> None:
        question = survey.questions[judgement.question]
        expert = (survey.id, judgement.expert)
        unit = self._persons.get(expert) or self._persons.setdefault(expert, person_of(survey, judgement))
        if isinstance(said, tuple):
            query = question.query
            assert query is not None
            orders, stated = (
                tuple(ranking_name(query, order) for order in names) for names in (possible_orders(query), said)
            )
            self.ranked.append(Ranked(unit, survey.id, question, key, judgement, orders, stated))
        elif isinstance(said, Distribution):
            contrasts = stated_contrasts(said)
            self.rows += [
                Row(
                    unit, survey.id, question, key, Statement(float(location)), judgement,
                    kind="contrast", contrast=i, rounding=tuple(contrasts.rounding[i].tolist()),
                )
                for i, location in enumerate(contrasts.locations)
            ]  # fmt: skip
        else:
            self.rows.append(Row(unit, survey.id, question, key, said, judgement, kind=_kind(question)))


def possible_orders(query: Query | None) -> Orders:
    """Return the orders that can happen, as the network names them; a question's conditions may rule out more."""
    assert isinstance(query, OrderQuery)
    return tuple(name for name, constraint in rankings(query.properties).items() if constraint.allowed)


def typical_widths(asked: Sequence[tuple[Survey, Sequence[Judgement]]], keys: Keys) -> dict[str, float]:
    """Return the width that experts typically state for every known quantity, by key, over all surveys."""
    intervals: dict[str, list[Quantiles]] = defaultdict(list)
    questions = {}
    for survey, judgements in asked:
        for judgement in judgements:
            question, key = survey.questions[judgement.question], keys[survey.id, judgement.question]
            if question.realised is not None and isinstance(judgement.answer, Quantiles):
                intervals[key].append(judgement.answer)
                questions[key] = question
    return {key: width_of(found, questions[key]) for key, found in intervals.items()}


def _why_not(said: Said | None, question: Question) -> str:
    """Return why an answer cannot be fitted; nothing if it can."""
    if said is None:
        return NOTHING_SAID
    if said == ():
        return CANNOT_HAPPEN
    return NOTHING_SAID if isinstance(said, tuple) and said == possible_orders(question.query) else ""


def _kind(question: Question) -> Kind:
    if question.realised is not None:
        return "known" if has_natural_scale(question) else "known_in_widths"
    if question.outcome is not None:
        return "event_seed"
    return "likelihood_ratio" if isinstance(question.query, LikelihoodRatioQuery) else "quantity"
