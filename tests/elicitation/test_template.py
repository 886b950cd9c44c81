import csv
import dataclasses
import io
import zipfile

import openpyxl
import pytest

from precursor.elicitation.responses import Setting
from precursor.elicitation.template import (
    check_expert,
    choose_questions,
    full_wording,
    phrases_in_order,
    sheet_rows,
    template_csv,
)
from precursor.elicitation.template_workbook import HEADER, HEADER_ROW, template_xlsx
from precursor.problems import InputError


@pytest.fixture
def rows(shared, vocabulary, lexicon):
    setting = Setting("made", shared, None, vocabulary, lexicon)
    return sheet_rows(tuple(shared.questions.values()), [setting.context(q) for q in shared.questions.values()])


@pytest.fixture
def evil(rows):
    return [
        dataclasses.replace(row, wording=f"{sign}cmd|' /C calc'!A0") for row, sign in zip(rows, "=+-@", strict=False)
    ]


def test_a_row_for_each_question_with_its_syntax(rows, shared):
    assert [row.question for row in rows] == list(shared.questions)
    assert all(row.form == row.forms[0] for row in rows)
    by_id = {row.question: row.how_to_answer for row in rows}
    assert "deceptive: ...%; proxy: ...%" in by_id["outcome"]
    assert "goal_directed < long_term_goals" in by_id["order"]
    assert "%" not in by_id["hazard"].replace("5%: 2; 50%: 4; 95%: 10", "")


def test_wording_with_what_is_stated_apart(shared):
    question = dataclasses.replace(shared.questions["turnout"], definition="Came: was there.", horizon="In 2030.")
    assert full_wording(question) == "How many came? Came: was there. In 2030. Unit: people."


def test_no_cell_of_a_csv_sheet_runs(evil):
    for record in csv.reader(io.StringIO(template_csv(evil))):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in record)


def test_no_cell_of_a_workbook_runs(evil):
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(evil, ["=1+1"], expert="ada")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sum(cell.value.startswith("=") for cell in cells) == 2


@pytest.mark.parametrize("alias", ["=1+1", "@ada", "+ada", "-ada"])
def test_no_alias_runs(alias):
    with pytest.raises(InputError, match="no alias"):
        check_expert(alias)


def test_a_workbook_as_people_see_it(rows, lexicon):
    phrases = phrases_in_order(lexicon)
    assert lexicon[phrases[0]].location <= lexicon[phrases[-1]].location
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(rows, phrases, round_=2)))
    sheet = book["Answers"]
    assert [s.sheet_state for s in book] == ["visible", "visible", "hidden"]
    assert [cell.value for cell in sheet[HEADER_ROW]] == [*HEADER, "round"]
    line = HEADER_ROW + 1 + [row.question for row in rows].index("deceptive")
    validations = {str(cell): found for found in sheet.data_validations.dataValidation for cell in found.sqref.ranges}
    assert validations[f"C{line}"].formula1 == '"point,quantiles,bound,verbal,chips"'
    assert validations[f"D{line}"].formula1 == f"Lists!$A$1:$A${len(phrases)}"
    assert sheet.cell(line, 4).number_format == "@"
    assert (sheet.cell(line, 2).protection.locked, sheet.cell(line, 4).protection.locked) == (True, False)
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "C4"
    assert sheet.cell(line, 7).value == "2"


def test_bytes_repeat(rows, monkeypatch):
    first = template_xlsx(rows, ["likely"])
    import datetime as real

    import openpyxl.writer.excel as writer

    class Later(real.datetime):
        @classmethod
        def now(cls, tz=None):
            return real.datetime(2040, 1, 1, tzinfo=tz)

    if hasattr(writer, "datetime"):
        monkeypatch.setattr(writer, "datetime", type("m", (), {"datetime": Later, "timezone": real.timezone}))
    assert template_xlsx(rows, ["likely"]) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_questions_by_id_file_and_survey(shared):
    questions = shared.questions
    assert [q.id for q in choose_questions(questions, ["order", "deceptive", "order"])] == ["order", "deceptive"]
    assert len(choose_questions(questions, ["shared.toml"])) == len(questions)
    assert [q.id for q in choose_questions(questions, [], among=["warning"])] == ["warning"]
    with pytest.raises(InputError) as caught:
        choose_questions(questions, ["order_of", "deceptiv"])
    assert [problem.allowed.split(",")[0].split(" or ")[0] for problem in caught.value.problems] == [
        "order",
        "deceptive",
    ]
    with pytest.raises(InputError) as caught:
        choose_questions(questions, [])
    assert all(id_ in caught.value.problems[0].allowed for id_ in questions)
