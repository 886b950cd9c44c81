import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.quantiles import parse_quantiles
from precursor.problems import InputError

PROBABILITY = AnswerContext("probability")


def test_quantiles_keep_the_resolution_of_each_value():
    stated = parse_quantiles("5%: 0.001; 50%: 2%; 95%: 1 in 5;", PROBABILITY)
    assert stated.levels == (0.05, 0.5, 0.95)
    assert stated.values == (0.001, 0.02, 0.2)
    assert stated.lows == (0.0005, 0.015, 1 / 5.5)
    assert stated.highs == (0.0015, 0.025, 1 / 4.5)


def test_quantiles_of_a_quantity_are_in_its_unit():
    stated = parse_quantiles("0.05: -3; 0.95: 1e3", AnswerContext("linear"))
    assert (stated.levels, stated.values, stated.scale) == ((0.05, 0.95), (-3, 1000), "linear")


def test_values_may_be_equal_but_not_fall():
    assert parse_quantiles("5%: 1%; 50%: 1%; 95%: 1%", PROBABILITY).values == (0.01, 0.01, 0.01)
    with pytest.raises(InputError, match=r"The values fall: 0.02 after 0.03"):
        parse_quantiles("5%: 3%; 95%: 2%", PROBABILITY)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("50%: 2%", "single level"), ("50%: 1%; 5%: 2%", "do not rise"), ("5%: 1%; 5%: 2%", "do not rise"),
        ("5: 1%; 95: 2%", "above 1"), ("0%: 1%; 95%: 2%", "not between"), ("5%; 95%", "no colon"),
        ("5%: ; 95%: 2%", "missing beside the colon"), ("5%: 1%;; 95%: 2%", "between two semicolons"),
        ("5%: 1%; 95%: about 2%", "Cannot read"), ("2%", "no colon"),
    ],
)  # fmt: skip
def test_what_are_no_quantiles(text, words):
    with pytest.raises(InputError, match=words):
        parse_quantiles(text, PROBABILITY)


@given(st.lists(st.floats(min_value=1e-6, max_value=0.999), min_size=2, max_size=6))
def test_printed_quantiles_are_read_back(values):
    values = sorted(values)
    levels = [(i + 1) / (len(values) + 1) for i in range(len(values))]
    text = "; ".join(f"{level!r}: {value!r}" for level, value in zip(levels, values, strict=True))
    stated = parse_quantiles(text, PROBABILITY)
    assert (stated.levels, stated.values) == (tuple(levels), tuple(values))
