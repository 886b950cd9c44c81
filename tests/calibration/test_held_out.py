import numpy as np
import pytest

from precursor.calibration import held_out
from precursor.calibration.expert_model import Settings
from precursor.calibration.fitted_pools import mean_probability
from precursor.calibration.forecasts import resolved
from precursor.calibration.held_out import predict_held_out
from precursor.calibration.scoreboard import predict_baselines
from precursor.calibration.scores import brier

QUICK = Settings(draws=300, tune=200, chains=2, seed=7)


@pytest.fixture(autouse=True)
def never_longer(monkeypatch):
    monkeypatch.setattr(held_out, "_LONGER", 1)


def quiet(_message):
    pass


def in_groups(answers, outcomes, size):
    return resolved(answers, outcomes, {name: f"g{number // size}" for number, name in enumerate(outcomes)})


def test_a_small_table_with_answers_of_zero_and_a_stranger():
    stated = {
        "q0": (0.0, 0.1, 0.2), "q1": (0.9, 0.7, 1.0), "q2": (0.3, 0.2, 0.4),
        "q3": (0.8, 0.9, 0.6), "q4": (0.2, 0.1, 0.3),
    }  # fmt: skip
    answers = {(q, f"e{e}"): p for q, row in stated.items() for e, p in enumerate(row)}
    answers["q3", "once"] = 0.0001
    found = predict_held_out(resolved(answers, {"q0": 0, "q1": 1, "q2": 0, "q3": 1, "q4": 0}), QUICK, quiet)
    assert found.scheme == "one question left out"
    assert found.fits == 6
    assert ((found.probability > 0) & (found.probability < 1)).all()
    assert found.probability[[1, 3]].min() > found.probability[[0, 2, 4]].max()


def test_its_own_outcome_does_not_move_a_prediction(simulate):
    answers, outcomes = simulate(12, 12, 5)
    turned = {**outcomes, "q3": 1 - outcomes["q3"]}
    first, second = (
        predict_held_out(resolved(answers, happened), QUICK, quiet).probability for happened in (outcomes, turned)
    )
    assert first[3] == second[3]
    assert not np.allclose(np.delete(first, 3), np.delete(second, 3), atol=1e-3)


def test_nothing_about_a_left_out_group_is_learned(simulate):
    answers, outcomes = simulate(16, 12, 5)
    moved = {key: 1 - p if key[0] == "q4" else p for key, p in answers.items()}
    turned = {**outcomes, "q4": 1 - outcomes["q4"], "q5": 1 - outcomes["q5"]}
    first = predict_held_out(in_groups(answers, outcomes, 3), QUICK, quiet)
    second = predict_held_out(in_groups(moved, turned, 3), QUICK, quiet)
    assert first.scheme == "one group left out"
    # Questions 3 to 5 are a group: neither answers to nor outcomes of q4 bear on q3 and q5.
    np.testing.assert_array_equal(first.probability[[3, 5]], second.probability[[3, 5]])
    assert abs(first.probability[4] - second.probability[4]) > 1e-3
    assert not np.allclose(first.probability[[0, 7]], second.probability[[0, 7]], atol=1e-4)


def test_a_planted_best_expert_is_found(simulate):
    forecasts = in_groups(*simulate(13, 90, 8, noise=1.0, best=True), 6)
    found = predict_held_out(forecasts, QUICK, quiet)
    recalibrated = predict_baselines(forecasts)["recalibrated_log_odds"]
    ours, theirs = (brier(p, forecasts.outcome).mean() for p in (found.probability, recalibrated))
    assert ours < 0.6 * theirs


def test_alike_experts_cost_next_to_nothing_against_the_recalibrated_pool(simulate):
    forecasts = in_groups(*simulate(14, 60, 8, bias=0.0, extremity=0.0), 6)
    found = predict_held_out(forecasts, QUICK, quiet)
    recalibrated = predict_baselines(forecasts)["recalibrated_log_odds"]
    ours, theirs = (brier(p, forecasts.outcome).mean() for p in (found.probability, recalibrated))
    assert ours < theirs + 0.005


def test_negative_control_outcomes_by_chance_cannot_be_forecast(simulate):
    answers, outcomes = simulate(15, 60, 8)
    shuffled = np.random.default_rng(2).permutation(list(outcomes.values())).tolist()
    forecasts = in_groups(answers, dict(zip(outcomes, shuffled, strict=True)), 6)
    found = predict_held_out(forecasts, QUICK, quiet)
    base_rate = forecasts.outcome.mean() * (1 - forecasts.outcome.mean())
    ours = brier(found.probability, forecasts.outcome).mean()
    assert ours > base_rate - 0.01
    # It notices: nearer to the base rate than the pool that is not recalibrated.
    assert ours < brier(mean_probability(forecasts), forecasts.outcome).mean()


def test_a_fit_that_does_not_converge_is_sampled_longer_and_then_said(simulate, monkeypatch):
    monkeypatch.setattr(held_out, "R_HAT_BELOW", 1.0)
    found = predict_held_out(in_groups(*simulate(17, 6, 3), 3), QUICK, quiet)
    assert found.failed_fits == found.fits == 4
    assert not found.passed
