"""What a parser must know of the question in order to read an answer to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from precursor.elicitation.answers.numbers import Scale


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """The scale of the answer; the states, properties and phrases that may be named in it."""

    scale: Scale = "probability"
    states: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    phrases: Collection[str] = ()
