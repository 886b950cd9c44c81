"""Partial concessions: what if one side gave way in one belief, or one group of beliefs, in part or in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from precursor.analysis.estimates import estimate, evenly
from precursor.analysis.sources import Source, log_odds_over, natural_of, parse_single, relevant, unconstrained_of
from precursor.analysis.words.parameter_groups import groups_of
from precursor.argument.parameters import ParameterSpace
from precursor.network.grammar import Query

SHARES = (0.25, 0.5, 0.75, 1.0)
DRAWS = 1000
MOST_EXHAUSTIVE = 30
_LARGEST_SET = 3
_MOST_GREEDY = 12
_HALF = 0.5


def half_the_gap(query: Query, a: Source, b: Source, beliefs: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Return the fewest beliefs of B that, adopted by A, close half of the gap in log-odds, and likewise from B.

    Each side of ``from_a`` and ``from_b`` has ``greedy`` (at each step the belief that brings the query nearest to the
    other side) and ``best`` (the best set of one, two and three; among the `MOST_EXHAUSTIVE` beliefs that move most by
    themselves if there are more).  ``closed`` is the share of the gap that is closed; with draws all is taken at the
    means of both sides.  Empty where there is no gap.
    """
    return {"from_a": _closing(query, a, b, beliefs), "from_b": _closing(query, b, a, beliefs), "at": _at(a, b)}


def _at(a: Source, b: Source) -> str:
    return "the scenarios' values" if a.single and b.single else "the means of the draws, unconstrained"


def _closing(query: Query, of: Source, towards: Source, beliefs: Mapping[str, np.ndarray]) -> dict[str, Any]:
    start, end = of.centre, towards.centre
    names = list(beliefs)
    first, last = log_odds_over([query], of, np.stack([start, end]))[:, 0]
    if first == last or not names:
        return {"gap": 0.0, "greedy": [], "best": []}

    def closed(sets: Sequence[Sequence[int]]) -> np.ndarray:
        rows = np.repeat(start[None, :], len(sets), axis=0)
        for row, chosen in enumerate(sets):
            for i in chosen:
                positions = beliefs[names[i]]
                rows[row, positions] = end[positions]
        return np.asarray((log_odds_over([query], of, rows)[:, 0] - first) / (last - first))

    single = closed([[i] for i in range(len(names))])
    strongest = np.argsort(-np.abs(single), kind="stable")[:MOST_EXHAUSTIVE].tolist()
    best = []
    for size in range(1, min(_LARGEST_SET, len(strongest)) + 1):
        sets = list(combinations(sorted(strongest), size))
        shares = closed(sets)
        top = int(np.argmin(np.abs(1.0 - shares)))
        best.append({"beliefs": [names[i] for i in sets[top]], "closed": float(shares[top])})
    return {
        "gap": float(last - first),
        "greedy": _greedy(names, closed),
        "best": best,
        "searched": len(strongest),
        "of": len(names),
    }


def _greedy(names: Sequence[str], closed: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - see `_closing`
    chosen: list[int] = []
    steps: list[dict[str, Any]] = []
    while len(chosen) < min(len(names), _MOST_GREEDY) and (not steps or steps[-1]["closed"] < _HALF):
        rest = [i for i in range(len(names)) if i not in chosen]
        shares = closed([[*chosen, i] for i in rest])
        # Nearest to the other side: a belief that overshoots it is no better than one that falls short.
        top = int(np.argmin(np.abs(1.0 - shares)))
        chosen.append(rest[top])
        steps.append({"belief": names[rest[top]], "closed": float(shares[top])})
    return steps


def concessions(
    a: Source, b: Source, text: str, *, shares: Sequence[float] = SHARES, parts: Mapping[str, np.ndarray] | None = None
) -> dict[str, Any]:
    """Return the answers at A if it gave way to B in one group of beliefs, by each share of the way.

    The way is straight on the unconstrained scale (log-odds, logarithms), where an end is infinite on the natural one.
    B's draws count by their mean, A's are `DRAWS` of them, evenly spaced, if there are more.  Keys: ``query``, ``a``,
    ``b`` (name and estimate), ``shares``, ``rows`` (part, answers: an estimate for each share; the part ``everything``
    last).  Groups on which the query does not depend are left out.

    Parameters
    ----------
    parts
        Positions by name; the groups of beliefs if not given.
    """
    query = parse_single(text, a.indicators)
    if parts is None:
        matter = set(relevant(query, a).tolist())
        parts = {name: own for name, own in groups_of(a.space).items() if matter & set(own.tolist())}
    parts = dict(parts)
    target = b.centre
    whole, a = a, replace(a, unconstrained=evenly(a.unconstrained, DRAWS))
    if a.single:
        differ = a.unconstrained[0] != target
        parts = {name: own for name, own in parts.items() if differ[own].any()}
    everything = {"everything": np.arange(len(a.space.names))}
    rows = []
    for name, positions in {**parts, **everything}.items():
        moved = [part_way(a.space, a.unconstrained, target, positions, share) for share in shares]
        logits = log_odds_over([query], a, np.concatenate(moved), allow_certain=True)[:, 0]
        answers = natural_of(query, a.space, logits).reshape(len(shares), -1)
        rows.append({"part": name, "answers": [estimate(values) for values in answers]})
    return {
        "query": text,
        **{key: {"name": s.name, "kind": s.kind, **_answer(query, s)} for key, s in (("a", whole), ("b", b))},
        "shares": list(shares),
        "rows": rows,
    }


def part_way(
    space: ParameterSpace, start: np.ndarray, end: np.ndarray, positions: np.ndarray, share: float
) -> np.ndarray:
    """Return values (draw, parameter) of which those at ``positions`` went a share of the way to ``end``."""
    values = np.array(start)
    with np.errstate(invalid="ignore"):
        straight = start + share * (end - start)
    finite = np.isfinite(start) & np.isfinite(end)[None, :]
    natural = (1 - share) * space.natural(_bounded(start)) + share * space.natural(_bounded(end[None, :]))
    there = np.where(finite, straight, unconstrained_of(space, natural))
    # A distribution is moved as a whole on one scale, or its states would not belong together.
    for group in {p.group for p in space.parameters if p.scale == "simplex"}:
        own = [i for i, p in enumerate(space.parameters) if p.scale == "simplex" and p.group == group]
        mixed = ~finite[:, own].all(axis=1)
        there[np.ix_(np.flatnonzero(mixed), own)] = unconstrained_of(space, natural)[np.ix_(np.flatnonzero(mixed), own)]
    there = np.broadcast_to(end, start.shape) if share == 1.0 else there
    values[:, positions] = there[:, positions]
    return values


def _bounded(values: np.ndarray) -> np.ndarray:
    # The natural value of a huge number is that of infinity, without its arithmetic.
    return np.clip(values, -745.0, 700.0)


def _answer(query: Query, source: Source) -> dict[str, Any]:
    logits = log_odds_over([query], source, allow_certain=True)[:, 0]
    return estimate(natural_of(query, source.space, logits))
