"""Quantities whose value is known: by how much a stated median missed, and how wide the expert stood.

Proportions (unit ``%``, ``percent`` or ``fraction``) are compared in log-odds and quantities of scale ``log`` in logs,
like everything else that is elicited, so that they speak of the shared error too.  Other quantities have no scale of
their own: they are compared in units of the width typically stated for them, and speak of intervals only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from precursor.elicitation.answers import Quantiles
from precursor.elicitation.questions import Question
from precursor.inference.answers.statements.quantiles import normal_fit
from precursor.inference.answers.statements.statement import Statement

PERCENT = ("%", "percent", "per cent")
FRACTION = ("fraction", "proportion", "probability")
_TINY = 1e-12


def has_natural_scale(question: Question) -> bool:
    """Return whether a known quantity is compared in log-odds or logs."""
    return question.scale == "log" or _is_share(question)


def error_of(answer: Quantiles, question: Question, typical_width: float) -> Statement:
    """Return the error of the stated median (stated less realised) and the stated width, on the question's scale.

    ``typical_width`` (see `width_of`) is the unit of a quantity without a natural scale.
    """
    assert question.realised is not None
    onto = _onto(question)
    middle, width = _normal(answer, onto)
    unit = 1.0 if has_natural_scale(question) else max(typical_width, _TINY)
    return Statement((middle - onto(question.realised)) / unit, width=max(width, 0.0) / unit)


def width_of(answers: Sequence[Quantiles], question: Question) -> float:
    """Return the median standard deviation that experts state for a quantity, on its scale."""
    widths = [_normal(answer, _onto(question))[1] for answer in answers]
    positive = [width for width in widths if width > 0]
    return float(np.median(positive)) if positive else 1.0


def _normal(answer: Quantiles, onto: Callable[[float], float]) -> tuple[float, float]:
    """Return location and standard deviation of the normal that the quantiles suggest, on the question's scale."""
    return normal_fit(answer.levels, [onto(value) for value in answer.values])


def _onto(question: Question) -> Callable[[float], float]:
    if _is_share(question):
        whole = 100.0 if (question.unit or "").strip().lower() in PERCENT else 1.0
        return lambda value: _log_odds(value / whole)
    return _log if question.scale == "log" else float


def _log(value: float) -> float:
    return math.log(max(value, _TINY))


def _log_odds(share: float) -> float:
    # The same half a percent by which a stated 0 % or 100 % is read.
    inside = min(max(share, 0.005), 0.995) if share <= 0 or share >= 1 else share
    return math.log(inside) - math.log1p(-inside)


def _is_share(question: Question) -> bool:
    return (question.unit or "").strip().lower() in (*PERCENT, *FRACTION)
