"""Studies from our own surveys, and the command."""

from __future__ import annotations

import json

import numpy as np
import pytest

from precursor.calibration.classical.model import classical_model
from precursor.calibration.classical.survey_study import study_of
from precursor.cli.main import main
from precursor.inference.surveys import load_survey
from precursor.problems import InputError
from tests.survey_header import header

QUESTIONS = """
[[question]]
id = "distance"
wording = "How far?"
seed = true
realised = 12.0
unit = "km"
scale = "linear"
forms = ["quantiles"]

[[question]]
id = "dose"
wording = "How much?"
seed = true
realised = 300.0
unit = "mg"
scale = "log"
forms = ["quantiles"]

[[question]]
id = "rain"
wording = "Did it rain?"
seed = true
outcome = 1
forms = ["point", "quantiles"]

[[question]]
id = "deceptive"
wording = "How probable is it?"
query = "P(model_outcome=deceptive | tai_by_2100=yes)"
forms = ["point", "quantiles"]
"""
ROWS = """ada,distance,quantiles,5%: 8; 50%: 10; 95%: 14,1
ada,dose,quantiles,5%: 100; 50%: 200; 95%: 900,1
ada,deceptive,quantiles,5%: 1%; 50%: 10%; 95%: 40%,1
ada,deceptive,quantiles,5%: 2%; 50%: 20%; 95%: 50%,2
ada,rain,quantiles,5%: 1%; 50%: 10%; 95%: 40%,1
bob,distance,quantiles,5%: 1; 50%: 2; 95%: 3,1
bob,deceptive,point,3%,1
cat,deceptive,quantiles,5%: 3%; 50%: 30%; 95%: 60%,1
"""


@pytest.fixture
def survey(tmp_path):
    """Write a survey with the given answers and return its folder."""
    (tmp_path / "data").mkdir()

    def write(rows=ROWS):
        folder = tmp_path / "seeds"
        folder.mkdir(exist_ok=True)
        (folder / "survey.toml").write_text(header("seeds", "delphi"), encoding="utf-8")
        (folder / "questions.toml").write_text(QUESTIONS, encoding="utf-8")
        (folder / "responses.csv").write_text(f"expert,question,form,answer,round\n{rows}", encoding="utf-8")
        return folder

    return write


@pytest.fixture
def study(survey, root):
    return lambda rows=ROWS: study_of(load_survey(survey(rows), root=root))


@pytest.fixture
def root(tmp_path):
    return tmp_path


def test_seeds_and_other_questions_of_a_survey(study):
    found = study()
    assert found.experts == ("ada", "bob", "cat")
    assert found.items == ("distance", "dose", "deceptive")
    assert found.scales == ("linear", "log", "linear")
    np.testing.assert_array_equal(found.realisations, [12, 300, np.nan])
    np.testing.assert_array_equal(found.quantiles[0, 2], [0.02, 0.2, 0.5])
    assert found.answered.tolist() == [[True, True, True], [True, False, False], [False, False, True]]
    assert classical_model(found).seeds == 1


def test_levels_in_common_are_used_and_said(study):
    rows = ROWS + "dan,distance,quantiles,5%: 1; 25%: 2; 50%: 5; 75%: 6; 95%: 9,1\n"
    found = study(rows)
    assert found.levels == (0.05, 0.5, 0.95)
    np.testing.assert_array_equal(found.quantiles[3, 0], [1, 5, 9])
    (warning,) = found.warnings
    assert "5%, 25%, 50%, 75%, 95%: dan" in warning.message


def test_levels_that_differ_are_an_error_that_says_who(study):
    with pytest.raises(InputError, match="10%, 90%: dan"):
        study(ROWS + "dan,distance,quantiles,10%: 1; 90%: 9,1\n")


def test_ties_and_quantities_without_logarithm(study):
    (warning,) = study(ROWS + "dan,distance,quantiles,5%: 1; 50%: 1; 95%: 9,1\n").warnings
    assert warning.row == 10
    with pytest.raises(InputError) as error:
        study(ROWS + "dan,dose,quantiles,5%: 0; 50%: 1; 95%: 9,1\n")
    assert [(p.file, p.row, p.column) for p in error.value.problems] == [("responses.csv", 10, "answer")]


def test_a_survey_without_quantiles_or_seeds(study):
    with pytest.raises(InputError, match="Nobody answered in quantiles"):
        study("bob,deceptive,point,3%,1\n")
    with pytest.raises(InputError, match="whose answer is known"):
        classical_model(study("cat,deceptive,quantiles,5%: 3%; 50%: 30%; 95%: 60%,1\n"))


def test_the_command_on_a_survey(survey, root, capsys):
    folder = survey()
    assert main(["classical", str(folder), "--root", str(root), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["expert"] for row in document["experts"]] == ["ada", "bob", "cat"]
    assert {"calibration", "information_seed", "information_all", "weight"} <= set(document["experts"][0])
    cat = document["experts"][2]
    assert (cat["calibration"], cat["weight"], cat["seeds"]) == (None, 0.0, 0)
    made = {row["name"]: row for row in document["decision_makers"]}
    assert {"equal", "global", "item", "optimised"} <= set(made)
    ada = document["experts"][0]
    assert ada["weight"] == pytest.approx(ada["calibration"] * ada["information_seed"])
    assert sum(row["normalised_weight"] for row in document["experts"]) == pytest.approx(1)
    assert document["items"][0]["realisation"] == 12
    assert set(document["items"][0]["quantiles"]) == set(made)
    assert main(["classical", str(folder), "--root", str(root)]) == 0
    text = capsys.readouterr().out
    assert "cat answered no seed" in text
    assert "optimised" in text


def test_the_command_on_files_and_its_options(tmp_path, capsys):
    dtt, rls = ["* NQ= 3 QU= 5 50 95"], []
    for item in range(1, 5):
        dtt += [f"1 A {item} q{item} UNI {item} {item + 1} {item + 3}", f"2 B {item} q{item} UNI 0 {2 * item} 9"]
        rls.append(f"{item} q{item} {item + 1.5} UNI")
    (tmp_path / "s.DTT").write_text("\n".join(dtt), encoding="utf-8")
    (tmp_path / "S.rls").write_text("\n".join(rls), encoding="utf-8")
    path = str(tmp_path / "s.DTT")

    def answers(*options):
        status = main(["classical", path, "--json", *options])
        return status, json.loads(capsys.readouterr().out)

    status, plain = answers()
    assert status == 0
    assert plain["overshoot"] == 0.1
    wider = answers("--overshoot", "0.5")[1]
    assert wider["experts"][0]["information_seed"] > plain["experts"][0]["information_seed"]
    weaker = answers("--power", "0.5")[1]
    assert weaker["experts"][0]["calibration"] > plain["experts"][0]["calibration"]
    best = max(row["calibration"] for row in plain["experts"])
    strict = {row["name"]: row for row in answers("--significance", str(best))[1]["decision_makers"]}
    assert strict["global"]["significance"] == best
    for name, values in {
        "overshoot": ("x", "", "nan", "1e999"),
        "power": ("2", "0"),
        "significance": ("0.9999", "2"),
    }.items():
        for value in values:
            status, refused = answers(f"--{name}", value)
            assert status == 2
            assert len(refused["errors"]) == 1
    status, refused = answers("--overshoot", "1e308")
    assert status == 2
    assert all("too wide to compute with" in problem["message"] for problem in refused["errors"])
    (tmp_path / "S.rls").unlink()
    assert answers()[0] == 2
