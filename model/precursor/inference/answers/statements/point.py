"""Point answers: known to lie in the interval that rounding leaves open; 0 and 1 to half a percent from the end.

On the question's scale an interval from l to h is ``Normal((l + h) / 2, variance + (h - l)^2 / 12)``: Sheppard's
correction, exact to fourth order in its width over the noise.  An interval that reaches an end of the scale is open
there, a bound: P(0 %) = P(l < logit(0.005)).  Nothing is clipped.
"""

from __future__ import annotations

import math

from precursor.elicitation.answers import Point
from precursor.inference.answers.statements.statement import Meanings, Statement, on_scale, statement


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
