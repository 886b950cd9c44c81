"""What an answer says, on the scale of its question: one file for each form of answer, one dispatch for all.

A form that is not registered here has no likelihood yet; `has_likelihood` says so, and the answers wait, named.
"""

from precursor.inference.statements import bound, point, quantiles, verbal
from precursor.inference.statements.statement import Meanings, Statement, has_likelihood, statement

__all__ = ["Meanings", "Statement", "bound", "has_likelihood", "point", "quantiles", "statement", "verbal"]
