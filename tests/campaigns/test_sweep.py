"""Sweeps: every combination once, each fit that of its own answers and decisions, the same bytes on any scheduler."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from precursor.campaigns import OnDask, ResultsFolder, run
from precursor.campaigns.sweep import Point, campaign, fit_point, listening_ways, points_of, sweep_document
from precursor.cli.main import main
from precursor.elicitation.store import shipped_data
from precursor.inference.decisions import Decisions
from precursor.inference.fits.fit import Sampler, Settings
from precursor.inference.fits.headline import HEADLINE, headline_logits
from precursor.inference.plan import Plan, plan_model
from precursor.inference.surveys import open_reader

LENGTH = Settings(draws=60, tune=100, chains=2, cores=1, seed=3)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_model([open_reader(shipped_data()).read(name) for name in _small_surveys()])


def _small_surveys() -> Sequence[str]:
    """Two of the carried surveys with fewest answers that are fitted by default."""
    reader = open_reader(shipped_data())
    read = [survey for survey in map(reader.read, reader.ids) if survey.fit_by_default]
    return [survey.id for survey in sorted(read, key=lambda survey: (len(survey.judgements), survey.id))[:2]]


def test_every_combination_is_a_point_once() -> None:
    ways = listening_ways(["a", "b", "c"], each=True, without=True)
    assert [name for name, _ in ways] == [
        "all", "only a", "only b", "only c", "without a", "without b", "without c",
    ]  # fmt: skip
    assert dict(ways)["without b"] == ("a", "c")
    points = points_of(ways, {"extremity": [0.5, 1.0], "shared_error": [0.0, 1.0, 2.0]}, repeats=2)
    assert len(points) == len(set(points)) == 7 * 2 * 3 * 2
    assert {point.decisions.transfer for point in points} == {Decisions().transfer}


def test_one_survey_is_neither_left_out_nor_heard_alone() -> None:
    assert listening_ways(["a"], each=True, without=True) == [("all", ("a",))]


def test_a_document_holds_each_points_own_numbers(plan: Plan) -> None:
    names = [survey.id for survey in plan.observations.surveys]
    points = points_of(listening_ways(names, each=True, without=False), {})
    logits = np.full((3, 2, 40, len(HEADLINE)), -1.0) + np.arange(3)[:, None, None, None]
    checks = {"r_hat_max": [1.0, 1.2, 1.0], "ess_bulk_min": [400.0] * 3, "ess_tail_min": [400.0] * 3}
    checks |= {"divergences": [0.0, 0.0, 60.0]}
    found = {"logits": logits} | {f"check_{name}": np.array(values) for name, values in checks.items()}
    planned = campaign(plan, points, LENGTH, str(shipped_data()))
    document = sweep_document(plan, points, planned, found)
    assert [fit["converged"] for fit in document["fits"]] == [True, False, False]
    assert not document["converged"]
    means = [fit["headline"][0]["posterior"]["mean"] for fit in document["fits"]]
    assert means == pytest.approx(1 / (1 + np.exp(-(np.arange(3) - 1.0))))
    assert document["fits"][1]["surveys"] == [names[0]]
    assert document["settings"] == {"draws": 60, "tune": 100, "chains": 2, "target_accept": 0.9}
    assert set(document["provenance"]["inputs"]) == set(names)
    json.dumps(document, allow_nan=False)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--extremity", "0,1"], "--extremity '0,1' cannot be used"),
        (["--shared-error", "1,nan"], "--shared-error '1,nan'"),
        (["--amplified-error", "2"], "numbers from 0 to 1"),
        (["--repeats", "0", "--chains", "1"], "--chains '1' cannot be used"),
        ([], "Nothing varies"),
        (["--extremity", "1"], "Nothing varies"),
        (["--repeats", "500", "--extremity", "1,2,3"], "fits are too many"),
        (["--scheduler", "nowhere"], "is no scheduler"),
    ],
)
def test_what_is_no_sweep_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", *_small_surveys(), *words]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_each_fit_is_that_of_its_own_answers_and_decisions_on_any_scheduler(plan: Plan, tmp_path: Path) -> None:
    names = [survey.id for survey in plan.observations.surveys]
    points = points_of(listening_ways(names, each=True, without=False), {"extremity": [1.0, 2.0]})
    planned = campaign(plan, points, LENGTH, str(shipped_data()))
    here, there = ResultsFolder(tmp_path / "here"), ResultsFolder(tmp_path / "there")
    run(planned, here)
    run(planned, there, OnDask())
    for task in planned.tasks:
        paths = [folder.folder / "tasks" / f"{task.name}.npz" for folder in (here, there)]
        assert paths[0].read_bytes() == paths[1].read_bytes()
    point, task = points[3], planned.tasks[3]
    assert np.array_equal(here.read(task.name)["logits"], _fitted_alone(plan, point, task.seed))
    assert not np.array_equal(here.read(task.name)["logits"], here.read(planned.tasks[2].name)["logits"])
    again = fit_point(task.seed, task.settings)
    assert all(np.array_equal(again[name], here.read(task.name)[name]) for name in again)


def _fitted_alone(plan: Plan, point: Point, seed: int) -> np.ndarray:
    """Return the headline's log-odds of one point, fitted without a campaign."""
    active = np.array([answer.survey in point.surveys for answer in plan.observations.answers])
    length = replace(LENGTH, seed=seed % 2**31)
    fit = Sampler.compiled_from(plan, lambda _message: None).listening(active, point.decisions).sample(length)
    return headline_logits(fit, fit.flat).reshape(LENGTH.chains, LENGTH.draws, -1)
