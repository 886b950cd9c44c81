"""Verbal phrases: the lexicon's place; its spread is one draw for an author and phrase, shared by all their uses.

``l = location[phrase] + sd[phrase] e[author, phrase]`` with ``e ~ Normal(0, 1)``: location and spread are those of how
people read the phrase and of how official scales define it, in log-odds (``data/lexicon``, with its sources).
"""

from __future__ import annotations

from precursor.elicitation.answers import Verbal
from precursor.elicitation.answers.verbal import fold
from precursor.inference.answers.statements.statement import Meanings, Statement, statement


@statement.register
def _(answer: Verbal, meanings: Meanings) -> Statement | None:
    phrase = fold(answer.phrase)
    meaning = meanings[phrase]
    return Statement(meaning.location, phrase=phrase, phrase_sd=meaning.sd)
