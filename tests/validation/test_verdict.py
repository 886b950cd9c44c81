"""The verdict, its figure, and the command that shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from precursor.cli.main import main
from precursor.figures.rank_uniformity import rank_uniformity_figure, rank_uniformity_words
from precursor.figures.style import svg
from precursor.validation import checks
from precursor.validation.checks import Check, Request
from precursor.validation.verdict import verdict

DRAWS, FITS = 49, 60
NAMES = ["parameter: guard", "joint log-likelihood", "scale: person_bias"]
MANIFEST = {"campaign": "trial", "provenance": {}, "seed": 1}


def results(wrong: bool = False) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(8)
    ranks = rng.integers(0, DRAWS + 1, (FITS, len(NAMES)))
    if wrong:
        ranks[:, 1] = rng.integers(0, 20, FITS)
    return {
        "names": np.array([NAMES] * FITS),
        "ranks": ranks,
        "lag": rng.normal(0, 0.05, (FITS, len(NAMES))),
        "divergences": np.zeros(FITS),
        "steps": np.ones(FITS),
    }


def test_uniform_ranks_pass_and_others_are_named() -> None:
    right, wrong = (verdict(results(bad), DRAWS, MANIFEST) for bad in (False, True))
    assert right["passed"]
    assert not wrong["passed"]
    assert [entry["name"] for entry in wrong["quantities"] if not entry["passed"]] == ["joint log-likelihood"]
    assert wrong["quantities"][0]["mean"] < 0.3
    json.dumps(wrong, allow_nan=False)


def test_correlated_draws_are_no_proof() -> None:
    found = results()
    found["lag"] = found["lag"] + 0.4
    assert not verdict(found, DRAWS, MANIFEST)["passed"]


def test_the_figure_shows_every_quantity_and_repeats() -> None:
    document = verdict(results(wrong=True), DRAWS, MANIFEST)
    drawn = svg(rank_uniformity_figure(document))
    assert drawn == svg(rank_uniformity_figure(document))
    assert "joint log-likelihood" in drawn
    assert "fail: joint log-likelihood" in rank_uniformity_words(document)


@pytest.fixture
def trial(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """One check whose fits are made up; it fails if it is asked for 13 fits."""
    asked: list[Request] = []

    def run(request: Request) -> dict[str, Any]:
        asked.append(request)
        request.folder.mkdir(parents=True)
        return verdict(results(wrong=request.fits == 13), DRAWS, MANIFEST)

    monkeypatch.setattr(checks, "CHECKS", {"trial": Check("Is it so?", run)})
    return asked


def test_the_command_says_what_passed(trial: list[Request], tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["validate", "--out", str(tmp_path / "r"), "--seed", "3"]) == 0
    assert "PASSED: trial" in capsys.readouterr().out
    assert trial[0].seed == 3
    assert {path.name for path in (tmp_path / "r" / "trial").iterdir()} == {"verdict.json", "ranks.csv", "ranks.svg"}


def test_a_failed_check_is_status_1(trial: list[Request], tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["validate", "--out", str(tmp_path / "r"), "--fits", "13", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["trial"]["passed"] is False
    assert trial


@pytest.mark.parametrize(
    "words",
    [["--what", "trail"], ["--fits", "0"], ["--fits", "many"], ["--seed", "-1"], ["--scheduler", "somewhere"]],
    ids=lambda words: " ".join(words),
)
def test_bad_options_are_refused(
    trial: list[Request], words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert main(["validate", "--out", str(tmp_path / "r"), *words]) == 2
    assert words[0] in capsys.readouterr().err
    assert not trial
    assert not (tmp_path / "r").exists()


def test_the_checks_are_listed(capsys: pytest.CaptureFixture) -> None:
    assert main(["validate", "--what", "list"]) == 0
    assert "expert_model" in capsys.readouterr().out
