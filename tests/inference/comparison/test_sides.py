"""Sides of a comparison: what a run's draws are taken to mean."""

import numpy as np
import pytest

from precursor.inference.answers.observations import observe
from precursor.inference.comparison.sides import Side, effects_of_side
from precursor.inference.decisions import Decisions
from precursor.inference.plan import plan_model
from precursor.inference.reweighting.effects import effects_of


@pytest.fixture(scope="module")
def side(many_sided):
    plan = plan_model(many_sided)
    latent = np.random.default_rng(1).standard_normal((9, len(plan.layout.names)))
    return Side("run", many_sided, Decisions(), plan.layout.names, latent)


def test_a_runs_effects_are_those_of_its_plan(side, many_sided):
    observations = observe(many_sided)
    asked = {row.asked for row in observations.rows}
    found = effects_of_side(side, observations, asked)
    expected = effects_of(plan_model(many_sided), side.latent)
    assert set(found.values) == set(expected.values)
    for name, values in expected.values.items():
        np.testing.assert_allclose(found.values[name], values, atol=1e-6, err_msg=name)


def test_bounds_numbered_otherwise_are_not_guessed(side, many_sided):
    observations = observe(many_sided)
    moved = tuple(f"{name}1" if name.startswith("bound: ") else name for name in side.names)
    other = Side(side.name, side.surveys, side.decisions, moved, side.latent)
    found = effects_of_side(other, observations, set())
    assert not any(name.startswith("bound: ") for name in found.values)
    assert any(name.startswith("bound: ") for name in effects_of_side(side, observations, set()).values)


def test_thinning_keeps_the_ends(side):
    thin = side.thinned(3)
    np.testing.assert_array_equal(thin.latent, side.latent[[0, 4, 8]])
    assert side.thinned(100) is side
