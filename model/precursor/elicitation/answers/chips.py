"""Chips in bins: ``0-0.1: 5; 0.1-0.2: 3; 0.2-0.5: 2``; every expert may have bins of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.lists import labelled_parts
from precursor.elicitation.answers.numbers import Scale, on_scale, read_exact, refuse, shown
from precursor.elicitation.answers.spreadsheets import cleaned

MOST_CHIPS = 1_000_000
_SYNTAX = "0-0.1: 5; 0.1-0.2: 3; 0.2-0.5: 2 (bins in order, without overlap; whole numbers of chips, at least one)"
_EDGE = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*%?"
_BIN = re.compile(rf"(?P<low>{_EDGE})\s*(?:-|\u2013|to)\s*(?P<high>{_EDGE})", re.IGNORECASE)
_COUNT = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Chips:
    """How many chips lie in each bin from ``lows`` (inclusive) to ``highs`` (exclusive)."""

    lows: tuple[float, ...]
    highs: tuple[float, ...]
    counts: tuple[int, ...]
    scale: Scale = "probability"


def parse_chips(text: str, context: AnswerContext) -> Chips:
    """Return the bins and chips that ``text`` states; raise `InputError` if it states none."""
    parts = labelled_parts(cleaned(text, _SYNTAX), _SYNTAX)
    bins = [_bin(label, context.scale) for label, _ in parts]
    counts = tuple(_count(value) for _, value in parts)
    for (_, before), (after, _) in pairwise(bins):
        if after < before:
            raise refuse(f"A bin starts at {after:g}, before the last one ends at {before:g}.", _SYNTAX)
    if not 0 < sum(counts) <= MOST_CHIPS:
        raise refuse("There are no chips." if not sum(counts) else "There are too many chips.", _SYNTAX)
    lows, highs = zip(*bins, strict=True)
    return Chips(lows, highs, counts, context.scale)


def _bin(text: str, scale: Scale) -> tuple[float, float]:
    match = _BIN.fullmatch(text)
    if match is None:
        raise refuse(f"Cannot read {shown(text)} as a bin.", _SYNTAX)
    low, high = _edge(match["low"], scale), _edge(match["high"], scale)
    if low > 0 and ("%" in match["low"]) != ("%" in match["high"]):
        raise refuse(f"One edge of {shown(text)} is in percent and the other is not.", _SYNTAX)
    if low >= high:
        raise refuse(f"The bin {shown(text)} is empty or upside down.", _SYNTAX)
    return low, high


def _edge(text: str, scale: Scale) -> float:
    exact = read_exact(text, scale)
    # A bin of a ratio may start at zero, though no ratio is zero.
    return 0.0 if exact.value == 0 else on_scale(exact, text, scale).value


def _count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise refuse(f"Cannot read {shown(text)} as a number of chips.", _SYNTAX)
    return int(text)
