import numpy as np
import pytest

from precursor.analysis.sensitivity.variance_indices import first_order, linear_shapley_effects, sobol_indices
from tests.oracles.sobol import ishigami, ishigami_indices, linear_indices


def uniform(rng, rows):
    return rng.uniform(-np.pi, np.pi, (rows, 3))


def ishigami_over(x):
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_function_is_the_oracles():
    x = uniform(np.random.default_rng(1), 5)
    assert ishigami_over(x) == pytest.approx([ishigami(row) for row in x])


def test_ishigami_by_design():
    groups = {name: np.array([i]) for i, name in enumerate("abc")}
    found = sobol_indices(ishigami_over, uniform, groups, 20_000, np.random.default_rng(2))
    first, total = ishigami_indices()
    assert (np.abs(found.first - first) < 4 * found.first_error + 0.005).all()
    assert (np.abs(found.total - total) < 4 * found.total_error + 0.01).all()
    # The third acts through the first only: first-order and total must not be confused.
    assert found.total[2] > 0.2 > found.first[2] + 0.1


def test_groups_are_taken_together():
    def linear(x):
        return x @ np.array([1.0, 2.0, 3.0])

    def draw(rng, rows):
        return rng.standard_normal((rows, 3))

    groups = {"outer": np.array([0, 2]), "inner": np.array([1])}
    found = sobol_indices(linear, draw, groups, 20_000, np.random.default_rng(3))
    one, two, three = linear_indices([1.0, 2.0, 3.0])
    assert found.first == pytest.approx([one + three, two], abs=0.03)
    assert found.total == pytest.approx([one + three, two], abs=0.03)


def test_given_data_on_ishigami_and_on_a_linear_model():
    x = uniform(np.random.default_rng(4), 8000)
    found, error = first_order(x, ishigami_over(x))
    assert (np.abs(found - ishigami_indices()[0]) < 4 * error + 0.01).all()
    z = np.random.default_rng(5).standard_normal((8000, 4))
    found, error = first_order(z, z @ np.array([1.0, 2.0, 3.0, 0.0]))
    assert (np.abs(found - linear_indices([1.0, 2.0, 3.0, 0.0])) < 4 * error + 0.01).all()


def test_noise_adds_nothing_on_average_and_a_constant_nothing_at_all():
    """Without the correction every factor would seem to matter, by (classes - 1) / draws: a negative control."""
    rng = np.random.default_rng(6)
    z = rng.standard_normal((1000, 60))
    found, _ = first_order(z, rng.standard_normal(1000))
    assert abs(found.mean()) < 0.005
    assert found.mean() + 23 / 1000 > 0.015
    assert first_order(np.ones((1000, 1)), rng.standard_normal(1000))[0].tolist() == [0.0]


def test_shapley_effects_of_two_dependent_factors_in_closed_form():
    """Of y = a x1 + b x2 with unit variances and correlation r (Owen and Prieur 2017, example 1)."""
    a, b, r = 1.0, 2.0, 0.6
    rng = np.random.default_rng(7)
    x = rng.standard_normal((40_000, 3))
    x[:, 1] = r * x[:, 0] + np.sqrt(1 - r**2) * x[:, 1]
    y = x[:, :2] @ np.array([a, b])
    shares, explained = linear_shapley_effects(x, y, {name: np.array([i]) for i, name in enumerate("uvw")})
    whole = a * a + b * b + 2 * a * b * r
    half = 0.5 * r * r * (a * a - b * b)
    assert shares["u"] == pytest.approx((a * a - half + a * b * r) / whole, abs=0.01)
    assert shares["v"] == pytest.approx((b * b + half + a * b * r) / whole, abs=0.01)
    assert shares["w"] == pytest.approx(0.0, abs=0.01)
    assert explained == pytest.approx(1.0)
    assert sum(shares.values()) == pytest.approx(explained)
    # What is not linear is not explained.
    assert linear_shapley_effects(x, x[:, 0] ** 2, {"u": np.array([0])})[1] < 0.01
