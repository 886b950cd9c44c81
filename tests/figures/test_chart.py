import numpy as np
import pytest

import precursor

ESTIMATE = {"mean": 0.07, "low": 0.02, "high": 0.2}


def test_marks_of_every_kind_and_what_is_said_of_them():
    draws = np.linspace(0.1, 0.3, 101)
    found = precursor.chart({"a_b": {"one": 0.25, "two": ESTIMATE}, "c": {"two": draws}}, title="What", now=0.1)
    assert (
        repr(found)
        == "What. a_b: one 25\xa0%, two 7.0\xa0% (2.0\xa0% to 20\xa0%); c: two 20\xa0% (11\xa0% to 29\xa0%)."
    )
    picture = found._repr_svg_()
    assert picture.startswith("<?xml")
    # Letters are outlines: no font is asked for.
    assert "<text" not in picture


@pytest.mark.parametrize("unit", ["points", "share", "log-odds", "bits"])
def test_differences_and_numbers(unit):
    axes = precursor.chart({"x": -0.05, "y": {"mean": 0.1, "low": -0.1, "high": 0.3}}, unit=unit).figure.axes[0]
    low, high = axes.get_xlim()
    scale = 100 if unit in {"points", "share"} else 1
    assert low < -0.1 * scale
    assert high > 0.3 * scale
    assert [label.get_text() for label in axes.get_yticklabels()] == ["x", "y"]


def test_joined_marks_share_a_line_and_certainties_can_be_drawn():
    found = precursor.chart({"x": {"median": 0.2, "low": 0.1, "high": 0.3}}, joined=True)
    assert "10\xa0%" in repr(precursor.chart({"x": {"at 5": 0.1, "at 95": 0.0}}, joined=True))
    assert found.figure.axes


@pytest.mark.parametrize(("rows", "unit"), [({}, "probability"), ({"x": 0.1}, "percent")])
def test_what_cannot_be_drawn(rows, unit):
    with pytest.raises(ValueError, match=r"rows|unit"):
        precursor.chart(rows, unit=unit)
