from dataclasses import replace

import numpy as np
import pytest

from precursor.calibration import held_out
from precursor.calibration.expert_model import Settings
from precursor.calibration.fitted_pools import mean_probability
from precursor.calibration.forecasts import resolved
from precursor.calibration.held_out import predict_held_out
from precursor.calibration.scoreboard import predict_baselines
from precursor.calibration.scores import brier

QUICK = Settings(draws=200, tune=300, seed=7)


def quiet(_message):
    pass


@pytest.mark.slow
def test_a_small_table_with_answers_of_zero_and_a_stranger():
    stated = {
        "q0": (0.0, 0.1, 0.2), "q1": (0.9, 0.7, 1.0), "q2": (0.3, 0.2, 0.4),
        "q3": (0.8, 0.9, 0.6), "q4": (0.2, 0.1, 0.3),
    }  # fmt: skip
    answers = {(q, f"e{e}"): p for q, row in stated.items() for e, p in enumerate(row)}
    answers["q3", "once"] = 0.0001
    found = predict_held_out(resolved(answers, {"q0": 0, "q1": 1, "q2": 0, "q3": 1, "q4": 0}), QUICK, quiet)
    assert found.scheme == "fit per question"
    assert found.fits == 5
    assert ((found.probability > 0) & (found.probability < 1)).all()
    assert found.probability[[1, 3]].min() > found.probability[[0, 2, 4]].max()


@pytest.mark.slow
def test_the_three_schemes_give_the_same_predictive(simulate, monkeypatch):
    forecasts = resolved(*simulate(11, 20, 6))
    thorough = replace(QUICK, draws=1000)
    by_question = predict_held_out(forecasts, thorough, quiet)
    monkeypatch.setattr(held_out, "MOST_FITS", 10)
    reweighted = predict_held_out(forecasts, thorough, quiet)
    paired = replace(forecasts, group=tuple(f"g{number // 2}" for number in range(20)))
    by_group = predict_held_out(paired, thorough, quiet)
    assert reweighted.scheme == "one fit, reweighted"
    np.testing.assert_allclose(reweighted.probability, by_question.probability, atol=0.03)
    # One more question is left out, so that these differ by a little more than noise.
    np.testing.assert_allclose(by_group.probability, by_question.probability, atol=0.15)
    assert np.corrcoef(by_group.probability, by_question.probability)[0, 1] > 0.98


@pytest.mark.slow
def test_its_own_outcome_does_not_move_a_prediction(simulate):
    answers, outcomes = simulate(12, 12, 5)
    turned = {**outcomes, "q3": 1 - outcomes["q3"]}
    first, second = (
        predict_held_out(resolved(answers, happened), QUICK, quiet).probability for happened in (outcomes, turned)
    )
    assert first[3] == pytest.approx(second[3], abs=1e-9)
    assert not np.allclose(np.delete(first, 3), np.delete(second, 3), atol=1e-3)


@pytest.mark.slow
def test_a_planted_best_expert_is_found(simulate):
    forecasts = resolved(*simulate(13, 60, 8, noise=1.0, best=True))
    found = predict_held_out(forecasts, QUICK, quiet)
    recalibrated = predict_baselines(forecasts)["recalibrated_log_odds"]
    ours, theirs = (brier(p, forecasts.outcome).mean() for p in (found.probability, recalibrated))
    assert ours < 0.6 * theirs


@pytest.mark.slow
def test_alike_experts_cost_next_to_nothing_against_the_recalibrated_pool(simulate):
    forecasts = resolved(*simulate(14, 60, 8, bias=0.0, extremity=0.0))
    found = predict_held_out(forecasts, QUICK, quiet)
    recalibrated = predict_baselines(forecasts)["recalibrated_log_odds"]
    ours, theirs = (brier(p, forecasts.outcome).mean() for p in (found.probability, recalibrated))
    assert ours < theirs + 0.01


@pytest.mark.slow
def test_negative_control_outcomes_by_chance_cannot_be_forecast(simulate):
    answers, outcomes = simulate(15, 60, 8)
    shuffled = np.random.default_rng(2).permutation(list(outcomes.values()))
    forecasts = resolved(answers, dict(zip(outcomes, shuffled.tolist(), strict=True)))
    found = predict_held_out(forecasts, QUICK, quiet)
    base_rate = forecasts.outcome.mean() * (1 - forecasts.outcome.mean())
    ours = brier(found.probability, forecasts.outcome).mean()
    assert ours > base_rate - 0.015
    # It notices: nearer to the base rate than the pool that is not recalibrated.
    assert ours < brier(mean_probability(forecasts), forecasts.outcome).mean()
