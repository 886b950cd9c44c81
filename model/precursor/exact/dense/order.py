"""The order in which variables are summed out, by weighted min-fill.

Summing a variable out joins all its neighbours.  The variable goes first whose elimination adds the least weight of
new edges, an edge weighing the product of its ends' numbers of states (Kjaerulff 1990, "Triangulation of graphs");
ties go to the smaller table, then to the smaller number, so that the order is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod

Scope = tuple[int, ...]
"""The variables of a table, one an axis."""


def elimination_order(scopes: Iterable[Scope], sizes: Sequence[int], keep: Iterable[int] = ()) -> tuple[int, ...]:
    """Return the order in which to sum out every variable of ``scopes`` that is not kept.

    Parameters
    ----------
    scopes
        The variables of each table.
    sizes
        The number of states of each variable, by its number.
    keep
        Variables that stay.
    """
    neighbours = _neighbours(scopes)
    left = set(neighbours) - set(keep)
    costs = {variable: _cost(variable, neighbours, sizes) for variable in left}
    order = []
    while left:
        variable = min(left, key=costs.__getitem__)
        order.append(variable)
        left.remove(variable)
        around = neighbours.pop(variable)
        changed = set(around)
        for other in around:
            known = neighbours[other]
            known.discard(variable)
            missing = around - known
            missing.discard(other)
            if missing:
                known |= missing
                # An edge a-b is no longer missing around the common neighbours of a and b.
                for third in missing:
                    changed |= known & neighbours[third]
        for other in changed & left:
            costs[other] = _cost(other, neighbours, sizes)
    return tuple(order)


def _neighbours(scopes: Iterable[Scope]) -> dict[int, set[int]]:
    neighbours: dict[int, set[int]] = {}
    for scope in scopes:
        for variable in scope:
            neighbours.setdefault(variable, set()).update(scope)
    for variable, around in neighbours.items():
        around.discard(variable)
    return neighbours


def _cost(variable: int, neighbours: dict[int, set[int]], sizes: Sequence[int]) -> tuple[int, int, int]:
    """Return the weight of the edges to add, the cells of the table made, and the variable's number."""
    around = neighbours[variable]
    cells = sizes[variable] * prod([sizes[other] for other in around])
    if len(around) <= 1:
        return 0, cells, variable
    doubled = 0
    for other in around:
        missing = around - neighbours[other]
        if len(missing) > 1:
            doubled += sizes[other] * (sum([sizes[third] for third in missing]) - sizes[other])
    return doubled // 2, cells, variable
