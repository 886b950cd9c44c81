"""Exports with faults: every one is named, at the export's own row and column, and nothing is written."""

import datetime
import io
import zipfile

import openpyxl
import pytest

MAPPING = """
ignore = ["submitdate"]
[expert]
column = "id"
[[answer]]
question = "deceptive"
form = "point"
column = "deceptive"
[[answer]]
question = "outcome"
form = "distribution"
unit = "percent"
parts = { deceptive = "o1", proxy = "o2", base_goal = "o3", not_goal_directed = "o4" }
"""
EXPORT = """id,submitdate,deceptive,o1,o2,o3,o4
1,2026-01-01,5,10,30,55,5
2,2026-01-01,1-Feb,10,30,55,5
3,2026-01-01,0.5,10,30,55,5
4,2026-01-01,"0,5",10,30,55,5
2,2026-01-01,7,10,30,55,5
,2026-01-01,7,10,30,55,5
7,2026-01-01,7,10,x,55,5
8,2026-01-01,7,10,0.3,55,5
9,2026-01-01,7,10,30,55,15
10,2026-01-01,7,10,30,55,
ada@example.org,2026-01-01,7,10,30,55,5
11,2026-01-01,=A1+1,10,30,55,5
12,2026-01-01,44593,10,30,55,5
"""


def places(problems):
    return [(problem.file, problem.row, problem.column) for problem in problems]


def test_every_fault_at_once(desk):
    desk.mapping(MAPPING)
    problems = desk.refused(desk.write("export.csv", EXPORT))
    found = {(problem.row, problem.column): problem.message for problem in problems}
    assert {problem.file for problem in problems} == {"export.csv"}
    assert "rows: 3 and 6" in found[6, "id"]
    assert "No expert" in found[7, "id"]
    assert "e-mail" in found[12, "id"]
    assert "date" in found[3, "deceptive"]
    assert "comma" in found[5, "deceptive"]
    assert any("neither a probability" in p.message for p in problems if (p.row, p.column) == (14, "deceptive"))
    assert "formula" in found[13, "deceptive"]
    assert "date" in found[14, "deceptive"]
    assert "number" in found[8, "o2"]
    assert "0.3 in a column of percentages" in found[9, "o2"]
    assert "sum" in found[10, "o1"]
    assert "Blank" in found[11, "o4"]
    assert all(problem.allowed for problem in problems if problem.column != "o1")


def test_the_same_export_mended_is_a_survey(desk):
    desk.mapping(MAPPING)
    sound = [line for line in EXPORT.splitlines() if line.split(",")[0] in ("id", "1")]
    assert desk.run(desk.write("export.csv", "\n".join(sound))).imported.answers == 2


@pytest.mark.parametrize("stated", ["", 'unit = "percent"\n', 'unit = "probability"\n'])
def test_both_units_in_one_column_are_refused_whatever_the_mapping_says(desk, stated):
    text = f'[expert]\ncolumn = "id"\n[[answer]]\nquestion = "deceptive"\nform = "point"\n{stated}column = "q"\n'
    desk.mapping(text)
    problems = desk.refused(desk.write("a.csv", "id,q\n1,0.5\n2,40\n3,20\n"))
    assert {problem.column for problem in problems} == {"q"}
    assert 2 in {problem.row for problem in problems} or "probability" in stated
    desk.mapping(f"{text}sure = true\n")
    if "percent" in stated:
        assert [j.text for j in desk.run(desk.folder / "a.csv").survey.judgements] == ["0.5%", "40%", "20%"]
    else:
        desk.refused(desk.folder / "a.csv")


def test_duplicated_and_unnamed_columns_go_by_letter(desk, answers):
    text = """
[expert]
column = "id"
[[answer]]
question = "deceptive"
form = "point"
column = "q"
[[answer]]
question = "hazard"
form = "point"
column = "#D"
"""
    desk.mapping(text)
    export = desk.write("a.csv", "id,q,q,\n1,5%,6%,2\n")
    (problem,) = desk.refused(export)
    assert (problem.file, problem.row) == ("m.toml", 4)
    assert "#B and #C" in problem.message
    desk.mapping(text.replace('"q"', '"#C"'))
    made = desk.run(export)
    assert answers(made.survey) == [("1", "deceptive", "point", "6%"), ("1", "hazard", "point", "2")]
    assert [warning.column for warning in made.imported.warnings] == ["q"]


def test_what_is_wrong_with_a_mapping(desk):
    desk.write(
        "m.toml",
        """
layout = "tall"
undecided = ["x"]
drop_rows = [99]
colour = "red"
[survey]
id = "made"
title = ""
[expert]
column = "nobody"
[[answer]]
question = "deceptiv"
form = "pointt"
unit = "per mille"
column = "a"
slots = ["b"]
[[answer]]
question = "hazard"
form = "point"
unit = "percent"
column = "id"
[[answer]]
question = "hazard"
form = "point"
column = "id"
""",
    )
    problems = desk.refused(desk.write("a.csv", "id\n1\n"))
    assert {problem.file for problem in problems} == {"m.toml"}
    columns = {problem.column for problem in problems}
    assert columns >= {"layout", "undecided", "drop_rows", "colour", "id", "title", "synthetic", "expert", "question"}
    assert columns >= {"form", "unit", "column", "protocol"}


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xff\xfei\x00d\x00", "UTF-16"),
        (b"PK\x03\x04", "spreadsheet"),
        (b"", "empty"),
        (b"\n\n,,\n", "nothing in the file"),
        (b'id,"q\n1,2', "cannot be read"),
        (b"id,q\n\x80,1\n", "UTF-8"),
    ],
)
def test_files_that_are_no_csv(desk, content, what):
    desk.mapping('[expert]\npseudonyms = true\n[[answer]]\nquestion = "deceptive"\nform = "point"\ncolumn = "q"\n')
    problems = desk.refused(desk.write("a.csv", content))
    assert any(what in problem.message for problem in problems)
    assert {problem.file for problem in problems} == {"a.csv"}


PLAIN = '[expert]\ncolumn = "id"\n[[answer]]\nquestion = "deceptive"\nform = "point"\ncolumn = "q"\n'


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_dates_formulas_and_shown_sheets_of_a_workbook(desk):
    book = openpyxl.Workbook()
    for row in (["id", "q"], ["1", datetime.datetime(2026, 2, 1)], ["2", "=1/2"], ["3", datetime.time(1, 50)]):
        book.active.append(row)
    desk.mapping(PLAIN)
    problems = desk.refused(desk.write("a.xlsx", saved(book)))
    assert places(problems) == [("a.xlsx", 2, "q"), ("a.xlsx", 3, "q"), ("a.xlsx", 4, "q")]
    assert ["date" in p.message for p in problems] == [True, False, True]
    assert "formula" in problems[1].message
    book.create_sheet("Other")["A1"] = "something"
    (problem,) = desk.refused(desk.write("b.xlsx", saved(book)))
    assert "Several sheets" in problem.message
    desk.mapping(f'sheet = "Nowhere"\n{PLAIN}')
    (problem,) = desk.refused(desk.folder / "b.xlsx")
    assert "no sheet" in problem.message
    desk.mapping(f'sheet = "Sheet"\n{PLAIN}')
    assert len(desk.refused(desk.folder / "b.xlsx")) == 3


def bomb():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sheet1.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(1_000_000))
    return stream.getvalue()


def entities():
    """A workbook whose sheet declares an entity: openpyxl with defusedxml refuses it."""
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "id"
    with zipfile.ZipFile(io.BytesIO(saved(book))) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + part
            target.writestr(name, part)
    return made.getvalue()


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (lambda: b"not a zip", "no workbook"),
        (lambda: b"\xd0\xcf\x11\xe0", "old or encrypted"),
        (bomb, "unpacks to too much"),
        (entities, "cannot be read"),
        (lambda: saved(openpyxl.Workbook()), "nothing in the file"),
    ],
    ids=["text", "encrypted", "bomb", "entities", "blank"],
)
def test_workbooks_that_are_none(desk, made, what):
    desk.mapping(PLAIN)
    problems = desk.refused(desk.write("a.xlsx", made()))
    assert any(what in problem.message for problem in problems)


def test_nothing_is_overwritten(desk):
    desk.mapping(PLAIN)
    export = desk.write("a.csv", "id,q\n1,5%\n")
    (desk.folder / "made").mkdir()
    (problem,) = desk.refused(export)
    assert "already" in problem.message
    problems = desk.refused(export, out="no id!")
    assert any("no id for a survey" in problem.message for problem in problems)
    desk.mapping(PLAIN.replace("id", "who"))
    assert desk.refused(export, out="other")


def test_a_failure_while_writing_leaves_nothing(desk, monkeypatch):
    desk.mapping(PLAIN)
    export = desk.write("a.csv", "id,q\n1,5%\n")
    before = sorted(path.name for path in desk.folder.iterdir())

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.rename", fail)
    with pytest.raises(OSError, match="No space"):
        desk.run(export)
    assert sorted(path.name for path in desk.folder.iterdir()) == before


def test_e_mails_in_comments_are_replaced_and_formulas_made_harmless(desk):
    desk.mapping(f'{PLAIN}comment = "c"\n[attributes]\ncamp = "k"\n')
    export = desk.write("a.csv", "id,q,c,k\n1,5%,write to a@example.org,=cmd\n2,6%,=HYPERLINK(1),b\n")
    made = desk.run(export)
    assert [j.comment for j in made.survey.judgements] == ["write to [e-mail address]", "'=HYPERLINK(1)"]
    assert made.survey.experts["1"]["camp"] == "'=cmd"
    assert any("e-mail" in warning.message for warning in made.imported.warnings)
    desk.mapping(f'{PLAIN}[attributes]\nmail = "c"\n'.replace("made", "other"))
    problems = desk.refused(export, out="other")
    assert [problem.row for problem in problems] == [2]


def test_rows_that_do_not_count(desk, answers):
    desk.mapping(f'drop_rows = [3]\n{PLAIN}[drop]\nstatus = ["test"]\n')
    made = desk.run(desk.write("a.csv", "id,status,q\n1,ok,5%\n1,ok,6%\n2,TEST,x\n\n,,\n4,ok,7%\n"))
    assert answers(made.survey) == [("1", "deceptive", "point", "5%"), ("4", "deceptive", "point", "7%")]
    assert any("dropped" in warning.message for warning in made.imported.warnings)
