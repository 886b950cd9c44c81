"""An export and a mapping become the rows of a survey; every problem is noted at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from precursor.elicitation.findings import Place
from precursor.elicitation.imports.answers import Asked, answer_of
from precursor.elicitation.imports.columns import Column, Table, read_table
from precursor.elicitation.imports.grid import Grid, Row
from precursor.elicitation.imports.mapping import AnswerColumns, ExportMapping
from precursor.elicitation.imports.numbers import point_decimals
from precursor.elicitation.imports.people import respondents
from precursor.elicitation.imports.texts import clean, has_email, unrunnable, without_emails
from precursor.elicitation.imports.units import bare_number, doubtful, recognise
from precursor.elicitation.questions import Question
from precursor.elicitation.responses import Setting
from precursor.problems import InputError

_SHOWN_ROWS = 8


@dataclass(frozen=True, slots=True)
class Response:
    """One row of ``responses.csv``."""

    expert: str
    question: str
    form: str
    answer: str
    round: int = 1
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Responses:
    """The rows of a survey: its answers, and what it notes of each expert."""

    answers: tuple[Response, ...]
    experts: Mapping[str, Mapping[str, str]]


def convert_wide(grid: Grid, mapping: ExportMapping, setting: Setting, place: Place, noted: Place) -> Responses:
    """Return the answers in a wide export; problems are noted at ``place`` (export) and ``noted`` (mapping).

    A blank answer is declined and written as such.
    """
    table = read_table(grid, mapping.header_rows)
    people = respondents(table, mapping, place, noted)
    rows = [person.row for person in people]
    asked = [_asked(answer, table, rows, mapping, setting, place, noted) for answer in mapping.answers]
    _check_twice(mapping.answers, noted)
    _check_unused(table, mapping, place, noted)
    if not mapping.answers:
        noted.error("The mapping maps no column to a question.", "an [[answer]] for each question")
    answers: list[Response] = []
    experts: dict[str, dict[str, str]] = {}
    for person in people:
        experts.setdefault(person.expert, {}).update(person.attributes)
        for one, comments in (found for found in asked if found is not None):
            here = place.at(row=person.row.line)
            round_ = one.answer.round if person.round is None else person.round
            given = answer_of(person.row.cells, one, here)
            form, text = given or (one.answer.forms[0], "")
            comment = _comment(person.row.cells, comments, mapping, here)
            answers.append(Response(person.expert, one.answer.question, form, text, round_, comment))
    return Responses(tuple(answers), experts)


def _asked(
    answer: AnswerColumns,
    table: Table,
    rows: Sequence[Row],
    mapping: ExportMapping,
    setting: Setting,
    place: Place,
    noted: Place,
) -> tuple[Asked, Column | None] | None:
    here = noted.at(row=answer.line)
    question = setting.question(answer.question, here.at(column="question"))
    column = None if answer.column is None else table.column(answer.column, here.at(column="column"))
    parts = {label: table.column(name, here.at(column="parts")) for label, name in answer.parts.items()}
    slots = [table.column(name, here.at(column="slots")) for name in answer.slots]
    comment = None if answer.comment is None else table.column(answer.comment, here.at(column="comment"))
    found = {label: part for label, part in parts.items() if part is not None}
    held = tuple(slot for slot in slots if slot is not None)
    if question is None or len(found) < len(parts) or len(held) < len(slots):
        return None
    if not _forms_fit(answer, question, here) or (answer.column is not None and column is None):
        return None
    declined = frozenset(word.casefold() for word in mapping.declined)
    context = setting.context(question)
    draft = Asked(answer, "probability", context, column, found, held, mapping.decimal_comma, declined)
    unit = _unit(draft, rows, place, here)
    if unit is None:
        return None
    return Asked(answer, unit, context, column, found, held, mapping.decimal_comma, declined), comment


def _forms_fit(answer: AnswerColumns, question: Question, place: Place) -> bool:
    unfit = [form for form in answer.forms if form not in question.forms]
    for form in unfit:
        place.at(column="form").error(f"'{question.id}' is not asked in the form '{form}'.", ", ".join(question.forms))
    return bool(answer.forms) and not unfit


def _unit(asked: Asked, rows: Sequence[Row], place: Place, noted: Place) -> str | None:
    """Return the unit of a question's columns: stated, or recognised; None after noting that it is in doubt."""
    answer = asked.answer
    if asked.context.scale != "probability":
        if answer.unit not in (None, "number"):
            noted.at(column="unit").error("This question does not ask for a probability.", 'unit = "number"')
            return None
        return "number"
    if answer.unit == "number":
        noted.at(column="unit").error("This question asks for a probability.", "probability, percent, odds, ...")
        return None
    if set(answer.forms) <= {"verbal", "ranking"} or (answer.forms == ("chips",) and not asked.column):
        return "probability"
    cells = [
        (row.line, column, text) for row in rows for column in asked.columns if (text := _bare(row, column, asked))
    ]
    values = [(line, column, value) for line, column, text in cells if (value := bare_number(text)) is not None]
    if answer.unit is None:
        verdict = recognise([text for _, _, text in cells])
        if verdict.unit is None:
            held = ", ".join(column.shown for column in asked.columns)
            lines = _rows_of(line for line, _, value in values if 0 < value < 1)
            message = f"The unit of '{held}' is not clear: {verdict.why}{f' (below 1: {lines})' if lines else ''}."
            place.at(column=asked.columns[0].shown).error(message, 'unit = "probability" or "percent" in the mapping')
            return None
        ones = _rows_of(line for line, _, value in values if value == 1)
        if verdict.unit == "percent" and ones:
            place.at(column=asked.columns[0].shown).warn(
                f"Read as percent, so that 1 is 1 %: {ones}.", "100 where certainty was meant"
            )
        return verdict.unit
    if not answer.sure:
        for number in doubtful(answer.unit, [value for _, _, value in values]):
            line, column, value = values[number]
            place.at(row=line, column=column.shown).error(
                f"{value:g} in a column of percentages: {value:g} % or {100 * value:g} %?",
                f"{value:g}% or {100 * value:g}% in the cell, or sure = true in the mapping if {value:g} % is meant",
            )
    return answer.unit


def _bare(row: Row, column: Column, asked: Asked) -> str:
    text = clean(row.cells[column.index])
    if text.casefold() in asked.declined:
        return ""
    try:
        return point_decimals(text, asked.decimal_comma)
    except InputError:
        return ""


def _rows_of(lines: Iterable[int]) -> str:
    found = sorted(set(lines))
    more = f" and {len(found) - _SHOWN_ROWS} more" if len(found) > _SHOWN_ROWS else ""
    return f"row{'s' if len(found) > 1 else ''} {', '.join(map(str, found[:_SHOWN_ROWS]))}{more}" if found else ""


def _comment(cells: Sequence[str], column: Column | None, mapping: ExportMapping, place: Place) -> str:
    text = "" if column is None else clean(cells[column.index])
    if has_email(text) and column is not None and not mapping.people.keep_identities:
        place.at(column=column.shown).warn("An e-mail address in a comment was replaced.", "a comment without one")
        text = without_emails(text)
    return unrunnable(text) if text else ""


def _check_twice(answers: Sequence[AnswerColumns], noted: Place) -> None:
    seen: dict[tuple[str, str, int], AnswerColumns] = {}
    for answer in answers:
        for form in answer.forms:
            key = (answer.question, form, answer.round)
            if seen.setdefault(key, answer) is not answer:
                noted.at(row=answer.line, column="question").error(
                    f"'{answer.question}' is mapped twice in the form '{form}', round {answer.round}.",
                    "one [[answer]] for each question, form and round",
                )


def _check_unused(table: Table, mapping: ExportMapping, place: Place, noted: Place) -> None:
    """Warn of columns that hold something and that the mapping says nothing of; note ignored ones that are not there."""
    people = mapping.people
    named = [people.column, people.round, *mapping.attributes.values(), *mapping.drop, *mapping.ignore]
    named += [name for answer in mapping.answers for name in (*answer.references, answer.comment)]
    mentioned = {column.index for name in named if name is not None for column in table.find(name)}
    for column in table.columns:
        if column.index not in mentioned and any(row.cells[column.index].strip() for row in table.rows):
            place.at(column=column.shown).warn("The mapping says nothing of this column; it is not read.", "ignore")
    for name in mapping.ignore:
        if not table.find(name):
            noted.at(column="ignore").warn(f"The export has no column {name!r}.", "columns of the export")
