"""Decimal commas and thousands separators: told apart by what the mapping says, never by a guess."""

from __future__ import annotations

import re

from precursor.problems import InputError, Problem

_SPACED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:[ '_]\d{3})+(?![\d])")
_WITH_COMMA = re.compile(r"(?<![\d.,])\d[\d.]*(?:,\d+)+(?:\.\d+)?(?![\d,])|(?<![\d.,]),\d+(?![\d,])")
_COMMA_DECIMAL = re.compile(r"(?P<whole>[1-9]\d{0,2}(?:\.\d{3})+|\d*),(?P<decimals>\d+)")
_COMMA_GROUPS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_SURE_DECIMAL = re.compile(r"(?:0|\d{4,})?,\d+|\d+,(?:\d{1,2}|\d{4,})")


def point_decimals(text: str, decimal_comma: bool | None) -> str:
    """Return an answer with decimal points and without thousands separators.

    ``decimal_comma`` says what a comma in a number is: a decimal comma, a separator of thousands, or (None) not known.
    Raises `InputError` if there is a comma and it is not known, or cannot be what it is said to be.
    """
    text = _SPACED.sub(lambda match: re.sub(r"\D", "", match.group()), text)
    return _WITH_COMMA.sub(lambda match: _without_comma(match.group(), decimal_comma), text)


def surely_decimal(text: str) -> bool:
    """Return whether there is a comma in a number of ``text`` that separates no thousands: ``0,5`` or ``12,5``."""
    return any(_SURE_DECIMAL.fullmatch(match.group()) for match in _WITH_COMMA.finditer(text))


def has_comma(text: str) -> bool:
    """Return whether there is a comma in a number of ``text``."""
    return _WITH_COMMA.search(text) is not None


def _without_comma(number: str, decimal_comma: bool | None) -> str:
    if decimal_comma is None:
        message = f"{number!r} has a comma in it: a decimal comma, or one that separates thousands?"
        raise InputError(Problem(message, "decimal_comma = true or false in the mapping"))
    if decimal_comma and (match := _COMMA_DECIMAL.fullmatch(number)):
        return f"{match['whole'].replace('.', '')}.{match['decimals']}"
    if not decimal_comma and _COMMA_GROUPS.fullmatch(number):
        return number.replace(",", "")
    meaning = "a decimal comma" if decimal_comma else "one that separates thousands"
    raise InputError(Problem(f"{number!r} has a comma in it that is not {meaning}.", "the number typed with a point"))
