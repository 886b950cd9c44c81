"""The numbers in an element, as the rows of a table."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from precursor.network.formats.draft import Draft
from precursor.network.formats.xml_tree import Element


def fill(draft: Draft, child: str, shape: Sequence[int], element: Element) -> None:
    """Fill a variable's table from an element's text: numbers, parents' states in order, the child's fastest.

    Problems are noted in the draft, with the line of the number or of the row.
    """
    words = element.text.split()
    size = math.prod(shape)
    if len(words) != size:
        draft.problem(element.row, f"The table of {child!r} has {len(words):,} numbers.", f"{size:,}")
        return
    try:
        # `float` reads more than a number of this format: 1_000.
        values = [] if "_" in element.text else list(map(float, words))
    except ValueError:
        values = []
    if values:
        draft.fill(child, np.array(values).reshape(shape), lambda: element.rows()[:: shape[-1]])
        return
    for word, row in zip(words, element.rows(), strict=True):
        if not _is_number(word):
            draft.problem(row, f"{word[:40]!r} is not a number, in the table of {child!r}.", "numbers")


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return "_" not in word


def joined(values: np.ndarray) -> str:
    """Return numbers with as many digits as make them come back bit for bit."""
    return " ".join(map(repr, values.tolist()))
