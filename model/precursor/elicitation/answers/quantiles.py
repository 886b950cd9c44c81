"""Quantiles: ``5%: 0.001; 50%: 0.02; 95%: 0.2``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.lists import labelled_parts
from precursor.elicitation.answers.numbers import ALLOWED, Reading, Scale, read_number, refuse, shown
from precursor.elicitation.answers.spreadsheets import cleaned

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Quantiles:
    """The levels (strictly increasing, inside 0 and 1) and the values there, which do not fall.

    ``lows`` and ``highs`` are the ends of each value's resolution as typed (empty where nothing was typed).
    """

    levels: tuple[float, ...]
    values: tuple[float, ...]
    scale: Scale = "probability"
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()


def parse_quantiles(text: str, context: AnswerContext) -> Quantiles:
    """Return the quantiles that ``text`` states; raise `InputError` if they are not quantiles of anything."""
    syntax = allowed(context.scale)
    text = cleaned(text, syntax)
    parts = labelled_parts(text, syntax)
    if len(parts) < _FEWEST:
        raise refuse(f"{shown(text)} is a single level.", f"two or more levels: {syntax}")
    levels = tuple(_level(label) for label, _ in parts)
    readings = tuple(read_number(value, context.scale) for _, value in parts)
    _check_rising(levels, readings, syntax)
    values, lows, highs = zip(*((r.value, r.low, r.high) for r in readings), strict=True)
    return Quantiles(levels, values, context.scale, lows, highs)


def allowed(scale: Scale) -> str:
    """Return how quantiles may be written on a scale."""
    example = "5%: 0.001; 50%: 0.02; 95%: 0.2" if scale == "probability" else "5%: 2; 50%: 4; 95%: 10"
    return f"{example}; as values {ALLOWED[scale]}"


def _level(text: str) -> float:
    level = read_number(text, "probability").value
    if not 0 < level < 1:
        raise refuse(f"The level {shown(text)} is not between 0 and 1.", "levels such as 5%, 50% and 95%")
    return level


def _check_rising(levels: tuple[float, ...], readings: tuple[Reading, ...], syntax: str) -> None:
    for before, after in pairwise(levels):
        if after <= before:
            raise refuse(f"The levels do not rise: {after:g} after {before:g}.", f"levels that rise: {syntax}")
    for before, after in pairwise(reading.value for reading in readings):
        if after < before:
            raise refuse(f"The values fall: {after:g} after {before:g}.", f"values that do not fall: {syntax}")
