"""Bounds: the quantity is stated to lie on one side of a limit; a limit at the end of the scale says nothing.

Censored: ``P(l < limit)`` or ``P(l > limit)`` under the answer's Student-t (Tobin 1958, doi 10.2307/1907382).  Jointly
with the person's other answers that has no closed form, so that the value itself is a latent beyond the limit
(`likelihood`), which integrates to the same.
"""

from __future__ import annotations

import math

from precursor.elicitation.answers import Bound
from precursor.inference.answers.statements.statement import Meanings, Statement, on_scale, statement


@statement.register
def _(answer: Bound, meanings: Meanings) -> Statement | None:  # noqa: ARG001 - one signature for all forms
    limit = on_scale(answer.limit, answer.scale)
    return None if math.isinf(limit) else Statement(limit, censored="below" if answer.below else "above")
