"""Patterns of blocks: what is left out cannot matter, and rows of any length are walked whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.exact.algebra import Chain, Numbers
from precursor.exact.circuit import Recorder
from precursor.exact.lanes import LONGEST, WIDTH
from precursor.exact.leaf import Leaf
from precursor.exact.pattern import Pattern, laid_out, pattern_of
from tests.exact.test_propagation import random_chain

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS)
@settings(max_examples=50, deadline=None)
def test_a_pattern_keeps_the_possible_edges_among_what_is_reached(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chain = random_chain(rng)
    reached, possible = rng.random(chain.n_states) < 0.7, rng.random(4) < 0.7
    found = pattern_of(chain, reached, possible)
    kept = {(found.states[i], found.states[j], c) for i, j, c in found.edges}
    edges = zip(chain.sources.tolist(), chain.targets.tolist(), chain.classes.tolist(), strict=True)
    assert kept == {(i, j, c) for i, j, c in edges if possible[c] and reached[i] and reached[j]}


def records(stream: np.ndarray, at: int) -> list[tuple[int, int, int]]:
    """Return (row, other, class) of grouped edges, read back as the layout is documented."""
    counts, at = stream[at : at + LONGEST + 2], at + LONGEST + 2
    found = []
    for length, count in enumerate(counts.tolist()):
        for _ in range(count):
            row, at = int(stream[at]), at + 1
            own, at = (length, at) if length <= LONGEST else (int(stream[at]), at + 1)
            pairs = stream[at : at + 2 * own].reshape(-1, 2).tolist()
            found += [(row // WIDTH, other // WIDTH, kind // WIDTH) for other, kind in pairs]
            at += 2 * own
    return found


@given(SEEDS)
@settings(max_examples=50, deadline=None)
def test_the_stream_holds_every_edge_three_times(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chains = [random_chain(rng, n_edges=int(rng.integers(0, 60))) for _ in range(2)]
    patterns = [pattern_of(chain, np.ones(chain.n_states, dtype=bool), np.ones(4, dtype=bool)) for chain in chains]
    places, stream = laid_out(patterns)
    for pattern, (n_states, n_edges, incoming, outgoing, plain) in zip(patterns, places.tolist(), strict=True):
        assert (n_states, n_edges) == (len(pattern.states), len(pattern.edges))
        edges = [tuple(edge) for edge in stream[plain : plain + 3 * n_edges].reshape(-1, 3).tolist()]
        assert sorted(edges) == sorted(pattern.edges)
        # Derivatives by edge are added up in the order of ``outgoing``.
        assert records(stream, outgoing) == edges
        assert sorted((i, j, c) for j, i, c in records(stream, incoming)) == sorted(pattern.edges)


@pytest.mark.parametrize("inward", [True, False])
def test_rows_longer_than_what_is_unrolled(inward: bool) -> None:
    many = LONGEST + 3
    hub, spokes = np.zeros(many, dtype=np.int64), np.arange(1, many + 1)
    ends = (spokes, hub) if inward else (hub, spokes)
    chain = Chain(many + 1, *ends, np.arange(many) % 3)
    leaves = {name: Leaf("log", i) for i, name in enumerate("abc")}
    recorder = Recorder(leaves)
    point = np.log([[0.3, 1.7, 0.02]])
    numbers = Numbers({name: np.exp(point[:, i]) for i, name in enumerate("abc")})

    def program(algebra: Recorder | Numbers) -> list[object]:
        start = algebra.combine([(algebra.value("c"), algebra.unit(many + 1, i)) for i in range(many)])
        (end,) = algebra.propagate(chain, [start], [[algebra.value(name) for name in "abc"]])
        return [algebra.mass(end, np.arange(many + 1) == i) for i in range(many + 1)]

    circuit = recorder.circuit(program(recorder))
    expected = np.array([float(mass[0]) for mass in program(numbers)])
    np.testing.assert_allclose(circuit.evaluate(point)[0], expected, rtol=1e-13)
    weights = np.arange(1.0, many + 2)
    _, gradient = circuit.value_and_gradient(point[0], weights)
    step = 1e-5 * np.eye(3)
    central = [(circuit.evaluate(point + h) - circuit.evaluate(point - h))[0] @ weights / 2e-5 for h in step]
    np.testing.assert_allclose(gradient, central, rtol=1e-7)


def test_blocks_that_leave_out_the_same_share_a_pattern() -> None:
    chain = Chain(3, np.array([0, 1]), np.array([1, 2]), np.array([0, 1]))
    whole = pattern_of(chain, np.array([True, True, True]), np.array([True, True]))
    assert whole == Pattern((0, 1, 2), ((0, 1, 0), (1, 2, 1)))
    assert pattern_of(chain, np.array([True, True, False]), np.array([True, True])) == Pattern((0, 1), ((0, 1, 0),))
