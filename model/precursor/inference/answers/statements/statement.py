"""The common currency of answers: a location on the question's scale, with what is vague or censored about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import singledispatch
from typing import Literal

from precursor.elicitation.lexicon import Lexicon

Side = Literal["none", "below", "above"]


Meanings = Lexicon


@dataclass(frozen=True, slots=True)
class Statement:
    """What one answer says about one quantity, in log-odds (probabilities) or logs (ratios).

    Attributes
    ----------
    location
        Where the answer stands; for a censored one, the limit.
    variance
        What rounding adds: an answer known only to lie in an interval of width ``w`` has ``w**2 / 12`` (the second
        moment of the interval; exact to fourth order in ``w`` over the noise's scale, which is larger throughout).
    censored
        ``below``: the quantity is stated to lie below ``location``; ``above`` likewise.
    width
        Standard deviation of the expert's own stated uncertainty (quantiles), to be multiplied by a width factor.
    phrase
        The phrase whose meaning is shared by one author's answers, with ``phrase_sd`` its spread.
    """

    location: float
    variance: float = 0.0
    censored: Side = "none"
    width: float = 0.0
    phrase: str | None = None
    phrase_sd: float = 0.0


@singledispatch
def statement(answer: object, meanings: Meanings) -> Statement | None:  # noqa: ARG001 - one signature for all forms
    """Return what an answer to a question of one quantity says; ``None`` for one that says nothing (``<100%``)."""
    raise TypeError(f"A {type(answer).__name__} does not speak of one quantity.")


def on_scale(value: float, scale: str) -> float:
    """Return a natural value on its unconstrained scale; the ends are infinite."""
    if scale == "ratio":
        return math.log(value) if value > 0 else -math.inf
    if value <= 0:
        return -math.inf
    return math.inf if value >= 1 else math.log(value) - math.log1p(-value)
