"""What we hand on runs nothing: no formula in a spreadsheet, no escape code in a terminal, no code in the package."""

import ast
import csv
import io
from pathlib import Path

import openpyxl
import pytest

from precursor.cli.main import main
from precursor.elicitation.imports.texts import unrunnable
from precursor.elicitation.template import SheetRow, template_csv
from precursor.elicitation.template_workbook import template_xlsx
from tests.cli.conftest import QUESTIONS, write_survey
from tests.survey_header import header

PACKAGE = Path(__file__).parents[2] / "model" / "precursor"
STARTS = ("=", "+", "-", "@", "\t=", " =", "\r=", "\n=", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u00a0=")
FORMULAS = tuple(f"{start}1+1" for start in STARTS)
ESCAPES = "\x1b[2J\x1b]0;title\x07\u202e\x9b31m\x7f\r"


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text):
    assert unrunnable(text) == f"'{text}"
    assert unrunnable(f"a{text}") == f"a{text}"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_sheet_is_a_formula(text):
    row = SheetRow("deceptive", "point", ("point",), text, text)
    for record in csv.reader(io.StringIO(template_csv([row]))):
        assert all(cell == unrunnable(cell) for cell in record)
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx([row], [text])))
    cells = [cell for sheet in book.worksheets for line in sheet.iter_rows() for cell in line if cell.value]
    assert cells
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_what_is_imported_holds_no_formula(tmp_path, capsys):
    (tmp_path / "data" / "questions").mkdir(parents=True)
    (tmp_path / "data" / "questions" / "a.toml").write_text(QUESTIONS)
    export = tmp_path / "a.csv"
    rows = [["id", "camp", "deceptive", "why"], *([f"{t}{i}", t, "2%", t] for i, t in enumerate(FORMULAS))]
    with export.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        f'[survey]\n{header(protocol="delphi")}[expert]\ncolumn = "id"\n[attributes]\ncamp = "camp"\n'
        '[[answer]]\nquestion = "deceptive"\nform = "point"\ncolumn = "deceptive"\ncomment = "why"\n'
    )
    words = ["import", str(export), "--mapping", str(mapping), "--out", str(tmp_path / "made"), "--root", str(tmp_path)]
    assert main(words) in (0, 2), capsys.readouterr()
    written = list((tmp_path / "made").glob("*.csv")) if (tmp_path / "made").exists() else []
    for path in written:
        for record in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
            assert [cell for cell in record if cell != unrunnable(cell)] == []


def test_no_command_prints_an_escape_code(tmp_path, capsys):
    (tmp_path / "data" / "questions").mkdir(parents=True)
    (tmp_path / "data" / "questions" / "a.toml").write_text(QUESTIONS)
    write_survey(tmp_path / "data" / "surveys" / "odd", f'"a{ESCAPES}",deceptive,point,"{ESCAPES}2%"\n')
    for words in (
        ["check", "odd"], ["surveys"], ["query", f"P({ESCAPES})"], [ESCAPES], ["check", ESCAPES], ["runs", ESCAPES],
        ["report", ESCAPES], ["scenario", "show", ESCAPES], ["template", ESCAPES, "--out", "a.csv"],
    ):  # fmt: skip
        main([*words, "--root", str(tmp_path)])
        shown = "".join(capsys.readouterr())
        assert shown
        assert [c for c in shown if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")] == []


# --- nothing is run ---------------------------------------------------------------------------------------------

FORBIDDEN_CALLS = frozenset({"eval", "exec", "compile", "__import__", "breakpoint", "input"})
FORBIDDEN_MODULES = frozenset(
    [
        "pickle",
        "cPickle",
        "marshal",
        "shelve",
        "dill",
        "cloudpickle",
        "joblib",
        "subprocess",
        "socket",
        "ssl",
        "http",
        "urllib",
        "requests",
        "ftplib",
        "smtplib",
        "telnetlib",
        "xmlrpc",
        "webbrowser",
        "code",
        "codeop",
        "pty",
        "ctypes",
    ]
)


def offences(tree):
    """Yield what could run a stranger's data, or fetch anything."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
            yield f"{node.func.id}()"
        if isinstance(node, ast.Attribute) and node.attr in ("system", "popen", "execv", "spawnv"):
            yield f".{node.attr}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (name for name in names if name.split(".")[0] in FORBIDDEN_MODULES)
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
            yield "allow_pickle"


def test_the_package_runs_and_fetches_nothing():
    found = {
        (str(path.relative_to(PACKAGE)), what)
        for path in PACKAGE.rglob("*.py")
        for what in offences(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()


@pytest.mark.parametrize(
    "source",
    ["eval('1')", "import pickle", "from urllib import request", "os.system('a')", "np.load(f, allow_pickle=True)"],
)
def test_an_offence_is_found(source):
    assert list(offences(ast.parse(source)))
