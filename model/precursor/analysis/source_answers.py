"""Every query of a document, answered once over a source's values from one circuit."""

from __future__ import annotations

from collections.abc import Iterable

from precursor.analysis.answers import Answers
from precursor.analysis.sources import Source, require_possible
from precursor.argument.answer import answer_over
from precursor.inference.named import indicators_of
from precursor.network.grammar import parse_query


def answers_at(source: Source, queries: Iterable[str]) -> Answers:
    """Return the answers of a source to queries of the grammar, each asked once; there is no prior beside them.

    Raises `InputError` where evidence is impossible.
    """
    texts = list(dict.fromkeys(queries))
    trees = [parse_query(text) for text in texts]
    require_possible(trees, source)
    found = answer_over(trees, source.space, source.unconstrained, indicators_of(trees, source.indicators))
    natural = source.space.natural(source.unconstrained)
    return Answers(source.space, {}, dict(zip(texts, found, strict=True)), natural[:0], natural)
