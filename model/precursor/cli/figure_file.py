"""The file of a figure that a command draws: an SVG, so that no survey, run or sheet is written over by mistake."""

from __future__ import annotations

from pathlib import Path

from precursor.problems import InputError, Problem

_SUFFIX = ".svg"


def figure_file(name: str) -> Path:
    """Return the path of a figure to be written; raise `InputError` for a name that is no SVG file's."""
    path = Path(name)
    if path.suffix.lower() != _SUFFIX:
        raise InputError(Problem(f"{name!r} is no name for a figure.", f"one that ends in {_SUFFIX}"))
    return path
