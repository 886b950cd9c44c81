import datetime

import pytest

from precursor.elicitation.findings import Findings, Place
from precursor.elicitation.toml_files import Fields, describe, entries, key_lines, read_toml


@pytest.fixture
def read(tmp_path):
    def reading(text):
        findings = Findings()
        (tmp_path / "a.toml").write_text(text, encoding="utf-8")
        place = Place(findings, "a.toml")
        return read_toml(tmp_path / "a.toml", place), place

    return reading


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('a = "x"\nb = \n', 2),
        ("a = 1\na = 2\n", 2),
        ('a = "x\n', 1),
        ("[[question]\n", 1),
        ('a = 1\nb = """x\n\n', 2),
        ("a = " + "[" * 50_000, None),
        ("a = " + "9" * 5_000, None),
    ],
)
def test_broken_toml_is_placed(read, text, row):
    document, place = read(text)
    assert document is None
    (problem,) = place.findings.errors
    assert (problem.file, problem.row) == ("a.toml", row)


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


def test_entries_know_their_line(read):
    document, place = read('[[offset]]\nid = "a"\n\n  [[ offset ]]\nid = "b"\n')
    assert [entry.place.row for entry in entries(document, "offset", place)] == [1, 4]


def test_a_header_inside_a_text_costs_the_line_and_nothing_else(read):
    document, place = read('[[offset]]\nid = """\n[[offset]]\n"""\n')
    assert [entry.place.row for entry in entries(document, "offset", place)] == [None]


def test_a_plain_table_in_place_of_entries_is_an_error(read):
    document, place = read("[offset]\nid = 1\n")
    assert entries(document, "offset", place) == ()
    assert place.findings.errors[0].allowed == "[[offset]] tables"


def test_lines_of_keys(read):
    document, _ = read('# id = 1\nid = "x"\n\ntitle="y"\n')
    assert key_lines(document) == {"id": 2, "title": 4}


def test_what_values_are_called():
    assert [describe(value) for value in (True, 1, 1.5, "", {})] == [
        "true or false", "a whole number", "the number 1.5", "blank text", "a table",
    ]  # fmt: skip
