"""An export and a mapping become the rows of a survey; every problem is noted at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from precursor.elicitation.findings import Place
from precursor.elicitation.imports.answers import Asked, answer_of
from precursor.elicitation.imports.columns import Column, Table, read_table
from precursor.elicitation.imports.grid import Grid, Row
from precursor.elicitation.imports.mapping import AnswerColumns, ExportMapping
from precursor.elicitation.imports.numbers import point_decimals
from precursor.elicitation.imports.people import respondents
from precursor.elicitation.imports.texts import clean, has_email, unrunnable, without_emails
from precursor.elicitation.imports.units import EITHER, HUNDRED, bare_number, doubtful, recognise
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


@dataclass(frozen=True, slots=True)
class _Export:
    """A wide export with all that its answers are read against; ``place`` is the export, ``noted`` the mapping."""

    table: Table
    rows: tuple[Row, ...]
    mapping: ExportMapping
    setting: Setting
    place: Place
    noted: Place


def convert_wide(grid: Grid, mapping: ExportMapping, setting: Setting, place: Place, noted: Place) -> Responses:
    """Return the answers in a wide export; problems are noted at ``place`` (export) and ``noted`` (mapping).

    A blank answer is declined and written as such.
    """
    table = read_table(grid, mapping.header_rows)
    people = respondents(table, mapping, place, noted)
    export = _Export(table, tuple(person.row for person in people), mapping, setting, place, noted)
    asked = [found for answer in mapping.answers if (found := _asked(answer, export)) is not None]
    _check_twice(mapping.answers, noted)
    _check_unused(table, mapping, place, noted)
    if not mapping.answers:
        noted.error("The mapping maps no column to a question.", "an [[answer]] for each question")
    answers: list[Response] = []
    experts: dict[str, dict[str, str]] = {}
    # Many people answer alike: what was read without a fault is read once.
    read: dict[tuple[int, tuple[str, ...]], tuple[str, str] | None] = {}
    for person in people:
        experts.setdefault(person.expert, {}).update(person.attributes)
        here = place.at(row=person.row.line)
        for number, (one, comments) in enumerate(asked):
            round_ = one.answer.round if person.round is None else person.round
            key = (number, tuple(person.row.cells[column.index] for column in one.columns))
            if key not in read:
                before = len(place.findings.errors)
                given = answer_of(person.row.cells, one, here)
                if len(place.findings.errors) == before:
                    read[key] = given
            given = read.get(key)
            form, text = given or (one.answer.forms[0], "")
            comment = _comment(person.row.cells, comments, mapping, here)
            answers.append(Response(person.expert, one.answer.question, form, text, round_, comment))
    return Responses(tuple(answers), experts)


def _asked(answer: AnswerColumns, export: _Export) -> tuple[Asked, Column | None] | None:
    """Return how the answers to one question are read, and where its comments stand; None if they cannot be."""
    table, mapping, setting = export.table, export.mapping, export.setting
    here = export.noted.at(row=answer.line)
    before = len(here.findings.errors)
    question = setting.question(answer.question, here.at(column="question"))
    column = None if answer.column is None else table.column(answer.column, here.at(column="column"))
    parts = {label: table.column(name, here.at(column="parts")) for label, name in answer.parts.items()}
    slots = [table.column(name, here.at(column="slots")) for name in answer.slots]
    comment = None if answer.comment is None else table.column(answer.comment, here.at(column="comment"))
    if question is not None:
        _check_forms(answer, question, here)
    if question is None or not answer.forms or len(here.findings.errors) > before:
        return None
    asked = Asked(
        answer=answer,
        unit="probability",
        context=setting.context(question),
        column=column,
        parts={label: part for label, part in parts.items() if part is not None},
        slots=tuple(slot for slot in slots if slot is not None),
        decimal_comma=mapping.decimal_comma,
        declined=frozenset(word.casefold() for word in mapping.declined),
    )
    unit = _unit(asked, export.rows, export.place, here)
    return replace(asked, unit=EITHER if unit is None else unit), comment


def _check_forms(answer: AnswerColumns, question: Question, place: Place) -> None:
    for form in answer.forms:
        if form not in question.forms:
            allowed = ", ".join(question.forms)
            place.at(column="form").error(f"'{question.id}' is not asked in the form '{form}'.", allowed)


def _unit(asked: Asked, rows: Sequence[Row], place: Place, noted: Place) -> str | None:
    """Return the unit of a question's columns: stated, or recognised; None after noting that it is in doubt."""
    answer, probability = asked.answer, asked.context.scale == "probability"
    if (answer.unit == "number") if probability else (answer.unit not in (None, "number")):
        allowed = "probability, percent, odds, odds_against or one_in" if probability else 'unit = "number"'
        asks = "asks for a probability" if probability else "does not ask for a probability"
        noted.at(column="unit").error(f"This question {asks}.", allowed)
        return None
    if not probability:
        return "number"
    if set(answer.forms) <= {"verbal", "ranking"} or (answer.forms == ("chips",) and not asked.column):
        return "probability"
    cells = [
        (row.line, column, text) for row in rows for column in asked.columns if (text := _bare(row, column, asked))
    ]
    if answer.unit is None:
        return _recognised(asked, cells, place)
    values = [(line, column, value) for line, column, text in cells if (value := bare_number(text)) is not None]
    for number in () if answer.sure else doubtful(answer.unit, [value for _, _, value in values]):
        line, column, value = values[number]
        place.at(row=line, column=column.shown).error(
            f"{value:g} in a column of percentages: {value:g} % or {100 * value:g} %?",
            f"{value:g}% or {100 * value:g}% in the cell, or sure = true in the mapping if {value:g} % is meant",
        )
    return answer.unit


def _recognised(asked: Asked, cells: Sequence[tuple[int, Column, str]], place: Place) -> str | None:
    # What is wrong with an answer that has no columns is said of the mapping.
    if not asked.columns:
        return None
    verdict = recognise([text for _, _, text in cells])
    values = [(line, value) for line, _, text in cells if (value := bare_number(text)) is not None]
    here = place.at(column=asked.columns[0].shown)
    if verdict.unit is None:
        held = ", ".join(column.shown for column in asked.columns)
        inside = [line for line, value in values if 0 < value < 1]
        above = [line for line, value in values if value > 1]
        both = f" (below 1: {rows_of(inside)}; above: {rows_of(above)})" if inside and above else ""
        neither = [line for line, value in values if value > HUNDRED]
        # The rarer kind is the likelier mistake: its first row is where to look.
        rarer = neither or min(inside, above, key=len) or above or [line for line, *_ in values or cells]
        message = f"The unit of '{held}' is not clear: {verdict.why}{both}."
        allowed = 'unit = "probability" or "percent" in the mapping, and no number of the other kind'
        here.at(row=rarer[0]).error(message, allowed)
    elif ones := rows_of(line for line, value in values if value == 1 and verdict.unit == "percent"):
        here.warn(f"Read as percent, so that 1 is 1 %: {ones}.", "100 where certainty was meant")
    return verdict.unit


def _bare(row: Row, column: Column, asked: Asked) -> str:
    text = clean(row.cells[column.index])
    if text.casefold() in asked.declined:
        return ""
    try:
        return point_decimals(text, asked.decimal_comma)
    except InputError:
        return ""


def rows_of(lines: Iterable[int]) -> str:
    """Return ``rows 3, 5, 8 and 2 more`` ("" for none)."""
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
    """Warn of columns that the mapping says nothing of, and of ignored ones that are not there."""
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
