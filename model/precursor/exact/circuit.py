"""Circuits: an exact query, recorded once as sums of products, evaluated and differentiated many times.

`Recorder` is an `Algebra` whose scalars are slots of a value array and whose operations are written down.  The result,
a `Circuit`, is an arithmetic circuit (Darwiche 2003) with one extra kind of gate, the propagation of a Markov chain.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from precursor.exact import kernels
from precursor.exact.algebra import Chain, Move, Scalar, Vector
from precursor.exact.lanes import WIDTH
from precursor.exact.leaf import Leaf
from precursor.exact.pattern import Pattern, laid_out, pattern_of

Slot = int | None
_Lane = tuple[Sequence[int | None], Sequence[int | None], Sequence[int | None]]
_Sum = tuple[int, list[tuple[int, int]]]
TABLES = (
    "leaves", "sums", "first_term", "terms", "segments", "pattern_of", "patterns", "stream", "starts", "rates", "outs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Circuit:
    """A recorded computation; integer arrays as `exact.kernels` reads them.

    Attributes
    ----------
    n_values
        Number of slots.
    leaves
        (leaf, 5): slot, kind, parameter index, group start, group size.
    sums, first_term, terms
        ``values[sums[row]]`` is the sum of ``values[a] * values[b]`` over (a, b) in
        ``terms[first_term[row]:first_term[row + 1]]``.
    segments
        (segment, 2): where its sums, then its blocks of lanes, end.
    pattern_of, patterns, stream
        (block,): which pattern; the patterns' places in the stream of integers, see `exact.pattern`.
    starts, rates, outs
        (block, state of the pattern or class, lane): slots.
    outputs
        Slots of the recorded outputs.
    """

    n_values: int
    leaves: np.ndarray
    sums: np.ndarray
    first_term: np.ndarray
    terms: np.ndarray
    segments: np.ndarray
    pattern_of: np.ndarray
    patterns: np.ndarray
    stream: np.ndarray
    starts: np.ndarray
    rates: np.ndarray
    outs: np.ndarray
    outputs: np.ndarray

    @property
    def tables(self) -> tuple[np.ndarray, ...]:
        """The arrays that the kernels take, in their order (`TABLES`)."""
        return tuple(getattr(self, name) for name in TABLES)

    def evaluate(self, unconstrained: np.ndarray) -> np.ndarray:
        """Return the outputs, (draws, outputs), at unconstrained parameters (draws, parameters)."""
        draws = np.ascontiguousarray(np.atleast_2d(unconstrained), dtype=float)
        return kernels.forward_draws(draws, self.tables, self.n_values, self.outputs)

    def value_and_gradient(self, unconstrained: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the outputs at one point, and the gradient of their weighted sum."""
        u = np.ascontiguousarray(unconstrained, dtype=float)
        values = np.empty(self.n_values)
        kernels.forward(u, self.tables, values)
        bars, gradient = np.zeros(self.n_values), np.zeros(len(u))
        np.add.at(bars, self.outputs, weights)
        kernels.backward(u, self.tables, values, bars, gradient)
        return values[self.outputs], gradient


class Recorder:
    """An `Algebra` that writes a `Circuit`; scalars are slots, vectors lists of slots (``None``: structurally zero)."""

    one: Scalar = kernels.ONE

    def __init__(self, leaves: Mapping[str, Leaf]) -> None:
        self._declared = leaves
        self._leaves: dict[tuple[str, int], Slot] = {}
        self._leaf_rows: list[tuple[int, int, int, int, int]] = []
        self._sums: list[_Sum] = []
        self._segments: list[tuple[int, int]] = []
        self._lanes: list[_Lane] = []
        self._products: dict[tuple[int, int], int] = {}
        self._chain: Chain | None = None
        self._n_classes = 1
        self._n_values = kernels.FIRST_FREE

    def value(self, name: str) -> Slot:
        """Return the slot of a parameter's natural value."""
        kinds = {"logit": kernels.SIGMOID, "log": kernels.EXP, "simplex": kernels.SOFTMAX}
        return self._leaf(name, kinds[self._declared[name].scale])

    def complement(self, name: str) -> Slot:
        """Return the slot of one minus a probability."""
        return self._leaf(name, kernels.SIGMOID_COMPLEMENT)

    def hazard(self, name: str) -> Slot:
        """Return the slot of ``-log(1 - p)``."""
        return self._leaf(name, kernels.SOFTPLUS)

    def product(self, *factors: Slot) -> Slot:
        """Record a product; equal products share a slot."""
        if any(factor is None for factor in factors):
            return None
        result = kernels.ONE
        for factor in factors:
            result = self._times(result, factor)  # type: ignore[arg-type]
        return result

    def total(self, terms: Iterable[Slot]) -> Slot:
        """Record a sum."""
        return self._sum([(kernels.ONE, term) for term in terms])

    def unit(self, n_states: int, state: int) -> Vector:
        """Return the vector that is one at ``state``."""
        return [kernels.ONE if i == state else None for i in range(n_states)]

    def combine(self, terms: Sequence[tuple[Slot, Vector]]) -> Vector:
        """Record a sum of coefficient times vector."""
        present = [(coefficient, vector) for coefficient, vector in terms if coefficient is not None]
        return [self._sum([(c, vector[i]) for c, vector in present]) for i in range(len(present[0][1]))]

    def mask(self, vector: Vector, allowed: np.ndarray) -> Vector:
        """Return the vector with the states outside ``allowed`` set to zero."""
        return [slot if keep else None for slot, keep in zip(vector, allowed, strict=True)]

    def move(self, vector: Vector, moves: Sequence[Move]) -> Vector:
        """Record a sparse linear map."""
        terms: list[list[tuple[Slot, Slot]]] = [[] for _ in vector]
        for move in moves:
            terms[move.target].append((move.weight, vector[move.source]))
        return [self._sum(entry) for entry in terms]

    def mass(self, vector: Vector, allowed: np.ndarray | None = None) -> Slot:
        """Record the sum over the (allowed) states."""
        return self.total(vector if allowed is None else self.mask(vector, allowed))

    def propagate(self, chain: Chain, starts: Sequence[Vector], rates: Sequence[Sequence[Slot]]) -> list[Vector]:
        """Record the propagation of lanes; states that cannot be reached stay structurally zero."""
        if not starts:
            return []
        if self._chain is None:
            self._chain, self._n_classes = chain, len(rates[0])
        if chain is not self._chain:
            raise ValueError("A circuit is recorded on one state space.")
        ends = [self._reached(chain, start, rate) for start, rate in zip(starts, rates, strict=True)]
        self._lanes.extend(zip(starts, rates, ends, strict=True))
        self._segments.append((len(self._sums), len(self._lanes)))
        return list(ends)

    def circuit(self, outputs: Sequence[Slot]) -> Circuit:
        """Return what the given outputs need of what was recorded (``None`` reads as zero)."""
        live = self._live(outputs)
        sums, blocks, segments = self._scheduled(live)
        chain = self._chain or Chain(1, *(np.zeros(0, dtype=np.int64) for _ in range(3)))
        patterns = [_pattern(chain, block) for block in blocks]
        distinct = list(dict.fromkeys(patterns))
        places, stream = laid_out(distinct)
        terms = [term for _, own in sums for term in own]
        return Circuit(
            n_values=self._n_values,
            leaves=np.array([row for row in self._leaf_rows if live[row[0]]], dtype=np.int32).reshape(-1, 5),
            sums=np.array([slot for slot, _ in sums], dtype=np.int32),
            first_term=np.cumsum([0, *(len(own) for _, own in sums)], dtype=np.int32),
            terms=np.array(terms, dtype=np.int32).reshape(-1, 2),
            segments=np.array(segments, dtype=np.int32),
            pattern_of=np.array([distinct.index(pattern) for pattern in patterns], dtype=np.int32),
            patterns=places,
            stream=stream,
            starts=_by_state(blocks, patterns, 0, kernels.ZERO),
            rates=_table(blocks, [range(self._n_classes)] * len(blocks), 1, kernels.ZERO),
            outs=_by_state(blocks, patterns, 2, kernels.TRASH),
            outputs=np.array([kernels.ZERO if slot is None else slot for slot in outputs], dtype=np.int32),
        )

    def _spans(self) -> list[tuple[range, range]]:
        """Return the segments as ranges of sums and of lanes; within one the sums come first."""
        ends = [(0, 0), *self._segments, (len(self._sums), len(self._lanes))]
        return [(range(s0, s1), range(l0, l1)) for (s0, l0), (s1, l1) in itertools.pairwise(ends)]

    def _live(self, outputs: Sequence[Slot]) -> np.ndarray:
        """Return, per slot, whether an output depends on it: the recording read backwards."""
        live = np.zeros(self._n_values, dtype=bool)
        live[[slot for slot in outputs if slot is not None]] = True
        for sums, lanes in reversed(self._spans()):
            for lane in reversed(lanes):
                starts, rates, ends = self._lanes[lane]
                if any(live[slot] for slot in ends if slot is not None):
                    live[[slot for slot in (*starts, *rates) if slot is not None]] = True
            for i in reversed(sums):
                slot, terms = self._sums[i]
                if live[slot]:
                    live[[factor for term in terms for factor in term]] = True
        return live

    def _scheduled(self, live: np.ndarray) -> tuple[list[_Sum], list[list[_Lane]], list[tuple[int, int]]]:
        """Return the sums, the lanes in blocks, and the segments that live slots need, by level.

        A slot's level is the number of propagations it lies behind; everything of one level runs together, so that
        lanes recorded in small numbers still fill blocks.
        """
        level = np.zeros(self._n_values, dtype=np.int64)
        sums: dict[int, list[_Sum]] = defaultdict(list)
        lanes: dict[int, list[_Lane]] = defaultdict(list)
        for here, there in self._spans():
            for slot, terms in (self._sums[i] for i in here):
                level[slot] = max(int(level[factor]) for term in terms for factor in term)
                if live[slot]:
                    sums[int(level[slot])].append((slot, terms))
            for starts, rates, ends in (self._lanes[i] for i in there):
                mine = max(int(level[slot]) for slot in (*starts, *rates) if slot is not None)
                reached = [slot for slot in ends if slot is not None]
                level[reached] = mine + 1
                if live[reached].any():
                    lanes[mine].append((starts, rates, ends))
        return _in_segments(sums, lanes)

    def _new(self) -> int:
        self._n_values += 1
        return self._n_values - 1

    def _leaf(self, name: str, kind: int) -> Slot:
        if (name, kind) not in self._leaves:
            leaf, slot = self._declared[name], self._new()
            self._leaves[name, kind] = slot
            self._leaf_rows.append((slot, kind, leaf.index, leaf.group_start, leaf.group_size))
        return self._leaves[name, kind]

    def _times(self, left: int, right: int) -> int:
        if kernels.ONE in (left, right):
            return right if left == kernels.ONE else left
        key = (min(left, right), max(left, right))
        if key not in self._products:
            slot = self._new()
            self._products[key] = slot
            self._sums.append((slot, [key]))
        return self._products[key]

    def _sum(self, terms: Iterable[tuple[Slot, Slot]]) -> Slot:
        present = [(a, b) for a, b in terms if a is not None and b is not None]
        if not present:
            return None
        if len(present) == 1:
            return self._times(*present[0])
        slot = self._new()
        self._sums.append((slot, present))
        return slot

    def _reached(self, chain: Chain, start: Vector, rates: Sequence[Slot]) -> Vector:
        """Return fresh slots for the states that can hold mass after the phase."""
        reached = np.array([slot is not None for slot in start])
        possible = np.array([rate is not None for rate in rates])[chain.classes]
        while True:
            wider = reached.copy()
            wider[chain.targets[possible & reached[chain.sources]]] = True
            if (wider == reached).all():
                return [self._new() if here else None for here in reached]
            reached = wider


def _in_segments(
    sums: Mapping[int, list[_Sum]], lanes: Mapping[int, list[_Lane]]
) -> tuple[list[_Sum], list[list[_Lane]], list[tuple[int, int]]]:
    ordered: list[_Sum] = []
    blocks: list[list[_Lane]] = []
    segments = []
    for level in range(max([0, *sums, *lanes]) + 1):
        ordered += sums.get(level, [])
        # Lanes with the same structural zeros side by side: their block has the fewest edges, and like rates.
        here = sorted(lanes.get(level, []), key=_zeros)
        blocks += [here[i : i + WIDTH] for i in range(0, len(here), WIDTH)]
        segments.append((len(ordered), len(blocks)))
    return ordered, blocks, segments


def _zeros(lane: _Lane) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    _, rates, ends = lane
    return tuple(rate is None for rate in rates), tuple(end is None for end in ends)


def _pattern(chain: Chain, block: Sequence[_Lane]) -> Pattern:
    reached, possible = (
        np.array([[slot is not None for slot in lane[part]] for lane in block]).any(axis=0) for part in (2, 1)
    )
    return pattern_of(chain, reached, possible)


def _by_state(blocks: Sequence[Sequence[_Lane]], patterns: Sequence[Pattern], part: int, missing: int) -> np.ndarray:
    return _table(blocks, [pattern.states for pattern in patterns], part, missing)


def _table(blocks: Sequence[Sequence[_Lane]], rows: Sequence[Sequence[int]], part: int, missing: int) -> np.ndarray:
    """Return one part (starts, rates or ends) of all lanes, (block, row, lane), padded with ``missing``.

    ``rows`` says, for each block, which states or classes its rows are.
    """
    table = np.full((len(blocks), max([1, *map(len, rows)]), WIDTH), missing, dtype=np.int32)
    for block, (lanes, which) in enumerate(zip(blocks, rows, strict=True)):
        for lane, slots in enumerate(lanes):
            table[block, : len(which), lane] = [missing if (slot := slots[part][i]) is None else slot for i in which]
    return table
