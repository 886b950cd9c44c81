"""Percent or fraction: which unit a column of numbers is in, and each number written so that there is no doubt.

A *bare* number is one without a sign of its unit; ``5%``, ``1 in 20`` and ``19:1 against`` need no unit.  A unit is
recognised only where every bare number of a column allows one reading and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from precursor.elicitation.answers import Scale

UNITS = ("probability", "percent", "odds", "odds_against", "one_in", "number")
# Not known yet: a number is read as what it can be, so that what is wrong in either unit is found.
EITHER = "either"
_NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
_BARE = re.compile(rf"(?P<before>(?:[<>]=?|[\u2264\u2265~])?\s*)(?P<number>{_NUMBER})")
_PER_CENT = re.compile(r"\s*(?:percent|per cent|pct\.?|prozent)\s*$", re.IGNORECASE)
_BIN = re.compile(rf"(?P<low>{_NUMBER})\s*(?P<to>-|\u2013|to)\s*(?P<high>{_NUMBER})", re.IGNORECASE)
HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The unit recognised, or None and why it has to be stated."""

    unit: str | None
    why: str


def bare_number(text: str) -> float | None:
    """Return the number in an answer that has no sign of its unit (``<5`` and ``~5`` too), else None."""
    match = _BARE.fullmatch(text)
    return float(match["number"]) if match else None


def recognise(texts: Iterable[str]) -> Verdict:
    """Return the unit of a column of probabilities, given its answers: ``probability`` (0 to 1) or ``percent``.

    Between 0 and 1, with something strictly between: fractions.  Nothing strictly between, something above 1, nothing
    above 100: percent.  Numbers of both kinds, or only zeros and ones, have to be asked about; so have fractions
    beside answers with a percent sign.
    """
    texts = [text for text in texts if text]
    values = [value for text in texts if (value := bare_number(text)) is not None]
    inside, above = [v for v in values if 0 < v < 1], [v for v in values if v > 1]
    if not values:
        return Verdict("probability", "no answer is a bare number")
    if max(values) > HUNDRED:
        return Verdict(None, f"{max(values):g} is neither a probability nor a percentage")
    if inside and above:
        return Verdict(None, f"it holds both {inside[0]:g} and {above[0]:g}")
    if above:
        return Verdict("percent", "no number lies between 0 and 1, and none is above 100")
    return _up_to_one(bool(inside), any("%" in text for text in texts))


def _up_to_one(inside: bool, signs: bool) -> Verdict:
    if signs:
        return Verdict(None, "some answers have a percent sign, and the others are 1 or less")
    if inside:
        return Verdict("probability", "every number is between 0 and 1")
    return Verdict(None, "every number is 0 or 1, which may be 1 % or certainty")


def doubtful(unit: str, values: Sequence[float]) -> list[int]:
    """Return which bare numbers contradict a stated unit: in percent, those strictly between 0 and 1."""
    return [n for n, value in enumerate(values) if unit == "percent" and 0 < value < 1]


def state(text: str, unit: str, scale: Scale = "probability") -> str:
    """Return an answer with its unit: a bare ``5`` in percent is ``5%``; what states its own unit is unchanged.

    The parts of a list (``5%: 2; 95%: 40``) and the edges of bins (``0-10: 5``) are numbers of that unit too.
    """
    text = _PER_CENT.sub("%", text)
    if scale != "probability" or unit in ("probability", "number"):
        return text
    if ":" in text and "against" not in text.lower() and " on" not in text.lower():
        return "; ".join(_part(part, unit) for part in text.split(";"))
    return _stated(text, unit)


def _part(text: str, unit: str) -> str:
    label, _, value = (piece.strip() for piece in text.partition(":"))
    if match := _BIN.fullmatch(label):
        return f"{_stated(match['low'], unit)}-{_stated(match['high'], unit)}: {value}"
    return f"{label}: {_stated(value, unit)}"


def _stated(text: str, unit: str) -> str:
    match = _BARE.fullmatch(text.strip())
    if match is None:
        return text
    before, number = match["before"], match["number"]
    if unit == EITHER:
        return text if float(number) <= 1 else f"{text}%"
    if float(number) == 0 and unit in ("odds", "odds_against"):
        return f"{before}{0 if unit == 'odds' else 1}"
    written = {
        "percent": f"{number}%",
        "odds": f"{number}:1 on",
        "odds_against": f"{number}:1 against",
        "one_in": f"1 in {number}",
    }
    return before + written[unit]
