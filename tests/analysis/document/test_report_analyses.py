"""What a report gathers: each part, or why it is not there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from precursor.analysis.document import report_analyses
from precursor.analysis.document.report_analyses import analyses
from precursor.inference.runs.run import Run
from precursor.problems import InputError, Problem
from tests.cli.made_runs import make_run

REPOSITORY = Path(__file__).parents[3]
PARTS = {"pathways", "sensitivity", "value", "difference", "camps_difference", "concessions", "structures", "pooling"}


def test_what_cannot_be_had_is_said_and_the_rest_goes_on(tmp_path, monkeypatch):
    def refuse(*_):
        raise InputError(Problem("Not here."))

    for name in ("_pathways", "_sides", "_camps", "_concessions", "_structures", "_pooling"):
        monkeypatch.setattr(report_analyses, name, refuse)
    monkeypatch.setattr(report_analyses, "value_of_information", lambda *_, **__: {"run": "made"})
    run = Run.open(make_run(tmp_path, untouched_parameters=[]))
    said = []
    found = analyses(run, tmp_path, said.append)
    assert set(found) == PARTS
    assert len(said) == len(PARTS)
    assert found["pathways"] == {"available": False, "reason": "Not here."}
    assert found["value"] == {"available": True, "command": "precursor voi made", "run": "made"}
    assert "too few" in found["sensitivity"]["reason"]


@pytest.mark.slow
def test_every_part_is_there_for_a_whole_run_and_what_has_no_data_is_not(tmp_path):
    shutil.copytree(REPOSITORY / "data", tmp_path / "data")
    run = Run.open(REPOSITORY / "reports" / "baseline")
    found = analyses(run, tmp_path)
    assert {name for name, part in found.items() if part["available"]} == PARTS
    shutil.rmtree(tmp_path / "data" / "calibration")
    made = Run.open(make_run(tmp_path, draws=120, untouched_parameters=[]))
    found = analyses(made, tmp_path)
    assert {name for name, part in found.items() if part["available"]} == PARTS - {"camps_difference", "pooling"}
