"""A number: ``0.02``, ``2%``, ``1 in 50``, ``1/50``, ``49:1 against``, ``1e-9``, or roughly, ``~2%``."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.numbers import ALLOWED, Exact, Scale, on_scale, read_exact, refuse, shown
from precursor.elicitation.answers.spreadsheets import cleaned


@dataclass(frozen=True, slots=True)
class Point:
    """A number stated, and the interval in which what was meant lies.

    The interval is the resolution at which the number was typed; for an ``approximate`` number it is a factor of two
    either way, in the odds of a probability and in the ratio itself.
    """

    value: float
    low: float
    high: float
    approximate: bool = False
    scale: Scale = "probability"


def parse_point(text: str, context: AnswerContext) -> Point:
    """Return the number that ``text`` states; raise `InputError` if it states none."""
    scale = context.scale
    text = cleaned(text, allowed(scale))
    number = text.removeprefix("~").strip()
    approximate = text.startswith("~")
    exact = read_exact(number, scale)
    if approximate:
        on_scale(exact, text, scale)
        exact = _within_a_factor_of_two(exact.value, text, scale)
    reading = on_scale(exact, text, scale)
    return Point(reading.value, reading.low, reading.high, approximate, scale)


def allowed(scale: Scale) -> str:
    """Return how a point may be written on a scale."""
    return ALLOWED[scale] if scale == "linear" else f"{ALLOWED[scale]}; ~ before it: within a factor of two"


def _within_a_factor_of_two(value: Fraction, text: str, scale: Scale) -> Exact:
    if scale == "linear":
        raise refuse(f"{shown(text)} is a factor of two, which a linear scale does not have.", ALLOWED[scale])
    if scale != "probability":
        return Exact(value, value / 2, value * 2)
    if value in (0, 1):
        message = f"{shown(text)} has no odds to be within a factor of two of."
        raise refuse(message, "0 or 1 without ~, or a bound such as <10% or >90%")
    return Exact(value, value / (2 - value), 2 * value / (1 + value))
