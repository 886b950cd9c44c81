"""The document of rounds."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from precursor.analysis.tables.rounds import rounds_document
from precursor.inference.surveys import open_reader
from tests.survey_header import header

Q = "human_extinction_by_2100"


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    reader = open_reader(Path(__file__).parents[3] / "data")

    def made(id_, *rows):
        folder = tmp_path_factory.mktemp("rounds") / id_
        folder.mkdir()
        (folder / "survey.toml").write_text(header(id_), encoding="utf-8")
        text = "\n".join(["expert,question,form,answer,round", *rows])
        (folder / "responses.csv").write_text(text + "\n", encoding="utf-8")
        return reader.read(folder)

    return made


def test_movements_questions_and_experts(make):
    survey = make(
        "two",
        *(f"{who},{Q},point,{said},1" for who, said in (("a", "10%"), ("b", "20%"), ("c", "60%"))),
        f"late,{Q},point,1%,2",
        f"gone,{Q},point,1%,1",
        *(f"{who},{Q},point,{said},2" for who, said in (("a", "18%"), ("b", "20%"), ("c", "40%"))),
    )
    document = rounds_document(survey)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["rounds"] == [1, 2]
    (question,) = document["questions"]
    assert question["only_before"] == ["gone"]
    assert question["only_after"] == ["late"]
    assert question["unchanged"] == pytest.approx(1 / 3)
    assert question["converged"]
    assert question["spread"]["ratio"] < 1
    assert question["directions"]["towards"] == 2
    moved = {entry["expert"]: entry for entry in document["movements"]}
    assert moved["a"]["natural_moved"] == pytest.approx(0.08)
    assert moved["a"]["moved"] == pytest.approx(math.log(0.18 / 0.82) - math.log(0.1 / 0.9))
    assert (moved["a"]["first"]["row"], moved["a"]["second"]["row"]) == (2, 7)
    assert {entry["expert"]: entry["answers"] for entry in document["experts"]} == {"a": 1, "b": 1, "c": 1}
    assert document["overall"]["questions_converged"] == 1
    assert "33%" in document["sentences"][0]


def test_a_group_that_parts_is_not_said_to_converge(make):
    survey = make("apart", f"a,{Q},point,30%,1", f"b,{Q},point,40%,1", f"a,{Q},point,10%,2", f"b,{Q},point,80%,2")
    document = rounds_document(survey)
    assert document["questions"][0]["converged"] is False
    assert document["overall"]["questions_converged"] == 0
    assert document["overall"]["directions"]["away"] == 2


def test_one_round_has_nothing_to_compare(make):
    document = rounds_document(make("single", f"a,{Q},point,30%,1"))
    assert document["movements"] == []
    assert "nothing to compare" in document["sentences"][0]
    json.dumps(document, allow_nan=False)
