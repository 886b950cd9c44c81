"""A plan: which tables are multiplied in which order, and when a variable is summed out.

A plan depends on the *shape* of a question alone (which variables each table has, and which are kept), not on the
numbers, so it is made once and kept.  Every table is used exactly once: a plan is a tree with the given tables as
leaves.  A variable is summed out in the very product that brings its last two tables together, so the table over a
whole clique is rarely made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import heapify, heappop, heappush
from itertools import combinations
from math import prod

from precursor.exact.dense.contraction import Contraction, contraction
from precursor.exact.dense.order import Scope, elimination_order

BYTES = 8
"""Of a float64."""
_FEW = 12


@dataclass(frozen=True, slots=True)
class Total:
    """A table summed over the variables that no other table has, its axes put in order: ``out = sum table``."""

    table: int
    axes: tuple[int, ...]
    permutation: tuple[int, ...]


@dataclass(frozen=True)
class Product:
    """Two tables multiplied, and summed over the variables that only these two have: ``out = sum left * right``."""

    left: int
    right: int
    scopes: tuple[Scope, Scope, Scope]

    @cached_property
    def forward(self) -> Contraction:
        """How ``out`` comes from ``left`` and ``right``."""
        left, right, out = self.scopes
        return contraction(left, right, out)

    @cached_property
    def to_left(self) -> Contraction:
        """How the derivative with respect to ``left`` comes from that of ``out`` and from ``right``."""
        left, right, out = self.scopes
        return contraction(out, right, left)

    @cached_property
    def to_right(self) -> Contraction:
        """How the derivative with respect to ``right`` comes from that of ``out`` and from ``left``."""
        left, right, out = self.scopes
        return contraction(out, left, right)


@dataclass(frozen=True)
class Plan:
    """Steps that turn tables into one table over the kept variables.

    Attributes
    ----------
    scopes
        The variables of every table: first those given, then what each step makes, in order.
    steps
        One for each table made; the last makes the answer.
    inputs
        How many tables are given.
    sizes
        The number of states of each variable.
    """

    scopes: tuple[Scope, ...]
    steps: tuple[Total | Product, ...]
    inputs: int
    sizes: tuple[int, ...]

    @property
    def scope(self) -> Scope:
        """The variables of the answer."""
        return self.scopes[-1]

    @cached_property
    def cells(self) -> tuple[int, ...]:
        """The number of cells of every table."""
        return tuple(prod(self.sizes[variable] for variable in scope) for scope in self.scopes)

    @cached_property
    def multiplications(self) -> int:
        """The multiplications of the sweep from the tables to the answer."""
        return sum(
            prod(self.sizes[variable] for variable in set(step.scopes[0]) | set(step.scopes[1]))
            for step in self.steps
            if isinstance(step, Product)
        )

    @cached_property
    def forward_bytes(self) -> int:
        """The most memory that one draw holds at once when only the answer is wanted."""
        live, most = 0, 0
        for number, step in enumerate(self.steps, self.inputs):
            used = _used(step)
            # The operands may be copied once, to bring their axes into the order that the product wants.
            most = max(most, live + self.cells[number] + sum(self.cells[table] for table in used))
            live += self.cells[number] - sum(self.cells[table] for table in used if table >= self.inputs)
        return BYTES * max(most, live)

    @cached_property
    def both_ways_bytes(self) -> int:
        """The most memory that one draw holds at once when the derivatives are wanted too."""
        made = sum(self.cells[self.inputs :])
        widest = max((self.cells[n] + sum(self.cells[t] for t in _used(s)) for n, s in self._numbered()), default=0)
        return BYTES * (made + 2 * widest + sum(self.cells[: self.inputs]))

    @cached_property
    def logarithm_bytes(self) -> int:
        """The most memory that one draw holds at once in a sweep on logarithms, with its tables over whole cliques."""
        live, most = sum(self.cells[: self.inputs]), 0
        for number, step in self._numbered():
            if isinstance(step, Product):
                whole = prod(self.sizes[variable] for variable in {*step.scopes[0], *step.scopes[1]})
            else:
                whole = self.cells[step.table]
            # Reducing a clique's table over several axes may take a copy of it.
            most = max(most, live + 2 * whole + self.cells[number])
            live += self.cells[number] - sum(self.cells[table] for table in _used(step))
        return BYTES * most

    def _numbered(self) -> Iterator[tuple[int, Total | Product]]:
        return enumerate(self.steps, self.inputs)


def _used(step: Total | Product) -> tuple[int, ...]:
    return (step.left, step.right) if isinstance(step, Product) else (step.table,)


@lru_cache(maxsize=1024)
def make_plan(
    scopes: tuple[Scope, ...], sizes: tuple[int, ...], keep: Scope = (), order: tuple[int, ...] | None = None
) -> Plan:
    """Return how to compute the sum, over every variable that is not kept, of the product of the tables.

    Parameters
    ----------
    scopes
        The variables of each table; at least one table.
    sizes
        The number of states of each variable, by its number.
    keep
        The variables of the answer, in the order of its axes; every one is in some table.
    order
        The order of elimination; by default weighted min-fill.
    """
    return _Planner(scopes, sizes, keep).plan(elimination_order(scopes, sizes, keep) if order is None else order)


class _Planner:
    """The tables that are left at some point of the elimination."""

    def __init__(self, scopes: Sequence[Scope], sizes: tuple[int, ...], keep: Scope) -> None:
        self.scopes = list(scopes)
        self.sizes, self.keep, self.inputs = sizes, keep, len(scopes)
        self.steps: list[Total | Product] = []
        self.holders: dict[int, set[int]] = {}
        self.live: set[int] = set()
        for table, scope in enumerate(scopes):
            self.add(table, scope)

    def add(self, table: int, scope: Scope) -> None:
        self.live.add(table)
        for variable in scope:
            self.holders.setdefault(variable, set()).add(table)

    def remove(self, table: int) -> None:
        self.live.discard(table)
        for variable in self.scopes[table]:
            self.holders[variable].discard(table)

    def made(self, step: Total | Product, scope: Scope) -> int:
        for used in _used(step):
            self.remove(used)
        self.steps.append(step)
        self.scopes.append(scope)
        self.add(len(self.scopes) - 1, scope)
        return len(self.scopes) - 1

    def cells(self, scope: Sequence[int]) -> int:
        return prod([self.sizes[variable] for variable in scope])

    def plan(self, order: Sequence[int]) -> Plan:
        for table in range(self.inputs):
            self.sum_alone(table)
        for variable in order:
            self.merge(sorted(self.holders[variable]))
        self.last()
        return Plan(tuple(self.scopes), tuple(self.steps), self.inputs, self.sizes)

    def sum_alone(self, table: int) -> None:
        """Sum out the variables that are in this table alone."""
        scope = self.scopes[table]
        alone = [v for v in scope if len(self.holders[v]) == 1 and v not in self.keep]
        if alone:
            rest = tuple(v for v in scope if v not in alone)
            axes = tuple(scope.index(variable) for variable in alone)
            self.made(Total(table, axes, tuple(range(len(rest)))), rest)

    def merge(self, tables: Sequence[int]) -> None:
        """Multiply all tables, the two whose product is the smallest first.

        While they are many, the two smallest are taken: looking at every pair would cost more than it saves.
        """
        heap = [(self.cells(self.scopes[table]), table) for table in tables]
        heapify(heap)
        while len(heap) > _FEW:
            new = self.product(heappop(heap)[1], heappop(heap)[1])
            heappush(heap, (self.cells(self.scopes[new]), new))
        left = [table for _, table in heap]
        while len(left) > 2:  # noqa: PLR2004 - of two there is nothing to choose
            pair = min(combinations(left, 2), key=lambda pair: (self.cells(self.product_scope(*pair)), pair))
            left = [*(table for table in left if table not in pair), self.product(*pair)]
        if len(left) > 1:
            self.product(*left)

    def product(self, left: int, right: int) -> int:
        scope = self.product_scope(left, right)
        return self.made(Product(left, right, (self.scopes[left], self.scopes[right], scope)), scope)

    def product_scope(self, left: int, right: int) -> Scope:
        """Return the product's variables: both tables', but for those that no other table has."""
        a, b = self.scopes[left], self.scopes[right]
        both = [v for v in a if v in b]
        stay = [v for v in both if v in self.keep or not self.holders[v] <= {left, right}]
        return (*stay, *(v for v in a if v not in both), *(v for v in b if v not in both))

    def last(self) -> None:
        """Multiply what is left, smallest first, and bring the axes into the order that was asked for."""
        tables = sorted(self.live, key=lambda table: (self.cells(self.scopes[table]), table))
        while len(tables) > 1:
            left, right, *rest = tables
            tables = [self.product(left, right), *rest]
        found = self.scopes[tables[0]]
        if not self.steps or found != self.keep:
            self.made(Total(tables[0], (), tuple(found.index(variable) for variable in self.keep)), self.keep)
