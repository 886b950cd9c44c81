"""Which numbers are the prior's, so that they are marked wherever they are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from precursor.report.blocks import PRIOR_MARK, Block, plain_text


def prior_dominated(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the queries and parameters of which the answers taught next to nothing, each with a word for it."""
    found = {row["name"]: row["words"] for row in data["parameters"] if row["prior_dominated"]}
    return found | {query: query for query in _walk({key: value for key, value in data.items() if key != "document"})}


def _walk(value: Any) -> Iterator[str]:  # noqa: ANN401 - a JSON document
    if isinstance(value, Mapping):
        if value.get("prior_dominated") and "query" in value:
            yield value["query"]
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner)


def marked(block: Block, dominated: Mapping[str, str]) -> Block:
    """Return a table with the mark on every row about the prior's numbers, a figure with a note if it shows any."""
    if block["block"] == "table":
        rows = [{**row, "mark": row["mark"] or bool(set(row["about"]) & set(dominated))} for row in block["rows"]]
        return {**block, "rows": rows}
    said = PRIOR_MARK in block["title"] + plain_text(block["caption"])
    if said or not set(block["about"]) & set(dominated):
        return block
    return {**block, "caption": [*block["caption"], f" {PRIOR_MARK} As in the prior."]}
