"""Likelihood ratios: the point, bound or central 90 % that is stated, in logs."""

from __future__ import annotations

from precursor.elicitation.answers import LikelihoodRatio
from precursor.inference.statements.statement import Meanings, Statement, statement


@statement.register
def _(answer: LikelihoodRatio, meanings: Meanings) -> Statement | None:
    return statement(answer.stated, meanings)
