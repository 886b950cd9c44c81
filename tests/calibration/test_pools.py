import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from precursor.calibration import fitted_pools, pools
from precursor.calibration.forecast_files import read_forecasts
from precursor.calibration.forecasts import resolved
from precursor.calibration.scoreboard import BASELINES, predict_baselines
from precursor.calibration.scores import brier

from .conftest import DATA

probabilities = st.lists(st.floats(0.01, 0.99), min_size=1, max_size=12).map(np.array)


@given(probabilities)
def test_pools_without_parameters_treat_an_event_and_its_complement_alike(p):
    for pool in (pools.mean, pools.median):
        assert pool(p) == pytest.approx(1 - pool(1 - p))
    for pool in (pools.log_odds, pools.extremised_2_5, pools.neyman_roughgarden):
        assert pool(logit(p)) == pytest.approx(1 - pool(-logit(p)))


@given(st.floats(0.01, 0.99), st.integers(1, 9))
def test_people_who_agree_are_believed_or_extremised(p, count):
    agreed = np.full(count, p)
    assert pools.mean(agreed) == pytest.approx(p)
    assert pools.log_odds(logit(agreed)) == pytest.approx(p)
    assert abs(pools.extremised_2_5(logit(agreed)) - 0.5) >= abs(p - 0.5) - 1e-12


def test_the_factor_tends_to_the_square_root_of_three():
    assert pools.factor(10**6) == pytest.approx(3**0.5, abs=1e-5)
    assert pools.factor(1) == 1
    assert pools.factor(4) == pytest.approx(4 * (37**0.5 - 2) / 11)
    factors = [pools.factor(count) for count in range(1, 200)]
    assert (np.diff(factors) > 0).all()


@pytest.mark.parametrize(("round_", "single", "pooled"), [(1, 0.202, 0.174), (2, 0.176, 0.152)])
def test_published_scores_of_replicats(round_, single, pooled):
    found = read_forecasts(DATA / "forecasts_replicats.csv", DATA / "outcomes_replicats.csv", round_=round_)
    assert round(brier(found.probability, found.outcome[found.question]).mean(), 3) == single
    assert round(brier(fitted_pools.mean_probability(found), found.outcome).mean(), 3) == pooled


def test_recalibration_is_maximum_likelihood(simulate):
    from scipy.optimize import minimize

    known = resolved(*simulate(1, 80, 5))
    x = fitted_pools.mean_log_odds(known)
    loss = lambda c: np.logaddexp(0, -(2 * known.outcome - 1) * (c[0] + c[1] * x)).sum()  # noqa: E731
    best = minimize(loss, [0.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10}).x
    np.testing.assert_allclose(
        fitted_pools.recalibrated_log_odds(known, known), expit(best[0] + best[1] * x), atol=2e-3
    )


def test_recalibration_survives_separation():
    answers = {(f"q{q}", "e"): p for q, p in enumerate([0.1, 0.2, 0.8, 0.9])}
    known = resolved(answers, {"q0": 0, "q1": 0, "q2": 1, "q3": 1})
    for method in (fitted_pools.recalibrated_log_odds, fitted_pools.extremised, fitted_pools.beta_linear):
        predicted = method(known, known)
        assert np.isfinite(predicted).all()
        assert (np.diff(predicted) >= 0).all()


def test_the_best_expert_is_found_and_chance_is_not(simulate):
    answers, outcomes = simulate(3, 60, 8, best=True)
    forecasts = resolved(answers, outcomes)
    planted = forecasts.probability[forecasts.expert == 7]
    np.testing.assert_array_equal(fitted_pools.best_expert(forecasts, forecasts), planted)
    unlike, outcomes = simulate(3, 24, 8)
    usual = resolved(unlike, outcomes)
    gain = brier(fitted_pools.mean_probability(usual), usual.outcome) - brier(
        predict_baselines(usual)["best_expert"], usual.outcome
    )
    assert gain.mean() < 0.05


def test_nothing_about_a_left_out_group_is_used(simulate):
    answers, outcomes = simulate(4, 12, 5)
    groups = {name: f"g{number % 4}" for number, name in enumerate(outcomes)}
    before = predict_baselines(resolved(answers, outcomes, groups))
    turned = {name: 1 - value if groups[name] == "g1" else value for name, value in outcomes.items()}
    moved = {key: 0.5 if key[0] == "q5" else value for key, value in answers.items()}
    after_outcomes = predict_baselines(resolved(answers, turned, groups))
    after_answers = predict_baselines(resolved(moved, outcomes, groups))
    left_out = np.array([groups[name] == "g1" for name in outcomes])
    same_group = left_out & (np.array(list(outcomes)) != "q5")
    for method in BASELINES:
        np.testing.assert_array_equal(before[method][left_out], after_outcomes[method][left_out])
        np.testing.assert_array_equal(before[method][same_group], after_answers[method][same_group])
    learned = "recalibrated_log_odds"
    assert not np.allclose(before[learned][~left_out], after_outcomes[learned][~left_out])
