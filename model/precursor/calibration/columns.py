"""Columns of FORECASTS and OUTCOMES: their names, as spelled, and rounds."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from precursor.elicitation.answers.numbers import whole_number
from precursor.elicitation.files import SourceText
from precursor.elicitation.findings import Place
from precursor.elicitation.tables import delimiter
from precursor.problems import InputError, Problem

QUESTION = ("question", "claim")
_LATEST_ROUND = 9_999


def header_of(source: SourceText) -> list[str]:
    """Return the column names of a CSV file; none if the header cannot be read."""
    try:
        first = next(csv.reader([source.text.lstrip("\r\n").split("\n", 1)[0]], delimiter=delimiter(source.text)), [])
    except csv.Error:
        return []
    return [name.strip() for name in first]


def first_of(spellings: Sequence[str], names: Sequence[str]) -> str:
    """Return the first of several spellings that is a column; if none is, the first, which is then missing."""
    return next((spelling for spelling in spellings if spelling in names), spellings[0])


def refuse_round(text: str | None) -> int | None:
    """Return ``--round`` as a number; raise `InputError` if it is none."""
    if text is None:
        return None
    number = whole_number(text, 1, _LATEST_ROUND)
    if number is None:
        raise InputError(Problem(f"--round {text!r} cannot be used.", f"a whole number from 1 to {_LATEST_ROUND:,}"))
    return number


def read_round(text: str, place: Place) -> int:
    """Return a round, 1 if blank; 0, which no round is, after noting that there is none."""
    if not text:
        return 1
    if (number := whole_number(text, 1, _LATEST_ROUND)) is not None:
        return number
    place.error(f"{text!r} is no round.", "a whole number from 1, or blank for 1")
    return 0
