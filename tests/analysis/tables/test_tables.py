from types import SimpleNamespace

import pytest

import precursor

ROWS = [
    {"node": "governance", "state": "weak", "effect": {"mean": 0.0372, "low": -0.0007, "high": 0.099}, "sure": 0.953},
    {"node": "drift", "state": "yes", "effect": None, "sure": 0.004, "names": ["no_goal", "<x>"], "fine": True},
]


def test_a_table_for_people():
    columns = {"what": "node", "effect": "effect", "middle": "effect.mean", "sure": "sure"}
    found = precursor.table(ROWS, columns, percent=["sure", "middle"])
    assert found.rows == (
        ("governance", "3.7 % (-0.07 to 9.9 %)", "3.7 %", "95.3 %"),
        ("drift", "–", "–", "0.4 %"),
    )
    assert found.column("sure") == ["95.3 %", "0.4 %"]
    assert repr(found).splitlines()[2] == "drift       –                       –       0.4 %"


def test_differences_are_in_points_and_names_in_plain_words():
    found = precursor.table(ROWS, {"": "state", "effect": "effect", "sure": "sure"}, points=["effect"])
    assert found.rows[0] == ("weak", "+3.7 (-0.1 to +9.9)", "0.95")
    last = precursor.table(ROWS[1:], {"names": "names", "fine": "fine", "sure": "sure"}, digits=4)
    assert last.rows == (("no goal at all, <x>", "yes", "0.004"),)
    assert "&lt;x&gt;" in last._repr_html_()


def test_objects_ranges_and_missing_numbers():
    rows = [SimpleNamespace(a={"low": 0.1, "high": 0.2}, b=float("nan"))]
    assert precursor.table(rows, {"a": "a", "b": "b"}, percent=True).rows == (("10.0 to 20.0 %", "–"),)


def test_a_key_that_is_not_there():
    with pytest.raises(KeyError, match="effects"):
        precursor.table(ROWS, {"": "node", "effect": "effects.mean"})
