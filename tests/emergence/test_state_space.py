"""States, edges and lumping of the training chain."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.argument.events import reading, scheming_prone
from precursor.argument.nodes import CHAIN_READINGS, OUTCOMES
from precursor.emergence.histories import (
    EMERGENCE_ORDER,
    EMERGENCE_ORDERS,
    GOAL_POINTER,
    POINTER_STATES,
    PROPERTIES,
    acquired_before,
    emergence_order,
    histories,
)
from precursor.emergence.state_space import RateClass, StateSpace, full_space, lump, states
from precursor.exact.propagation import propagate
from tests.oracles import training_chain

PROPERTIES_AND_POINTER = [
    *(reading(name, "yes") for name in PROPERTIES),
    *(reading(GOAL_POINTER, state) for state in POINTER_STATES),
]
ORDERS = [reading(EMERGENCE_ORDER, state) for state in EMERGENCE_ORDERS]


def test_there_are_35_histories_65_states_and_117_edges() -> None:
    space = full_space()
    assert len(histories()) == 35
    assert space.n_states == len(states()) == 65
    assert len(space.chain.sources) == 117
    assert set(space.chain.classes) == {int(kind) for kind in RateClass}


def test_states_are_the_oracles() -> None:
    assert {(state.history, state.pointer) for state in states()} == {
        (state.history, state.pointer) for state in training_chain.states()
    }


def test_every_history_is_one_step_from_a_shorter_one() -> None:
    known = set(histories())
    assert all(history[:-1] in known for history in histories() if history)
    assert all(len(a) <= len(b) for a, b in pairwise(histories()))


def test_emergence_order_reads_every_history_once() -> None:
    found = {history: emergence_order(history) for history in histories()}
    assert set(found.values()) == set(EMERGENCE_ORDERS)
    for history, order in found.items():
        assert (order == "no_goal") == ("goal_directed" not in history)
        first = acquired_before(history, "base_goal_understood", "goal_directed") and "goal_directed" in history
        assert (order == "understanding_first") == first


@pytest.mark.parametrize(
    ("masks", "n_states", "n_edges"),
    [
        ([*PROPERTIES_AND_POINTER, scheming_prone()], 20, 48),
        ([*PROPERTIES_AND_POINTER, *ORDERS], 32, 70),
        ([], 1, 0),
    ],
)
def test_sizes_of_lumped_spaces(masks: list[frozenset[int]], n_states: int, n_edges: int) -> None:
    space = lump(masks)
    assert (space.n_states, len(space.chain.sources)) == (n_states, n_edges)


def random_masks(rng: np.random.Generator) -> list[frozenset[int]]:
    """Return readings of random nodes, and at times an arbitrary set of states."""
    readings = [(node, state) for node, known in CHAIN_READINGS.items() for state in known]
    chosen = rng.choice(len(readings), size=rng.integers(1, 4), replace=False)
    masks = [reading(*readings[i]) for i in chosen]
    if rng.random() < 0.3:
        masks.append(frozenset(np.flatnonzero(rng.random(65) < 0.1).tolist()))
    return masks


def run(space: StateSpace, start: np.ndarray, phases: list[np.ndarray], shifts: list[np.ndarray]) -> np.ndarray:
    """Return the distribution after phases with the given rates, each begun by a random phase-start map."""
    vector = start
    for rates, shift in zip(phases, shifts, strict=True):
        moved = vector.copy()
        for source, target, kind in space.start_edges:
            moved[:, target] += shift[kind] * vector[:, source]
            moved[:, source] -= shift[kind] * vector[:, source]
        vector = propagate(space.chain, moved, rates)
    return vector


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_lumping_is_exact_at_any_rates(seed: int) -> None:
    rng = np.random.default_rng(seed)
    masks = random_masks(rng)
    lumped, full = lump(masks), full_space()
    start = rng.dirichlet(np.ones(65), size=1)
    start_lumped = np.bincount(lumped.block, weights=start[0], minlength=lumped.n_states)[None]
    phases = [10.0 ** rng.uniform(-3, 1.5, size=(1, len(RateClass))) for _ in range(3)]
    shifts = [rng.uniform(size=3) for _ in range(3)]
    fine, coarse = run(full, start, phases, shifts), run(lumped, start_lumped, phases, shifts)
    together = np.bincount(lumped.block, weights=fine[0], minlength=lumped.n_states)
    np.testing.assert_allclose(coarse[0], together, rtol=0, atol=1e-12)
    for mask in masks:
        np.testing.assert_allclose(coarse[0, lumped.mask(mask)].sum(), fine[0, list(mask)].sum(), rtol=0, atol=1e-12)


def test_a_partition_that_is_too_coarse_is_not_exact() -> None:
    """Negative control: merging by pointer alone loses what the property asserts (understanding changes pointing)."""
    rng = np.random.default_rng(0)
    full = full_space()
    pointers = np.array([POINTER_STATES.index(state.pointer) for state in states()])
    rates = 10.0 ** rng.uniform(-1, 1, size=(1, len(RateClass)))
    ends = [propagate(full.chain, np.eye(65)[[i]], rates)[0] for i in np.flatnonzero(pointers == 1)[:6]]
    by_pointer = np.array([np.bincount(pointers, weights=end, minlength=3) for end in ends])
    assert np.ptp(by_pointer, axis=0).max() > 0.01


def test_a_mask_that_splits_a_block_is_refused() -> None:
    space = lump([reading(GOAL_POINTER, "proxy")])
    with pytest.raises(ValueError, match="too coarsely"):
        space.mask(reading(EMERGENCE_ORDER, "long_horizon_first"))


def test_masks_of_the_outcome_are_unions_of_blocks() -> None:
    space = lump([scheming_prone(), *(reading(GOAL_POINTER, state) for state in POINTER_STATES)])
    assert len(OUTCOMES) == 4
    assert space.mask(scheming_prone()).sum() == 1
