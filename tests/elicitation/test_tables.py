import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.elicitation.files import SourceText
from precursor.elicitation.findings import Findings, Place
from precursor.elicitation.tables import LONGEST_CELL, Columns, delimiter, read_rows

COLUMNS = Columns(("expert", "answer"), ("round",))


def read(text, columns=COLUMNS):
    findings = Findings()
    rows = read_rows(SourceText("a.csv", text, ""), columns, Place(findings, "a.csv"))
    return [(row.line, dict(row.cells)) for row in rows], findings


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";"])
def test_delimiters_and_line_ends(mark, end):
    text = f'expert{mark}answer{end}ada{mark}"5%: 1{mark} 95%: 2"{end} bob {mark}{end}'
    rows, findings = read(text)
    assert rows == [(2, {"expert": "ada", "answer": f"5%: 1{mark} 95%: 2"}), (3, {"expert": "bob", "answer": ""})]
    assert not findings.errors


def test_a_record_is_placed_on_the_line_where_it_starts():
    rows, findings = read('expert,answer\n"a\nd\na",1\n\n,,\nbob,2\ncarl\n')
    assert [line for line, _ in rows] == [2, 7]
    assert [(problem.row, problem.message[:13]) for problem in findings.errors] == [(8, "Too few cells")]


def test_empty_cells_at_the_end_of_a_line_are_passed_over_but_not_full_ones():
    rows, findings = read("expert,answer,,\nada,1,,\nbob,2\ncarl,3,4\n")
    assert [cells["expert"] for _, cells in rows] == ["ada", "bob"]
    (problem,) = findings.errors
    assert problem.row == 4
    assert "must be quoted" in problem.message


@pytest.mark.parametrize(
    ("header", "places"),
    [
        ("expert,anwser", [(1, "answer")]),
        ("\n", [(3, "expert"), (3, "answer")]),
        ("expert,answer,answer", [(1, "answer")]),
        ("expert,,answer", [(1, None)]),
        ("Expert,answer", [(1, "expert")]),
        ("expert\tanswer", [(1, "expert"), (1, "answer")]),
    ],
)
def test_a_bad_header_gives_no_rows(header, places):
    rows, findings = read(f"{header}\nada,1\n")
    assert not rows
    assert [(problem.row, problem.column) for problem in findings.errors] == places


def test_an_unknown_column_is_a_warning_unless_columns_are_free_or_it_is_a_remark():
    _, findings = read("expert,answer,rounds,comment\nada,1,2,x\n")
    (warning,) = findings.warnings
    assert (warning.column, warning.allowed) == ("rounds", "round")
    assert not findings.errors
    rows, findings = read("expert,answer,camp\nada,1,x\n", Columns(("expert", "answer"), free=True))
    assert rows[0][1]["camp"] == "x"
    assert not findings.warnings


@pytest.mark.parametrize("text", ['ada,"1\nbob,2\n', 'ada,"1"2\nbob,3\n', f"ada,{'9' * 200_000}\n"])
def test_broken_quotes_and_monstrous_cells_are_placed(text):
    rows, findings = read(f"expert,answer\neve,0\n{text}")
    assert [cells["expert"] for _, cells in rows] == ["eve"]
    assert [problem.row for problem in findings.errors] == [3]


def test_a_long_cell_is_refused():
    rows, findings = read(f"expert,answer\nada,{'9' * LONGEST_CELL}\nbob,{'9' * (LONGEST_CELL + 1)}\n")
    assert len(rows) == 1
    assert (findings.errors[0].row, findings.errors[0].column) == (3, "answer")


def test_a_quoted_cell_may_follow_a_space():
    assert read('expert, answer\nada, "5%: 1, 2"\n')[0] == [(2, {"expert": "ada", "answer": "5%: 1, 2"})]


def test_the_delimiter_is_seen_from_the_header_alone():
    assert delimiter("a,b\n1;2;3;4\n") == ","
    assert delimiter("a;b\n1,2,3,4\n") == ";"
    assert delimiter("expert\n") == ","


@given(st.text(max_size=200))
def test_no_text_raises(text):
    read(text)
    read(f"expert,answer\n{text}")
