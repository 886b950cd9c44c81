"""Point answers: censored to the interval that rounding leaves open; 0 and 1 to half a percent from the end."""

from __future__ import annotations

import math

from precursor.elicitation.answers import Point
from precursor.inference.statements.statement import Meanings, Statement, on_scale, statement


@statement.register
def _(answer: Point, meanings: Meanings) -> Statement | None:  # noqa: ARG001 - one signature for all forms
    low, high = on_scale(answer.low, answer.scale), on_scale(answer.high, answer.scale)
    if math.isinf(low) and math.isinf(high):
        return None
    if math.isinf(low):
        return Statement(high, censored="below")
    if math.isinf(high):
        return Statement(low, censored="above")
    return Statement((low + high) / 2, (high - low) ** 2 / 12)
