"""Every answer beside what the fit implies, and whose answers they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import xarray as xr

from precursor.analysis.estimates import plain
from precursor.argument.nodes import CHAIN_READINGS, MODEL_OUTCOME
from precursor.network.grammar import ParameterQuery, parse_query

AUTHORS = "authors"
_TEXTS = ("survey", "person", "label", "group", "camp", "question", "wording", "query", "form", "answer", "comment")
_NUMBERS = (
    "stated", "stated_low", "stated_high", "implied", "implied_low", "implied_high",
    "predicted_low", "predicted_high", "surprise",
)  # fmt: skip
_DOWNSTREAM_PARAMETERS = ("p_governance", "p_deceptive_defection", "p_oversight_contains", "p_direct_reward_optimizer",
                          "p_reward_catastrophe", "p_proxy_catastrophe", "p_multipolar_catastrophe", "p_existential",
                          "p_human_extinction", "p_indicator", "p_tai_by_2100")  # fmt: skip


def judgements(found: xr.Dataset) -> list[dict[str, Any]]:
    """Return one entry per answer; ``our_reading`` marks those that we coded from an author's text."""
    columns = {name: plain(found[name].values) for name in (*_TEXTS, *_NUMBERS, "synthetic", "scale") if name in found}
    return [_entry(dict(zip(columns, row, strict=True))) for row in zip(*columns.values(), strict=True)]


def _entry(row: dict[str, Any]) -> dict[str, Any]:
    texts = {name: row.get(name) or "" for name in _TEXTS}
    ours = {"our_reading": texts["group"] == AUTHORS, "about_training": about_training(texts["query"])}
    return {**row, **texts, **ours}


def about_training(query: str) -> bool:
    """Return whether a query bears on training or its outcome: what divides the argument from its critics."""
    try:
        tree = parse_query(query)
    except ValueError:
        return False
    if isinstance(tree, ParameterQuery):
        return not tree.name.startswith(_DOWNSTREAM_PARAMETERS)
    return any(name in query for name in (*CHAIN_READINGS, MODEL_OUTCOME))


def whose(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return how many answers there are, by group and by person, and how much of them is one person's view."""
    training = [row for row in rows if row["about_training"]]
    return {
        "answers": len(rows),
        "people": len({row["person"] for row in rows}),
        "groups": dict(Counter(row["group"] for row in rows).most_common()),
        "our_reading": sum(row["our_reading"] for row in rows),
        "synthetic": sum(bool(row.get("synthetic")) for row in rows),
        "seeds": sum(not row["query"] for row in rows),
        "about_training": len(training),
        "most": _most(rows),
        "most_about_training": _most(training),
    }


def _most(rows: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the person with the most answers, and their share."""
    if not rows:
        return None
    person, count = Counter(row["person"] for row in rows).most_common(1)[0]
    row = next(row for row in rows if row["person"] == person)
    return {"person": person, "label": row["label"], "our_reading": row["our_reading"], "answers": count,
            "share": count / len(rows)}  # fmt: skip
