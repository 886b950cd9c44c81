"""What to work on first: the argument's own implication, computed.

If deception is unlikely, says the argument, then governance, direct reward optimisers and conflict among many systems
come first.  An area's *share* is that of its pathway in existential catastrophe (Shapley, see `pathways`); its *fall*
is how much lower the catastrophe's probability would be without it: ``do(... = no)``, for governance ``do(governance
= strong)``.  Governance acts through every pathway, so it has a fall but no share of its own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate
from precursor.analysis.pathways import pathways
from precursor.analysis.queries import CATASTROPHE

AREAS = {
    "governance": ("do(governance=strong)", None),
    "deception": ("do(deceptive_defection=no)", "deception_catastrophe"),
    "direct_reward_optimizers": ("do(direct_reward_optimizer=no)", "reward_catastrophe"),
    "multipolar": ("do(multipolar_catastrophe=no)", "multipolar_catastrophe"),
    "proxy_goals": ("do(proxy_catastrophe=no)", "proxy_catastrophe"),
}


def queries() -> list[str]:
    """Return the queries that this page needs."""
    return [CATASTROPHE, *map(_without, AREAS), *pathways.queries()]


def priorities(answers: Answers) -> dict[str, Any]:
    """Return the ranking of areas by fall, and how sure it is.

    Keys: ``areas`` (largest mean fall first: area, query, fall, share, first (probability of being first), above_next
    (probability that its fall exceeds that of the next in the list)), ``ranking_holds`` (share of draws in which the
    whole order is this one; one for a scenario), ``by_share`` (areas by mean Shapley share).
    """
    total = answers.values(CATASTROPHE)
    falls = {area: total - answers.values(_without(area)) for area in AREAS}
    shares = pathways.shares(answers)
    order = sorted(AREAS, key=lambda area: -float(np.mean(falls[area])))
    ordered = np.stack([falls[area] for area in order])
    above = {area: float(np.mean(falls[area] > falls[after])) for area, after in pairwise(order)}
    holds = np.all(ordered[:-1] > ordered[1:], axis=0)
    first = ordered.argmax(axis=0)
    rows: list[dict[str, Any]] = []
    for i, area in enumerate(order):
        pathway = AREAS[area][1]
        share = None if pathway is None else shares[pathway]
        rows.append(
            {
                "area": area,
                "query": _without(area),
                "fall": estimate(falls[area]),
                "share": None if share is None else estimate(share),
                "share_of_total": None if share is None else _part(float(np.mean(share)), float(np.mean(total))),
                "first": float(np.mean(first == i)),
                "above_next": above.get(area),
            }
        )
    by_share = sorted((row for row in rows if row["share"]), key=lambda row: -row["share"]["mean"])
    return {
        "areas": rows,
        "ranking_holds": float(np.mean(holds)),
        "by_share": [row["area"] for row in by_share],
    }


def _part(share: float, total: float) -> float:
    """Return the share as a part of the total; of nothing, nothing."""
    return share / total if total > 0 else 0.0


def _without(area: str) -> str:
    return f"P(existential_catastrophe=yes | {AREAS[area][0]})"
