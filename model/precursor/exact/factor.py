"""Sparse factors over discrete variables whose entries live in any `Algebra`.

Entries that are structurally zero are not stored, so determinism costs nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from precursor.exact.algebra import Algebra, Scalar

Assignment = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """A function of some variables; ``entries`` maps one state per variable to a scalar."""

    variables: tuple[str, ...]
    entries: Mapping[Assignment, Scalar]

    def restrict(self, variable: str, allowed: Collection[str]) -> Factor:
        """Return the factor with every other state of ``variable`` set to zero."""
        if variable not in self.variables:
            return self
        axis = self.variables.index(variable)
        return Factor(self.variables, {key: value for key, value in self.entries.items() if key[axis] in allowed})


def multiply(algebra: Algebra, left: Factor, right: Factor) -> Factor:
    """Return the product of two factors, over the union of their variables."""
    shared = [variable for variable in right.variables if variable in left.variables]
    added = [i for i, variable in enumerate(right.variables) if variable not in left.variables]
    here = [left.variables.index(variable) for variable in shared]
    there = [right.variables.index(variable) for variable in shared]
    matching: dict[Assignment, list[tuple[Assignment, Scalar]]] = {}
    for key, value in right.entries.items():
        matching.setdefault(tuple(key[i] for i in there), []).append((tuple(key[i] for i in added), value))
    entries = {}
    for key, value in left.entries.items():
        for rest, other in matching.get(tuple(key[i] for i in here), []):
            entries[(*key, *rest)] = algebra.product(value, other)
    return Factor((*left.variables, *(right.variables[i] for i in added)), entries)


def sum_out(algebra: Algebra, factor: Factor, variable: str) -> Factor:
    """Return the factor summed over the states of ``variable``."""
    axis = factor.variables.index(variable)
    terms: dict[Assignment, list[Scalar]] = {}
    for key, value in factor.entries.items():
        terms.setdefault(key[:axis] + key[axis + 1 :], []).append(value)
    kept = factor.variables[:axis] + factor.variables[axis + 1 :]
    return Factor(kept, {key: algebra.total(values) for key, values in terms.items()})
