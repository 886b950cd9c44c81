"""The cells of one row that answer one question, as one answer in the spelling of ``responses.csv``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from precursor.elicitation.answers import AnswerContext, parse_answer
from precursor.elicitation.answers.numbers import read_number, whole_number
from precursor.elicitation.answers.spreadsheets import cleaned
from precursor.elicitation.findings import Place
from precursor.elicitation.imports.columns import Column
from precursor.elicitation.imports.mapping import AnswerColumns
from precursor.elicitation.imports.numbers import point_decimals
from precursor.elicitation.imports.texts import clean, folded
from precursor.elicitation.imports.units import state
from precursor.problems import InputError, Problem, did_you_mean

_RANK = re.compile(r"(?P<rank>\d{1,3})(?:\.0*|[snrt][tdh])?", re.IGNORECASE)
_FEWEST_LEVELS = 2
_LARGEST_SERIAL, _SMALLEST_SERIAL = 60_000, 30_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as the export holds its answers: the columns found, the unit settled, what parsers need."""

    answer: AnswerColumns
    unit: str
    context: AnswerContext
    column: Column | None
    parts: Mapping[str, Column]
    slots: tuple[Column, ...]
    decimal_comma: bool | None
    declined: frozenset[str]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column that holds a part of the answer."""
        return (*((self.column,) if self.column else ()), *self.parts.values(), *self.slots)


def answer_of(cells: Sequence[str], asked: Asked, place: Place) -> tuple[str, str] | None:
    """Return the form and the text of a row's answer; None if declined, or after noting what is wrong with it."""
    texts = {column.index: _given(cells[column.index], asked) for column in asked.columns}
    if not any(texts.values()):
        return None
    if asked.column is not None:
        return _whole(texts[asked.column.index], asked, place.at(column=asked.column.shown))
    before = len(place.findings.errors)
    text = _composed(texts, asked, place)
    if text is None or len(place.findings.errors) > before:
        return None
    form = asked.answer.forms[0]
    with place.at(column=asked.columns[0].shown).noting():
        parse_answer(form, text, asked.context)
        return form, text
    return None


def number_text(text: str, asked: Asked) -> str:
    """Return a cell with point decimals and the sign of its unit."""
    return state(point_decimals(text, asked.decimal_comma), asked.unit, asked.context.scale)


def _given(cell: str, asked: Asked) -> str:
    """Return what a cell says, "" if the person declined."""
    text = clean(cell)
    text = {folded(key): value for key, value in asked.answer.labels.items()}.get(folded(text), text) if text else text
    return "" if text.casefold() in asked.declined else text


def _whole(text: str, asked: Asked, place: Place) -> tuple[str, str] | None:
    refusals: list[InputError] = []
    for form in asked.answer.forms:
        try:
            written = text if form in ("verbal", "ranking") else number_text(text, asked)
            parse_answer(form, written, asked.context)
        except InputError as error:
            refusals.append(error)
        else:
            return form, written
    place.note(_explained(refusals[0], text))
    return None


def _explained(refusal: InputError, text: str) -> tuple[Problem, ...]:
    if whole_number(text, _SMALLEST_SERIAL + 1, _LARGEST_SERIAL - 1) is not None:
        message = f"{text} looks like a date that a spreadsheet has turned into a number."
        return (Problem(message, refusal.problems[0].allowed),)
    return refusal.problems


def _composed(texts: Mapping[int, str], asked: Asked, place: Place) -> str | None:
    if asked.slots:
        return _by_slots([texts[column.index] for column in asked.slots], asked, place)
    given = {label: (texts[column.index], place.at(column=column.shown)) for label, column in asked.parts.items()}
    form = asked.answer.forms[0]
    if form == "ranking":
        return _by_ranks(given, asked)
    if form == "chips":
        return "; ".join(f"{label}: {_count(text, here)}" for label, (text, here) in given.items() if text)
    pieces = [(label, _number(text, asked, here)) for label, (text, here) in given.items() if text]
    blank = [here for text, here in given.values() if not text]
    if blank and (form == "distribution" or len(pieces) < _FEWEST_LEVELS):
        blank[0].error("Blank, while other parts of the answer are given.", "all parts, or none")
        return None
    return "; ".join(f"{label}: {text}" for label, text in pieces)


def _number(text: str, asked: Asked, place: Place) -> str:
    with place.noting():
        written = cleaned(number_text(text, asked), "a number")
        read_number(written, asked.context.scale)
        return written
    return text


def _count(text: str, place: Place) -> str:
    match = re.fullmatch(r"(\d+)(?:\.0*)?", text)
    if match is None:
        place.error(f"{text!r} is no number of chips.", "a whole number")
    return match[1] if match else text


def _by_ranks(given: Mapping[str, tuple[str, Place]], asked: Asked) -> str:
    ranked: dict[int, list[str]] = {}
    for label, (text, here) in given.items():
        match = _RANK.fullmatch(text)
        if match is None and text:
            here.error(f"{text!r} is no rank.", "1, 2, 3, ... (1 comes first), or blank if unranked")
        property_ = _property(label, asked, here)
        if match is not None and property_ is not None:
            ranked.setdefault(int(match["rank"]), []).append(property_)
    return " < ".join(" = ".join(ranked[rank]) for rank in sorted(ranked))


def _by_slots(texts: Sequence[str], asked: Asked, place: Place) -> str:
    names = []
    for text, column in zip(texts, asked.slots, strict=True):
        if text:
            names.append(_property(text, asked, place.at(column=column.shown)) or text)
    return " < ".join(names)


def _property(text: str, asked: Asked, place: Place) -> str | None:
    properties = asked.context.properties
    found = {folded(name): name for name in properties}.get(folded(text))
    if found is None:
        allowed = f"{did_you_mean(text, properties, 4)}; or labels in the mapping"
        place.error(f"Unknown property {text!r}.", allowed)
    return found
