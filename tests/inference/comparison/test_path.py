"""The path attribution on densities of one unknown, against quadrature in the unknown and in t."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from precursor.inference.comparison.path import Legs, Pooled, pooled_log_weights, split

GRID = np.linspace(-14, 14, 6001)
ANSWERS = ((1.2, 1.0), (1.2, 1.0), (-0.4, 0.8))


def gains(x, answers=ANSWERS):
    """Return what each answer, (location, scale), adds at x, (draw, answer)."""
    return np.stack([t(4, loc, scale).logpdf(x) for loc, scale in answers], axis=1)


def by_quadrature(answers, nodes=400):
    """Return the parts of the move of E[x]: sums over a grid of x and of t."""
    parts, at = gains(GRID, answers), (np.arange(nodes) + 0.5) / nodes
    total = np.zeros(len(answers))
    for tempering in at:
        weight = norm.pdf(GRID) * np.exp(tempering * parts.sum(axis=1))
        weight /= weight.sum()
        centred = GRID - weight @ GRID
        total += (weight * centred) @ parts / nodes
    return total


def posterior(rng, n, answers=ANSWERS):
    """Return exact draws of the end of the path, by inversion on the grid."""
    weight = norm.pdf(GRID) * np.exp(gains(GRID, answers).sum(axis=1))
    height = np.cumsum(weight) / weight.sum()
    return np.interp(rng.random(n), height, GRID)


def case(seed=0, n=3000, answers=ANSWERS):
    rng = np.random.default_rng(seed)
    x = np.concatenate([rng.standard_normal(n), posterior(rng, n, answers)])
    parts = gains(x, answers)
    zero = np.zeros(len(x))
    pooled = Pooled(np.stack([zero, parts.sum(axis=1)]), np.repeat([0, 1], n))
    return x, pooled, Legs(zero, zero, parts, parts.sum(axis=1))


@pytest.fixture(scope="module")
def found():
    x, pooled, legs = case()
    return split(np.stack([x, x**2]), pooled, legs)


def test_parts_are_those_of_quadrature(found):
    expected = by_quadrature(ANSWERS)
    errors = found.part_errors[0]
    assert (np.abs(found.parts[0] - expected) < 4 * errors).all()
    assert errors.max() < 0.03
    # Negative control: whoever's parts are exchanged is found out.
    assert np.abs(found.parts[0][[2, 1, 0]] - expected).max() > 4 * errors.max()


def test_parts_sum_to_the_move_between_the_ends_of_the_path():
    x, pooled, legs = case(1)
    base = pooled_log_weights(pooled.log_densities, pooled.source)
    means = []
    for log in (legs.first, legs.last):
        weights = np.exp(base + log - (base + log).max())
        means.append(weights @ x / weights.sum())
    found = split(x[None, :], pooled, legs)
    assert abs(found.parts[0].sum() - (means[1] - means[0])) < 1e-9
    assert found.structure[0] == pytest.approx(0.0, abs=1e-12)


def test_equals_have_equal_parts(found):
    assert found.parts[0][0] == pytest.approx(found.parts[0][1], abs=1e-12)
    assert abs(found.parts[0][0] - found.parts[0][2]) > 0.1


def test_whoever_adds_nothing_has_no_part():
    x, pooled, legs = case(2)
    silent = replace(legs, parts=np.column_stack([legs.parts, np.full(len(x), 3.7)]))
    found = split(x[None, :], pooled, silent)
    assert abs(found.parts[0][-1]) < 1e-12
    assert np.abs(found.parts[0][:-1]).min() > 0.05


def test_a_clone_shares_the_credit():
    alone, twice = by_quadrature(ANSWERS[1:]), by_quadrature(ANSWERS)
    x, pooled, legs = case(3, answers=ANSWERS[1:])
    one = split(x[None, :], pooled, legs)
    assert abs(one.parts[0][0] - alone[0]) < 4 * one.part_errors[0][0]
    assert twice[0] < alone[0] < twice[0] + twice[1]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(3)))
def test_the_order_of_players_does_not_matter(seed, order):
    x, pooled, legs = case(seed, n=200)
    plain = split(x[None, :], pooled, legs)
    turned = split(x[None, :], pooled, replace(legs, parts=legs.parts[:, order]))
    np.testing.assert_allclose(turned.parts[0], plain.parts[0][list(order)], atol=1e-10)


def test_errors_are_those_of_repetition():
    repeated = np.array(
        [split(x[None, :], pooled, legs).parts[0] for x, pooled, legs in (case(s, 200) for s in range(25))]
    )
    x, pooled, legs = case(99, 200)
    stated = split(x[None, :], pooled, legs)
    ratio = stated.part_errors[0] / repeated.std(axis=0, ddof=1)
    assert ((ratio > 0.5) & (ratio < 2.0)).all()
    both = stated.error_of([0, 1, 2])[0] / repeated.sum(axis=1).std(ddof=1)
    assert 0.5 < both < 2.0


def test_structure_is_the_move_before_and_after_the_path():
    rng = np.random.default_rng(5)
    n, shift = 4000, 0.5
    answers = ANSWERS[2:]
    x = np.concatenate([rng.standard_normal(n), posterior(rng, n, answers)])
    parts = gains(x, answers)
    # The first run sampled N(0, 1), the path begins at N(shift, 1): log-ratio shift x - shift^2 / 2.
    tilt = shift * x
    legs = Legs(np.zeros(2 * n), tilt, parts - tilt[:, None], parts.sum(axis=1))
    pooled = Pooled(np.stack([np.zeros(2 * n), parts.sum(axis=1)]), np.repeat([0, 1], n))
    found = split(x[None, :], pooled, legs)
    assert abs(found.structure[0] - shift) < 4 * found.structure_errors[0]
    assert found.structure_errors[0] < 0.05


def test_normalising_constants_of_known_densities():
    rng = np.random.default_rng(6)
    scales = np.array([1.0, 0.5, 2.0])
    n = 2000
    x = np.concatenate([scale * rng.standard_normal(n) for scale in scales])
    logs = np.stack([-0.5 * (x / scale) ** 2 for scale in scales])
    weights = np.exp(pooled_log_weights(logs, np.repeat([0, 1, 2], n))[None, :] + logs)
    constants = np.log(weights.sum(axis=1))
    expected = np.log(scales)
    np.testing.assert_allclose(constants - constants[0], expected - expected[0], atol=0.05)


def test_ends_that_do_not_overlap_are_noticed():
    rng = np.random.default_rng(7)
    n = 500
    x = np.concatenate([rng.standard_normal(n), 12 + 0.05 * rng.standard_normal(n)])
    far = -0.5 * ((x - 12) / 0.05) ** 2 + 0.5 * x**2
    pooled = Pooled(np.stack([np.zeros(2 * n), far]), np.repeat([0, 1], n))
    found = split(x[None, :], pooled, Legs(np.zeros(2 * n), np.zeros(2 * n), far[:, None], far))
    assert np.isfinite(found.parts).all()
    assert found.least_effective < 20
    assert split(*_near()).least_effective > 500


def _near():
    x, pooled, legs = case(8)
    return x[None, :], pooled, legs
