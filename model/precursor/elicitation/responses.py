"""``responses.csv``: one row an answer, in the order in which the experts gave them or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from precursor.elicitation.answers import FORMS, Answer, AnswerContext, parse_answer
from precursor.elicitation.answers.numbers import whole_number
from precursor.elicitation.declarations import Declarations
from precursor.elicitation.experts import Experts
from precursor.elicitation.files import SourceText
from precursor.elicitation.findings import Place
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.lexicon import Lexicon
from precursor.elicitation.questions import Question
from precursor.elicitation.tables import Columns, Row, read_rows
from precursor.elicitation.vocabulary import QueryVocabulary
from precursor.network.grammar import DistributionQuery, OrderQuery
from precursor.problems import did_you_mean

COLUMNS = Columns(("expert", "question", "form", "answer"), ("round", "comment"))
Key = tuple[str, str, str, int]
# How many experts whom experts.csv does not have are each offered the nearest who is there: the search is slow.
_OFFERED = 20


@dataclass(frozen=True, slots=True)
class Setting:
    """What answers are read against: the survey, its questions and experts, the network's names, the lexicon."""

    survey: str
    declared: Declarations
    experts: Experts | None
    vocabulary: QueryVocabulary
    lexicon: Lexicon
    _nearest: dict[str, str] = field(default_factory=dict, repr=False)

    def question(self, id_: str, place: Place) -> Question | None:
        """Return a question; note an unknown one, unless its declaration is what is wrong."""
        question = self.declared.questions.get(id_)
        if question is None and self.declared.complete and id_ not in self.declared.unusable:
            if id_ not in self._nearest:
                self._nearest[id_] = did_you_mean(id_, self.declared.questions)
            place.error(f"Unknown question '{id_}'." if id_ else "No question is named.", self._nearest[id_])
        return question

    def context(self, question: Question) -> AnswerContext:
        """Return what a parser must know of a question."""
        query = question.query
        states = self.vocabulary.states(query) if isinstance(query, DistributionQuery) else ()
        properties = query.properties if isinstance(query, OrderQuery) else self.vocabulary.properties
        return AnswerContext(question.scale, states, properties, self.lexicon)


def read_responses(source: SourceText, setting: Setting, place: Place) -> tuple[Judgement, ...]:
    """Return the answers given; blank ones are declined and left out; what is wrong is noted at ``place``."""
    rows = read_rows(source, COLUMNS, place)
    first_rows: dict[Key, int] = {}
    strangers: set[str] = set()
    read: dict[tuple[str, str, str], Answer] = {}
    judgements = []
    for row in rows:
        here = place.at(row=row.line)
        judgement = _judgement(row, setting, first_rows, read, here)
        _note_stranger(row.cells["expert"], setting.experts, strangers, here)
        if judgement is not None:
            judgements.append(judgement)
    if not judgements and not place.findings.errors:
        place.warn("There is no answer in the file.")
    return tuple(judgements)


def _judgement(
    row: Row,
    setting: Setting,
    first_rows: dict[Key, int],
    read: dict[tuple[str, str, str], Answer],
    place: Place,
) -> Judgement | None:
    expert, question_id, form, text = (row.cells[column] for column in COLUMNS.required)
    if not expert:
        place.at(column="expert").error("No expert is named.", "a name or alias")
    question = setting.question(question_id, place.at(column="question"))
    fits = _check_form(form, question, place.at(column="form"))
    round_ = _round(row.cells.get("round", ""), place.at(column="round"))
    _check_first((expert, question_id, form, round_), first_rows, place)
    if question is None or not fits or not text:
        return None
    # Many people type the same: each answer to a question is read once, which halves the time of a large survey.
    answer = read.get((question_id, form, text))
    if answer is None:
        with place.at(column="answer").noting():
            answer = read[question_id, form, text] = parse_answer(form, text, setting.context(question))
    if answer is None:
        return None
    person = (setting.experts or {}).get(expert, {}).get("person", f"{setting.survey}/{expert}")
    comment = row.cells.get("comment") or None
    return Judgement(setting.survey, expert, person, question_id, form, answer, text, row.line, round_, comment)


def _check_form(form: str, question: Question | None, place: Place) -> bool:
    if form not in FORMS:
        place.error(f"Unknown form '{form}'." if form else "No form is named.", did_you_mean(form, FORMS, 8))
        return False
    if question is not None and form not in question.forms:
        place.error(f"'{question.id}' is not asked in the form '{form}'.", ", ".join(question.forms))
        return False
    return True


def _round(text: str, place: Place) -> int:
    """Return the round; 0, which no round is, after noting that there is none."""
    if not text:
        return 1
    if (number := whole_number(text, 1, 9_999)) is not None:
        return number
    place.error(f"{text!r} is no round.", "a whole number from 1, or blank for 1")
    return 0


def _check_first(key: Key, first_rows: dict[Key, int], place: Place) -> None:
    expert, question, form, round_ = key
    if all(key):
        if key in first_rows:
            place.error(
                f"A second answer of '{expert}' to '{question}' in the form '{form}', round {round_}: "
                f"the first is in row {first_rows[key]}.",
                "one answer for each expert, question, form and round",
            )
        first_rows.setdefault(key, place.row or 0)


def _note_stranger(expert: str, experts: Mapping[str, object] | None, strangers: set[str], place: Place) -> None:
    if experts is not None and expert and expert not in experts and expert not in strangers:
        strangers.add(expert)
        nearest = did_you_mean(expert, experts) if len(strangers) <= _OFFERED else "those of experts.csv"
        place.at(column="expert").warn(f"The expert '{expert}' is not in experts.csv.", nearest)
