import numpy as np
import pytest

from precursor.calibration.forecast_files import read_forecasts
from precursor.calibration.quantities import read_quantities
from precursor.problems import InputError

from .conftest import DATA

PLAIN = "question,expert,probability\nq1,ada,0.2\nq1,bob,30%\nq2,ada,0.9\n"
OUTCOMES = "question,outcome,topic\nq1,0,x\nq2,1,y\n"


def problems_of(function, *arguments, **options):
    with pytest.raises(InputError) as caught:
        function(*arguments, **options)
    return {(problem.file, problem.row, problem.column) for problem in caught.value.problems}


def test_the_plain_shape(files):
    found = read_forecasts(*files(PLAIN, OUTCOMES))
    assert found.questions == ("q1", "q2")
    assert found.experts == ("ada", "bob")
    assert found.probability.tolist() == [0.2, 0.3, 0.9]
    assert found.outcome.tolist() == [0, 1]
    assert found.warnings == ()


@pytest.mark.parametrize("column", ["forecast", "value", "best"])
@pytest.mark.parametrize("question", ["question", "claim"])
@pytest.mark.parametrize("dressed", [
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: text.replace(",", ";").encode(),
])  # fmt: skip
def test_spellings_marks_line_ends_and_delimiters_change_nothing(files, column, question, dressed):
    forecasts = PLAIN.replace("probability", column).replace("question", question)
    found = read_forecasts(*files(dressed(forecasts), dressed(OUTCOMES.replace("question", question))))
    plain = read_forecasts(*files(PLAIN, OUTCOMES))
    assert found.questions == plain.questions
    np.testing.assert_array_equal(found.probability, plain.probability)
    np.testing.assert_array_equal(found.high, plain.high)


def test_every_problem_of_both_files_at_once(files):
    forecasts = (
        "question,expert,round,element,value\n"
        "q1,ada,1,best,0.2\n"
        "q1,ada,1,best,0.3\n"  # 3: again
        "q9,ada,1,best,0.3\n"  # 4: unknown question
        "q2,ada,1,best,40\n"  # 5: percent among fractions
        "q2,bob,1,best,-0.1\n"  # 6
        "q2,,1,best,0.1\n"  # 7
        "q2,cyd,one,best,0.1\n"  # 8
        "q2,dan,1,most,0.1\n"  # 9
        "q2,eve,1,best,perhaps\n"  # 10
    )
    outcomes = "question,outcome\nq1,2\nq2,1\nq2,1\n,0\n"
    found = problems_of(read_forecasts, *files(forecasts, outcomes))
    ours, theirs = "forecasts.csv", "outcomes.csv"
    assert found == {
        (ours, 3, "value"), (ours, 4, "question"), (ours, 5, "value"), (ours, 6, "value"), (ours, 7, "expert"),
        (ours, 8, "round"), (ours, 9, "element"), (ours, 10, "value"),
        (theirs, 2, "outcome"), (theirs, 4, "question"), (theirs, 5, "question"),
    }  # fmt: skip


def test_a_column_in_percent_is_refused_once(files):
    forecasts = "question,expert,probability\nq1,ada,20\nq1,bob,30\nq2,ada,90\nq2,bob,1\n"
    assert problems_of(read_forecasts, *files(forecasts, OUTCOMES)) == {("forecasts.csv", None, "probability")}


def test_what_is_left_out_is_said(files):
    forecasts = PLAIN + "q3,ada,0.5\n"
    found = read_forecasts(*files(forecasts, OUTCOMES + "q3,,x\nq4,1,x\n"))
    assert found.questions == ("q1", "q2")
    assert [(w.file, w.row) for w in found.warnings] == [("outcomes.csv", 4), ("outcomes.csv", 5)]


def test_the_latest_answer_unless_a_round_is_named(files):
    forecasts = "question,expert,round,value\nq1,ada,1,0.2\nq1,ada,2,0.4\nq2,ada,1,0.9\n"
    paths = files(forecasts, OUTCOMES)
    latest = read_forecasts(*paths)
    assert latest.probability.tolist() == [0.4, 0.9]
    assert len(latest.warnings) == 1
    assert read_forecasts(*paths, round_=1).probability.tolist() == [0.2, 0.9]
    assert problems_of(read_forecasts, *paths, round_=3) == {("forecasts.csv", None, "round")}


def test_groups_come_from_a_column_of_outcomes(files):
    assert read_forecasts(*files(PLAIN, OUTCOMES), group="topic").group == ("x", "y")
    assert problems_of(read_forecasts, *files(PLAIN, OUTCOMES), group="topics") == {("outcomes.csv", 1, "topics")}
    one = OUTCOMES.replace(",y", ",x")
    assert problems_of(read_forecasts, *files(PLAIN, one), group="topic") == {("outcomes.csv", None, None)}


def test_answers_of_zero_and_one_are_finite_and_censored(files):
    forecasts = "question,expert,probability\nq1,ada,0\nq1,bob,0.0001\nq2,ada,1\nq2,bob,0.9\n"
    found = read_forecasts(*files(forecasts, OUTCOMES))
    assert np.isfinite(found.log_odds).all()
    assert found.side.tolist() == [-1, 0, 1, 0]
    np.testing.assert_allclose(found.log_odds[[0, 2]], [-np.log(199), np.log(199)])
    np.testing.assert_allclose(found.log_odds[1], -np.log(9999))


def test_the_shipped_tables_are_read():
    found = read_forecasts(DATA / "forecasts_replicats.csv", DATA / "outcomes_replicats.csv", round_=1)
    assert (len(found.questions), len(found.experts), found.probability.size) == (25, 25, 625)
    assert not np.isnan(found.lower).any()
    cases = read_quantities(DATA / "quantiles_ukcovid.csv", DATA / "realisations_ukcovid.csv", group="target_end_date")
    assert cases.quantiles.shape == (1928, 5)
    assert len(cases.experts) == 85
    assert len(set(cases.group)) < len(cases.questions) == 240


def test_every_problem_of_quantiles_at_once(files):
    forecasts = (
        "question,expert,quantile,value\nq1,ada,0.5,3\nq1,ada,0.9,2\nq1,ada,1.5,4\nq9,ada,0.5,1\nq9,ada,0.9,2\n"
        "q1,bob,0.5,x\n"
    )
    found = problems_of(read_quantities, *files(forecasts, "question,realised\nq1,3\nq2,many\n"))
    ours = "forecasts.csv"
    assert found == {
        (ours, 3, "value"), (ours, 4, "quantile"), (ours, 5, "question"), (ours, 7, "value"),
        ("outcomes.csv", 3, "realised"),
    }  # fmt: skip
