"""Effects mean the same in every plan: there and back, the exchange of densities, and parts of plans."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from precursor.inference.answers.centres import STEP
from precursor.inference.answers.observations import observe
from precursor.inference.decisions import SCALES, SEED_LOGIT_MEAN, SEED_LOGIT_SD, Decisions
from precursor.inference.density.pointwise import pointwise
from precursor.inference.plan import plan_model
from precursor.inference.reweighting.density import densities
from precursor.inference.reweighting.effects import Effects, effect_names, effects_of, latents_at, quantities_at
from precursor.inference.reweighting.part import centred_part, part_of, unit_key


@pytest.fixture(scope="module")
def plan(many_sided):
    return plan_model(many_sided)


@pytest.fixture(scope="module")
def latent(plan):
    return np.random.default_rng(1).standard_normal((7, len(plan.layout.names)))


def test_latents_come_back_from_effects(plan, latent):
    effects = effects_of(plan, latent)
    assert effects.draws == len(latent)
    assert len(set(effect_names(plan))) == len(plan.layout.names)
    back = latents_at(plan, effects, quantities_at(plan, effects))
    np.testing.assert_allclose(back, latent, rtol=0, atol=1e-9)
    placed = [i for i, well in enumerate(plan.shared_centres.well_answered) if well]
    there = np.stack([effects.values[effect_names(plan)[plan.layout.shared_error.start + i]] for i in placed], axis=1)
    assert placed
    assert np.abs(there - latent[:, plan.layout.shared_error][:, placed]).max() > 0.1


@pytest.mark.parametrize("shared_error", [1.0, 0.0])
def test_what_centring_adds_is_the_change_of_variables(many_sided, shared_error):
    plan = plan_model(many_sided, Decisions(shared_error=shared_error))
    latent = np.random.default_rng(2).standard_normal((5, len(plan.layout.names)))
    effects = effects_of(plan, latent)
    values = np.stack([effects.values[name] for name in effect_names(plan)], axis=1)
    scale = {
        name: np.exp(prior.log_median + prior.log_sd * latent[:, plan.layout.scales][:, i])
        for i, (name, prior) in enumerate(SCALES.items())
    }
    gain = (norm.logpdf(values) - norm.logpdf(latent)).sum(axis=1)
    shared, placed = plan.shared_centres, plan.placed_centres
    for well, in_widths in zip(shared.well_answered, shared.in_widths, strict=True):
        if well and (shared_error or in_widths):
            gain += np.log(STEP) - np.log(scale["known_shared_error" if in_widths else "shared_error"])
    gain += placed.well_answered.sum() * (np.log(STEP) - np.log(scale["loading_spread"]))
    np.testing.assert_allclose(pointwise(plan, latent).gain, gain, rtol=1e-9, atol=1e-8)


def test_a_part_has_the_density_of_the_whole(plan, many_sided, latent):
    whole = observe(many_sided)
    effects = effects_of(plan, latent)
    everything = densities(plan, effects, quantities_at(plan, effects))
    full = everything.unit_log_densities(np.ones(len(whole.rows)))
    quartiles = {unit_key(row.unit) for row in whole.rows if row.quartile_range > 0}
    some = quartiles | {(False, "p0"), (False, "p4")} & set(everything.units)
    assert len(some) > len(quartiles) > 0
    for unit in some:
        part = part_of(whole, plan.decisions, {unit})
        wanted = effects.completed([part.plan], np.random.default_rng(0))
        assert set(wanted.values) == set(effects.values)
        own = densities(part.plan, wanted, quantities_at(part.plan, wanted))
        active = np.array([unit_key(row.unit) == unit for row in part.plan.observations.rows], dtype=float)
        found = own.unit_log_densities(active)[:, own.units.index(unit)]
        np.testing.assert_allclose(found, full[:, everything.units.index(unit)], rtol=1e-9, atol=1e-9)
        others = own.unit_log_densities(1 - active)[:, own.units.index(unit)]
        np.testing.assert_array_equal(others, 0.0)


def test_the_centred_part_places_effects_as_the_whole_does(plan, many_sided, latent):
    whole = observe(many_sided)
    effects = effects_of(plan, latent)
    at = {name: i for i, name in enumerate(plan.layout.names)}
    part = centred_part(whole, plan.decisions, {"deceptive_if_prosaic"})
    assert 0 < len(part.rows) < len(whole.rows)
    own = np.stack(
        [latent[:, at[name]] if name in at else np.zeros(len(latent)) for name in part.plan.layout.names], axis=1
    )
    found = effects_of(part.plan, own)
    compared = [
        (name, effect)
        for name, effect in zip(part.plan.layout.names, effect_names(part.plan), strict=True)
        if name in ("shared error: deceptive_if_prosaic", "loading: deceptive_if_prosaic")
    ]
    assert len(compared) == 2
    for _, effect in compared:
        np.testing.assert_allclose(found.values[effect], effects.values[effect], rtol=1e-6, atol=1e-6)


def test_densities_are_those_of_pointwise_where_no_bound_is_integrated_out(plan, latent):
    effects = effects_of(plan, latent)
    found = densities(plan, effects, quantities_at(plan, effects))
    bounds = [row.unit.id for row in plan.observations.rows if row.statement.censored != "none"]
    several = np.array([bounds.count(id_) != 1 for _, id_ in found.units])
    on = np.ones(len(plan.observations.rows))
    expected = pointwise(plan, latent)
    np.testing.assert_allclose(
        found.unit_log_densities(on)[:, several], expected.units[:, several], rtol=1e-9, atol=1e-9
    )
    assert several.any()
    assert not several.all()


def test_a_bound_is_integrated_out_as_by_quadrature(plan, latent):
    """The closed form against a sum over the latent that stands for the stated value."""
    one = latent[:1]
    x, weights = np.polynomial.hermite_e.hermegauss(120)
    for row in plan.columns.bounded:
        unit = unit_key(plan.observations.rows[row].unit)
        effects = effects_of(plan, one)
        found = densities(plan, effects, quantities_at(plan, effects))
        bounds = [unit_key(plan.observations.rows[i].unit) for i in plan.columns.bounded]
        if bounds.count(unit) > 1:
            continue
        many = np.repeat(one, len(x), axis=0)
        many[:, plan.layout.bound.start + list(plan.columns.bounded).index(row)] = x
        column = found.units.index(unit)
        along = pointwise(plan, many).units[:, column]
        expected = np.log((weights * np.exp(along)).sum() / np.sqrt(2 * np.pi))
        on = np.ones(len(plan.observations.rows))
        np.testing.assert_allclose(found.unit_log_densities(on)[0, column], expected, atol=2e-3)


def test_missing_effects_are_drawn_from_the_prior(plan):
    effects = Effects(4000, {}).completed([plan], np.random.default_rng(3))
    assert set(effects.values) == set(effect_names(plan))
    values = np.stack([values for name, values in effects.values.items() if not name.startswith("seed: ")])
    assert np.abs(values.mean(axis=1)).max() < 0.1
    assert np.abs(values.std(axis=1) - 1).max() < 0.1


def test_a_seed_event_is_drawn_given_its_outcome(plan):
    effects = Effects(20_000, {}).completed([plan], np.random.default_rng(4))
    grid = np.linspace(-8, 8, 4001)
    happens = norm.pdf(grid) * expit(SEED_LOGIT_MEAN + SEED_LOGIT_SD * grid)
    mean = (grid * happens).sum() / happens.sum()
    outcomes = {row.key: row.question.outcome for row in plan.observations.rows if row.kind == "event_seed"}
    assert outcomes
    for key, outcome in outcomes.items():
        (values,) = [values for name, values in effects.values.items() if name.startswith(f"seed: {key} ")]
        assert abs(values.mean() - (mean if outcome else -mean)) < 0.03
