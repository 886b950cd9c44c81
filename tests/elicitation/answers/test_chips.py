import pytest

from precursor.elicitation.answers.chips import Chips, parse_chips
from precursor.elicitation.answers.context import AnswerContext
from precursor.problems import InputError

PROBABILITY = AnswerContext("probability")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0-0.1: 5; 0.1-0.2: 3; 0.2-0.5: 2", Chips((0, 0.1, 0.2), (0.1, 0.2, 0.5), (5, 3, 2))),
        ("0 - 10%: 5; 20% to 100%: 0", Chips((0, 0.2), (0.1, 1), (5, 0))),
        ("0.3\u20130.4: 20", Chips((0.3,), (0.4,), (20,))),
        ("1e-4-1e-3: 1; 1e-3-1e-2: 4", Chips((1e-4, 1e-3), (1e-3, 1e-2), (1, 4))),
    ],
)
def test_bins_and_chips(text, expected):
    assert parse_chips(text, PROBABILITY) == expected


def test_bins_of_a_ratio_may_start_at_zero():
    assert parse_chips("0-1: 2; 1-5: 1", AnswerContext("ratio")) == Chips((0, 1), (1, 5), (2, 1), "ratio")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0.5-0.1: 3", "upside down"), ("0.1-0.1: 3", "upside down"),
        ("0-0.2: 1; 0.1-0.3: 1", "before the last one ends"),
        ("0.2-0.3: 1; 0-0.1: 1", "before the last one ends"), ("1-10%: 2", "in percent and the other"),
        ("0-0.1: 0", "no chips"),
        ("0-0.1: 1.5", "number of chips"), ("0-0.1: -1", "number of chips"), ("0-0.1: many", "number of chips"),
        ("0.1: 3", "as a bin"), ("0-1.2: 3", "above 1"), ("0-0.1 5", "no colon"), ("0-0.1: 999999999", "too many"),
    ],
)  # fmt: skip
def test_what_are_no_chips(text, words):
    with pytest.raises(InputError, match=words):
        parse_chips(text, PROBABILITY)
