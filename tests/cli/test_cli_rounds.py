"""``precursor rounds``: text, JSON, figure, and what cannot be drawn."""

import pytest

from tests.survey_header import header


@pytest.fixture
def delphi(root):
    folder = root / "data" / "surveys" / "delphi"
    folder.mkdir()
    (folder / "survey.toml").write_text(header("delphi", "delphi"), encoding="utf-8")
    rows = "ada,deceptive,point,2%,1\nbob,deceptive,point,30%,1\nada,deceptive,point,5%,2\nbob,deceptive,point,30%,2\n"
    (folder / "responses.csv").write_text(f"expert,question,form,answer,round\n{rows}", encoding="utf-8")
    return folder


@pytest.mark.usefixtures("delphi")
def test_who_moved_and_who_did_not(precursor):
    status, document, err = precursor("rounds", "delphi", "--json")
    assert (status, err) == (0, "")
    assert {(m["expert"], m["direction"]) for m in document["movements"]} == {("ada", "towards"), ("bob", "unchanged")}
    out = precursor("rounds", "delphi")[1]
    assert "2 answers were given again; 50% did not change." in out
    assert "ada" in out


def test_one_round(precursor):
    status, out, _ = precursor("rounds", "sound")
    assert status == 0
    assert "nothing to compare" in out


@pytest.mark.usefixtures("delphi")
def test_the_figure(precursor, tmp_path):
    target = tmp_path / "moved.svg"
    assert precursor("rounds", "delphi", "--figure", str(target))[0] == 0
    first = target.read_text(encoding="utf-8")
    assert "<svg" in first
    assert "ada" in first
    precursor("rounds", "delphi", "--figure", str(target), "--question", "deceptive")
    assert target.read_text(encoding="utf-8") == first
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.usefixtures("delphi")
@pytest.mark.parametrize("survey", ["delphi", "sound"])
def test_what_cannot_be_drawn_writes_nothing(precursor, tmp_path, survey):
    target = tmp_path / "moved.svg"
    status, document, _ = precursor("rounds", survey, "--figure", str(target), "--question", "deceptve", "--json")
    assert status == 2
    assert document["errors"]
    assert not target.exists()
    assert precursor("rounds", "delphi", "--question", "deceptive")[0] == 2
