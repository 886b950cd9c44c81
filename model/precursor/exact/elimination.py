"""Variable elimination (Zhang and Poole 1994): multiply what mentions a variable, sum it out, repeat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from math import prod

from precursor.exact.algebra import Algebra
from precursor.exact.factor import Factor, multiply, sum_out


def eliminate(algebra: Algebra, factors: Sequence[Factor], keep: Sequence[str]) -> Factor:
    """Return the product of all factors, summed over every variable that is not in ``keep``.

    The variable whose elimination makes the smallest table goes first.  The result has its variables in the order of
    ``keep``; one that no factor mentions is left out.
    """
    remaining = list(factors)
    to_sum = sorted({variable for factor in factors for variable in factor.variables} - set(keep))
    while to_sum:
        variable = min(to_sum, key=lambda name: (_cost(name, remaining), name))
        to_sum.remove(variable)
        touching = [factor for factor in remaining if variable in factor.variables]
        remaining = [factor for factor in remaining if variable not in factor.variables]
        remaining.append(sum_out(algebra, _product(algebra, touching), variable))
    return _transposed(_product(algebra, remaining), keep)


def _product(algebra: Algebra, factors: Iterable[Factor]) -> Factor:
    ordered = sorted(factors, key=lambda factor: len(factor.entries))
    return reduce(lambda left, right: multiply(algebra, left, right), ordered, Factor((), {(): algebra.one}))


def _cost(variable: str, factors: Sequence[Factor]) -> int:
    """Return the size of the table that eliminating ``variable`` makes."""
    states: dict[str, set[str]] = {}
    for factor in factors:
        if variable in factor.variables:
            for axis, name in enumerate(factor.variables):
                states.setdefault(name, set()).update(key[axis] for key in factor.entries)
    return prod(len(values) for values in states.values())


def _transposed(factor: Factor, keep: Sequence[str]) -> Factor:
    order = [factor.variables.index(name) for name in keep if name in factor.variables]
    variables = tuple(factor.variables[i] for i in order)
    return Factor(variables, {tuple(key[i] for i in order): value for key, value in factor.entries.items()})
