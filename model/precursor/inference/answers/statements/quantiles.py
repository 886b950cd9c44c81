"""Quantiles: location and width of the normal (on the question's scale) that fits them best.

Least squares of the stated values on the normal scores of their levels, ``value = location + width score``; a stated
median is kept as the location.  In the likelihood the variance is ``s^2 + (k width)^2``, with k the width factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist

import numpy as np

from precursor.elicitation.answers import Quantiles
from precursor.elicitation.lexicon import HALF_A_PERCENT
from precursor.inference.answers.statements.statement import Meanings, Statement, on_scale, statement


@statement.register
def _(answer: Quantiles, meanings: Meanings) -> Statement | None:  # noqa: ARG001 - one signature for all forms
    values = [on_scale(_inside(value, answer.scale), answer.scale) for value in answer.values]
    location, width = normal_fit(answer.levels, values)
    return Statement(location, width=width)


def normal_fit(levels: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Return location and standard deviation of the normal that fits quantiles best; a given median is kept."""
    scores = _scores(tuple(levels))
    stated = np.asarray(values)
    centred = scores - scores.mean()
    width = float(centred @ stated / (centred @ centred))
    median = np.flatnonzero(np.abs(scores) < 1e-8)  # noqa: PLR2004 - the score of one half, rounded
    location = stated[median[0]] if len(median) else stated.mean() - width * scores.mean()
    return float(location), width


@cache
def _scores(levels: tuple[float, ...]) -> np.ndarray:
    return np.array([NormalDist().inv_cdf(level) for level in levels])


def _inside(value: float, scale: str) -> float:
    if scale == "ratio":
        return value
    return {0.0: HALF_A_PERCENT, 1.0: 1 - HALF_A_PERCENT}.get(value, value)
