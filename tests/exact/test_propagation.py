"""Propagation against scipy's matrix exponential, and what holds at any rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad_vec
from scipy.linalg import expm

from precursor.emergence.state_space import RateClass, full_space
from precursor.exact import propagation
from precursor.exact.algebra import Chain
from precursor.exact.propagation import LARGEST_RATE, expected_time, generator, propagate, transition_matrix

CHAIN = full_space().chain
SEEDS = st.integers(0, 2**32 - 1)


def random_chain(rng: np.random.Generator, n_states: int = 7, n_edges: int = 20, n_classes: int = 4) -> Chain:
    """Return a chain with random edges, cycles included; none leads from a state to itself."""
    sources = rng.integers(n_states, size=n_edges)
    targets = (sources + rng.integers(1, n_states, size=n_edges)) % n_states
    return Chain(n_states, sources, targets, rng.integers(n_classes, size=n_edges))


def random_rates(
    rng: np.random.Generator, lanes: int, low: float = -4.0, high: float = 2.0, classes: int = 14
) -> np.ndarray:
    """Return rates spread over orders of magnitude, a fifth of them zero."""
    rates = 10.0 ** rng.uniform(low, high, size=(lanes, classes))
    return np.where(rng.random(rates.shape) < 0.2, 0.0, rates)


def dense(chain: Chain, rates: np.ndarray) -> np.ndarray:
    """Return the generators, diagonals included, without using the code under test."""
    matrix = np.zeros((len(rates), chain.n_states, chain.n_states))
    for source, target, kind in zip(chain.sources, chain.targets, chain.classes, strict=True):
        matrix[:, source, target] += rates[:, kind]
        matrix[:, source, source] -= rates[:, kind]
    return matrix


def random_starts(rng: np.random.Generator, lanes: int, n_states: int) -> np.ndarray:
    return rng.dirichlet(np.ones(n_states), size=lanes)


@pytest.mark.parametrize("seed", range(4))
def test_training_chain_agrees_with_expm(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rates = random_rates(rng, 6)
    start = random_starts(rng, 6, CHAIN.n_states)
    expected = np.stack([v @ expm(q) for v, q in zip(start, dense(CHAIN, rates), strict=True)])
    np.testing.assert_allclose(propagate(CHAIN, start, rates), expected, rtol=0, atol=1e-10)


@given(SEEDS)
@settings(max_examples=40)
def test_any_chain_agrees_with_expm(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chain = random_chain(rng)
    rates = random_rates(rng, 3, classes=4)
    start = random_starts(rng, 3, chain.n_states)
    expected = np.stack([v @ expm(q) for v, q in zip(start, dense(chain, rates), strict=True)])
    np.testing.assert_allclose(propagate(chain, start, rates), expected, rtol=0, atol=1e-10)


def test_a_wrong_rate_is_seen() -> None:
    """Negative control: one rate off by a millionth is outside the tolerance of the comparisons above."""
    rng = np.random.default_rng(0)
    rates, start = np.full((1, 14), 0.7), random_starts(rng, 1, CHAIN.n_states)
    wrong = rates.copy()
    wrong[0, RateClass.UNDERSTANDING] *= 1 + 1e-6
    expected = start[0] @ expm(dense(CHAIN, wrong)[0])
    assert np.abs(propagate(CHAIN, start, rates)[0] - expected).max() > 1e-9


def assert_stochastic(matrix: np.ndarray) -> None:
    assert (matrix >= 0).all()
    np.testing.assert_allclose(matrix.sum(axis=2), 1.0, rtol=0, atol=1e-9)


@given(SEEDS, st.sampled_from([-6.0, 0.0, 3.0, 6.0]))
@settings(max_examples=30, deadline=None)
def test_the_transition_matrix_of_any_chain_is_stochastic(seed: int, magnitude: float) -> None:
    rng = np.random.default_rng(seed)
    chain = random_chain(rng)
    assert_stochastic(transition_matrix(generator(chain, random_rates(rng, 2, magnitude - 3, magnitude, classes=4))))


@given(SEEDS, st.sampled_from([6.0, 9.0, 12.0]), st.booleans())
@settings(max_examples=8, deadline=None)
def test_the_training_chain_stays_stochastic_at_any_rates(seed: int, magnitude: float, opposed: bool) -> None:
    """No phase has both correction and drift, so the chain has no cycle, where rounding would add up."""
    rates = random_rates(np.random.default_rng(seed), 1, -3, magnitude)
    never = (
        (RateClass.CORRECTION, RateClass.CORRECTION_GUARDED) if opposed else (RateClass.DRIFT, RateClass.DRIFT_GUARDED)
    )
    rates[:, list(never)] = 0.0
    assert_stochastic(transition_matrix(generator(CHAIN, rates)))


@pytest.mark.parametrize("seed", range(3))
def test_squaring_agrees_with_uniformisation(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(seed)
    rates, start = random_rates(rng, 5, -2, 1.5), random_starts(rng, 5, CHAIN.n_states)
    slow = propagate(CHAIN, start, rates)
    monkeypatch.setattr(propagation, "SQUARING_ABOVE", 0.0)
    np.testing.assert_allclose(propagate(CHAIN, start, rates), slow, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("largest", [1e3, 1e6, 1e12, 1e300])
def test_huge_rates_are_bounded_in_cost_and_leave_competing_hazards_their_ratio(largest: float) -> None:
    chain = Chain(3, np.array([0, 0]), np.array([1, 2]), np.array([0, 1]))
    rates = np.array([[min(largest, LARGEST_RATE) / 4, min(largest, LARGEST_RATE)]])
    found = propagate(chain, np.array([[1.0, 0.0, 0.0]]), rates)[0]
    np.testing.assert_allclose(found, [0.0, 0.2, 0.8], rtol=0, atol=1e-9)


def test_no_rate_moves_nothing() -> None:
    start = random_starts(np.random.default_rng(0), 2, CHAIN.n_states)
    np.testing.assert_array_equal(propagate(CHAIN, start, np.zeros((2, 14))), start)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("high", [0.5, 2.0])
def test_expected_time_is_the_integral_of_being_there(seed: int, high: float) -> None:
    rng = np.random.default_rng(seed)
    rates = random_rates(rng, 1, -2, high)
    counted = (rng.random(CHAIN.n_states) < 0.4).astype(float)
    (matrix,) = dense(CHAIN, rates)
    expected, _ = quad_vec(lambda time: expm(matrix * time) @ counted, 0, 1, epsabs=1e-11, epsrel=1e-11)
    found = expected_time(generator(CHAIN, rates), counted)[0]
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9)
    assert (found <= 1 + 1e-12).all()


def test_time_in_all_states_is_one() -> None:
    rates = random_rates(np.random.default_rng(5), 3, 0, 5)
    np.testing.assert_allclose(expected_time(generator(CHAIN, rates), np.ones(65)), 1.0, rtol=0, atol=1e-9)
