"""The classical model against a plain reference, its laws, and published scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.calibration.classical.background import NARROWEST, intrinsic_range
from precursor.calibration.classical.decision_maker import decision_maker, panel, significance_levels
from precursor.calibration.classical.model import METHODS, classical_model, held_out
from precursor.calibration.classical.scores import bin_counts, calibration, information, scores
from precursor.calibration.classical.study import Study
from precursor.problems import InputError
from tests.oracles import classical as oracle

LEVELS = ((0.05, 0.5, 0.95), (0.05, 0.25, 0.5, 0.75, 0.95), (0.1, 0.9))


@st.composite
def studies(draw, experts=(1, 5), items=(2, 7), missing=True):
    """Random studies: both scales, some answers missing, some realisations equal to a quantile."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    levels = draw(st.sampled_from(LEVELS))
    n, m = draw(st.integers(*experts)), draw(st.integers(*items))
    known = draw(st.integers(1, m))
    centres = rng.uniform(0, 5, (1, m, 1)) + rng.normal(0, 0.5, (n, m, 1))
    widths = rng.uniform(0.2, 2, (n, m, 1))
    quantiles = np.exp(centres + widths * np.sort(rng.normal(size=(n, m, len(levels))), axis=2))
    realisations = np.exp(rng.uniform(0, 5, m))
    tied = rng.random(m) < 0.2
    realisations[tied] = quantiles[0, tied, 1]
    realisations[known:] = np.nan
    if missing:
        absent = rng.random((n, m)) < 0.15
        absent[0] = False
        quantiles[absent] = np.nan
    scales = tuple(rng.choice(["linear", "log"], m).tolist())
    names = tuple(f"e{i}" for i in range(n)), tuple(f"q{i}" for i in range(m))
    return Study(*names, levels, quantiles, realisations, scales)


def plainly(study):
    """Return a study as the reference takes it: experts, levels, scales, realisations."""
    experts = [[None if np.isnan(q[0]) else q.tolist() for q in answers] for answers in study.quantiles]
    known = [None if np.isnan(value) else value for value in study.realisations.tolist()]
    return experts, list(study.levels), list(study.scales), known


def as_numbers(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


@settings(deadline=None, max_examples=60)
@given(studies())
def test_scores_are_the_reference(study):
    experts, *rest = plainly(study)
    found, expected = scores(study), oracle.scores(experts, experts, *rest)
    np.testing.assert_allclose(found.calibration, as_numbers(e["calibration"] for e in expected), rtol=1e-9)
    for name, key in (("information_seed", "seed"), ("information_all", "all")):
        np.testing.assert_allclose(getattr(found, name), as_numbers(e[key] for e in expected), rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=25)
@given(studies(experts=(1, 4), items=(2, 5)))
def test_decision_makers_are_the_reference(study):
    experts, levels, scales, known = plainly(study)
    result = classical_model(study)
    found = oracle.scores(experts, experts, levels, scales, known)
    for scheme in ("equal", "global", "item"):
        weights = oracle.weights(found, scheme, len(scales))
        made = oracle.mixture(experts, weights, levels, scales, known)
        expected = [np.full(len(levels), np.nan) if q is None else q for q in made]
        np.testing.assert_allclose(result[scheme].quantiles, expected, rtol=1e-9)


@settings(deadline=None, max_examples=25)
@given(studies(experts=(2, 4), items=(3, 5)))
def test_optimised_is_the_best_of_all_levels_in_the_reference(study):
    experts, *rest = plainly(study)
    result = classical_model(study)
    for scheme, name in (("global", "optimised"), ("item", "item_optimised")):
        worth, _, own = oracle.optimised(experts, scheme, *rest)
        assert result[name].weight == pytest.approx(worth, rel=1e-6, abs=1e-12)
        assert result[name].calibration == pytest.approx(own["calibration"], rel=1e-6)


@settings(deadline=None, max_examples=40)
@given(studies(), st.randoms(use_true_random=False))
def test_order_of_experts_and_items_does_not_matter(study, random):
    experts, items = list(study.experts), list(study.items)
    random.shuffle(experts)
    random.shuffle(items)
    plain, shuffled = classical_model(study), classical_model(study.keep(experts, items))
    order = [study.experts.index(expert) for expert in experts]
    columns = [study.items.index(item) for item in items]
    for name in ("calibration", "information_seed", "information_all"):
        expected = getattr(plain.scores, name)[order]
        np.testing.assert_allclose(getattr(shuffled.scores, name), expected, rtol=1e-9, atol=1e-12)
    for method in ("equal", "global", "item"):
        np.testing.assert_allclose(shuffled[method].quantiles, plain[method].quantiles[columns], rtol=1e-9)


@settings(deadline=None, max_examples=40)
@given(studies(), st.floats(0.01, 100), st.floats(-100, 100))
def test_units_do_not_matter(study, factor, shift):
    linear = replace(study, scales=("linear",) * len(study.items))
    moved = replace(
        linear, quantiles=factor * study.quantiles + shift, realisations=factor * study.realisations + shift
    )
    before, after = scores(linear), scores(moved)
    np.testing.assert_allclose(after.information, before.information, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(after.calibration, before.calibration, rtol=1e-9)


@settings(deadline=None, max_examples=40)
@given(studies())
def test_calibration_does_not_see_a_monotone_change_of_axis(study):
    linear = replace(study, scales=("linear",) * len(study.items))
    bent = replace(linear, quantiles=np.log(study.quantiles), realisations=np.log(study.realisations))
    np.testing.assert_array_equal(scores(bent).calibration, scores(linear).calibration)


def test_information_does_see_a_monotone_change_of_axis():
    linear = two_experts()
    bent = replace(linear, scales=("log",) * 4)
    assert np.all(np.abs(scores(bent).information - scores(linear).information) > 0.05)


@settings(deadline=None, max_examples=40)
@given(studies())
def test_a_log_scale_is_a_linear_scale_of_logs(study):
    logs = replace(study, scales=("log",) * len(study.items))
    bent = replace(
        logs,
        quantiles=np.log(study.quantiles),
        realisations=np.log(study.realisations),
        scales=("linear",) * len(study.items),
    )
    first, second = classical_model(logs), classical_model(bent)
    for name in METHODS:
        np.testing.assert_allclose(np.log(first[name].quantiles), second[name].quantiles, rtol=1e-9, atol=1e-9)
        assert first[name].weight == pytest.approx(second[name].weight, rel=1e-9, abs=1e-12)


@settings(deadline=None, max_examples=40)
@given(studies(experts=(1, 1), missing=False))
def test_a_single_expert_is_every_decision_maker(study):
    result = classical_model(study)
    for made in result.decision_makers:
        np.testing.assert_allclose(made.quantiles, study.quantiles[0], rtol=1e-9)
        assert made.calibration == pytest.approx(result.scores.calibration[0], rel=1e-9)
        assert made.information_all == pytest.approx(result.scores.information_all[0], rel=1e-6)


@settings(deadline=None, max_examples=40)
@given(studies(experts=(2, 5)))
def test_laws_of_decision_makers(study):
    result = classical_model(study)
    own = result.scores.weight()
    for made in result.decision_makers:
        totals = made.weights.sum(axis=0)
        assert np.all(np.isclose(totals, 1) | (totals == 0))
        assert not made.weights[~study.answered].any()
        said = ~np.isnan(made.quantiles[:, 0])
        low, high = np.fmin.reduce(study.quantiles), np.fmax.reduce(study.quantiles)
        assert np.all(made.quantiles[said] >= low[said] * (1 - 1e-9))
        assert np.all(made.quantiles[said] <= high[said] * (1 + 1e-9))
        if made.name != "equal":
            below = result.scores.calibration < made.significance * (1 - 1e-6)
            assert not made.weights[below].any()
    # A mixture is at most as informative as the mean of its experts: relative information is convex.
    shares = own / own.sum() if own.sum() > 0 else own
    if study.answered.all():
        assert result["global"].information_all <= shares @ result.scores.information_all + 1e-9
    assert result["optimised"].weight >= result["global"].weight - 1e-12
    assert result["item_optimised"].weight >= result["item"].weight - 1e-12


@settings(deadline=None, max_examples=30)
@given(studies(experts=(2, 4), items=(4, 7)), st.floats(1e-3, 1e3))
def test_a_held_out_answer_is_not_used(study, factor):
    item = study.items[0]
    other = study.realisations.copy()
    other[0] *= factor
    for method in METHODS:
        if study.seeds.sum() > 1 and (study.answered & study.seeds)[:, 1:].any():
            moved = replace(study, realisations=other)
            np.testing.assert_array_equal(
                held_out(study, [item], method=method), held_out(moved, [item], method=method)
            )


def test_held_out_matters_where_weights_depend_on_the_answer():
    study = two_experts()
    inside = classical_model(study)["global"].quantiles[0]
    assert not np.allclose(held_out(study, ["q0"], method="global")[0], inside)
    levels = held_out(study, ["q0", "q1"], method="equal", levels=(0.1, 0.2, 0.9))
    assert levels.shape == (2, 3)
    assert np.all(np.diff(levels) > 0)


def two_experts(realisations=(10.0, 20.0, 30.0, 40.0)):
    """Return a study of two experts who disagree."""
    known = np.array(realisations)
    centres = np.stack([known, known * 3])[:, :, None]
    quantiles = centres * np.array([0.5, 1.1, 2.0])
    items = tuple(f"q{i}" for i in range(len(known)))
    return Study(("near", "far"), items, (0.05, 0.5, 0.95), quantiles, known, ("linear",) * len(known))


@pytest.mark.parametrize(
    ("counts", "levels", "published"),
    [
        # Statistical accuracy in EXCALIBUR's results for the TU Delft data base (Colson and Cooke 2017, Reliability
        # Engineering and System Safety 163, 109-120, doi 10.1016/j.ress.2017.02.003), two digits: studies CWD, Daniela,
        # Hemophilia, Tobacco; best expert or equal weights.  The counts are ours, from the studies' realisations.
        ((1, 3, 4, 2), (0.05, 0.5, 0.95), 0.31),
        ((0, 4, 6, 0), (0.05, 0.5, 0.95), 0.47),
        ((1, 3, 2, 1), (0.05, 0.5, 0.95), 0.55),
        ((1, 2, 4, 0), (0.05, 0.5, 0.95), 0.53),
        ((1, 4, 2, 1), (0.1, 0.5, 0.9), 0.85),
        ((0, 5, 3, 0), (0.1, 0.5, 0.9), 0.25),
        ((0, 2, 3, 1, 3, 1), (0.05, 0.25, 0.5, 0.75, 0.95), 0.69),
        ((0, 1, 1, 6, 2, 0), (0.05, 0.25, 0.5, 0.75, 0.95), 0.20),
    ],
)
def test_published_calibration(counts, levels, published):
    bins = np.diff(levels, prepend=0.0, append=1.0)
    (found,) = calibration(np.array([counts]), bins, sum(counts))
    assert round(float(found), 2) == published


def test_a_perfect_expert_scores_one_and_an_overconfident_one_near_zero():
    bins = np.array([0.05, 0.45, 0.45, 0.05])
    perfect, overconfident = calibration(np.array([[1, 9, 9, 1], [10, 0, 0, 10]]), bins, 20)
    assert perfect == pytest.approx(1.0)
    assert 0 < overconfident < 1e-12


def test_calibration_of_honest_experts_has_the_level_of_the_test():
    rng = np.random.default_rng(11)
    bins = np.array([0.05, 0.45, 0.45, 0.05])
    honest = calibration(rng.multinomial(200, bins, 4000), bins, 200)
    shifted = calibration(rng.multinomial(200, [0.1, 0.4, 0.4, 0.1], 4000), bins, 200)
    assert abs((honest < 0.1).mean() - 0.1) < 0.03
    assert (shifted < 0.1).mean() > 0.5


def test_a_realisation_that_is_a_quantile_belongs_to_the_bin_below():
    study = two_experts()
    study = replace(study, realisations=study.quantiles[0, :, 1])
    for scale in ("linear", "log"):
        ranged = intrinsic_range(replace(study, scales=(scale,) * 4))
        assert bin_counts(ranged.quantiles, ranged)[0].tolist() == [0, 4, 0, 0]


def test_calibration_uses_the_fewest_seeds_that_anyone_answered_and_the_power():
    study = two_experts()
    quantiles = study.quantiles.copy()
    quantiles[1, :2] = np.nan
    fewer = scores(replace(study, quantiles=quantiles))
    assert classical_model(replace(study, quantiles=quantiles)).seeds == 2
    assert fewer.seeds_answered.tolist() == [4, 2]
    np.testing.assert_allclose(fewer.calibration[0], scores(study, power=0.5).calibration[0])
    assert scores(study).calibration[0] < fewer.calibration[0]


def test_an_expert_without_seeds_has_no_weight_but_in_equal():
    study = two_experts((10.0, 20.0, 30.0, np.nan))
    quantiles = np.stack([*two_experts().quantiles, np.full((4, 3), np.nan)])
    quantiles[2, 3] = [1.0, 2.0, 3.0]
    study = replace(study, experts=("near", "far", "new"), quantiles=quantiles)
    result = classical_model(study)
    assert np.isnan(result.scores.calibration[2])
    assert result.scores.weight()[2] == 0
    assert result["equal"].weights[2, 3] == pytest.approx(1 / 3)
    assert all(not result[name].weights[2].any() for name in METHODS if name != "equal")


def test_equal_calibrations_are_one_level_though_rounded_differently():
    assert significance_levels(np.array([0.3, 0.3 * (1 + 1e-15), 0.7, np.nan])) == [0.3, 0.7]


def test_equal_quantiles_are_held_apart_and_keep_everything_finite():
    study = two_experts()
    quantiles = study.quantiles.copy()
    quantiles[0, 0] = 7.0
    tied = replace(study, quantiles=quantiles)
    ranged = intrinsic_range(tied)
    gaps = np.diff(ranged.apart(ranged.quantiles)[0, 0])
    np.testing.assert_allclose(gaps, NARROWEST * ranged.width[0], rtol=1e-6)
    assert np.isfinite(information(ranged.quantiles, ranged)).all()
    for made in classical_model(tied).decision_makers:
        assert np.isfinite(made.quantiles).all()
        assert np.all(np.diff(made.quantiles) >= 0)


def test_weights_of_ones_own():
    study = two_experts()
    result = classical_model(study)
    alone = decision_maker(study, np.array([0.0, 2.0]))
    np.testing.assert_allclose(alone.quantiles, study.quantiles[1])
    same = decision_maker(study, np.ones((2, 4)), name="mine")
    np.testing.assert_array_equal(same.quantiles, result["equal"].quantiles)
    for weights in (np.ones(3), np.array([1.0, -1.0]), np.array([1.0, np.nan])):
        with pytest.raises(InputError):
            decision_maker(study, weights)


def test_impossible_numbers_and_studies_are_refused():
    study = two_experts()
    for options in ({"overshoot": 0.0}, {"power": 0.0}, {"power": 2.0}, {"significance": 2.0}):
        with pytest.raises(InputError):
            classical_model(study, **options)
    with pytest.raises(InputError, match="whose answer is known"):
        classical_model(study.forgetting(study.items))
    with pytest.raises(InputError, match="no item 'q9'"):
        held_out(study, ["q9"])
    with pytest.raises(InputError, match="one number"):
        panel(replace(study, quantiles=np.full((2, 4, 3), 5.0), realisations=np.full(4, 5.0)))


def test_every_problem_of_a_study_at_once():
    study = two_experts()
    quantiles = study.quantiles.copy()
    quantiles[0, 0] = [3.0, 2.0, 5.0]
    quantiles[1, 1] = [np.nan, 2.0, 5.0]
    quantiles[1, 2] = [-1.0, 2.0, 5.0]
    with pytest.raises(InputError) as error:
        replace(
            study,
            experts=("near", "near"),
            quantiles=quantiles,
            realisations=np.array([1.0, np.inf, -2.0, 4.0]),
            scales=("linear", "linear", "log", "log"),
        )
    text = str(error.value)
    for part in ("named 2 times", "2 after 3", "not finite", "-1 has no logarithm", "-2 has no logarithm"):
        assert part in text
    with pytest.raises(InputError, match="do not rise"):
        replace(study, levels=(0.5, 0.05, 0.95))
    with pytest.raises(InputError, match="shape"):
        replace(study, experts=("alone",))
