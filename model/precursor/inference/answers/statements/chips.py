"""Chips in bins: the histogram's quantiles (even within a bin), read as any other stated quantiles.

With chips n_j in bins from l_j to h_j the distribution function rises by n_j / sum n, evenly, within each bin; its
quantiles at 5, 10, ..., 95 % are the answer.  This is the histogram ("roulette") method as SHELF has it: the chips'
shares are probabilities of the bins (Oakley and O'Hagan 2019).  All chips in one bin is the uniform distribution on it.
"""

from __future__ import annotations

import numpy as np

from precursor.elicitation.answers import Chips, Quantiles
from precursor.inference.answers.statements.statement import Meanings, Statement, statement

LEVELS = tuple(np.arange(1, 20) / 20)


@statement.register
def _(answer: Chips, meanings: Meanings) -> Statement | None:
    return statement(Quantiles(LEVELS, histogram_quantiles(answer, LEVELS), answer.scale), meanings)


def histogram_quantiles(answer: Chips, levels: tuple[float, ...]) -> tuple[float, ...]:
    """Return the quantiles of chips that lie evenly within their bins; gaps between bins are jumped over."""
    filled = [(low, high, n) for low, high, n in zip(answer.lows, answer.highs, answer.counts, strict=True) if n]
    share = np.cumsum([0.0, *(n for _, _, n in filled)]) / sum(n for _, _, n in filled)
    found = []
    for level in levels:
        i = min(int(np.searchsorted(share, level, side="right")) - 1, len(filled) - 1)
        low, high, _ = filled[i]
        found.append(float(low + (high - low) * (level - share[i]) / (share[i + 1] - share[i])))
    return tuple(found)
