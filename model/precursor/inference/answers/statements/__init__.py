"""What an answer says, on the scale of its question: one file for each form of answer, one dispatch for most.

A distribution says several things at once (`stated_contrasts`), a ranking speaks of orders (`orders_of`), quantiles of
a seed question's quantity are compared with what happened (`known_quantity`).
"""

from precursor.inference.answers.statements import bound, chips, likelihood_ratio, point, quantiles, verbal
from precursor.inference.answers.statements.distribution import stated_contrasts
from precursor.inference.answers.statements.known_quantity import error_of
from precursor.inference.answers.statements.ranking import orders_of
from precursor.inference.answers.statements.statement import Meanings, Statement, statement

__all__ = [
    "Meanings", "Statement", "bound", "chips", "error_of", "likelihood_ratio", "orders_of", "point", "quantiles",
    "stated_contrasts", "statement", "verbal",
]  # fmt: skip
