"""A bound: ``<1%``, ``<=1%``, ``>0.9``; of a ratio ``>1``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.numbers import ALLOWED, Scale, read_number, refuse, shown
from precursor.elicitation.answers.spreadsheets import cleaned
from precursor.problems import InputError

_BOUND = re.compile(r"(?P<side>[<>])(?P<equal>=?)\s*(?P<number>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Bound:
    """The quantity is below ``limit``, or else above it; ``inclusive`` if it may equal it."""

    limit: float
    below: bool
    inclusive: bool = False
    scale: Scale = "probability"


def parse_bound(text: str, context: AnswerContext) -> Bound:
    """Return the bound that ``text`` states; raise `InputError` if it states none, or one that rules nothing out."""
    text = cleaned(text, allowed(context.scale))
    match = _BOUND.fullmatch(text.replace("≤", "<=").replace("≥", ">="))
    if match is None:
        raise refuse(f"Cannot read {shown(text)} as a bound.", allowed(context.scale))
    number = match["number"].strip()
    if ":" in number:
        raise refuse(f"{shown(text)} bounds odds, which can be read two ways.", allowed(context.scale))
    limit = read_number(number, context.scale).value
    below = match["side"] == "<"
    if context.scale == "probability" and limit in (0, 1):
        raise _refuse_end(text, below == (limit == 0), bool(match["equal"]), allowed(context.scale))
    return Bound(limit, below, bool(match["equal"]), context.scale)


def allowed(scale: Scale) -> str:
    """Return how a bound may be written on a scale."""
    examples = "<1%, <=1% or >0.9" if scale == "probability" else ">1, >=2 or <1/3"
    return f"{examples}; as the limit {ALLOWED[scale]}"


def _refuse_end(text: str, outward: bool, inclusive: bool, syntax: str) -> InputError:
    if outward and inclusive:
        return refuse(f"{shown(text)} leaves a single value.", "the value itself, in the form 'point'")
    ruled_out = "everything" if outward else "nothing"
    return refuse(f"{shown(text)} rules {ruled_out} out.", f"a limit between 0 and 1, or a blank cell: {syntax}")
