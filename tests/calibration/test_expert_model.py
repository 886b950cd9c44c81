from dataclasses import replace

import numpy as np
import pytest

from precursor.calibration.expert_model import Settings, fit_answers, fit_outcomes, r_hat
from precursor.calibration.fitted_pools import mean_log_odds
from precursor.calibration.forecasts import resolved

QUICK = Settings(draws=300, tune=200, chains=2, seed=7)


def everything(forecasts):
    return np.ones(len(forecasts.questions), dtype=bool)


def test_the_number_of_cores_changes_nothing(simulate):
    forecasts = resolved(*simulate(21, 12, 5))
    first, second = (fit_answers(forecasts, everything(forecasts), replace(QUICK, cores=n)) for n in (1, 2))
    np.testing.assert_array_equal(first.consensus, second.consensus)
    found = [fit_outcomes(forecasts, first, everything(forecasts), replace(QUICK, cores=n)) for n in (1, 2)]
    np.testing.assert_array_equal(found[0].probability, found[1].probability)


def test_biases_and_extremities_sum_to_zero_over_experts(simulate):
    forecasts = resolved(*simulate(22, 12, 5))
    effects = fit_answers(forecasts, everything(forecasts), QUICK).effects
    for name in ("bias", "extremity"):
        np.testing.assert_allclose(effects[name].sum(axis=-1), 0.0, atol=1e-9)
    assert np.abs(effects["log_noise"].sum(axis=-1)).max() > 0.1


def test_of_one_expert_nothing_can_be_told_apart():
    answers = {(f"q{number}", "only"): p for number, p in enumerate((0.1, 0.2, 0.7, 0.9))}
    forecasts = resolved(answers, {"q0": 0, "q1": 0, "q2": 1, "q3": 1})
    fit = fit_answers(forecasts, everything(forecasts), QUICK)
    np.testing.assert_allclose(fit.effects["bias"], 0.0, atol=1e-9)
    probability = fit_outcomes(forecasts, fit, everything(forecasts), QUICK).probability
    assert (np.diff(probability) > 0).all()


def test_experts_who_agree_are_pooled_like_their_mean_and_an_outlier_is_not(simulate):
    answers, outcomes = simulate(23, 30, 8, bias=0.0, extremity=0.0, noise=0.3)
    forecasts = resolved(answers, outcomes)
    at = fit_answers(forecasts, everything(forecasts), QUICK).consensus.mean(axis=(0, 1))
    pooled = mean_log_odds(forecasts)
    assert np.corrcoef(at, pooled)[0, 1] > 0.99
    mistyped = {**answers, ("q3", "e2"): 0.001 if answers["q3", "e2"] > 0.5 else 0.999}
    changed = resolved(mistyped, outcomes)
    moved = fit_answers(changed, everything(changed), QUICK).consensus.mean(axis=(0, 1))[3] - at[3]
    assert abs(moved) < 0.5 * abs(mean_log_odds(changed)[3] - pooled[3])


def test_who_is_noisy_weighs_little_and_who_knows_is_trusted(simulate):
    answers, outcomes = simulate(24, 80, 6, noise=0.5, best=True)
    forecasts = resolved(answers, outcomes)
    fit = fit_answers(forecasts, everything(forecasts), QUICK)
    noise = fit.effects["log_noise"].mean(axis=(0, 1))
    assert noise[-1] > noise[:-1].max()
    weight = np.bincount(forecasts.expert, weights=fit.weight)
    assert weight[-1] < weight[:-1].min()
    trust = np.median(fit_outcomes(forecasts, fit, everything(forecasts), QUICK).trust, axis=(0, 1))
    assert trust[-1] > 1.0 + trust[:-1].max()


def test_negative_control_outcomes_by_chance_single_nobody_out(simulate):
    answers, outcomes = simulate(24, 80, 6, noise=0.5, best=True)
    shuffled = np.random.default_rng(3).permutation(list(outcomes.values())).tolist()
    forecasts = resolved(answers, dict(zip(outcomes, shuffled, strict=True)))
    fit = fit_answers(forecasts, everything(forecasts), QUICK)
    trust = np.median(fit_outcomes(forecasts, fit, everything(forecasts), QUICK).trust, axis=(0, 1))
    assert np.abs(trust).max() < 1.0


@pytest.mark.parametrize("extreme", [1e-4, 1e-6])
def test_extreme_answers_and_ends_stay_finite(extreme):
    stated = {"q0": (0.0, extreme, 0.2), "q1": (1.0, 1 - extreme, 0.9), "q2": (0.5, 0.4, 0.0)}
    answers = {(q, f"e{e}"): p for q, row in stated.items() for e, p in enumerate(row)}
    forecasts = resolved(answers, {"q0": 0, "q1": 1, "q2": 0}, unit=extreme)
    fit = fit_answers(forecasts, everything(forecasts), QUICK)
    probability = fit_outcomes(forecasts, fit, everything(forecasts), QUICK).probability
    assert np.isfinite(probability).all()
    assert probability[0] < probability[2] < probability[1]


def test_r_hat_is_one_of_alike_chains_and_not_of_others():
    random = np.random.default_rng(4)
    alike = random.normal(size=(4, 1000, 3))
    assert r_hat(alike) == pytest.approx(1.0, abs=0.01)
    assert r_hat(alike + np.array([0.0, 0.0, 0.0, 1.0])[:, None, None]) > 1.05
    drifting = alike + np.linspace(0, 2, 1000)[:, None]
    assert r_hat(drifting) > 1.05
