"""Two experts who may be one: their names are the same but for what an eye passes over.

That is capitals, white space, characters without width, and whether an accent is one character with its letter or two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.elicitation.suspicions.stated import warning
from precursor.problems import Problem

_WITHOUT_WIDTH = "Cf"
_REMEDY = "one name for each person; two people: names that differ more; or both the same 'person' in experts.csv"


def names_alike(survey: Survey) -> Iterator[Problem]:
    """Yield each expert whose name looks like that of an earlier one who is not the same person."""
    first: dict[str, Judgement] = {}
    seen: set[str] = set()
    for judgement in survey.judgements:
        if judgement.expert in seen:
            continue
        seen.add(judgement.expert)
        earlier = first.setdefault(_as_seen(judgement.expert), judgement)
        if earlier.person != judgement.person:
            message = f"'{judgement.expert}' and '{earlier.expert}' look like one person."
            yield replace(warning(judgement, message, _REMEDY), column="expert")


def _as_seen(name: str) -> str:
    letters = unicodedata.normalize("NFKC", name).casefold()
    return " ".join("".join(c for c in letters if unicodedata.category(c) != _WITHOUT_WIDTH).split())
