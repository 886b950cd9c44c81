"""Recorded circuits: the same numbers as computing at once, exact gradients, and nan in, nan out.

A random *program* is written against `Algebra` and run twice, by `Numbers` and by `Recorder`.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.exact.algebra import Algebra, Chain, Move, Numbers, Scalar
from precursor.exact.circuit import Circuit, Recorder
from precursor.exact.kernels import SQUARING_LANES_ABOVE
from precursor.exact.leaf import Leaf
from tests.exact.test_propagation import random_chain

LEAVES = {
    "p": Leaf("logit", 0),
    "q": Leaf("logit", 1),
    "r": Leaf("log", 2),
    "s": Leaf("log", 3),
    "three.a": Leaf("simplex", 4, 4, 3),
    "three.b": Leaf("simplex", 5, 4, 3),
    "three.c": Leaf("simplex", 6, 4, 3),
}
N_PARAMETERS = 7
N_STATES, N_CLASSES = 7, 4


def numbers_at(unconstrained: np.ndarray) -> Numbers:
    """Return the algebra of numbers at unconstrained draws, (draws, parameters), link functions written out here."""
    p, q, r, s = unconstrained[:, :4].T
    weights = np.exp(unconstrained[:, 4:])
    a, b, c = (weights / weights.sum(axis=1, keepdims=True)).T
    logits = {"p": p, "q": q}
    return Numbers(
        {name: 1 / (1 + np.exp(-x)) for name, x in logits.items()}
        | {"r": np.exp(r), "s": np.exp(s), "three.a": a, "three.b": b, "three.c": c},
        {name: 1 / (1 + np.exp(x)) for name, x in logits.items()},
        {name: np.logaddexp(0.0, x) for name, x in logits.items()},
    )


def scalar(algebra: Algebra, rng: np.random.Generator) -> Scalar:
    """Return a random leaf, constant or structural zero."""
    name = str(rng.choice(list(LEAVES)))
    choices = {
        "value": lambda: algebra.value(name),
        "complement": lambda: algebra.complement(str(rng.choice(["p", "q"]))),
        "hazard": lambda: algebra.hazard(str(rng.choice(["p", "q"]))),
        "one": lambda: algebra.one,
        "zero": lambda: None,
    }
    return choices[str(rng.choice(list(choices), p=[0.4, 0.2, 0.2, 0.1, 0.1]))]()


def program(algebra: Algebra, chain: Chain, seed: int, phases: int = 3) -> list[Scalar]:
    """Return the outputs of a random computation: lanes through phases, moves, masks, mixtures, sums of products."""
    rng = np.random.default_rng(seed)
    scalars = [algebra.one, *(scalar(algebra, rng) for _ in range(6))]

    def pick() -> Scalar:
        return scalars[int(rng.integers(len(scalars)))]

    vectors = [algebra.unit(N_STATES, int(rng.integers(N_STATES))) for _ in range(3)]
    for _ in range(phases):
        rates = [[pick() for _ in range(N_CLASSES - 1)] + [algebra.value("r")] for _ in vectors]
        vectors = algebra.propagate(chain, vectors, rates)
        moves = [Move(int(rng.integers(N_STATES)), int(rng.integers(N_STATES)), pick()) for _ in range(6)]
        kept = [Move(state, state, algebra.one) for state in range(N_STATES)]
        vectors = [
            algebra.mask(algebra.move(vectors[0], moves + kept), rng.random(N_STATES) < 0.8),
            algebra.combine([(pick(), vectors[0]), (algebra.value("q"), vectors[1]), (algebra.one, vectors[2])]),
            vectors[-1],
        ]
        scalars += [algebra.product(pick(), pick(), pick()), algebra.total([pick(), pick()]), algebra.mass(vectors[1])]
    return [algebra.mass(vectors[0], rng.random(N_STATES) < 0.6), algebra.mass(vectors[2]), *scalars[-3:]]


def recorded(seed: int) -> tuple[Circuit, Chain]:
    chain = random_chain(np.random.default_rng(seed), N_STATES, 20, N_CLASSES)
    recorder = Recorder(LEAVES)
    return recorder.circuit(program(recorder, chain, seed)), chain


def points(seed: int, draws: int, spread: float = 1.5) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, spread, size=(draws, N_PARAMETERS))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_circuit_computes_what_numbers_compute(seed: int) -> None:
    circuit, chain = recorded(seed)
    draws = points(seed, 3)
    outputs = program(numbers_at(draws), chain, seed)
    expected = np.stack([np.broadcast_to(0.0 if x is None else x, 3) for x in outputs], axis=1)
    np.testing.assert_allclose(circuit.evaluate(draws), expected, rtol=1e-9, atol=1e-300)


def finite_differences(circuit: Circuit, u: np.ndarray, weights: np.ndarray, step: float) -> np.ndarray:
    """Return the gradient of the weighted outputs by central differences, extrapolated once."""

    def central(h: float) -> np.ndarray:
        ends = np.array([[u + sign * h * unit for unit in np.eye(len(u))] for sign in (1, -1)])
        up, down = (circuit.evaluate(end) @ weights for end in ends)
        return (up - down) / (2 * h)

    return (4 * central(step / 2) - central(step)) / 3


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_the_gradient_agrees_with_finite_differences(seed: int) -> None:
    circuit, _ = recorded(seed)
    (u,) = points(seed + 1, 1, 1.0)
    weights = np.random.default_rng(seed).normal(size=len(circuit.outputs))
    values, gradient = circuit.value_and_gradient(u, weights)
    np.testing.assert_allclose(values, circuit.evaluate(u)[0], rtol=1e-13)
    expected = finite_differences(circuit, u, weights, 1e-3)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8 * (1 + np.abs(expected).max()))


@pytest.mark.parametrize("seed", range(4))
def test_values_and_gradient_through_squaring(seed: int) -> None:
    """With r = exp(9.5) an exit rate is above the bound where uniformisation gives way."""
    circuit, chain = recorded(seed)
    (u,) = points(seed, 1, 0.7)
    u[2] = 9.5
    assert np.exp(u[2]) > SQUARING_LANES_ABOVE
    outputs = program(numbers_at(u[None]), chain, seed)
    expected = [0.0 if x is None else float(x[0]) for x in outputs]
    weights = 1.0 / np.maximum(np.abs(expected), 1e-9)
    values, gradient = circuit.value_and_gradient(u, weights)
    np.testing.assert_allclose(values, expected, rtol=1e-8)
    slow = finite_differences(circuit, u, weights, 1e-2)
    np.testing.assert_allclose(gradient, slow, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("seed", range(2))
def test_both_sides_of_the_squaring_bound_meet(seed: int) -> None:
    """Values and gradients just below and just above the bound differ by no more than the rates do."""
    chain = Chain(4, np.array([0, 1, 2, 1]), np.array([1, 2, 3, 0]), np.array([0, 1, 1, 2]))
    recorder = Recorder(LEAVES)
    rates = [[recorder.value("p"), recorder.value("r"), recorder.hazard("q")]]
    (end,) = recorder.propagate(chain, [recorder.unit(4, 0)], rates)
    circuit = recorder.circuit([end[3]])
    (u,) = points(seed, 1)
    found = []
    for r in (SQUARING_LANES_ABOVE * (1 - 1e-6), SQUARING_LANES_ABOVE * (1 + 1e-6)):
        u[2] = np.log(r)
        values, gradient = circuit.value_and_gradient(u, np.ones(1))
        found.append((values[0], gradient[:2]))
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-5)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-4)
    assert np.abs(found[0][1]).min() > 0


def test_a_wrong_gradient_is_seen() -> None:
    """Negative control: a gradient one part in ten thousand off is outside the tolerance above."""
    circuit, _ = recorded(3)
    (u,) = points(4, 1, 1.0)
    weights = np.ones(len(circuit.outputs))
    _, gradient = circuit.value_and_gradient(u, weights)
    expected = finite_differences(circuit, u, weights, 1e-3)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(gradient * (1 + 1e-4), expected, rtol=1e-6, atol=1e-8 * (1 + np.abs(expected).max()))


def one_lane() -> Circuit:
    chain = Chain(3, np.array([0, 1]), np.array([1, 2]), np.array([0, 1]))
    recorder = Recorder(LEAVES)
    (end,) = recorder.propagate(chain, [recorder.unit(3, 0)], [[recorder.value("r"), recorder.value("s")]])
    return recorder.circuit([recorder.mass(end, np.array([False, False, True])), recorder.value("p")])


@pytest.mark.parametrize("parameter", [2, 3])
def test_nan_in_nan_out(parameter: int) -> None:
    circuit = one_lane()
    u = np.zeros(N_PARAMETERS)
    u[parameter] = np.nan
    values, gradient = circuit.value_and_gradient(u, np.ones(2))
    assert np.isnan(values[0])
    assert values[1] == pytest.approx(0.5)
    assert np.isnan(gradient[parameter])


@pytest.mark.parametrize("size", [50.0, 700.0, 1e4])
def test_wandering_far_out_stays_bounded(size: float) -> None:
    circuit = one_lane()
    for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        u = np.zeros(N_PARAMETERS)
        u[2:4] = size * np.array(signs)
        values, gradient = circuit.value_and_gradient(u, np.ones(2))
        assert 0 <= values[0] <= 1 + 1e-9
        assert np.isfinite(gradient).all()


def test_what_no_output_needs_is_left_out() -> None:
    recorder = Recorder(LEAVES)
    wanted = recorder.product(recorder.value("p"), recorder.value("q"))
    whole = recorder.circuit([wanted, recorder.product(recorder.value("r"), recorder.value("s"))])
    assert len(recorder.circuit([wanted]).sums) < len(whole.sums)
    assert recorder.circuit([wanted]).evaluate(np.zeros(N_PARAMETERS))[0, 0] == pytest.approx(0.25)


def test_equal_products_are_recorded_once() -> None:
    recorder = Recorder(LEAVES)
    p, q = recorder.value("p"), recorder.value("q")
    assert recorder.product(p, q) == recorder.product(q, p)
    assert recorder.product(p, recorder.one) == p
    assert recorder.product(p, None) is None
    assert recorder.total([None, None]) is None


def test_structural_zeros_read_as_zero() -> None:
    recorder = Recorder(LEAVES)
    circuit = recorder.circuit([None, recorder.value("p")])
    np.testing.assert_allclose(circuit.evaluate(np.zeros(N_PARAMETERS)), [[0.0, 0.5]])


def test_one_circuit_has_one_state_space() -> None:
    recorder = Recorder(LEAVES)
    rates = [[recorder.value("r")] * N_CLASSES]
    for seed in range(2):
        chain = random_chain(np.random.default_rng(seed), N_STATES, 20, N_CLASSES)
        if seed:
            with pytest.raises(ValueError, match="one state space"):
                recorder.propagate(chain, [recorder.unit(N_STATES, 0)], rates)
        else:
            recorder.propagate(chain, [recorder.unit(N_STATES, 0)], rates)
