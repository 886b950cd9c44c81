import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.elicitation.answers import AnswerContext, parse_answer
from precursor.elicitation.imports.units import EITHER, UNITS, bare_number, doubtful, recognise, state
from precursor.problems import InputError

PROBABILITY = AnswerContext("probability")
fractions = st.integers(1, 999).map(lambda n: f"{n / 1000:g}")
percents = st.integers(2, 100).map(str)
ends = st.sampled_from(["0", "1"])
own_sign = st.sampled_from(["5%", "1 in 20", "19:1 against", "", "very unlikely"])


@given(st.lists(fractions, min_size=1), st.lists(ends))
def test_fractions_with_zeros_and_ones_are_fractions(inside, others):
    assert recognise([*inside, *others]).unit == "probability"


@given(st.lists(percents, min_size=1), st.lists(ends), st.lists(own_sign))
def test_numbers_above_one_and_none_between_are_percent(above, others, signed):
    assert recognise([*above, *others, *signed]).unit == "percent"


@given(st.permutations(["0.5", "40"]), st.lists(st.one_of(fractions, percents, ends)))
def test_both_kinds_are_never_guessed(both, others):
    verdict = recognise([*both, *others])
    assert verdict.unit is None
    assert "both" in verdict.why


@given(st.lists(ends, min_size=1), st.lists(own_sign))
def test_only_zeros_and_ones_are_asked_about(cells, signed):
    assert recognise([*cells, *signed]).unit is None


@pytest.mark.parametrize("cells", [["0.5", "101"], ["40", "312"], ["5%", "0.5"], ["<5%", "0.01"]])
def test_what_else_is_in_doubt(cells):
    assert recognise(cells).unit is None


@given(st.lists(own_sign))
def test_signs_of_their_own_need_no_unit(cells):
    assert recognise(cells).unit == "probability"


@given(st.permutations(["3", "40", "0", "5%", "", "~20"]))
def test_order_does_not_count(cells):
    assert recognise(cells) == recognise(sorted(cells))


@given(st.floats(0.001, 99.9).map(lambda value: f"{value:.4g}"), st.sampled_from(["", "~"]))
def test_each_unit_says_the_same_number(number, before):
    """Against the arithmetic of each unit, written out."""
    value = float(number)
    meant = {
        "percent": value / 100,
        "odds": value / (1 + value),
        "odds_against": 1 / (1 + value),
        "one_in": 1 / value if value > 1 else None,
        "probability": value if value < 1 else None,
    }
    for unit, probability in meant.items():
        if probability is not None:
            point = parse_answer("point", state(f"{before}{number}", unit), PROBABILITY)
            assert math.isclose(point.value, probability, rel_tol=1e-9)


@given(st.sampled_from(["5%", "1 in 20", "19:1 against", "very unlikely", "19:1 on"]), st.sampled_from(UNITS))
def test_what_says_its_unit_is_left_alone(cell, unit):
    assert state(cell, unit) == cell


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("<5", "<5%"),
        ("40 percent", "40%"),
        ("5%: 1; 50%: 20", "5%: 1%; 50%: 20%"),
        ("0-10: 5; 10-20: 3", "0%-10%: 5; 10%-20%: 3"),
        ("deceptive: 10; proxy: 90", "deceptive: 10%; proxy: 90%"),
    ],
)
def test_percent_in_bounds_and_lists(cell, written):
    assert state(cell, "percent") == written


@given(st.one_of(fractions, percents))
def test_a_number_of_unknown_unit_is_one_that_it_can_be(number):
    parse_answer("point", state(number, EITHER), PROBABILITY)


def test_other_scales_have_no_unit():
    assert state("40", "percent", "ratio") == "40"
    with pytest.raises(InputError):
        parse_answer("point", "40%", AnswerContext("ratio"))


def test_fractions_in_percent_are_doubtful_and_nothing_else_is():
    assert doubtful("percent", [0.5, 40, 0, 1, 0.01]) == [0, 4]
    assert doubtful("probability", [0.5, 40]) == doubtful("odds", [0.5]) == []


def test_bare_numbers():
    assert (bare_number("<5"), bare_number("~ .5"), bare_number("5%"), bare_number("five")) == (5, 0.5, None, None)
