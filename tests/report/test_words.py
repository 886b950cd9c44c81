"""Numbers in words."""

import pytest

from precursor.report.words import between, one_in, points, points_between, signed, value, values_between


@pytest.mark.parametrize(
    ("number", "text"), [(0.0625, "1 in 16"), (0.00123, "1 in 810"), (1e-6, "1 in 1,000,000"), (0.3, ""), (0.0, "")]
)
def test_one_in(number, text):
    assert one_in(number) == text


def test_intervals_have_the_sign_once():
    assert between({"low": 0.021, "high": 0.12}).replace("\u00a0", " ") == "2.1–12 %"
    assert between({"low": 1e-9, "high": 0.9}).replace("\u00a0", " ") == "<0.01–90 %"
    assert between({"low": 0.0, "high": 0.0}).replace("\u00a0", " ") == "0 %"
    assert between(None) == "–"
    assert values_between("ratio", {"low": 0.37, "high": 3.64}) == "0.37–3.6×"


@pytest.mark.parametrize(
    ("difference", "text"), [(0.048, "+4.8"), (-0.0046, "−0.46"), (0.0, "0.00"), (-1e-6, "0.00"), (0.123, "+12")]
)
def test_points_have_a_sign_unless_they_are_nothing(difference, text):
    assert points(difference) == text


def test_the_rest():
    assert points_between({"low": -0.012, "high": 0.034}) == "−1.2 to +3.4"
    assert signed(-0.004) == "0.00"
    assert value("ratio", 2.0) == "2×"
    assert value("ratio", None) == "–"
