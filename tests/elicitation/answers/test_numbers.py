from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.elicitation.answers.numbers import Reading, read_number, shown, typed
from precursor.problems import InputError


@pytest.mark.parametrize(
    ("text", "value", "low", "high"),
    [
        ("0.02", 0.02, 0.015, 0.025),
        ("0.020", 0.02, 0.0195, 0.0205),
        ("2%", 0.02, 0.015, 0.025),
        ("2 %", 0.02, 0.015, 0.025),
        ("2.0%", 0.02, 0.0195, 0.0205),
        (".5", 0.5, 0.45, 0.55),
        ("1 in 50", 1 / 50, 1 / 50.5, 1 / 49.5),
        ("1/50", 1 / 50, 1 / 50.5, 1 / 49.5),
        ("1 in 1e6", 1e-6, 1 / 1000000.5, 1 / 999999.5),
        ("3 in 10", 0.3, 3 / 10.5, 3 / 9.5),
        ("49:1 against", 0.02, 1 / 50.5, 1 / 49.5),
        ("49 to 1 against", 0.02, 1 / 50.5, 1 / 49.5),
        ("4:1 on", 0.8, 3.5 / 4.5, 4.5 / 5.5),
        ("1e-9", 1e-9, 0.5e-9, 1.5e-9),
        ("1E-9", 1e-9, 0.5e-9, 1.5e-9),
        ("2.5e-3", 0.0025, 0.00245, 0.00255),
        ("0", 0, 0, 0.005),
        ("0%", 0, 0, 0.005),
        ("1", 1, 0.995, 1),
        ("100%", 1, 0.995, 1),
        ("0.0", 0, 0, 0.005),
        ("0.00%", 0, 0, 0.00005),
        ("1.000", 1, 0.9995, 1),
        ("1 in 1", 1, 1 / 1.5, 1),
        ("99.9%", 0.999, 0.9985, 0.9995),
        ("0.99", 0.99, 0.985, 0.995),
        ("0.9", 0.9, 0.85, 0.95),
    ],
)
def test_probabilities_have_the_resolution_at_which_they_were_typed(text, value, low, high):
    reading = read_number(text, "probability")
    assert (reading.value, reading.low, reading.high) == pytest.approx((value, low, high), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [
        ("3", "ratio", Reading(3, 2.5, 3.5)),
        ("1/4", "ratio", Reading(0.25, 1 / 4.5, 1 / 3.5)),
        ("1", "ratio", Reading(1, 0.5, 1.5)),
        ("4/2", "ratio", Reading(2, 4 / 2.5, 4 / 1.5)),
        ("-3.5", "linear", Reading(-3.5, -3.55, -3.45)),
        ("0", "linear", Reading(0, -0.5, 0.5)),
        ("1e6", "log", Reading(1e6, 5e5, 1.5e6)),
    ],
)
def test_other_scales(text, scale, expected):
    assert read_number(text, scale) == expected


@pytest.mark.parametrize(
    ("text", "scale", "words"),
    [
        ("2 %%", "probability", "more than one percent sign"),
        ("nan", "probability", "not a finite"),
        ("-inf", "linear", "not a finite"),
        ("1.2", "probability", "1.2% meant"),
        ("120%", "probability", "above 1"),
        ("-0.1", "probability", "negative"),
        ("-1", "log", "negative"),
        ("n/a", "probability", "leave the cell blank"),
        ("", "probability", "leave the cell blank"),
        ("0,02", "probability", "comma"),
        ("1,000", "ratio", "comma"),
        ("\uff12%", "probability", "digits other than"),
        ("\u0662", "probability", "digits other than"),
        ("½", "probability", "digits other than"),
        ("50/50", "probability", "a half in speech"),
        ("49:1", "probability", "against"),
        ("1-5%", "probability", "range"),
        ("<1%", "probability", "bound"),
        ("quite likely", "probability", "verbal"),
        ("0 in 50", "probability", "zero"),
        ("1/0", "ratio", "zero"),
        ("0:1 against", "probability", "zero"),
        ("0", "ratio", "zero"),
        ("0.0", "log", "zero"),
        ("2%", "ratio", "percentage"),
        ("1 in 4", "ratio", "probability"),
        ("4:1 against", "ratio", "odds"),
        ("1e-400", "probability", "exponent"),
        ("1e99999999999999999999", "ratio", "exponent"),
        ("0." + "0" * 310 + "1", "probability", "too close to zero"),
        ("0." + "9" * 20, "probability", "too close to 1"),
        ("1.2.3", "probability", "Cannot read"),
        ("%", "probability", "Cannot read"),
        ("0x1f", "probability", "Cannot read"),
        ("1_000", "linear", "Cannot read"),
    ],
)
def test_each_mistake_has_its_own_message_and_says_what_is_allowed(text, scale, words):
    with pytest.raises(InputError, match=words) as caught:
        read_number(text, scale)
    assert caught.value.problems[0].allowed


@given(st.floats(min_value=1e-290, max_value=1 - 1e-12))
def test_a_printed_probability_is_read_back(probability):
    reading = read_number(repr(probability), "probability")
    assert reading.value == probability
    assert reading.low <= reading.value <= reading.high


@given(st.floats(min_value=1e-280, max_value=1e280))
def test_a_printed_ratio_is_read_back_and_its_interval_is_positive(ratio):
    reading = read_number(repr(ratio), "ratio")
    assert reading.value == ratio
    assert 0 < reading.low <= reading.value <= reading.high


@given(st.integers(min_value=2, max_value=10**9))
def test_one_in_n_one_over_n_and_odds_against_agree(n):
    expected = read_number(f"1 in {n}", "probability")
    assert expected.value == 1 / n
    assert read_number(f"1/{n}", "probability") == expected
    assert read_number(f"{n - 1}:1 against", "probability") == expected


@given(st.integers(min_value=0, max_value=10_000))
def test_percent_is_a_hundredth(hundredths):
    percent = f"{hundredths // 100}.{hundredths % 100:02d}%"
    fraction = f"{hundredths / 10_000:.4f}"
    assert read_number(percent, "probability") == read_number(fraction, "probability")


def test_the_unit_is_that_of_the_last_digit():
    assert typed("1.20e-3") == (Fraction(12, 10_000), Fraction(1, 100_000))


def test_long_text_is_cut_short_in_messages():
    assert len(shown("x" * 500)) < 100
