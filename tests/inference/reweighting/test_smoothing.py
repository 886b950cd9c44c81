"""Pareto-smoothed weights against ArviZ's, and laws of weights."""

import numpy as np
import pytest
from arviz_stats.base import array_stats
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.inference.reweighting.smoothing import generalised_pareto, smoothed, weighted_mean, weighted_quantiles


@pytest.mark.parametrize("spread", [0.1, 0.8, 1.6, 3.0])
@pytest.mark.parametrize("draws", [200, 2000])
def test_weights_and_shape_are_those_of_arviz(spread, draws):
    log_ratio = spread * np.random.default_rng(int(10 * spread)).standard_normal(draws)
    found = smoothed(log_ratio)
    # It takes log-likelihoods of what is left out, which are minus the log-ratios.
    log_weights, k = array_stats.psislw(-log_ratio)
    expected = np.exp(log_weights - np.max(log_weights))
    assert found.pareto_k == pytest.approx(float(k), abs=1e-6)
    np.testing.assert_allclose(found.weights, expected / expected.sum(), rtol=1e-5, atol=1e-12)


def test_the_shape_tells_heavy_from_light_tails():
    rng = np.random.default_rng(1)
    x = rng.standard_normal(4000)
    # A normal of sd s for one of sd 1 has weights with tail shape 1 - 1 / s^2.
    for sd, expected in ((1.2, 1 - 1 / 1.44), (3.0, 1 - 1 / 9)):
        found = smoothed(0.5 * x**2 - 0.5 * (x / sd) ** 2)
        assert abs(found.pareto_k - expected) < 0.25
        assert found.trusted == (expected < 0.7)


def test_the_threshold_falls_with_few_draws():
    assert smoothed(np.zeros(100)).threshold == pytest.approx(0.5)
    assert smoothed(np.zeros(100_000)).threshold == pytest.approx(0.7)


def test_equal_weights_are_left_alone():
    found = smoothed(np.full(500, -3.0))
    np.testing.assert_allclose(found.weights, 1 / 500)
    assert found.effective_draws == pytest.approx(500)
    assert found.trusted


def test_one_draw_that_takes_all_is_not_trusted():
    log_ratio = np.full(500, -np.inf)
    log_ratio[3] = 0.0
    found = smoothed(log_ratio)
    assert not found.trusted
    assert found.weights[3] == pytest.approx(1.0)
    impossible = smoothed(np.full(500, -np.inf))
    assert not impossible.trusted
    assert np.isfinite(impossible.weights).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 3.0), st.floats(-500, 500))
def test_weights_sum_to_one_and_a_constant_changes_nothing(seed, spread, constant):
    log_ratio = spread * np.random.default_rng(seed).standard_normal(300)
    found, moved = smoothed(log_ratio), smoothed(log_ratio + constant)
    assert found.weights.sum() == pytest.approx(1.0)
    assert 1.0 - 1e-9 <= found.effective_draws <= 300 + 1e-9
    np.testing.assert_allclose(moved.weights, found.weights, rtol=1e-6, atol=1e-12)


def test_the_shape_of_exact_quantiles_is_found():
    levels = (np.arange(1, 2001) - 0.5) / 2000
    for k in (0.1, 0.5, 0.9):
        found, scale = generalised_pareto(2.0 * np.expm1(-k * np.log1p(-levels)) / k)
        assert found == pytest.approx(k, abs=0.05)
        assert scale == pytest.approx(2.0, rel=0.1)


def test_weighted_means_and_quantiles():
    values = np.random.default_rng(2).standard_normal(4001)
    equal = np.full(4001, 1 / 4001)
    levels = np.array([0.05, 0.5, 0.95])
    np.testing.assert_allclose(weighted_quantiles(values, equal, levels), np.quantile(values, levels), atol=0.01)
    weights = np.exp(values - values.max())
    weights /= weights.sum()
    # Tilted by exp(x), a standard normal has mean one.
    assert weighted_mean(values, weights) == pytest.approx(1.0, abs=0.15)
    assert weighted_quantiles(values, weights, np.array([0.5]))[0] == pytest.approx(1.0, abs=0.15)
