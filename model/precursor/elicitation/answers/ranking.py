"""A ranking: ``base_goal_understood < goal_directed < long_term_goals = situationally_aware``, first acquired first."""

from __future__ import annotations

from dataclasses import dataclass

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.lists import repeated
from precursor.elicitation.answers.numbers import refuse, shown
from precursor.elicitation.answers.spreadsheets import cleaned
from precursor.problems import did_you_mean

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Ranking:
    """Properties in tiers, first acquired first; those of one tier are tied; those left out are unranked."""

    tiers: tuple[tuple[str, ...], ...]


def parse_ranking(text: str, context: AnswerContext) -> Ranking:
    """Return the ranking that ``text`` states; raise `InputError` if it states none."""
    syntax = _syntax(context)
    text = cleaned(text, syntax)
    if ">" in text:
        raise refuse(f"{shown(text)} has a '>' in it: the first acquired stands first.", syntax)
    tiers = tuple(tuple(name.strip() for name in tier.split("=")) for tier in text.split("<"))
    names = [name for tier in tiers for name in tier]
    if not all(names):
        raise refuse("There is nothing beside a '<' or '='.", syntax)
    for name in names:
        if name not in context.properties:
            raise refuse(f"Unknown property {shown(name)}.", did_you_mean(name, context.properties, 4))
    if twice := repeated(names):
        raise refuse(f"{', '.join(twice)} is ranked more than once.", syntax)
    if len(names) < _FEWEST:
        raise refuse("A single property is no ranking.", syntax)
    return Ranking(tiers)


def _syntax(context: AnswerContext) -> str:
    return f"two or more of {', '.join(context.properties)}, with < (before) or = (tied) between"
