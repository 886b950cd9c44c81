"""Bounds: the quantity is stated to lie on one side of a limit; a limit at the end of the scale says nothing."""

from __future__ import annotations

import math

from precursor.elicitation.answers import Bound
from precursor.inference.statements.statement import Meanings, Statement, on_scale, statement


@statement.register
def _(answer: Bound, meanings: Meanings) -> Statement | None:  # noqa: ARG001 - one signature for all forms
    limit = on_scale(answer.limit, answer.scale)
    return None if math.isinf(limit) else Statement(limit, censored="below" if answer.below else "above")
