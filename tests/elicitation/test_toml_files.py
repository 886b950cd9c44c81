import pytest

from precursor.elicitation.findings import Findings, Place
from precursor.elicitation.toml_files import entries, key_lines, read_toml


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
