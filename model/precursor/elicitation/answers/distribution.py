"""A distribution over a node's states: ``deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%``."""

from __future__ import annotations

import math
from dataclasses import dataclass

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.lists import labelled_parts, repeated
from precursor.elicitation.answers.numbers import read_number, refuse, shown
from precursor.elicitation.answers.spreadsheets import cleaned
from precursor.problems import did_you_mean

SUM_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class Distribution:
    """A probability for every state, as stated: the sum is within 0.02 of one.

    States are in the network's order.  ``lows`` and ``highs`` are the ends of each probability's resolution as typed.
    """

    states: tuple[str, ...]
    probabilities: tuple[float, ...]
    lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()


def parse_distribution(text: str, context: AnswerContext) -> Distribution:
    """Return the distribution that ``text`` states; raise `InputError` unless it names every state once."""
    syntax = _syntax(context)
    parts = labelled_parts(cleaned(text, syntax), syntax)
    names = [name for name, _ in parts]
    _check_states(names, context, syntax)
    readings = {name: read_number(value, "probability") for name, value in parts}
    total = math.fsum(reading.value for reading in readings.values())
    if abs(total - 1) > SUM_TOLERANCE + 1e-12:
        raise refuse(f"The probabilities sum to {total:.4g}.", "a sum within 0.02 of one")
    ordered = [readings[state] for state in context.states]
    values, lows, highs = zip(*((r.value, r.low, r.high) for r in ordered), strict=True)
    return Distribution(context.states, values, lows, highs)


def _check_states(names: list[str], context: AnswerContext, syntax: str) -> None:
    for name in names:
        if name not in context.states:
            raise refuse(f"Unknown state {shown(name)}.", did_you_mean(name, context.states, len(names)))
    if twice := repeated(names):
        raise refuse(f"{', '.join(twice)} is given more than once.", syntax)
    if missing := [state for state in context.states if state not in names]:
        raise refuse(f"No probability for {', '.join(missing)}.", syntax)


def _syntax(context: AnswerContext) -> str:
    return f"a probability for each of {', '.join(context.states)}: {'; '.join(f'{s}: ...%' for s in context.states)}"
