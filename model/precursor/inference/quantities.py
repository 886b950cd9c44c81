"""What answers are compared with: log-odds, log ratios and log masses of the network, from one circuit.

A question about a probability or a parameter has one quantity, its log-odds (for a ratio its logarithm); one about a
likelihood ratio its logarithm; a distribution over K states has K - 1, its *contrasts*; an order has the logarithm of
every ranking's mass.  Each is a constant combination of the logarithms of the circuit's masses.

Contrasts are orthonormal (isometric log-ratio coordinates: Egozcue et al. 2003, doi 10.1023/A:1023818214614), times the
square root of two, so that of two states the one contrast is the log-odds, and so that noise of equal size in all of
them does not depend on the order of the states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from precursor.argument.answer import record_masses
from precursor.argument.parameters import ParameterSpace
from precursor.exact.circuit import Circuit
from precursor.network.grammar import DistributionQuery, Event, LikelihoodRatioQuery, OrderQuery, Query

SMALLEST = 1e-300


@dataclass(frozen=True)
class Quantities:
    """Named quantities as combinations of the logarithms of a circuit's masses.

    Attributes
    ----------
    first, masses, coefficients
        Quantity ``i`` is the sum over ``e`` from ``first[i]`` to ``first[i + 1]`` of
        ``coefficients[e] log(output masses[e])``.
    of_query
        The quantities of each query, in the order of the queries.
    """

    names: tuple[str, ...]
    of_query: tuple[slice, ...]
    circuit: Circuit
    first: np.ndarray
    masses: np.ndarray
    coefficients: np.ndarray

    def over(self, unconstrained: np.ndarray) -> np.ndarray:
        """Return the quantities, (draws, quantity), at unconstrained parameters, (draws, parameter)."""
        if not self.names:
            return np.zeros((len(unconstrained), 0))
        logs = np.log(np.maximum(self.circuit.evaluate(unconstrained), SMALLEST))
        return np.add.reduceat(logs[:, self.masses] * self.coefficients, self.first[:-1], axis=1)


def contrasts(states: int) -> np.ndarray:
    """Return the contrasts of a distribution, (states - 1, states): rows of the Helmert matrix, times sqrt(2)."""
    rows = np.zeros((states - 1, states))
    for j in range(1, states):
        rows[j - 1, :j] = 1.0
        rows[j - 1, j] = -j
        rows[j - 1] *= np.sqrt(2.0 / (j * (j + 1)))
    return rows


def names_of(query: Query, masses: Sequence[str]) -> list[str]:
    """Return the names of a query's quantities: its text; of contrasts numbered, of an order one for each ranking."""
    if isinstance(query, DistributionQuery):
        return [contrast_name(query, j) for j in range(len(masses) - 1)]
    if isinstance(query, OrderQuery):
        return [ranking_name(query, name) for name in masses]
    return [str(query)]


def contrast_name(of: object, contrast: int) -> str:
    """Return the name of a contrast of a distribution (a query, or a node whatever the conditions)."""
    return f"{of} contrast {contrast + 1}"


def ranking_name(query: Query, ranking: str) -> str:
    """Return the name of the log mass of one ranking."""
    return f"{query} ranking {ranking}"


def quantities_of(queries: Sequence[Query], space: ParameterSpace, indicators: Mapping[str, Event]) -> Quantities:
    """Return the quantities of all queries, recorded as one circuit."""
    circuit, positions = record_masses(queries, space, indicators)
    names: list[str] = []
    of_query = []
    first, masses, coefficients = [0], list[int](), list[float]()
    for query, where in zip(queries, positions, strict=True):
        own = names_of(query, tuple(where))
        of_query.append(slice(len(names), len(names) + len(own)))
        names += own
        for row in _combinations(query, where):
            masses += row
            coefficients += row.values()
            first.append(len(masses))
    return Quantities(
        tuple(names),
        tuple(of_query),
        circuit,
        np.array(first, dtype=np.int64),
        np.array(masses, dtype=np.int64),
        np.array(coefficients, dtype=float),
    )


def _combinations(query: Query, where: Mapping[str, int]) -> list[dict[int, float]]:
    """Return, for each quantity of a query, the coefficient of every output's logarithm."""
    if isinstance(query, OrderQuery):
        return [{position: 1.0} for position in where.values()]
    if isinstance(query, DistributionQuery):
        return [
            {position: c for position, c in zip(where.values(), row, strict=True) if c != 0.0}
            for row in contrasts(len(where))
        ]
    if isinstance(query, LikelihoodRatioQuery):
        signs = {"both": 1.0, "hypothesis": -1.0, "other_both": -1.0, "negation": 1.0}
        return [{where[name]: sign for name, sign in signs.items()}]
    return [{where["yes"]: 1.0, where["no"]: -1.0}]
