import numpy as np
import pytest
from scipy.stats import norm

from precursor.calibration.quantities import read_quantities
from precursor.calibration.quantity_scoreboard import as_document, pool_quantities, quantile_score

FORECASTS = "question,expert,quantile,value\n" + "".join(
    f"{question},{expert},{level},{value}\n"
    for question, expert, values in (
        ("q1", "ada", (1, 10, 100)), ("q1", "bob", (10, 100, 1000)), ("q2", "ada", (2, 4, 8)),
        ("q2", "bob", (2, 4, 32)), ("q3", "ada", (1, 2, 3)), ("q3", "bob", (4, 8, 12)),
    )
    for level, value in zip((0.05, 0.5, 0.95), values, strict=True)
)  # fmt: skip
OUTCOMES = "question,realised\nq1,20\nq2,40\nq3,4\n"


def test_the_quantile_score_is_proper_and_becomes_the_crps():
    levels = tuple(np.arange(0.0005, 1, 0.001))
    truth = norm(1.0, 2.0)
    honest, shifted = truth.ppf(levels), norm(1.5, 2.0).ppf(levels)
    outcomes = np.random.default_rng(2).normal(1.0, 2.0, 4000)
    scores = [quantile_score(q[None, :], outcomes, levels, logarithmic=False).mean() for q in (honest, shifted)]
    assert scores[0] < scores[1]
    # T. Gneiting, A. E. Raftery (2007), equation 20: the CRPS of a normal distribution at its mean.
    at_mean = quantile_score(honest[None, :], np.array([1.0]), levels, logarithmic=False)[0]
    assert at_mean == pytest.approx(2.0 * (np.sqrt(2) - 1) / np.sqrt(np.pi), abs=1e-3)


def test_logarithms_are_averaged_where_every_number_is_above_zero(files):
    board = pool_quantities(read_quantities(*files(FORECASTS, OUTCOMES)), seed=1)
    np.testing.assert_allclose(board.predictions["mean"][0], np.sqrt([10, 1000, 100_000]))
    zero = FORECASTS.replace("q3,ada,0.05,1", "q3,ada,0.05,0")
    linear = pool_quantities(read_quantities(*files(zero, OUTCOMES)), seed=1)
    np.testing.assert_allclose(linear.predictions["mean"][0], [5.5, 55, 550])


def test_the_document_counts_and_sorts(files):
    document = as_document(pool_quantities(read_quantities(*files(FORECASTS, OUTCOMES)), seed=1))
    assert document["data"]["individual_coverage"] == 3 / 6
    scores = [method["quantile_score"] for method in document["methods"]]
    assert scores == sorted(scores)
    assert {method["method"] for method in document["methods"]} == {"mean", "median", "cooke"}
    mean = next(method for method in document["methods"] if method["method"] == "mean")
    assert mean["minus_mean"]["mean"] == 0
    assert mean["coverage"] == pytest.approx(2 / 3)
