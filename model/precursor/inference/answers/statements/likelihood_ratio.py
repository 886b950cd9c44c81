"""Likelihood ratios: the point, bound or central 90 % that is stated, in logs.

``log LR ~ StudentT(4, b log LR(theta) + d, s_LR)``, LR being the Bayes factor of the hypothesis against its negation
(Good 1950, Probability and the Weighing of Evidence): no bias a and no worldview, and a noise of its own.  For the
negated hypothesis the logarithm changes its sign, and nothing else.
"""

from __future__ import annotations

from precursor.elicitation.answers import LikelihoodRatio
from precursor.inference.answers.statements.statement import Meanings, Statement, statement


@statement.register
def _(answer: LikelihoodRatio, meanings: Meanings) -> Statement | None:
    return statement(answer.stated, meanings)
