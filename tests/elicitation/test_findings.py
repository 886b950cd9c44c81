import pytest

from precursor.elicitation.findings import Findings, Place
from precursor.problems import InputError, Problem


def test_a_place_adds_what_a_problem_does_not_say_itself():
    findings = Findings()
    place = Place(findings, "a.csv", 3)
    place.at(column="x").error("one", "allowed")
    place.at(row=4).note([Problem("two", row=9, column="y"), Problem("three")])
    place.warn("four")
    assert findings.errors == [
        Problem("one", "allowed", "a.csv", 3, "x"),
        Problem("two", None, "a.csv", 9, "y"),
        Problem("three", None, "a.csv", 4, None),
    ]
    assert findings.warnings == [Problem("four", None, "a.csv", 3, None)]


def test_noting_carries_on_after_bad_input_and_after_nothing_else():
    findings = Findings()
    with Place(findings, "a.csv").noting():
        raise InputError("bad")
    with pytest.raises(KeyError), Place(findings).noting():
        raise KeyError
    assert [problem.message for problem in findings.errors] == ["bad"]


def test_errors_are_raised_together_and_warnings_never():
    findings = Findings()
    Place(findings).warn("mind")
    findings.raise_errors()
    Place(findings).error("one")
    Place(findings).error("two")
    with pytest.raises(InputError) as caught:
        findings.raise_errors()
    assert len(caught.value.problems) == 2
