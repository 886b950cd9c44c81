import pytest

import precursor

ROWS = [
    {"node": "governance", "state": "weak", "effect": {"mean": 0.0372, "low": -0.0007, "high": 0.099}, "sure": 0.953},
    {"node": "drift", "state": "yes", "effect": None, "sure": 0.004, "names": ["no_goal", "x"]},
]


def test_a_table_for_people():
    columns = {"": "node", "effect": "effect", "middle": "effect.mean", "sure": "sure"}
    found = precursor.table(ROWS, columns, percent=["sure", "middle"])
    assert list(found.index) == ["governance", "drift"]
    assert found.loc["governance"].tolist() == ["3.7 % (-0.07 to 9.9 %)", "3.7 %", "95.3 %"]
    assert found.loc["drift"].tolist() == ["–", "–", "0.4 %"]


def test_differences_are_in_points_and_names_in_plain_words():
    found = precursor.table(ROWS, {"": "state", "effect": "effect", "sure": "sure"}, points=["effect"])
    assert found.loc["weak"].tolist() == ["+3.7 (-0.1 to +9.9)", "0.95"]
    assert precursor.table(ROWS[1:], {"": "node", "names": "names"}).iloc[0, 0] == "no goal at all, x"


def test_a_key_that_is_not_there():
    with pytest.raises(KeyError, match="effects"):
        precursor.table(ROWS, {"": "node", "effect": "effects.mean"})
