import json
import shutil
from pathlib import Path

import pytest

from precursor.cli.main import main
from tests.survey_header import header

REPOSITORY = Path(__file__).parents[2]

QUESTIONS = """
[[question]]
id = "deceptive"
wording = "How probable is it that the model is deceptive?"
query = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"
forms = ["point", "bound"]
"""


@pytest.fixture
def root(tmp_path):
    """A data folder with one question and one sound survey; the lexicon is the shipped one."""
    (tmp_path / "data" / "questions").mkdir(parents=True)
    (tmp_path / "data" / "questions" / "a.toml").write_text(QUESTIONS)
    (tmp_path / "data" / "indicators").mkdir()
    write_survey(tmp_path / "data" / "surveys" / "sound", "ada,deceptive,point,2%\nbob,deceptive,point,\n")
    return tmp_path


def write_survey(folder, rows):
    folder.mkdir(parents=True)
    (folder / "survey.toml").write_text(header(folder.name, "delphi"), encoding="utf-8")
    (folder / "responses.csv").write_text(f"expert,question,form,answer\n{rows}", encoding="utf-8")
    return folder


@pytest.fixture
def faulty(root):
    """The faulty survey, in the data folder."""
    return shutil.copytree(
        REPOSITORY / "tests" / "cases" / "faulty_survey", root / "data" / "surveys" / "faulty_survey"
    )


@pytest.fixture
def precursor(capsys, root):
    """Run a command on the data folder: status, stdout (parsed if JSON was asked for), stderr."""

    def run(*words):
        status = main([*words, "--root", str(root)])
        out, err = capsys.readouterr()
        return status, json.loads(out) if "--json" in words else out, err

    return run


@pytest.fixture
def survey(root):
    """Write a survey into the data folder."""
    return lambda id_, rows: write_survey(root / "data" / "surveys" / id_, rows)
