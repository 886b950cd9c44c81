"""Scenario files: what is missing takes the prior's median and is listed; what is wrong is named, all of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from precursor.argument.parameters import parameter_space
from precursor.argument.scenario import LARGEST_SCENARIO, Scenario, make_scenario, read_scenario
from precursor.network.grammar import parse_event
from precursor.problems import InputError


def problems_of(document: dict[str, Any]) -> list[str]:
    with pytest.raises(InputError) as caught:
        make_scenario(document, file="mine.toml")
    assert all(problem.file == "mine.toml" for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def test_carried_scenarios_leave_only_what_the_argument_does_not_speak_of(carried: Scenario) -> None:
    assert list(carried.defaults_used) == sorted(carried.defaults_used)
    assert not [name for name in carried.defaults_used if name.startswith(("emergence.", "correction.", "point_base."))]
    assert {"p_governance", "p_tai_by_2100", "drift"} <= set(carried.defaults_used)
    assert set(carried.parameters) == set(parameter_space().names)


def test_an_empty_scenario_is_the_prior_median() -> None:
    empty = make_scenario({})
    assert empty.parameters == parameter_space().medians()
    assert set(empty.defaults_used) == set(parameter_space().names)
    assert dict(empty.regime) == {}


def test_indicators_have_parameters_of_their_own() -> None:
    table = {"p_indicator": {"crux": {"event": 0.9, "not_event": 0.2}}}
    made = make_scenario({"parameters": table}, {"crux": parse_event("human_extinction=yes")})
    assert made.parameters["p_indicator.crux.event"] == 0.9


@pytest.mark.parametrize(
    ("parameters", "message", "allowed"),
    [
        ({"gard": 0.5}, "no parameter 'gard'", "guard"),
        (
            {"emergence": {"pretraning": {"goal_directed": 0.5}}},
            "emergence.pretraning",
            "emergence.pretraining.goal_directed",
        ),
        ({"guard": 1.5}, "not a probability", "0 to 1"),
        ({"guard": -0.1}, "not a probability", "0 to 1"),
        ({"guard": "high"}, "not a number", "a finite number"),
        ({"guard": True}, "not a number", "a finite number"),
        ({"guard": float("nan")}, "not a probability", "0 to 1"),
        ({"drift": float("inf")}, "not a finite non-negative number", "0 or more"),
        ({"drift": -1}, "not a finite non-negative number", "0 or more"),
        ({"correction": {"long_horizon_fine_tuning": 1.0}}, "below one", "0 to below 1"),
        (
            {"p_long_horizon_training": {"after_short_horizon": 0.5, "from_start": 0.3, "none": 0.1}},
            "p_long_horizon_training sums to 0.9",
            "summing to one",
        ),
        ({"p_long_horizon_training": {"none": 1.0}}, "p_long_horizon_training.from_start is missing", "all states"),
    ],
)
def test_wrong_parameters(parameters: dict[str, Any], message: str, allowed: str) -> None:
    (problem,) = problems_of({"parameters": parameters})
    assert message in problem
    assert allowed in problem


@pytest.mark.parametrize(
    ("regime", "message", "allowed"),
    [
        ({"train_deploy_regime": "freezing"}, "no state 'freezing'", "frozen or alternating"),
        ({"goal_promting": "yes"}, "'goal_promting' is not an assumption", "goal_prompting"),
        ({"governance": "weak"}, "'governance' is not an assumption", ""),
    ],
)
def test_wrong_regimes(regime: dict[str, Any], message: str, allowed: str) -> None:
    (problem,) = problems_of({"regime": regime})
    assert message in problem
    assert allowed in problem


def test_every_problem_is_reported_at_once() -> None:
    wrong = {"parameters": {"gard": 1, "guard": 2, "drift": -1}, "regime": {"goal_prompting": "maybe"}}
    assert len(problems_of(wrong)) == 4


@pytest.mark.parametrize("document", [{"parameter": {}}, {"parameters": 3}, {"regime": ["frozen"]}])
def test_wrong_shape(document: dict[str, Any]) -> None:
    assert problems_of(document)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    broken, missing = tmp_path / "broken.toml", tmp_path / "missing.toml"
    broken.write_text("guard = ")
    for path in (broken, missing):
        with pytest.raises(InputError, match="Cannot read the scenario"):
            read_scenario(path)


def test_what_is_not_a_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    for path in (Path("/dev/zero"), tmp_path / "pipe.toml", tmp_path):
        with pytest.raises(InputError, match="not a file"):
            read_scenario(path)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * (LARGEST_SCENARIO + 1))
    with pytest.raises(InputError, match="too large"):
        read_scenario(path)


def test_the_name_defaults_to_the_files(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[parameters]\nguard = 0.25\n")
    found = read_scenario(path)
    assert (found.name, found.parameters["guard"]) == ("mine", 0.25)
    assert "guard" not in found.defaults_used
