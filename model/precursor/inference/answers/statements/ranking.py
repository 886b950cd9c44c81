"""Rankings: which of the network's orders a stated ranking is the union of.

An order of the network names the properties acquired, first to last, and those never acquired, tied at the end.  A
ranking ``a < b = c`` says that a came before b and before c, and nothing of b and c, nor of what it leaves out.

Its probability is that of the union, ``sum P(order)^beta exp(d[order])`` over those orders, normalised over all: a
Boltzmann (log-linear) choice among orders with energies ``-log P(order)`` (Luce 1959, Individual Choice Behavior; its
beta is the inverse temperature).  See `likelihood`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from precursor.elicitation.answers import Ranking


def orders_of(answer: Ranking, orders: Iterable[str]) -> tuple[str, ...]:
    """Return those of the orders (as `argument.query.rankings` spells them) in which the stated ranking holds."""
    pairs = [(a, b) for before, after in _separated(answer) for a in before for b in after]
    return tuple(order for order in orders if all(_before(order, a, b) for a, b in pairs))


def _separated(answer: Ranking) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return list(pairwise(answer.tiers))


def _before(order: str, first: str, second: str) -> bool:
    """Return whether ``first`` is acquired, and ``second`` later or never."""
    tiers = [tier.strip().split(" = ") for tier in order.split(" < ")]
    place = {name: i for i, tier in enumerate(tiers) for name in tier}
    return place[first] < place[second]
