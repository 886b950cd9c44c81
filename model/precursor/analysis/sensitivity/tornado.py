"""Tornado: how far the result swings as one parameter goes from its posterior 5 % to its 95 %.

Two bars for each parameter, which answer two questions.  *Learned*: the conditional expectation of the result given the
parameter, the rest as it would then be believed to be (posterior dependence included): a cubic regression on the
parameter's normal scores.  *Moved*: the parameter set, draw by draw, with everything else as it is in the draw; over
evenly spaced draws, with the Monte Carlo error of the swing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from precursor.analysis.coalitions import blocks_error
from precursor.analysis.estimates import evenly
from precursor.analysis.sources import Source, log_odds_over, natural_of
from precursor.analysis.words.parameter_words import parameter_words
from precursor.network.grammar import Query

ENDS = (0.05, 0.95)
MOVED_DRAWS = 80
_DEGREE = 3


def tornado(query: Query, source: Source, parameters: Sequence[int], log_odds: np.ndarray) -> list[dict[str, Any]]:
    """Return one bar for each parameter, widest first by what moving it does.

    Keys: ``parameter``, ``low``, ``median``, ``high`` (its values on their natural scale), ``learned`` and ``moved``
    (``low``, ``high``: the mean result at the parameter's ends; ``swing``, ``swing_error``), ``present`` (the mean
    result).

    Parameters
    ----------
    parameters
        Positions in the source's space.
    log_odds
        The query's log-odds at the source's draws, (draw,).
    """
    unconstrained, space = source.unconstrained, source.space
    ends = np.quantile(unconstrained[:, parameters], ENDS, axis=0)
    few = evenly(unconstrained, MOVED_DRAWS)
    rows = np.repeat(few[None, :, :], 2 * len(parameters), axis=0)
    for i, position in enumerate(parameters):
        rows[2 * i : 2 * i + 2, :, position] = ends[:, i, None]
    found = natural_of(query, space, log_odds_over([query], source, rows.reshape(-1, rows.shape[2]))[:, 0])
    moved = found.reshape(len(parameters), 2, len(few))
    result = natural_of(query, space, log_odds)
    natural = space.natural(unconstrained)
    bars = []
    for i, position in enumerate(parameters):
        low, high = conditional_means(unconstrained[:, position], result, ENDS)
        own = np.quantile(natural[:, position], (ENDS[0], 0.5, ENDS[1]))
        bars.append(
            {
                "parameter": space.names[position],
                "words": parameter_words(space.names[position]),
                **dict(zip(("low", "median", "high"), own.tolist(), strict=True)),
                "present": float(result.mean()),
                "learned": {"low": low, "high": high, "swing": high - low},
                "moved": {
                    "low": float(moved[i, 0].mean()),
                    "high": float(moved[i, 1].mean()),
                    "swing": float(np.mean(moved[i, 1] - moved[i, 0])),
                    "swing_error": float(blocks_error(moved[i, 1] - moved[i, 0])),
                },
            }
        )
    return sorted(bars, key=lambda bar: -abs(bar["moved"]["swing"]))


def conditional_means(factor: np.ndarray, result: np.ndarray, levels: Sequence[float]) -> list[float]:
    """Return the expectation of a result given a factor at some of its quantiles, from draws of both, (draw,)."""
    from scipy.special import ndtri  # noqa: PLC0415

    n = len(factor)
    scores = np.empty(n)
    scores[np.argsort(factor, kind="stable")] = ndtri((np.arange(n) + 0.5) / n)
    fitted = np.polynomial.Polynomial.fit(scores, result, _DEGREE)
    return [float(fitted(ndtri(level))) for level in levels]
