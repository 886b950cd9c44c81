"""The forms an answer may take, one file a form: a frozen answer, and a parser from the text of one cell.

Every parser has the signature ``parse_<form>(text, context) -> Answer`` and raises `InputError` for what it cannot
read, saying what is allowed.  A blank cell is no answer and never reaches a parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from precursor.elicitation.answers.bound import Bound, parse_bound
from precursor.elicitation.answers.chips import Chips, parse_chips
from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.distribution import Distribution, parse_distribution
from precursor.elicitation.answers.likelihood_ratio import LikelihoodRatio, parse_likelihood_ratio
from precursor.elicitation.answers.numbers import Scale
from precursor.elicitation.answers.point import Point, parse_point
from precursor.elicitation.answers.quantiles import Quantiles, parse_quantiles
from precursor.elicitation.answers.ranking import Ranking, parse_ranking
from precursor.elicitation.answers.verbal import Verbal, parse_verbal

Answer = Point | Bound | Quantiles | Verbal | Ranking | Distribution | Chips | LikelihoodRatio

PARSERS: Mapping[str, Callable[[str, AnswerContext], Answer]] = MappingProxyType(
    {
        "point": parse_point,
        "bound": parse_bound,
        "quantiles": parse_quantiles,
        "verbal": parse_verbal,
        "ranking": parse_ranking,
        "distribution": parse_distribution,
        "chips": parse_chips,
        "likelihood_ratio": parse_likelihood_ratio,
    }
)
FORMS = tuple(PARSERS)


def parse_answer(form: str, text: str, context: AnswerContext) -> Answer:
    """Return the answer that ``text`` states in one of `FORMS`."""
    return PARSERS[form](text, context)


__all__ = [
    "FORMS", "PARSERS", "Answer", "AnswerContext", "Bound", "Chips", "Distribution", "LikelihoodRatio", "Point",
    "Quantiles", "Ranking", "Scale", "Verbal", "parse_answer",
]  # fmt: skip
