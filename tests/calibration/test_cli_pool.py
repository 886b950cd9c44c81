import pytest

from precursor.calibration.scoreboard import BASELINES

from .conftest import DATA

REPLICATS = (DATA / "forecasts_replicats.csv", DATA / "outcomes_replicats.csv")


def test_bad_input_is_refused_with_every_problem(pool, files):
    forecasts, outcomes = files("question,expert,probability\nq1,a,2\nq2,a,x\n", "question,outcome\nq1,1\nq2,3\n")
    status, document, _ = pool(forecasts, outcomes, "--json")
    assert status == 2
    assert [(e["file"], e["row"], e["column"]) for e in document["errors"]] == [
        ("outcomes.csv", 3, "outcome"), ("forecasts.csv", 2, "probability"), ("forecasts.csv", 3, "probability"),
    ]  # fmt: skip


@pytest.mark.parametrize("words", [("--round", "x"), ("--seed", "-1"), ("--group", "colour"), ("--round", "7")])
def test_bad_options_are_refused(pool, words):
    assert pool(*REPLICATS, *words, "--json")[0] == 2


def test_a_missing_file_is_refused(pool, tmp_path):
    assert pool(tmp_path / "none.csv", REPLICATS[1], "--json")[0] == 2


@pytest.mark.parametrize("round_", [pytest.param("1", marks=pytest.mark.slow), "2"])
def test_the_scoreboard_of_replicats(pool, round_):
    status, document, err = pool(*REPLICATS, "--round", round_, "--json")
    assert status == 0
    assert "Fitting the expert model: 625 answers" in err
    rows = {method["method"]: method for method in document["methods"]}
    assert set(rows) == {*BASELINES, "precursor"}
    assert [m["brier"] for m in document["methods"]] == sorted(m["brier"] for m in document["methods"])
    for score in ("brier", "log_score"):
        assert rows["precursor"][score] <= rows["recalibrated_log_odds"][score]
    assert document["passed"]
    assert document["fits"]["r_hat_max"] < document["fits"]["r_hat_threshold"]
    assert len(document["predictions"]) == 25
