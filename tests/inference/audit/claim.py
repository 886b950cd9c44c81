"""Claims for tests, written as queries."""

from __future__ import annotations

from precursor.elicitation.answers import Point
from precursor.elicitation.judgements import Judgement
from precursor.inference.audit.claims import Claim
from precursor.network.grammar import ProbabilityQuery, parse_query


def claim(query: str, low: float, high: float | None = None, row: int = 2) -> Claim:
    high = low if high is None else high
    tree = parse_query(query)
    assert isinstance(tree, ProbabilityQuery)
    point = Point((low + high) / 2, low, high)
    judgement = Judgement("survey", "e", "e", query, "point", point, f"{point.value:g}", row)
    world = frozenset(tree.given.interventions), None
    return Claim(judgement, frozenset(tree.events), frozenset(tree.given.evidence), low, high, point.value, world)


def named(*entries: tuple[str, float] | tuple[str, float, float]) -> list[Claim]:
    return [claim(*entry, row=i + 2) if len(entry) == 3 else claim(entry[0], entry[1], entry[1], i + 2)
            for i, entry in enumerate(entries)]  # fmt: skip
