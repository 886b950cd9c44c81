"""What an exact query needs of its numbers: parameters, products, sums, and sparse linear maps of vectors.

Every algorithm in this package and in `emergence` is written once against `Algebra` and runs in two ways: `Numbers`
computes at once, for one scenario or for a batch of draws; `exact.circuit.Recorder` writes the same operations down
as a circuit of sums of products, which is then evaluated and differentiated for a sampler.

``None`` is a structural zero, in both: a product with it is ``None`` and a sum leaves it out, so impossible cases are
never computed.  All operations are sums and products of non-negative numbers: nothing cancels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from precursor.exact.propagation import propagate

Scalar = Any
Vector = Any


@dataclass(frozen=True, slots=True)
class Move:
    """One entry of a sparse linear map: ``new[target] += weight * old[source]``."""

    source: int
    target: int
    weight: Scalar


@dataclass(frozen=True, slots=True)
class Chain:
    """The edges of a continuous-time Markov chain: three arrays of equal length, and its number of states."""

    n_states: int
    sources: np.ndarray
    targets: np.ndarray
    classes: np.ndarray


class Algebra(Protocol):
    """The operations that exact queries are written in."""

    one: Scalar

    def value(self, name: str) -> Scalar:
        """Return a parameter on its natural scale: a probability, hazard or ratio."""

    def complement(self, name: str) -> Scalar:
        """Return one minus a probability."""

    def hazard(self, name: str) -> Scalar:
        """Return the cumulative hazard ``-log(1 - p)`` of a probability."""

    def product(self, *factors: Scalar) -> Scalar:
        """Return the product; ``None`` if any factor is."""

    def total(self, terms: Iterable[Scalar]) -> Scalar:
        """Return the sum; ``None`` if there is no term."""

    def unit(self, n_states: int, state: int) -> Vector:
        """Return the vector that is one at ``state``."""

    def combine(self, terms: Sequence[tuple[Scalar, Vector]]) -> Vector:
        """Return the sum of coefficient times vector."""

    def mask(self, vector: Vector, allowed: np.ndarray) -> Vector:
        """Return the vector with the states outside ``allowed`` (bool per state) set to zero."""

    def move(self, vector: Vector, moves: Sequence[Move]) -> Vector:
        """Return the image of the vector under a sparse linear map."""

    def mass(self, vector: Vector, allowed: np.ndarray | None = None) -> Scalar:
        """Return the sum over the (allowed) states."""

    def propagate(self, chain: Chain, starts: Sequence[Vector], rates: Sequence[Sequence[Scalar]]) -> list[Vector]:
        """Return each start after one unit of time; ``rates`` has, per lane, one rate for each class of edge."""


# Products of five of them stay finite; rates are clipped far below (`exact.propagation.LARGEST_RATE`).
LARGEST_VALUE = 1e60


class Numbers:
    """The algebra of plain numbers: every scalar is an array of shape (draws,), every vector (draws, states).

    Parameters
    ----------
    values
        Natural values by dotted name, each of shape (draws,) or a float.
    complements, hazards
        Where known more exactly than from ``values`` (draws kept as log-odds), the same for ``1 - p`` and
        ``-log(1 - p)``.
    """

    def __init__(
        self,
        values: Mapping[str, np.ndarray | float],
        complements: Mapping[str, np.ndarray] | None = None,
        hazards: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        self._values = {
            name: np.minimum(np.atleast_1d(np.asarray(value, dtype=float)), LARGEST_VALUE)
            for name, value in values.items()
        }
        self._complements = complements or {}
        self._hazards = hazards or {}
        self.draws = max((len(value) for value in self._values.values()), default=1)
        self.one = np.ones(1)

    def value(self, name: str) -> Scalar:
        """Return a parameter on its natural scale."""
        return self._values[name]

    def complement(self, name: str) -> Scalar:
        """Return one minus a probability."""
        return self._complements[name] if name in self._complements else 1.0 - self._values[name]

    def hazard(self, name: str) -> Scalar:
        """Return ``-log(1 - p)``."""
        return self._hazards[name] if name in self._hazards else -np.log1p(-self._values[name])

    def product(self, *factors: Scalar) -> Scalar:
        """Return the product; ``None`` if any factor is."""
        result = self.one
        for factor in factors:
            if factor is None:
                return None
            result = factor if result is self.one else result if factor is self.one else result * factor
        return result

    def total(self, terms: Iterable[Scalar]) -> Scalar:
        """Return the sum; ``None`` if there is no term."""
        present = [term for term in terms if term is not None]
        if not present:
            return None
        result = present[0]
        for term in present[1:]:
            result = result + term
        return result

    def unit(self, n_states: int, state: int) -> Vector:
        """Return the vector that is one at ``state``."""
        vector = np.zeros((1, n_states))
        vector[0, state] = 1.0
        return vector

    def combine(self, terms: Sequence[tuple[Scalar, Vector]]) -> Vector:
        """Return the sum of coefficient times vector."""
        present = [(coefficient, vector) for coefficient, vector in terms if coefficient is not None]
        return sum(
            vector if coefficient is self.one else coefficient[:, None] * vector for coefficient, vector in present
        )

    def mask(self, vector: Vector, allowed: np.ndarray) -> Vector:
        """Return the vector with the states outside ``allowed`` set to zero."""
        return np.where(allowed, vector, 0.0)

    def move(self, vector: Vector, moves: Sequence[Move]) -> Vector:
        """Return the image of the vector under a sparse linear map."""
        present = [move for move in moves if move.weight is not None]
        draws = max([len(vector), *(len(move.weight) for move in present)])
        image = np.zeros((draws, vector.shape[1]))
        for move in present:
            image[:, move.target] += move.weight * vector[:, move.source]
        return image

    def mass(self, vector: Vector, allowed: np.ndarray | None = None) -> Scalar:
        """Return the sum over the (allowed) states."""
        return vector.sum(axis=1) if allowed is None else vector[:, allowed].sum(axis=1)

    def propagate(self, chain: Chain, starts: Sequence[Vector], rates: Sequence[Sequence[Scalar]]) -> list[Vector]:
        """Return each start after one unit of time."""
        if not starts:
            return []
        n_classes = len(rates[0])
        start = np.empty((len(starts), self.draws, chain.n_states))
        rate = np.zeros((len(starts), self.draws, n_classes))
        for lane, (vector, lane_rates) in enumerate(zip(starts, rates, strict=True)):
            start[lane] = vector
            for index, value in enumerate(lane_rates):
                if value is not None:
                    rate[lane, :, index] = value
        lanes = len(starts) * self.draws
        flat = propagate(chain, start.reshape(lanes, -1), rate.reshape(lanes, -1))
        return list(flat.reshape(start.shape))
