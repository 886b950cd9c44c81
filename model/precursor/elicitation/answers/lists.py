"""Answers that are lists of labelled parts: ``label: value; label: value``."""

from __future__ import annotations

from collections.abc import Iterable

from precursor.elicitation.answers.numbers import refuse, shown


def labelled_parts(text: str, syntax: str) -> list[tuple[str, str]]:
    """Return the (label, value) pairs of ``text``; a semicolon at the end is passed over."""
    pieces = [piece.strip() for piece in text.removesuffix(";").split(";")]
    if not all(pieces):
        raise refuse("There is nothing between two semicolons.", syntax)
    return [_labelled(piece, syntax) for piece in pieces]


def _labelled(piece: str, syntax: str) -> tuple[str, str]:
    label, colon, value = piece.partition(":")
    if not colon:
        raise refuse(f"There is no colon in {shown(piece)}.", syntax)
    if not label.strip() or not value.strip():
        raise refuse(f"Something is missing beside the colon in {shown(piece)}.", syntax)
    return label.strip(), value.strip()


def repeated(names: Iterable[str]) -> list[str]:
    """Return the names that occur more than once, in order."""
    names = list(names)
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]
