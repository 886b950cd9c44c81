"""A phrase: ``very unlikely``.  What it means is in the lexicon."""

from __future__ import annotations

from dataclasses import dataclass

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.numbers import refuse, shown
from precursor.elicitation.answers.spreadsheets import cleaned
from precursor.problems import did_you_mean


@dataclass(frozen=True, slots=True)
class Verbal:
    """A phrase as the lexicon spells it: small letters, single spaces."""

    phrase: str


def fold(phrase: str) -> str:
    """Return a phrase as the lexicon spells it: case and white space do not matter."""
    return " ".join(phrase.lower().split())


def parse_verbal(text: str, context: AnswerContext) -> Verbal:
    """Return the phrase; raise `InputError`, offering the nearest, if the lexicon does not have it."""
    text = cleaned(text, "a phrase of the lexicon")
    phrase = fold(text)
    if phrase not in context.phrases:
        nearest = did_you_mean(phrase, context.phrases)
        allowed = f"{nearest} (or a lexicon of the survey's own)"
        raise refuse(f"The phrase {shown(text)} is not in the lexicon.", allowed)
    return Verbal(phrase)
