import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.calibration.scores import (
    brier,
    calibration_curve,
    coverage,
    decompose,
    log_score,
    paired_difference,
)

forecasts = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=2, max_size=40)


@given(forecasts)
def test_the_decomposition_adds_up_and_no_part_is_negative(pairs):
    p, y = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    parts = decompose(p, y)
    total = parts.miscalibration - parts.discrimination + parts.uncertainty
    assert total == pytest.approx(brier(p, y).mean(), abs=1e-12)
    assert parts.miscalibration > -1e-12
    assert parts.discrimination > -1e-12


@given(forecasts)
def test_the_calibration_curve_rises_and_keeps_the_base_rate(pairs):
    p, y = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    curve = calibration_curve(p, y, seed=1, resamples=20)
    assert (np.diff(curve.observed) >= -1e-12).all()
    assert np.average(curve.observed, weights=curve.count) == pytest.approx(y.mean())


def pooled_adjacent_violators(values, weights):
    """Merge neighbouring blocks as long as one is above the next, by the book."""
    blocks = []
    for value, weight in zip(values, weights, strict=True):
        blocks.append([value, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last, before = blocks.pop(), blocks.pop()
            weight = before[1] + last[1]
            blocks.append([(before[0] * before[1] + last[0] * last[1]) / weight, weight, before[2] + last[2]])
    return np.concatenate([[value] * count for value, _, count in blocks])


@given(forecasts)
def test_the_calibration_curve_equals_the_textbook_algorithm(pairs):
    p, y = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    curve = calibration_curve(p, y, seed=1, resamples=5)
    shares = [y[p == value].mean() for value in curve.forecast]
    np.testing.assert_allclose(curve.observed, pooled_adjacent_violators(shares, curve.count), atol=1e-12)


def test_the_band_holds_calibrated_forecasts_and_not_others():
    random = np.random.default_rng(3)
    p = random.choice([0.1, 0.3, 0.5, 0.7, 0.9], 500)
    honest = calibration_curve(p, (random.random(500) < p).astype(float), seed=1)
    inside = (honest.low <= honest.observed) & (honest.observed <= honest.high)
    timid = calibration_curve(0.5 + (p - 0.5) / 4, (random.random(500) < p).astype(float), seed=1)
    outside = (timid.observed < timid.low) | (timid.observed > timid.high)
    assert inside.sum() >= 4
    assert outside.sum() >= 4


def test_both_scores_are_proper():
    grid, truth = np.linspace(0.01, 0.99, 99), 0.3
    for score in (brier, log_score):
        expected = truth * score(grid, np.ones(99)) + (1 - truth) * score(grid, np.zeros(99))
        assert grid[expected.argmin()] == pytest.approx(truth)


def test_the_log_score_is_natural_and_floored():
    assert log_score(np.array([0.5]), np.array([1]))[0] == pytest.approx(0.6931471805599453)
    assert log_score(np.array([0.0]), np.array([1]), floor=0.01)[0] == pytest.approx(-np.log(0.01))


def test_differences_are_resampled_by_cluster():
    random = np.random.default_rng(5)
    cluster = np.repeat(np.arange(8), 25)
    shared = random.normal(size=8)[cluster]
    zeros = np.zeros(200)
    whole = paired_difference(shared, zeros, cluster, seed=1)
    single = paired_difference(shared, zeros, np.arange(200), seed=1)
    assert whole.high - whole.low > 2 * (single.high - single.low)
    assert whole.low < whole.mean < whole.high


def test_coverage_counts_the_ends():
    low, high = np.array([0.0, 0.0, 2.0]), np.array([1.0, 1.0, 3.0])
    assert coverage(low, high, np.array([0.0, 1.0, 1.0])) == pytest.approx(2 / 3)
