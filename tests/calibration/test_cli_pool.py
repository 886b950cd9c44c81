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


@pytest.mark.parametrize(
    "words",
    [
        ("--round", "x"), ("--round", ""), ("--round", "7"), ("--round", "99999999999"), ("--seed", "-1"),
        ("--seed", ""), ("--group", "colour"), ("--group", ""),
    ],
)  # fmt: skip
def test_bad_options_are_refused(pool, words):
    status, document, _ = pool(*REPLICATS, *words, "--json")
    assert status == 2
    assert document["errors"]


HEAD, OUTCOMES = "question,expert,probability\n", "question,outcome\nq1,1\nq2,0\n"
BOTH = f"{HEAD}q1,a,20%\nq2,a,60%\n"


@pytest.mark.parametrize(
    ("forecasts", "outcomes"),
    [
        ("", OUTCOMES), (HEAD, OUTCOMES), (f"{HEAD}q1,a,20%\n", OUTCOMES), (f"{HEAD}q1,a,\nq2,a,\n", OUTCOMES),
        ("a,b\n1,2\n", OUTCOMES), ("\n\n", OUTCOMES), (f"{HEAD}q1\n", OUTCOMES), (OUTCOMES, BOTH), (BOTH, BOTH),
        (BOTH, ""), (BOTH, "question,outcome\n"), (BOTH, "question,outcome\nq1,1\n"), (BOTH, "x,y\nq1,1\n"),
        (BOTH, "question,outcome\nq1,\nq2,\n"), ("question,expert,quantile,value\n", OUTCOMES),
        ("question,expert,quantile,value\nq1,a,0.5,3\n", OUTCOMES), (b"\xff\xfeq\x00", OUTCOMES), (b"\x00", OUTCOMES),
    ],
)  # fmt: skip
def test_files_with_too_little_or_something_else_in_them(pool, files, forecasts, outcomes):
    status, document, err = pool(*files(forecasts, outcomes), "--json")
    assert (status, err) == (2, "")
    assert all(problem["message"] for problem in document["errors"])


@pytest.mark.parametrize("missing", [0, 1])
def test_a_file_that_is_none_is_refused(pool, tmp_path, missing):
    for other in (tmp_path / "none.csv", tmp_path):
        paths = [other if i == missing else path for i, path in enumerate(REPLICATS)]
        status, document, _ = pool(*paths, "--json")
        assert status == 2
        assert document["errors"]


@pytest.mark.slow
@pytest.mark.parametrize("answers", [("20%", "60%"), ("50%", "50%"), ("0", "1")])
def test_one_expert_and_two_questions_are_enough(pool, files, answers):
    rows = "".join(f"q{i},a,{answer}\n" for i, answer in enumerate(answers, start=1))
    status, document, _ = pool(*files(f"{HEAD}{rows}", OUTCOMES), "--json")
    assert status in (0, 1)
    assert {method["method"] for method in document["methods"]} == {*BASELINES, "precursor"}


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
