"""The form and unit in which the columns of one question are answered, as far as their cells tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from precursor.elicitation.answers import AnswerContext, parse_answer
from precursor.elicitation.imports.columns import Column, Table
from precursor.elicitation.imports.mapping import DECLINED, IN_PARTS, AnswerColumns
from precursor.elicitation.imports.matching import says_percent
from precursor.elicitation.imports.numbers import point_decimals
from precursor.elicitation.imports.texts import clean, folded
from precursor.elicitation.imports.units import bare_number, recognise, state
from precursor.elicitation.questions import Question
from precursor.problems import InputError

_LEVEL = re.compile(
    r"(?:p|q|quantile|percentile)?\s*(?P<level>\d{1,2}(?:\.\d+)?)\s*(?:%|[snrt][tdh])?(?:\s*percentile)?", re.I
)
_NAMED_LEVELS = {"median": "50%"}
_BIN = re.compile(r"\d[\d.]*\s*%?\s*(?:-|\u2013|to)\s*\d[\d.]*\s*%?")
_SLOT = re.compile(r"(?:rank\s*)?(?P<rank>\d{1,2})", re.I)
_ENOUGH = 0.5


def answer_columns(
    question: Question, context: AnswerContext, table: Table, column: Column
) -> tuple[AnswerColumns | None, list[str]]:
    """Return how a column that holds whole answers is read, and what is left to say about it.

    The forms are those of the question in which the cells can be read, the commonest first; if it is numbers whose
    unit is in doubt, the unit is left blank.
    """
    cells = _cells(table, column)
    unit, notes = _unit(question, context, cells, column)
    remaining, forms = list(cells), []
    while remaining:
        counts = {form: [c for c in remaining if _reads(form, c, context, unit)] for form in question.forms}
        best = max(counts, key=lambda form: len(counts[form]))
        if not counts[best] or best in forms:
            break
        forms.append(best)
        remaining = [cell for cell in remaining if cell not in counts[best]]
    if remaining and cells:
        shown = ", ".join(repr(cell[:30]) for cell in list(dict.fromkeys(remaining))[:3])
        notes.append(f"'{column.shown[:60]}': not read as an answer to '{question.id}': {shown}.")
    chosen = tuple(forms) or question.forms[:1]
    if set(chosen) <= {"verbal", "ranking"}:
        unit, notes = None, [note for note in notes if "unit" not in note]
    return AnswerColumns(question=question.id, forms=chosen, unit=unit, column=table.reference(column)), notes


def questions_in_parts(
    question: Question, context: AnswerContext, table: Table, parts: Sequence[tuple[Column, str]]
) -> tuple[AnswerColumns | None, list[str]]:
    """Return how several columns that hold one answer are read; None if it cannot be told."""
    for form in question.forms:
        if form == "ranking" and all(_SLOT.fullmatch(part) for _, part in parts):
            ordered = sorted(parts, key=lambda held: int(_SLOT.fullmatch(held[1])["rank"]))  # type: ignore[index]
            slots = tuple(table.reference(column) for column, _ in ordered)
            return AnswerColumns(question=question.id, forms=(form,), slots=slots), []
        labels = [_label(form, part, context) for _, part in parts]
        if form in IN_PARTS and all(labels) and len(set(labels)) == len(labels):
            cells = [cell for column, _ in parts for cell in _cells(table, column)]
            plain = form in ("ranking", "chips")
            unit, notes = (None, []) if plain else _unit(question, context, cells, parts[0][0])
            order = (
                sorted(range(len(parts)), key=lambda n: _place(labels[n])) if form in ("quantiles", "chips") else None
            )
            held = [(labels[n], table.reference(parts[n][0])) for n in (order or range(len(parts)))]
            named = {label: name for label, name in held if label}
            return AnswerColumns(question=question.id, forms=(form,), unit=unit, parts=named), notes
    named_parts = ", ".join(repr(part) for _, part in parts[:4])
    return None, [f"'{question.id}' is spread over columns whose parts are not understood: {named_parts}."]


def _label(form: str, part: str, context: AnswerContext) -> str | None:
    if form == "distribution":
        return {folded(state): state for state in context.states}.get(folded(part))
    if form == "ranking":
        return {folded(name): name for name in context.properties}.get(folded(part))
    if form == "chips":
        return part if _BIN.fullmatch(part) else None
    match = _LEVEL.fullmatch(part.strip())
    level = f"{match['level']}%" if match else _NAMED_LEVELS.get(folded(part))
    return level if level and float(level.rstrip("%")) > 0 else None


def _place(label: str | None) -> float:
    match = re.match(r"[\d.]+", label or "")
    return float(match[0]) if match else 0.0


def _cells(table: Table, column: Column) -> list[str]:
    """Return the different answers in a column, declined ones left out."""
    cells = dict.fromkeys(clean(row.cells[column.index]) for row in table.rows)
    return [_pointed(cell) for cell in cells if cell and cell.casefold() not in DECLINED]


def _pointed(cell: str) -> str:
    for decimal_comma in (True, False):
        try:
            return point_decimals(cell, decimal_comma)
        except InputError:
            continue
    return cell


def _unit(
    question: Question, context: AnswerContext, cells: Sequence[str], column: Column
) -> tuple[str | None, list[str]]:
    if context.scale != "probability":
        return "number", []
    numbers = any(bare_number(cell) is not None for cell in cells)
    verdict = recognise(cells)
    if says_percent(column.name) or says_percent(column.wording):
        if numbers and verdict.unit == "probability":
            return None, [f"'{column.shown[:60]}' says percent, yet no number is above 1: which unit is it?"]
        return "percent", []
    if not numbers:
        return ("probability", []) if cells else (None, [])
    if verdict.unit is None:
        return None, [f"The unit of '{column.shown[:60]}' ({question.id}) is not clear: {verdict.why}."]
    return verdict.unit, []


def _reads(form: str, cell: str, context: AnswerContext, unit: str | None) -> bool:
    for candidate in (unit,) if unit else ("probability", "percent"):
        try:
            parse_answer(
                form, cell if form in ("verbal", "ranking") else state(cell, candidate, context.scale), context
            )
        except InputError:
            continue
        return True
    return False
