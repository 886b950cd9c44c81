import numpy as np
import pytest

from precursor.analysis.sensitivity.information_gain import bits_by_spacings, entropy_by_spacings
from precursor.analysis.sensitivity.learning import bits_learnt
from precursor.argument.parameters import parameter_space


def posterior(count=4000):
    """Return draws of the prior, one parameter apart: Normal, narrower and moved; another with two humps."""
    space, rng = parameter_space(), np.random.default_rng(1)
    draws = space.prior_draws(rng, count)
    spread = np.sqrt(np.square(space.loadings).sum(axis=1))
    draws[:, 0] = space.mean[0] + spread[0] * (0.7 + 0.25 * rng.standard_normal(count))
    humps = np.where(rng.random(count) < 0.5, -1.5, 1.5) + 0.05 * rng.standard_normal(count)
    draws[:, 1] = space.mean[1] + spread[1] * humps
    return space, draws


def test_a_normal_posterior_in_closed_form_and_nothing_learnt():
    space, draws = posterior()
    found = bits_by_spacings(space, draws)
    exact = (0.5 * (0.25**2 + 0.7**2 - 1) - np.log(0.25)) / np.log(2)
    assert found[0] == pytest.approx(exact, abs=0.06)
    assert bits_learnt(space, draws)[0] == pytest.approx(exact, abs=0.06)
    assert np.abs(found[2:]).max() < 0.06


def test_two_humps_are_information_that_a_normal_does_not_see():
    space, draws = posterior()
    entropy = np.log(2) + 0.5 * np.log(2 * np.pi * np.e * 0.05**2)
    exact = (0.5 * np.log(2 * np.pi) + 0.5 * (1.5**2 + 0.05**2) - entropy) / np.log(2)
    assert bits_by_spacings(space, draws)[1] == pytest.approx(exact, abs=0.15)
    assert bits_learnt(space, draws)[1] < 0.5 * exact


def test_entropy_of_a_uniform_and_how_it_scales():
    values = np.random.default_rng(2).random(5000)
    assert entropy_by_spacings(values) == pytest.approx(0.0, abs=0.03)
    assert entropy_by_spacings(8 * values) - entropy_by_spacings(values) == pytest.approx(np.log(8))
