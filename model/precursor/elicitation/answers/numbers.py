"""Numbers as people type them, with the resolution at which they were typed.

A number typed is not a real number but an interval: half a unit of the last digit to either side.  ``2%`` is 1.5 to
2.5 %, ``1 in 50`` is one in 49.5 to 50.5, ``49:1 against`` is 48.5 to 49.5
against one.  The ends of the probability scale are answers too: 0 and 1 are taken as within half a percent, or
closer if typed closer.  Reading is exact, in fractions; floats are made at the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from precursor.problems import InputError, Problem

Scale = Literal["probability", "ratio", "linear", "log"]

LONGEST_ANSWER = 2_000
HALF_A_PERCENT = Fraction(1, 200)
_LARGEST_EXPONENT = 300
_LONGEST_SHOWN = 80
_SMALLEST = Fraction(1, 10**_LARGEST_EXPONENT)
_CLOSEST_TO_ONE = Fraction(1, 10**15)

ALLOWED = {
    "probability": "0.02, 2%, 1 in 50, 1/50, 49:1 against or 1e-9",
    "ratio": "a number above zero such as 3, 0.25 or 1/4",
    "linear": "a number in the question's unit such as 120, -3.5 or 1e6",
    "log": "a number above zero in the question's unit such as 120, 0.5 or 1e6",
}

_NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_DECIMAL = re.compile(rf"(?P<sign>-?)(?P<number>{_NUMBER})\s*(?P<percent>%?)")
_PARTS = re.compile(r"(?P<whole>[0-9]*)\.?(?P<decimals>[0-9]*)(?:[eE](?P<exponent>[+-]?[0-9]+))?")
_FRACTION = re.compile(rf"(?P<part>{_NUMBER})\s*(?P<of>/|in)\s*(?P<whole>{_NUMBER})", re.IGNORECASE)
_ODDS = re.compile(
    rf"(?P<first>{_NUMBER})\s*(?::|to)\s*(?P<second>{_NUMBER})\s*(?P<side>against|on|for)", re.IGNORECASE
)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)\s*%?", re.IGNORECASE)
_COMMA = re.compile(r"[0-9]\s*,\s*[0-9]|,[0-9]|[0-9],")
_EMPTY_WORDS = frozenset(
    {"-", "--", "?", "n/a", "na", "nil", "none", "null", "unknown", "x", "don't know", "no answer"}
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A number typed: its value, and the interval that its resolution leaves open (``low <= value <= high``)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Exact:
    """A number typed, in fractions."""

    value: Fraction
    low: Fraction
    high: Fraction


def refuse(message: str, allowed: str | None = None) -> InputError:
    """Return the error for an answer that cannot be read; where it stands is added by whoever reads the file."""
    return InputError(Problem(message, allowed))


def shown(text: str) -> str:
    """Return ``text`` in quotes for a message, cut short if it is long."""
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}...")


def read_number(text: str, scale: Scale) -> Reading:
    """Return the number in ``text``, read on ``scale``; raise `InputError` saying what is allowed if there is none."""
    return on_scale(read_exact(text, scale), text, scale)


def read_exact(text: str, scale: Scale) -> Exact:
    """Return the number in ``text`` in fractions, unchecked against the ends of ``scale``."""
    _refuse_strays(text, scale)
    if match := _ODDS.fullmatch(text):
        return _odds(match, text, scale)
    if match := _FRACTION.fullmatch(text):
        return _fraction(match, text, scale)
    if match := _DECIMAL.fullmatch(text):
        return _decimal(match, text, scale)
    raise refuse(f"Cannot read {shown(text)} as a number{_guess(text)}.", ALLOWED[scale])


def on_scale(exact: Exact, text: str, scale: Scale) -> Reading:
    """Return a reading in floats, with the resolution cut off at the ends of the probability scale."""
    value, low, high = exact.value, exact.low, exact.high
    if value < 0 and scale != "linear":
        raise refuse(f"{shown(text)} is negative.", ALLOWED[scale])
    if value == 0 and scale in ("ratio", "log"):
        raise refuse(f"{shown(text)} is zero, which a log scale does not have.", ALLOWED[scale])
    if value > 1 and scale == "probability":
        raise refuse(f"{shown(text)} is above 1, so it is no probability{_percent_meant(text, value)}.", ALLOWED[scale])
    if 0 < abs(value) < _SMALLEST or abs(value) > 1 / _SMALLEST:
        raise refuse(f"{shown(text)} is too close to zero, or too large, to compute with.", "between 1e-300 and 1e300")
    if scale == "probability":
        if 0 < 1 - value < _CLOSEST_TO_ONE:
            raise refuse(f"{shown(text)} is too close to 1 to compute with.", "1, or up to 1 - 1e-15")
        low, high = max(low, Fraction(0)), min(high, Fraction(1))
    return Reading(float(value), float(low), float(high))


def whole_number(text: str, least: int, most: int) -> int | None:
    """Return the whole number that a text of digits 0-9 is, if it lies in a range; None for anything else.

    Python's own reading takes other scripts' digits, and raises for more than some thousand of them.
    """
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0") or "0"
    return number if len(digits) <= len(str(most)) and least <= (number := int(digits)) <= most else None


def typed(number: str) -> tuple[Fraction, Fraction]:
    """Return the value of a plain decimal number and the unit of its last digit."""
    match = _PARTS.fullmatch(number)
    if match is None:
        raise refuse(f"Cannot read {shown(number)} as a number.")
    exponent = int(match["exponent"] or 0)
    if abs(exponent) > _LARGEST_EXPONENT:
        raise refuse(f"The exponent in {shown(number)} is too large to compute with.", "between 1e-300 and 1e300")
    unit = Fraction(10) ** (exponent - len(match["decimals"]))
    return int((match["whole"] + match["decimals"]) or "0") * unit, unit


def _decimal(match: re.Match[str], text: str, scale: Scale) -> Exact:
    value, unit = typed(match["number"])
    if match["percent"]:
        if scale != "probability":
            raise refuse(f"{shown(text)} is a percentage, which this question does not take.", ALLOWED[scale])
        value, unit = value / 100, unit / 100
    half = unit / 2
    if scale == "probability" and value in (0, 1):
        half = min(half, HALF_A_PERCENT)
    value = -value if match["sign"] else value
    return Exact(value, value - half, value + half)


def _fraction(match: re.Match[str], text: str, scale: Scale) -> Exact:
    if scale != "probability" and match["of"] != "/":
        raise refuse(f"{shown(text)} is a probability, which this question does not take.", ALLOWED[scale])
    (part, _), (whole, unit) = typed(match["part"]), typed(match["whole"])
    if part == 0 or whole == 0:
        raise refuse(f"{shown(text)} has a zero in it.", "0 itself, or a fraction such as 1/50")
    if part == whole != 1 and scale == "probability":
        raise refuse(f"{shown(text)} is one if computed and a half in speech.", "50%, or 1")
    unit = min(unit, Fraction(1))
    return Exact(part / whole, part / (whole + unit / 2), part / (whole - unit / 2))


def _odds(match: re.Match[str], text: str, scale: Scale) -> Exact:
    if scale != "probability":
        raise refuse(f"{shown(text)} is odds, which this question does not take.", ALLOWED[scale])
    (first, unit), (second, _) = typed(match["first"]), typed(match["second"])
    if first == 0 or second == 0:
        raise refuse(f"{shown(text)} has a zero in it.", "0 or 1 itself, or odds such as 49:1 against")
    unit = min(unit, Fraction(1))
    fewer, more = first - unit / 2, first + unit / 2
    if match["side"].lower() == "against":
        return Exact(second / (first + second), second / (more + second), second / (fewer + second))
    return Exact(first / (first + second), fewer / (fewer + second), more / (more + second))


def _refuse_strays(text: str, scale: Scale) -> None:
    if any(character.isnumeric() and not character.isascii() for character in text):
        raise refuse(f"{shown(text)} holds digits other than 0-9.", ALLOWED[scale])
    if text.strip().lower() in _EMPTY_WORDS or not text.strip():
        raise refuse(f"{shown(text)} is no number: to decline, leave the cell blank.", ALLOWED[scale])
    if _NOT_FINITE.fullmatch(text):
        raise refuse(f"{shown(text)} is not a finite number.", ALLOWED[scale])
    if _COMMA.search(text):
        raise refuse(f"{shown(text)} has a comma in it: decimals take a point, thousands nothing.", ALLOWED[scale])
    if text.count("%") > 1:
        raise refuse(f"{shown(text)} has more than one percent sign.", ALLOWED[scale])


def _guess(text: str) -> str:
    if text.startswith(("<", ">")):
        return ": it is a bound (form 'bound')"
    if text.startswith("~"):
        return ": '~' cannot stand here"
    if re.fullmatch(rf"{_NUMBER}\s*:\s*{_NUMBER}", text):
        return ": odds need to say 'against' (or 'on')"
    if re.fullmatch(rf"{_NUMBER}\s*%?\s*(-|\u2013|to)\s*{_NUMBER}\s*%?", text):
        return ": it is a range (form 'quantiles' gives one)"
    if re.fullmatch(r"[^\W\d]+(\s+[^\W\d]+)*", text):
        return ": words are answers of the form 'verbal'"
    return ""


def _percent_meant(text: str, value: Fraction) -> str:
    plain = _DECIMAL.fullmatch(text)
    return f" (was {text}% meant?)" if plain and not plain["percent"] and value <= 100 else ""  # noqa: PLR2004
