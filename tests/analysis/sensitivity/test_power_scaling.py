import numpy as np
import pytest
from scipy.stats import norm, t

from precursor.analysis.sensitivity.power_scaling import (
    STUDENT_FREEDOM,
    THRESHOLD,
    beyond_noise,
    cumulative_distance,
    noise_of_sensitivity,
    power_scaling,
    power_sensitivity,
    prior_swap,
)

PRIOR, DATA = (0.0, 1.0), (3.0, 0.5)


def conjugate(count=8000, data=DATA):
    """Return draws of a Normal posterior, and the log-densities of its prior and of its one datum."""
    precision = 1 / PRIOR[1] ** 2 + 1 / data[1] ** 2
    mean = (data[0] / data[1] ** 2) / precision
    x = mean + np.random.default_rng(1).standard_normal(count) / np.sqrt(precision)
    return x, {"prior": -0.5 * x**2, "likelihood": -0.5 * ((x - data[0]) / data[1]) ** 2}


def powered(alpha, which):
    a, b = (alpha, 1.0) if which == "prior" else (1.0, alpha)
    precision = a / PRIOR[1] ** 2 + b / DATA[1] ** 2
    return b * DATA[0] / DATA[1] ** 2 / precision


@pytest.mark.parametrize("which", ["prior", "likelihood"])
def test_the_powered_posterior_is_that_of_the_conjugate_model(which):
    x, densities = conjugate()
    found = power_scaling(x, densities)
    for row in found[which]["powers"]:
        if row["trusted"]:
            assert row["mean"] == pytest.approx(powered(row["alpha"], which), abs=0.05)
    assert sum(row["trusted"] for row in found[which]["powers"]) >= 3


def test_conflict_is_seen_and_a_weak_prior_is_not():
    x, densities = conjugate()
    found = power_scaling(x, densities)
    assert min(found[name]["sensitivity"] for name in densities) > THRESHOLD
    assert "conflict" in found["diagnosis"]
    x = np.random.default_rng(2).normal(0.3, 0.1, 8000)
    weak = power_scaling(x, {"prior": -0.5 * (x / 50) ** 2, "likelihood": -0.5 * ((x - 0.3) / 0.1) ** 2})
    assert not weak["prior"]["pulls"]
    assert weak["likelihood"]["pulls"]
    assert "no strong" in weak["diagnosis"]


def test_a_density_of_something_else_is_noise():
    """The negative control: the spread of an unrelated density shows up as noise, and does not count."""
    rng = np.random.default_rng(3)
    values, other = rng.standard_normal(4000), -0.5 * (rng.standard_normal((4000, 100)) ** 2).sum(axis=1)
    own, noise = power_sensitivity(values, other), noise_of_sensitivity(values, other)
    assert beyond_noise(own, noise) < THRESHOLD
    related = -0.5 * 40 * values**2
    assert beyond_noise(power_sensitivity(values, related), noise_of_sensitivity(values, related)) > THRESHOLD


def test_the_distance():
    values = np.random.default_rng(4).standard_normal(500)
    equal = np.full(500, 1 / 500)
    assert cumulative_distance(values, equal, equal) == 0.0
    shifted = np.exp(values) / np.exp(values).sum()
    both = cumulative_distance(values, equal, shifted), cumulative_distance(-values, equal, shifted)
    assert 0 < both[0] == pytest.approx(both[1])
    ends = np.array([0.0, 1.0])
    far = cumulative_distance(ends, np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    assert far == pytest.approx(1.0)


def test_another_prior():
    x, _ = conjugate(data=(1.0, 1.0))
    rows = prior_swap(x, x[:, None], {"it": np.array([0])})
    grid = np.linspace(-12.0, 12.0, 4001)
    likelihood = norm.pdf(1.0, grid, 1.0)
    assert [row["family"] for row in rows] == ["normal", "normal", "student"]
    for row in rows:
        prior = t.pdf(grid, STUDENT_FREEDOM) if row["family"] == "student" else norm.pdf(grid, 0.0, row["spread"])
        assert row["mean"] == pytest.approx(grid @ (prior * likelihood) / (prior @ likelihood), abs=0.06)
        assert row["trusted"]
