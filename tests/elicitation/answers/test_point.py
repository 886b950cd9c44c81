import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.point import Point, parse_point
from precursor.problems import InputError

PROBABILITY, RATIO = AnswerContext("probability"), AnswerContext("ratio")


def odds(probability):
    return probability / (1 - probability)


def test_a_plain_point():
    assert parse_point("2%", PROBABILITY) == Point(0.02, 0.015, 0.025, approximate=False, scale="probability")


@given(st.floats(min_value=1e-6, max_value=1 - 1e-6))
def test_roughly_is_a_factor_of_two_in_the_odds(probability):
    point = parse_point(f"~{probability!r}", PROBABILITY)
    assert point.approximate
    assert point.value == probability
    assert math.isclose(odds(point.low), odds(probability) / 2, rel_tol=1e-9)
    assert math.isclose(odds(point.high), odds(probability) * 2, rel_tol=1e-9)


def test_roughly_is_a_factor_of_two_in_a_ratio():
    assert parse_point("~ 3", RATIO) == Point(3, 1.5, 6, approximate=True, scale="ratio")
    assert parse_point("~1", RATIO) == Point(1, 0.5, 2, approximate=True, scale="ratio")


@pytest.mark.parametrize("text", ["~0", "~1", "~0%", "~100%"])
def test_roughly_zero_or_one_has_no_odds(text):
    with pytest.raises(InputError, match="no odds") as caught:
        parse_point(text, PROBABILITY)
    assert "<10%" in caught.value.problems[0].allowed


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("~~2%", PROBABILITY),
        ("~", PROBABILITY),
        ("~1.5", PROBABILITY),
        ("~300", AnswerContext("linear")),
        ("~0", RATIO),
    ],
)
def test_nonsense_with_a_tilde(text, context):
    with pytest.raises(InputError):
        parse_point(text, context)
