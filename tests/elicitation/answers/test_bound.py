import pytest

from precursor.elicitation.answers.bound import Bound, parse_bound
from precursor.elicitation.answers.context import AnswerContext
from precursor.problems import InputError

PROBABILITY, RATIO = AnswerContext("probability"), AnswerContext("ratio")


@pytest.mark.parametrize(
    ("text", "context", "expected"),
    [
        ("<1%", PROBABILITY, Bound(0.01, below=True)),
        ("< 1 %", PROBABILITY, Bound(0.01, below=True)),
        ("<=1%", PROBABILITY, Bound(0.01, below=True, inclusive=True)),
        ("≤1%", PROBABILITY, Bound(0.01, below=True, inclusive=True)),
        (">0.9", PROBABILITY, Bound(0.9, below=False)),
        (">=1 in 4", PROBABILITY, Bound(0.25, below=False, inclusive=True)),
        (">1", RATIO, Bound(1, below=False, scale="ratio")),
        ("<1/3", RATIO, Bound(1 / 3, below=True, scale="ratio")),
    ],
)
def test_bounds(text, context, expected):
    assert parse_bound(text, context) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1%", "Cannot read"), ("=1%", "formula"), ("<", "leave the cell blank"), ("<~1%", "~"), ("<<1%", "bound"),
        (">0", "rules nothing out"), ("<100%", "rules nothing out"), (">=0", "rules nothing out"),
        ("<=1", "rules nothing out"),
        ("<0", "rules everything out"), (">1", "rules everything out"), ("<=0", "single value"),
        (">=1", "single value"),
        ("<9:1 against", "two ways"),
    ],
)  # fmt: skip
def test_what_is_no_bound(text, words):
    with pytest.raises(InputError, match=words):
        parse_bound(text, PROBABILITY)


def test_a_ratio_has_no_percent():
    with pytest.raises(InputError, match="percentage"):
        parse_bound("<50%", RATIO)
