import pytest

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.ranking import Ranking, parse_ranking
from precursor.problems import InputError

CONTEXT = AnswerContext(properties=("a", "b", "c", "d"))


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("a < b < c = d", (("a",), ("b",), ("c", "d"))),
        ("b<a", (("b",), ("a",))),
        ("a = b", (("a", "b"),)),
        ("c = a < b", (("c", "a"), ("b",))),
    ],
)
def test_rankings(text, tiers):
    assert parse_ranking(text, CONTEXT) == Ranking(tiers)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a > b", "'>'"), ("a < e", "Unknown property 'e'"), ("a < b < a", "more than once"), ("a", "single"),
        ("a <", "nothing beside"), ("a < < b", "nothing beside"), ("a <= b", "nothing beside"), ("A < b", "Unknown"),
    ],
)  # fmt: skip
def test_what_is_no_ranking(text, words):
    with pytest.raises(InputError, match=words):
        parse_ranking(text, CONTEXT)
