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
    rows = element.rows()
    values = np.empty(size)
    good = True
    for at, word in enumerate(words):
        try:
            # `float` reads more than a number of this format: 1_000.
            values[at] = float(word if "_" not in word else "?")
        except ValueError:
            draft.problem(rows[at], f"{word[:40]!r} is not a number, in the table of {child!r}.", "numbers")
            good = False
    if good:
        draft.fill(child, values.reshape(shape), np.array(rows[:: shape[-1]]))


def joined(values: np.ndarray) -> str:
    """Return numbers with as many digits as make them come back bit for bit."""
    return " ".join(map(repr, values.tolist()))
