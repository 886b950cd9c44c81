"""The states of the training chain, their edges with rate classes, the phase-start maps, and exact lumping.

A state is a history with, once the model is goal-directed, a goal pointer: 65 in all, joined by 117 edges.  Each edge
belongs to a *rate class*, so that a phase is described by one number per class whatever the configuration.

Lumping merges states that no question can tell apart: the coarsest partition that refines the questions' masks and in
which all members of a block have, for every class, the same number of edges into every other block (and likewise for
the phase-start maps).  It is exact for all parameter values (Kemeny and Snell 1976, ordinary lumpability).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np

from precursor.emergence.histories import (
    BASE_GOAL_UNDERSTOOD,
    GOAL_DIRECTED,
    LONG_TERM_GOALS,
    PROPERTIES,
    SITUATIONALLY_AWARE,
    History,
    histories,
)
from precursor.exact.algebra import Chain


class RateClass(IntEnum):
    """What moves the chain along an edge."""

    GOAL_BASE_UNDERSTOOD = 0
    GOAL_PROXY_UNDERSTOOD = 1
    GOAL_BASE_NOT_UNDERSTOOD = 2
    GOAL_PROXY_NOT_UNDERSTOOD = 3
    UNDERSTANDING = 4
    UNDERSTANDING_AWARE = 5
    LONG_TERM = 6
    LONG_TERM_COUPLED = 7
    AWARENESS = 8
    AWARENESS_COUPLED = 9
    CORRECTION = 10
    CORRECTION_GUARDED = 11
    DRIFT = 12
    DRIFT_GUARDED = 13


class StartClass(IntEnum):
    """What a phase-start map may do to a goal pointer."""

    SHIFT_UNDERSTOOD = 0
    SHIFT_NOT_UNDERSTOOD = 1
    OUTDATE = 2


@dataclass(frozen=True, slots=True)
class State:
    """A history and the goal pointer: ``none`` until the model is goal-directed."""

    history: History
    pointer: str

    @property
    def understood(self) -> bool:
        """Whether the base goal is understood."""
        return BASE_GOAL_UNDERSTOOD in self.history

    @property
    def scheming_prone(self) -> bool:
        """Whether all four properties are there with a proxy goal (a schemer, if training could tell)."""
        return self.pointer == "proxy" and len(self.history) == len(PROPERTIES)

    @property
    def in_correction_window(self) -> bool:
        """Whether the model is goal-directed on a proxy and understands the base goal."""
        return self.pointer == "proxy" and self.understood


@dataclass(frozen=True, slots=True)
class StateSpace:
    """States (or blocks of them), the chain's edges, and the edges of the phase-start maps.

    Attributes
    ----------
    chain
        The edges with their `RateClass`.
    start_edges
        Triples (source, target, `StartClass`).
    block
        For each of the 65 states, the index of its block.
    """

    chain: Chain
    start_edges: tuple[tuple[int, int, StartClass], ...]
    block: np.ndarray

    @property
    def n_states(self) -> int:
        """Number of states, or of blocks."""
        return self.chain.n_states

    def mask(self, members: Iterable[int]) -> np.ndarray:
        """Return, per block, whether it lies in the set of full states ``members``; a split block is an error."""
        chosen = np.zeros(len(self.block), dtype=bool)
        chosen[list(members)] = True
        inside = np.bincount(self.block, weights=chosen, minlength=self.n_states)
        size = np.bincount(self.block, minlength=self.n_states)
        if np.any((inside > 0) & (inside < size)):
            raise ValueError("The state space was lumped too coarsely for this event.")
        return inside > 0


@cache
def states() -> tuple[State, ...]:
    """Return the 65 states: the empty history first."""
    return tuple(
        State(history, pointer)
        for history in histories()
        for pointer in (("proxy", "base") if GOAL_DIRECTED in history else ("none",))
    )


@cache
def full_space() -> StateSpace:
    """Return the unlumped state space."""
    index = {state: i for i, state in enumerate(states())}
    edges = [(index[a], index[b], c) for a in states() for b, c in _steps(a)]
    starts = [(index[a], index[b], c) for a in states() for b, c in _start_steps(a)]
    return StateSpace(_chain(len(index), edges), tuple(starts), np.arange(len(index)))


def lump(masks: Iterable[frozenset[int]]) -> StateSpace:
    """Return the coarsest exact lumping in which every mask (a set of full states) is a union of blocks."""
    full = full_space()
    wanted = tuple(masks)
    labels = _canonical([tuple(i in mask for mask in wanted) for i in range(full.n_states)])
    while True:
        refined = _canonical(_signatures(full, labels))
        if refined.max() == labels.max():
            return _quotient(full, refined)
        labels = refined


def _steps(state: State) -> Iterable[tuple[State, RateClass]]:
    """Yield where a state can go and by what."""
    have = set(state.history)
    if GOAL_DIRECTED not in have:
        history = (*state.history, GOAL_DIRECTED)
        yield (
            State(history, "base"),
            RateClass.GOAL_BASE_UNDERSTOOD if state.understood else RateClass.GOAL_BASE_NOT_UNDERSTOOD,
        )
        yield (
            State(history, "proxy"),
            RateClass.GOAL_PROXY_UNDERSTOOD if state.understood else RateClass.GOAL_PROXY_NOT_UNDERSTOOD,
        )
    for gained, plain, raised, applies in (
        (BASE_GOAL_UNDERSTOOD, RateClass.UNDERSTANDING, RateClass.UNDERSTANDING_AWARE, SITUATIONALLY_AWARE in have),
        (
            LONG_TERM_GOALS,
            RateClass.LONG_TERM,
            RateClass.LONG_TERM_COUPLED,
            SITUATIONALLY_AWARE in have and state.pointer == "proxy",
        ),
        (
            SITUATIONALLY_AWARE,
            RateClass.AWARENESS,
            RateClass.AWARENESS_COUPLED,
            LONG_TERM_GOALS in have and state.pointer == "proxy",
        ),
    ):
        if gained not in have and (gained != LONG_TERM_GOALS or GOAL_DIRECTED in have):
            yield State((*state.history, gained), state.pointer), raised if applies else plain
    if state.in_correction_window:
        guarded = state.scheming_prone
        yield State(state.history, "base"), RateClass.CORRECTION_GUARDED if guarded else RateClass.CORRECTION
    if state.pointer == "base":
        guarded = {LONG_TERM_GOALS, SITUATIONALLY_AWARE} <= have
        yield State(state.history, "proxy"), RateClass.DRIFT_GUARDED if guarded else RateClass.DRIFT


def _start_steps(state: State) -> Iterable[tuple[State, StartClass]]:
    if state.pointer == "proxy":
        yield (
            State(state.history, "base"),
            StartClass.SHIFT_UNDERSTOOD if state.understood else StartClass.SHIFT_NOT_UNDERSTOOD,
        )
    if state.pointer == "base":
        yield State(state.history, "proxy"), StartClass.OUTDATE


def _chain(n_states: int, edges: list[tuple[int, int, RateClass]]) -> Chain:
    array = np.array(edges, dtype=np.int64).reshape(-1, 3)
    return Chain(n_states, array[:, 0].copy(), array[:, 1].copy(), array[:, 2].copy())


def _signatures(space: StateSpace, labels: np.ndarray) -> list[tuple[object, ...]]:
    """Return, per state, its block and how many edges of each class lead from it into each other block."""
    outgoing: list[Counter[tuple[str, int, int]]] = [Counter() for _ in labels]
    for source, target, kind in zip(space.chain.sources, space.chain.targets, space.chain.classes, strict=True):
        if labels[source] != labels[target]:
            outgoing[source]["edge", int(kind), int(labels[target])] += 1
    for source, target, kind in space.start_edges:
        if labels[source] != labels[target]:
            outgoing[source]["start", int(kind), int(labels[target])] += 1
    return [(int(label), *sorted(counts.items())) for label, counts in zip(labels, outgoing, strict=True)]


def _canonical(signatures: list[tuple[object, ...]]) -> np.ndarray:
    """Return numbers for the signatures: equal ones alike, in order of first appearance."""
    seen: dict[tuple[object, ...], int] = {}
    return np.array([seen.setdefault(signature, len(seen)) for signature in signatures])


def _quotient(full: StateSpace, labels: np.ndarray) -> StateSpace:
    representatives = {int(label): i for i, label in reversed(list(enumerate(labels)))}
    edges = [
        (int(labels[s]), int(labels[t]), RateClass(c))
        for s, t, c in zip(full.chain.sources, full.chain.targets, full.chain.classes, strict=True)
        if representatives[int(labels[s])] == s and labels[s] != labels[t]
    ]
    starts = tuple(
        (int(labels[s]), int(labels[t]), c)
        for s, t, c in full.start_edges
        if representatives[int(labels[s])] == s and labels[s] != labels[t]
    )
    return StateSpace(_chain(int(labels.max()) + 1, edges), starts, labels)
