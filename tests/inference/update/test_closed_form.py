"""An update whose answer is known: one published group's median of one parameter, by quadrature.

A group's answer has no persons, so given three unknowns it is a Student-t of known scale::

    stated ~ t_4(x, sqrt(error^2 + omega^2 + 0.5^2 + (0.1 x)^2 + w^2)),

x being the parameter's log-odds, omega the scale of the error that all share, w the worldview loading.
"""

import numpy as np
import pytest
from scipy.stats import t

from precursor.argument.parameters import parameter_space
from precursor.inference import decisions as decided
from precursor.inference.comparison.runs import compare_sides
from precursor.inference.comparison.sides import Side, side_of_fit
from precursor.inference.decisions import Decisions
from precursor.inference.fits.fit import Settings, fit, prior_fit
from precursor.inference.plan import plan_model
from precursor.inference.reweighting.density import densities
from precursor.inference.reweighting.effects import effects_of, quantities_at
from precursor.inference.update.preview import preview

QUERY = "parameter(guard)"


@pytest.fixture(scope="module")
def survey(make):
    return make("groups", summaries="everyone,guard,400,40%,,,38%,42%")


def prior_side(draws=4000):
    return side_of_fit(prior_fit(plan_model([]), Settings(draws=draws // 4, seed=3)), "prior")


def exact(survey):
    """Return the mean of the parameter, and of its log-odds, before and after."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(61)
    (row,) = plan_model([survey]).observations.rows
    space = parameter_space()
    i = space.names.index("guard")
    (own,) = space.loadings[i][space.loadings[i] != 0]
    x = space.mean[i] + own * nodes[:, None, None]
    omega = decided.SCALES["shared_error"].median * np.exp(decided.SCALES["shared_error"].log_sd * nodes[:, None])
    loading = decided.LOADING_MEAN + decided.LOADING_MEAN_SD * nodes
    variance = (
        row.statement.variance + omega**2 + decided.GROUP_BIAS_SD**2 + (decided.GROUP_SLOPE_SD * x) ** 2
        + (decided.UNPLACED_SPREAD * loading) ** 2
    )  # fmt: skip
    density = t(4).pdf((row.statement.location - x) / np.sqrt(variance)) / np.sqrt(variance)
    mass = weights[:, None, None] * weights[:, None] * weights
    posterior = mass * density / (mass * density).sum()
    prior = mass / mass.sum()
    return [((prior * values).sum(), (posterior * values).sum()) for values in (1 / (1 + np.exp(-x)), x)]


def test_the_preview_is_that_of_quadrature(survey):
    seen = preview(prior_side(), [survey], (QUERY,))
    assert seen.trusted
    probability, log_odds = exact(survey)
    spread = seen.log_odds[:, 0].std() / np.sqrt(seen.weighted.effective_draws)
    found = float(seen.weighted.weights @ seen.log_odds[:, 0])
    assert abs(found - log_odds[1]) < 4 * spread
    # Negative control: the prior's mean is told apart.
    assert abs(log_odds[0] - log_odds[1]) > 8 * spread
    draws = 1 / (1 + np.exp(-seen.log_odds[:, 0]))
    assert abs(seen.weighted.weights @ draws - probability[1]) < 4 * draws.std() / np.sqrt(
        seen.weighted.effective_draws
    )


def test_all_of_the_move_is_the_groups(survey):
    before = prior_side()
    plan = plan_model([survey])
    rng = np.random.default_rng(1)
    latent = rng.standard_normal((6000, len(plan.layout.names)))
    effects = effects_of(plan, latent)
    log_density = densities(plan, effects, quantities_at(plan, effects)).unit_log_densities(np.ones(1))[:, 0]
    weights = np.exp(log_density - log_density.max())
    chosen = latent[rng.choice(len(latent), 1000, p=weights / weights.sum())]
    after = Side("after", (survey,), Decisions(), plan.layout.names, chosen)
    again = compare_sides(before, after, (QUERY,))
    (player,) = again.changes.players
    assert player.unit == (True, "groups/everyone")
    _, (first, last) = exact(survey)
    move = again.moves[1]
    assert abs(move.parts[0] - (last - first)) < 5 * np.hypot(move.errors[0], move.error)
    assert move.parts[0] > 0.3


@pytest.mark.slow
def test_the_fit_is_that_of_quadrature(survey):
    found = side_of_fit(fit([survey], Settings(draws=400, tune=300, chains=2)), "after")
    compared = compare_sides(prior_side(), found, (QUERY,))
    for move, (first, last) in zip(compared.moves, exact(survey), strict=True):
        assert abs(move.after.mean() - last) < 5 * move.error
        assert abs(move.parts[0] - (last - first)) < 5 * np.hypot(move.errors[0], move.error)
        assert abs(last - first) > 5 * move.error
