"""Quantiles: location and width of the normal (on the question's scale) that fits them best."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from precursor.elicitation.answers import Quantiles
from precursor.elicitation.lexicon import HALF_A_PERCENT
from precursor.inference.statements.statement import Meanings, Statement, on_scale, statement


@statement.register
def _(answer: Quantiles, meanings: Meanings) -> Statement | None:  # noqa: ARG001 - one signature for all forms
    # The median, if given, is the location; the slope of values on normal scores is the width.
    scores = np.array([NormalDist().inv_cdf(level) for level in answer.levels])
    values = np.array([on_scale(_inside(value, answer.scale), answer.scale) for value in answer.values])
    slope, intercept = np.polyfit(scores, values, 1)
    median = values[np.isclose(scores, 0.0)]
    return Statement(float(median[0]) if len(median) else float(intercept), width=float(slope))


def _inside(value: float, scale: str) -> float:
    if scale == "ratio":
        return value
    return {0.0: HALF_A_PERCENT, 1.0: 1 - HALF_A_PERCENT}.get(value, value)
