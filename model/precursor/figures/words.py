"""Numbers and names in words, for alternative texts and labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.figures.style import Document, percent


def label(data: Document, name: str) -> str:
    """Return what the report calls a node, state or phase."""
    return str(data.get("labels", {}).get(name, name.replace("_", " ")))


def interval(estimate: Mapping[str, Any]) -> str:
    """Return ``12 % (3 % to 40 %)``: the probability and its 90 %."""
    middle = estimate.get("mean", estimate["median"])
    return f"{percent(middle)} ({percent(estimate['low'])} to {percent(estimate['high'])})"


def marked(text: str, prior_dominated: bool) -> str:
    """Return a label, marked where what it names is the prior's."""
    return f"{text} †" if prior_dominated else text
