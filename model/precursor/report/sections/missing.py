"""What a section says where an analysis, or a part of it, is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.analysis.camps import camps_not_shown
from precursor.report.blocks import Block, paragraph


def missing(data: Mapping[str, Any], name: str, what: str) -> Block | None:
    """Return a sentence that says why an analysis is not there, or ``None`` if it is."""
    found = data["analyses"].get(name)
    if found is None:
        return paragraph(f"{what} was not computed for this report.")
    return None if found["available"] else paragraph(f"{what} could not be computed. {found['reason']}")


def camps_left_out(known: Mapping[str, Any]) -> Block | None:
    """Return a sentence that says which camps an analysis leaves out and why, or ``None`` if it leaves none out."""
    said = camps_not_shown(known)
    return paragraph(said) if said else None
