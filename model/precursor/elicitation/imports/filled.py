"""Sheets that `precursor template` wrote, filled in: one row a question; one file, or many, an expert each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from precursor.elicitation.answers import FORMS, parse_answer
from precursor.elicitation.answers.numbers import whole_number
from precursor.elicitation.findings import Place
from precursor.elicitation.imports.convert import Response, Responses
from precursor.elicitation.imports.grid import Grid, Row
from precursor.elicitation.imports.mapping import ExportMapping
from precursor.elicitation.imports.numbers import point_decimals
from precursor.elicitation.imports.texts import clean, folded, has_email, is_identity, unrunnable, without_emails
from precursor.elicitation.questions import Question
from precursor.elicitation.responses import Setting
from precursor.problems import InputError

_NEEDED = ("question", "answer")
_READ = (*_NEEDED, "expert", "form", "round", "comment")
_HEADER_WITHIN = 20
_TAKEN_BACK = "'"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One filled sheet: its rows below the header, the columns by name, and the alias above the header, if any."""

    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    alias: str = ""
    alias_row: int | None = None


def is_filled_sheet(grid: Grid) -> bool:
    """Return whether a file is laid out as `precursor template` writes it."""
    return _sheet(grid) is not None


def convert_filled(
    sheets: Sequence[tuple[Grid, Place]], mapping: ExportMapping, setting: Setting, noted: Place
) -> Responses:
    """Return the answers in filled sheets; problems are noted at each sheet's place, or at ``noted`` (mapping).

    An answer is read as it is typed; a blank one is declined, and a blank form is the first of the question's forms
    in which the answer can be read.
    """
    answers: list[Response] = []
    first: dict[tuple[str, str, str, int], str] = {}
    aliases: dict[str, str] = {}
    for grid, place in sheets:
        sheet = _sheet(grid)
        if sheet is None:
            place.error("This is no sheet that `precursor template` wrote.", f"a header with {', '.join(_READ)}")
            continue
        reader = _Reader(sheet, mapping, setting, place)
        for row in sheet.rows:
            response = reader.response(row)
            if response is None:
                continue
            key = (response.expert, response.question, response.form, response.round)
            where = f"{grid.file}, row {row.line}"
            if key in first:
                message = f"A second answer of this expert to '{response.question}': the first is in {first[key]}."
                place.at(row=row.line).error(message, "one answer for each expert, question, form and round")
            first.setdefault(key, where)
            alias = aliases.setdefault(response.expert, f"p{len(aliases) + 1}")
            expert = alias if mapping.people.pseudonyms else response.expert
            answers.append(
                Response(expert, response.question, response.form, response.answer, response.round, response.comment)
            )
    for name in ("attributes", "drop", "answers"):
        if getattr(mapping, name):
            noted.at(column=name).error("Filled sheets have no columns to map.", 'layout = "wide", or nothing here')
    return Responses(tuple(answers), {answer.expert: {} for answer in answers})


@dataclass(slots=True)
class _Reader:
    sheet: Sheet
    mapping: ExportMapping
    setting: Setting
    place: Place
    nameless: bool = False

    def response(self, row: Row) -> Response | None:
        here = self.place.at(row=row.line)
        if row.line in self.mapping.drop_rows:
            return None
        id_, form, text = (self._cell(row, column) for column in ("question", "form", "answer"))
        if not id_ and not text:
            return None
        question = self.setting.question(id_, here.at(column="question"))
        expert = self._expert(row, here.at(column="expert"))
        round_ = self._round(self._cell(row, "round"), here.at(column="round"))
        if text.casefold() in {word.casefold() for word in self.mapping.declined}:
            text = ""
        read = None if question is None else self._read(question, form, text, here)
        if question is None or read is None or not expert:
            return None
        return Response(expert, question.id, *read, round_, self._comment(row, here))

    def _cell(self, row: Row, name: str) -> str:
        index = self.sheet.columns.get(name)
        text = "" if index is None else clean(row.cells[index])
        return text.removeprefix(_TAKEN_BACK).strip() if text[:2] in ("'=", "'+", "'-", "'@") else text

    def _expert(self, row: Row, place: Place) -> str:
        name = self._cell(row, "expert") or self.sheet.alias
        people = self.mapping.people
        if not name or (name.startswith("=") and unrunnable(name) != name):
            if not self.nameless:
                self.nameless = True
                place.error("No expert is named.", "an alias, typed where the sheet asks for it")
            return ""
        if is_identity(name) and not (people.pseudonyms or people.keep_identities):
            if not self.nameless:
                self.nameless = True
                message = "The expert is named by an e-mail or IP address, which is not copied."
                place.error(message, "an alias, or [expert] pseudonyms = true in the mapping")
            return ""
        return name

    def _round(self, text: str, place: Place) -> int:
        text = text.removesuffix(".0")
        if not text:
            return 1
        if (number := whole_number(text, 1, 9_999)) is not None:
            return number
        place.error(f"{text!r} is no round.", "a whole number from 1, or blank for 1")
        return 1

    def _read(self, question: Question, form: str, text: str, place: Place) -> tuple[str, str] | None:
        forms = (form,) if form else question.forms
        if form and form not in question.forms:
            known = form in FORMS
            what = f"'{question.id}' is not asked in the form '{form}'." if known else f"Unknown form '{form}'."
            place.at(column="form").error(what, ", ".join(question.forms))
            return None
        if not text:
            return forms[0], ""
        refusals: list[InputError] = []
        context = self.setting.context(question)
        for candidate in forms:
            try:
                worded = candidate in ("verbal", "ranking")
                written = text if worded else point_decimals(text, self.mapping.decimal_comma)
                parse_answer(candidate, written, context)
            except InputError as error:
                refusals.append(error)
            else:
                return candidate, written
        place.at(column="answer").note(refusals[0].problems)
        return None

    def _comment(self, row: Row, place: Place) -> str:
        text = self._cell(row, "comment")
        if has_email(text) and not self.mapping.people.keep_identities:
            place.at(column="comment").warn("An e-mail address in a comment was replaced.", "a comment without one")
            text = without_emails(text)
        return unrunnable(text) if text else ""


def _sheet(grid: Grid) -> Sheet | None:
    alias, alias_row = "", None
    for number, row in enumerate(grid.rows[:_HEADER_WITHIN]):
        names = [folded(cell) for cell in row.cells]
        if all(name in names for name in _NEEDED):
            columns = {name: names.index(name) for name in _READ if name in names}
            return Sheet(columns, grid.rows[number + 1 :], alias, alias_row)
        if "expert" in names:
            index = names.index("expert")
            alias, alias_row = clean(row.cells[index + 1]) if index + 1 < len(row.cells) else "", row.line
    return None
