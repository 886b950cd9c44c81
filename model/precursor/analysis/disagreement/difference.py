"""Why two sides differ: the gap in log-odds of one query, divided among groups of beliefs.

Coalition S of groups: the parameters of S at B's values, the rest at A's.  The Shapley values of ``v(S) =`` log-odds
of the query sum to the whole gap whatever the order in which beliefs change hands.  ``alone`` is what a group moves
if only it changes (from A), ``last`` what it moves if all others have changed before; in an additive world the three
agree.
``interactions`` is what no group moves by itself: the gap less the sum of ``alone`` (from A) or of ``last`` (to B).

Two scenarios: exact, over all coalitions.  Draws on either side: pairs of draws taken independently from both sides,
each with one order of the groups and its reverse, and the Monte Carlo error of the mean over pairs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from precursor.analysis.coalitions import alone_and_last, blocks_error, coalitions, shapley_by_orders, shapley_values
from precursor.analysis.disagreement.concessions import half_the_gap
from precursor.analysis.sources import Source, log_odds_over, natural_of, parse_single, relevant
from precursor.analysis.words.parameter_groups import GROUPS, beliefs_of, groups_of
from precursor.network.grammar import Query

PAIRS = 250
_SEED = 20_240_131


def difference(a: Source, b: Source, text: str, *, pairs: int = PAIRS) -> dict[str, Any]:
    """Return why the answers to one query differ between two sources over the same parameters.

    Keys: ``query``, ``a`` and ``b`` (name, kind, draws, answer, log_odds), ``gap`` (B's log-odds less A's),
    ``groups`` (largest first: group, meaning, share, error, alone, last, beliefs), ``interactions``, ``exact``,
    ``pairs``, ``half``. Raises `InputError` if the query is certain or impossible on either side, or between the two.
    """
    query = parse_single(text, a.indicators)
    matter = set(relevant(query, a).tolist())
    apart = among(differing(a, b, groups_of(a.space)), matter)
    if a.single and b.single:
        start, end = a.unconstrained, b.unconstrained
        found = _exact(query, a, start[0], end[0], list(apart.values()))
    else:
        rng = np.random.default_rng(_SEED)
        start, end = (_picked(source, rng, pairs) for source in (a, b))
        found = _sampled(query, a, start, end, list(apart.values()), rng)
    low, high = log_odds_over([query], a, start).mean(), log_odds_over([query], b, end).mean()
    beliefs = among(differing(a, b, beliefs_of(a.space)), matter)
    rows = [
        {
            "group": group,
            "meaning": GROUPS[group],
            "share": float(found["share"][i]),
            "error": float(found["error"][i]),
            "alone": float(found["alone"][i]),
            "last": float(found["last"][i]),
            "beliefs": [name for name, own in beliefs.items() if set(own) <= set(positions)],
        }
        for i, (group, positions) in enumerate(apart.items())
    ]
    return {
        "query": text,
        "a": _side(a, query),
        "b": _side(b, query),
        "gap": float(high - low),
        "groups": sorted(rows, key=lambda row: -abs(row["share"])),
        "interactions": {
            "from_a": float(high - low - found["alone"].sum()),
            "to_b": float(high - low - found["last"].sum()),
        },
        "exact": a.single and b.single,
        "pairs": 1 if a.single and b.single else pairs,
        "half": half_the_gap(query, a, b, beliefs),
    }


def differing(a: Source, b: Source, parts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the parts in which the two sources hold different values."""
    if not (a.single and b.single):
        return parts
    apart = a.unconstrained[0] != b.unconstrained[0]
    return {name: positions for name, positions in parts.items() if apart[positions].any()}


def among(parts: dict[str, np.ndarray], positions: set[int]) -> dict[str, np.ndarray]:
    """Return the parts with any of the positions, which they keep."""
    kept = {name: np.array([i for i in own if i in positions], dtype=int) for name, own in parts.items()}
    return {name: own for name, own in kept.items() if len(own)}


def mixed(start: np.ndarray, end: np.ndarray, parts: list[np.ndarray], members: np.ndarray) -> np.ndarray:
    """Return, for each row, ``start`` with the parts of the row's coalition from ``end``, (row, parameter)."""
    values = np.array(np.broadcast_to(start, (len(members), start.shape[-1])))
    ends = np.broadcast_to(end, values.shape)
    for part, positions in enumerate(parts):
        rows = np.flatnonzero(members[:, part])
        values[np.ix_(rows, positions)] = ends[np.ix_(rows, positions)]
    return values


def _exact(
    query: Query, a: Source, start: np.ndarray, end: np.ndarray, parts: list[np.ndarray]
) -> dict[str, np.ndarray]:
    members = coalitions(len(parts))
    values = log_odds_over([query], a, mixed(start, end, parts, members))[:, 0]
    alone, last = alone_and_last(values)
    return {"share": shapley_values(values), "error": np.zeros(len(parts)), "alone": alone, "last": last}


def _sampled(
    query: Query,
    a: Source,
    start: np.ndarray,
    end: np.ndarray,
    parts: list[np.ndarray],
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    def value(which: np.ndarray, members: np.ndarray) -> np.ndarray:
        return log_odds_over([query], a, mixed(start[which], end[which], parts, members))[:, 0]

    n, players = len(start), len(parts)
    shares = shapley_by_orders(value, players, n, rng)
    few = np.arange(0, n, 4)
    corners = np.concatenate(
        [np.eye(players, dtype=bool), ~np.eye(players, dtype=bool), [[False] * players], [[True] * players]]
    )
    found = value(np.repeat(few, len(corners)), np.tile(corners, (len(few), 1))).reshape(len(few), -1).mean(axis=0)
    nobody, everyone = found[-2], found[-1]
    return {
        "share": shares.mean(axis=0),
        "error": blocks_error(shares),
        "alone": found[:players] - nobody,
        "last": everyone - found[players : 2 * players],
    }


def _picked(source: Source, rng: np.random.Generator, count: int) -> np.ndarray:
    values = source.unconstrained
    return values[rng.integers(len(values), size=count)] if not source.single else np.repeat(values, count, axis=0)


def _side(source: Source, query: Query) -> dict[str, Any]:
    logits = log_odds_over([query], source)[:, 0]
    return {
        "name": source.name,
        "kind": source.kind,
        "draws": len(logits),
        "answer": float(natural_of(query, source.space, logits).mean()),
        "log_odds": float(logits.mean()),
    }
