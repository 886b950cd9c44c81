"""Sheets out, filled in, and back: what was typed is what the survey holds."""

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from precursor.elicitation.imports.assemble import draft_mapping, export_files, import_survey
from precursor.elicitation.imports.mapping_text import mapping_text
from precursor.elicitation.template import sheet_rows, template_csv
from precursor.elicitation.template_workbook import HEADER, HEADER_ROW, template_xlsx
from precursor.elicitation.writing import csv_text
from precursor.problems import InputError

TYPED = {
    "deceptive": {
        "point": ["2%", "1 in 50", "0.02", "49:1 against", "~2%", "0", "1/50"],
        "bound": ["<1%", ">0.9"],
        "quantiles": ["5%: 0.001; 50%: 0.02; 95%: 0.2"],
        "verbal": ["very unlikely", "likely"],
        "chips": ["0-0.1: 5; 0.1-0.2: 3"],
    },
    "outcome": {"distribution": ["deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%"]},
    "order": {"ranking": ["goal_directed < long_term_goals = base_goal_understood"]},
    "warning": {"likelihood_ratio": ["3", "2 to 6", ">1"]},
    "hazard": {"point": ["2.5"], "bound": [">1"]},
    "turnout": {"quantiles": ["5%: 2; 95%: 10"]},
}


@pytest.fixture
def rows(setting):
    questions = tuple(setting.declared.questions.values())
    return sheet_rows(questions, [setting.context(question) for question in questions])


def fill_workbook(content, expert, given):
    """Type answers into a sheet by its header, as a person would: (form, answer) by question."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Answers"]
    sheet["B1"] = expert
    for line in range(HEADER_ROW + 1, sheet.max_row + 1):
        form, answer = given.get(sheet.cell(line, 1).value, ("", ""))
        if answer:
            sheet.cell(line, HEADER.index("form") + 1).value = form
            sheet.cell(line, HEADER.index("answer") + 1).value = answer
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fill_csv(text, expert, given):
    import csv

    records = list(csv.DictReader(io.StringIO(text)))
    for record in records:
        form, answer = given.get(record["question"], ("", ""))
        record["expert"], record["answer"] = expert, answer
        record["form"] = form or record["form"]
    return csv_text(list(records[0]), [list(record.values()) for record in records])


filled = st.fixed_dictionaries(
    {},
    optional={
        question: st.sampled_from([(form, answer) for form, typed in forms.items() for answer in typed])
        for question, forms in TYPED.items()
    },
).filter(bool)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_by=st.lists(filled, min_size=1, max_size=3), workbooks=st.booleans())
def test_what_is_typed_comes_back(given_by, workbooks, rows, setting, load, lexicon, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheets")
    blank = template_xlsx(rows, sorted(lexicon)) if workbooks else template_csv(rows)
    typed = set()
    for number, given_one in enumerate(given_by):
        expert = f"expert {number}"
        name = folder / f"{number}.{'xlsx' if workbooks else 'csv'}"
        if workbooks:
            name.write_bytes(fill_workbook(blank, expert, given_one))
        else:
            name.write_text(fill_csv(blank, expert, given_one), encoding="utf-8")
        typed |= {(expert, question, *answer) for question, answer in given_one.items()}
    files = export_files([folder])
    mapping = folder / "m.toml"
    mapping.write_text(mapping_text(draft_mapping(files, setting)), encoding="utf-8")
    import_survey(files, mapping, folder / "made", setting, load)
    survey = load(folder / "made")
    assert {(j.expert, j.question, j.form, j.text) for j in survey.judgements} == typed


def test_a_filled_csv_sheet_is_a_responses_file_as_it_is(rows, write, load):
    given_one = {question: next(iter(forms.items())) for question, forms in TYPED.items()}
    typed = {question: (form, answers[0]) for question, (form, answers) in given_one.items()}
    survey = load(write(responses__csv=fill_csv(template_csv(rows), "ada", typed)))
    assert {(j.question, (j.form, j.text)) for j in survey.judgements} == set(typed.items())
    assert survey.warnings == ()


def test_faults_in_filled_sheets_are_found_in_each(desk, rows):
    text = template_csv(rows)
    sound = {"deceptive": ("point", "2%")}
    desk.write("sheets/a.csv", fill_csv(text, "ada", sound))
    desk.write("sheets/b.csv", fill_csv(text, "ada", {"deceptive": ("point", "40"), "hazard": ("chips", "3")}))
    desk.write("sheets/c.csv", fill_csv(text, "", sound))
    desk.write("sheets/d.csv", fill_csv(text, "dee@example.org", sound))
    desk.write("sheets/e.csv", fill_csv(text, "ada", sound))
    desk.write("sheets/~$f.csv", "left by a spreadsheet")
    files = export_files([desk.folder / "sheets"])
    desk.mapping('layout = "filled"\n')
    problems = desk.refused(*files)
    places = {(problem.file, problem.column) for problem in problems if problem.column}
    assert places == {("b.csv", "answer"), ("b.csv", "form"), ("c.csv", "expert"), ("d.csv", "expert")}
    assert sum(problem.file == "c.csv" for problem in problems) == 1
    assert any("a.csv, row 2" in problem.message for problem in problems if problem.file == "e.csv")


def test_a_wide_export_is_no_filled_sheet(desk):
    export = desk.write("a.csv", "expert,deceptive\nada,5%\n")
    desk.mapping('layout = "filled"\n')
    assert "precursor template" in desk.refused(export)[0].message
    with pytest.raises(InputError, match="at once"):
        draft_mapping([export, export], desk.setting)


def test_an_empty_folder_holds_no_sheet(tmp_path):
    with pytest.raises(InputError, match="holds no sheet"):
        export_files([tmp_path])


def test_a_decimal_comma_in_a_sheet(desk, rows, answers):
    export = desk.write("a.csv", fill_csv(template_csv(rows), "ada", {"deceptive": ("point", "0,5")}))
    desk.mapping('layout = "filled"\n')
    assert "comma" in desk.refused(export)[0].message
    desk.mapping('layout = "filled"\ndecimal_comma = true\n')
    assert answers(desk.run(export).survey) == [("ada", "deceptive", "point", "0.5")]
