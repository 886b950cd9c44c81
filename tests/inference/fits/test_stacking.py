"""Stacking weights in closed form and against a general optimiser, left-out densities, and parameters held."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import norm

from precursor.inference.density.held import END, holding
from precursor.inference.density.pointwise import pointwise
from precursor.inference.fits.stacking import gain_over_equal, left_out, stacking_weights, unit_log_densities
from precursor.inference.plan import Plan, plan_model


@pytest.fixture(scope="module")
def plan(many_sided) -> Plan:
    return plan_model(many_sided)


def test_a_model_that_foretells_every_unit_better_takes_all() -> None:
    better = np.log(np.array([[0.9, 0.1], [0.5, 0.4], [0.3, 0.2]]))
    np.testing.assert_allclose(stacking_weights(better), [1.0, 0.0], atol=1e-6)


def test_equal_models_share_and_gain_nothing() -> None:
    same = np.random.default_rng(1).normal(size=(6, 1)) * np.ones(3)
    weights = stacking_weights(same)
    np.testing.assert_allclose(weights, 1 / 3, rtol=1e-12)
    assert gain_over_equal(same, weights) == pytest.approx((0.0, 0.0), abs=1e-12)


@pytest.mark.parametrize("first", [1, 3, 7])
def test_models_of_disjoint_units_get_their_shares(first: int) -> None:
    """Where each unit is possible under one model only, the maximum of sum n_k log w_k is w_k = n_k / n."""
    own = np.arange(10) < first
    densities = np.where(np.stack([own, ~own], axis=1), 0.0, -np.inf)
    np.testing.assert_allclose(stacking_weights(densities), [first / 10, 1 - first / 10], rtol=1e-9)


def test_weights_are_where_a_general_optimiser_ends() -> None:
    densities = np.random.default_rng(2).normal(size=(40, 3))

    def loss(raw: np.ndarray) -> float:
        w = np.exp(raw) / np.exp(raw).sum()
        return -float(np.log(np.exp(densities) @ w).sum())

    best = minimize(loss, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxiter": 9000})
    reached = -np.log(np.exp(densities) @ stacking_weights(densities)).sum()
    assert reached == pytest.approx(best.fun, abs=1e-6)


def test_left_out_densities_of_a_normal_mean() -> None:
    """y_i ~ N(m, 1), m ~ N(0, 1): the density of each given the others is normal in closed form; an outlier is told."""
    y = np.array([0.3, -0.5, 1.1, 0.2, 0.7])
    rng, n = np.random.default_rng(3), len(y)
    m = rng.normal(y.sum() / (n + 1), np.sqrt(1 / (n + 1)), 20_000)
    found = left_out(norm.logpdf(y[None, :], m[:, None]))
    expected = norm.logpdf(y, (y.sum() - y) / n, np.sqrt(1 + 1 / n))
    np.testing.assert_allclose(found.log_density, expected, atol=0.02)
    assert (found.pareto_k < 0.7).all()
    far = left_out(norm.logpdf(25.0, m[:, None], 0.2))
    assert far.pareto_k[0] > 0.7


def test_nothing_held_is_the_shipped_density_bit_for_bit(plan: Plan) -> None:
    latent = np.random.default_rng(4).standard_normal((5, len(plan.layout.names)))
    same = holding(plan, {})
    np.testing.assert_array_equal(pointwise(same, latent).total, pointwise(plan, latent).total)
    other = holding(plan, {"correction": -np.inf})
    assert not np.array_equal(pointwise(other, latent).total, pointwise(plan, latent).total)


def test_a_held_parameter_stays_held_and_no_other_moves(plan: Plan) -> None:
    held = holding(plan, {"correction": -np.inf, "guard": 0.5}).space
    names = np.array(held.names)
    fixed = np.array([name == "guard" or name.startswith("correction.") for name in names])
    draws, usual = (space.prior_draws(np.random.default_rng(5), 50) for space in (held, plan.space))
    assert (draws[:, names == "guard"] == 0.5).all()
    assert (draws[:, fixed & (names != "guard")] == -END).all()
    np.testing.assert_array_equal(draws[:, ~fixed], usual[:, ~fixed])
    with pytest.raises(ValueError, match="correctness"):
        holding(plan, {"correctness": 0.0})


def test_units_have_their_rankings_too(plan: Plan) -> None:
    latent = np.random.default_rng(6).standard_normal((4, len(plan.layout.names)))
    found = pointwise(plan, latent)
    units = unit_log_densities(plan, latent)
    np.testing.assert_allclose(units.sum(axis=1), found.units.sum(axis=1) + found.rankings.sum(axis=1), rtol=1e-12)
