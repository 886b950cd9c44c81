import datetime

import pytest

from precursor.elicitation.fields import Fields, describe
from precursor.elicitation.findings import Findings, Place


def fields(**table):
    return Fields(table, Place(Findings(), "a.toml", 7))


def test_values_of_the_right_type_are_read():
    read = fields(a=" x ", b=True, c=2, d=["x"])
    assert read.required_text("a") == "x"
    assert read.required_flag("b") is True
    assert read.required_number("c") == 2.0
    assert read.words("d") == ("x",)
    assert (read.text("z"), read.flag("z"), read.number("z")) == (None, False, None)
    assert not read.place.findings.errors


@pytest.mark.parametrize(
    ("method", "value", "words"),
    [
        ("required_text", None, "missing"), ("required_text", " ", "blank"), ("required_text", 3, "whole number"),
        ("required_text", datetime.date(2024, 5, 1), "date"), ("text", [], "list"), ("required_flag", None, "missing"),
        ("required_flag", "true", "text"), ("flag", 1, "whole number"), ("required_number", None, "missing"),
        ("number", True, "true or false"), ("number", float("nan"), "nan"), ("number", float("inf"), "inf"),
        ("number", 10**400, "whole number"), ("number", "1", "text"), ("words", None, "missing"),
        ("words", [], "empty list"), ("words", ["x", 1], "list"), ("words", "x", "text"),
    ],
)  # fmt: skip
def test_values_of_a_wrong_type_are_named(method, value, words):
    read = fields() if value is None else fields(key=value)
    getattr(read, method)("key")
    (problem,) = read.place.findings.errors
    assert words in problem.message
    assert (problem.file, problem.row, problem.column) == ("a.toml", 7, "key")
    assert problem.allowed


def test_a_missing_key_and_an_unknown_one_point_at_each_other():
    read = fields(sintetic=True)
    read.required_flag("synthetic")
    read.only(("synthetic",))
    missing, unknown = read.place.findings.errors
    assert "found 'sintetic'" in missing.message
    assert unknown.allowed == "synthetic"


def test_what_values_are_called():
    assert [describe(value) for value in (True, 1, 1.5, "", {})] == [
        "true or false", "a whole number", "the number 1.5", "blank text", "a table",
    ]  # fmt: skip
