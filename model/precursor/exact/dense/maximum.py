"""The most probable states: sum some variables out, maximise over the others, and read the maximisers back.

Variables are taken one by one (bucket elimination, Dechter 1999), on logarithms, so that nothing underflows.  Slices of
the tables are added state by state of the variable at hand, so the table over the whole clique is never made.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod

import numpy as np

from precursor.exact.dense.order import Scope, elimination_order
from precursor.exact.dense.plan import BYTES

Held = list[tuple[Scope, np.ndarray]]


def orders(scopes: Sequence[Scope], sizes: Sequence[int], wanted: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Return the order in which the unwanted variables are summed out, and that in which the wanted are maximised."""
    summed = elimination_order(scopes, sizes, wanted)
    left = list(scopes)
    for variable in summed:
        left, made = _joined(left, variable)
        left.append(made)
    return summed, elimination_order(left, sizes)


def maximum_bytes(scopes: Sequence[Scope], sizes: Sequence[int], order: Sequence[int]) -> int:
    """Return the most memory that one draw holds at once: every table that is made, and three more at work."""
    left, held, widest = list(scopes), 0, 0
    for variable in order:
        left, made = _joined(left, variable)
        left.append(made)
        cells = prod(sizes[other] for other in made)
        held, widest = held + cells, max(widest, cells)
    return BYTES * (held + 3 * widest)


def _joined(scopes: Sequence[Scope], variable: int) -> tuple[list[Scope], Scope]:
    """Return the scopes without the variable, and that of the table which its elimination makes."""
    touching = [scope for scope in scopes if variable in scope]
    joined = tuple(v for v in dict.fromkeys(v for scope in touching for v in scope) if v != variable)
    return [scope for scope in scopes if variable not in scope], joined


def most_probable(
    scopes: Sequence[Scope], sizes: Sequence[int], tables: Sequence[np.ndarray], wanted: Sequence[int]
) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """Return the states of the wanted variables that maximise the product of all tables, the others summed out.

    Parameters
    ----------
    scopes
        The variables of each table.
    sizes
        The number of states of each variable, by its number.
    tables
        One for each scope, ``(draws or 1, states...)``, axes as it says.
    wanted
        The variables to maximise over.

    Returns
    -------
    states : by variable, ``(draws or 1,)``; the first of several that are equally probable.
    log_value : natural logarithm of the maximum, ``(draws or 1,)``; minus infinity if it is zero.
    """
    with np.errstate(divide="ignore"):
        held: Held = [(scope, np.log(table)) for scope, table in zip(scopes, tables, strict=True)]
    summed, maximised = orders(scopes, sizes, wanted)
    for variable in summed:
        held = _summed_out(held, variable, sizes)
    best: list[tuple[int, Scope, np.ndarray]] = []
    for variable in maximised:
        held, scope, which = _maximised_out(held, variable, sizes)
        best.append((variable, scope, which))
    log_value = sum((table for _, table in held), start=np.zeros(1))
    states: dict[int, np.ndarray] = {}
    for variable, scope, which in reversed(best):
        states[variable] = which[(np.arange(len(which)), *(states[other] for other in scope))]
    return states, log_value


def _slices(held: Held, variable: int, sizes: Sequence[int]) -> tuple[Held, Scope, list[list[np.ndarray]]]:
    """Return the tables without the variable, the scope of the others' product, and their slices state by state."""
    touching = [(scope, table) for scope, table in held if variable in scope]
    _, joined = _joined([scope for scope, _ in touching], variable)
    moved = [_over((variable, *joined), scope, table) for scope, table in touching]
    rest = [(scope, table) for scope, table in held if variable not in scope]
    return rest, joined, [[table[:, state] for table in moved] for state in range(sizes[variable])]


def _over(wanted: Scope, scope: Scope, table: np.ndarray) -> np.ndarray:
    """Return a table with its axes in the wanted order after the draws, length one where it has none."""
    ordered = table.transpose(0, *(scope.index(v) + 1 for v in wanted if v in scope))
    return np.expand_dims(ordered, tuple(i + 1 for i, v in enumerate(wanted) if v not in scope))


def _summed_out(held: Held, variable: int, sizes: Sequence[int]) -> Held:
    rest, joined, slices = _slices(held, variable, sizes)
    total = np.full((1, *(sizes[other] for other in joined)), -np.inf)
    for tables in slices:
        total = np.logaddexp(total, reduce(np.add, tables))
    return [*rest, (joined, total)]


def _maximised_out(held: Held, variable: int, sizes: Sequence[int]) -> tuple[Held, Scope, np.ndarray]:
    rest, joined, slices = _slices(held, variable, sizes)
    shape = (1, *(sizes[other] for other in joined))
    largest, which = np.full(shape, -np.inf), np.zeros(shape, dtype=np.int32)
    for state, tables in enumerate(slices):
        value = reduce(np.add, tables)
        which = np.where(value > largest, np.int32(state), which)
        largest = np.maximum(largest, value)
    return [*rest, (joined, largest)], joined, which
