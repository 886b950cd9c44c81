"""A discrete Bayesian network, or many draws of one: variables with named states, and a table each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import networkx as nx
import numpy as np

from precursor.problems import InputError, Problem, did_you_mean

SUM_TOLERANCE = 1e-6
"""How far from one a row of a table may be that is given as an array; files have a tolerance of their own."""
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class DiscreteNetwork:
    """A discrete Bayesian network: variables with named states, a table each.

    The mappings and numbers are copied and cannot be written to.  Rows that are off one by no more than rounding
    (1e-12) are kept bit for bit, so that what was written and read again is the same network; rows that are off by up
    to `SUM_TOLERANCE` are divided by their sum.

    Attributes
    ----------
    states
        The states of every variable, in the order in which the variables were declared.
    parents
        The parents of every variable, in the order of its table's axes; none where a variable is left out.
    tables
        P(variable | parents) of every variable, float64, axes (the parents in order, the variable itself).
    name
        The network's own name, of no meaning.
    draws
        None for a single network; else every table has a leading axis of this length, or of length one where the
        draws do not differ.

    Raises
    ------
    InputError
        With everything that is wrong: no variables, no states or a state twice, an unknown or repeated parent, a cycle,
        a table that is missing or of the wrong shape, a number that is no probability, a row that does not sum to one.
    """

    states: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, np.ndarray]
    name: str = ""
    draws: int | None = None

    def __post_init__(self) -> None:
        """Check, copy and freeze."""
        states = {variable: tuple(known) for variable, known in self.states.items()}
        parents = {variable: tuple(self.parents.get(variable, ())) for variable in states}
        problems = [
            *_name_problems(states, self.name),
            *_parent_problems(states, self.parents),
            *_draws_problems(self.draws),
        ]
        if not problems:
            problems += _cycle_problems(parents)
        if problems:
            raise InputError(problems)
        tables: dict[str, np.ndarray] = {}
        for variable in states:
            checked = _table(variable, self.tables, self._shape(variable, states, parents), self.draws)
            if isinstance(checked, Problem):
                problems.append(checked)
            else:
                tables[variable] = checked
        problems += _unknown(self.tables, states, "table")
        if problems:
            raise InputError(problems)
        for field, value in (("states", states), ("parents", parents), ("tables", tables)):
            object.__setattr__(self, field, MappingProxyType(value))

    @staticmethod
    def _shape(
        variable: str, states: Mapping[str, tuple[str, ...]], parents: Mapping[str, tuple[str, ...]]
    ) -> tuple[int, ...]:
        return tuple(len(states[name]) for name in (*parents[variable], variable))

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables, in the order in which they were declared."""
        return tuple(self.states)

    def shape(self, variable: str) -> tuple[int, ...]:
        """Return the shape of a variable's table without the axis of the draws: parents' sizes, then its own."""
        return self._shape(variable, self.states, self.parents)

    def graph(self) -> nx.DiGraph:
        """Return the graph, a new one on every call; every node has the attribute ``states``."""
        found = nx.DiGraph(name=self.name)
        for variable, known in self.states.items():
            found.add_node(variable, states=known)
        found.add_edges_from((parent, variable) for variable in self.states for parent in self.parents[variable])
        return found

    def at_draw(self, draw: int) -> DiscreteNetwork:
        """Return the single network of one draw.

        Raises `InputError` where there is no such draw.
        """
        if self.draws is None or not 0 <= draw < self.draws:
            allowed = "no draw: it is a single network" if self.draws is None else f"0 to {self.draws - 1}"
            raise InputError(Problem(f"There is no draw {draw}.", allowed=allowed))
        tables = {name: table[draw if len(table) > 1 else 0] for name, table in self.tables.items()}
        return DiscreteNetwork(self.states, self.parents, tables, self.name)

    def mean(self) -> DiscreteNetwork:
        """Return the single network whose tables are the means over the draws (itself where there are none).

        Where parameters of different tables are dependent over the draws, its marginals are not the means of the
        draws' marginals: those are a query over the draws.
        """
        if self.draws is None:
            return self
        tables = {name: table.mean(axis=0) for name, table in self.tables.items()}
        return DiscreteNetwork(self.states, self.parents, tables, self.name)

    def single(self) -> DiscreteNetwork:
        """Return the network itself; a file holds one network.

        Raises `InputError` where there are draws.
        """
        if self.draws is not None:
            raise InputError(
                Problem(f"A file holds one network, not {self.draws} draws.", allowed="at_draw(i), or mean()")
            )
        return self

    def equals(self, other: DiscreteNetwork) -> bool:
        """Return whether all but the names of the networks agree: order, states, parents, every bit of the tables."""
        return (
            tuple(self.states.items()) == tuple(other.states.items())
            and dict(self.parents) == dict(other.parents)
            and self.draws == other.draws
            and all(np.array_equal(self.tables[name], other.tables[name]) for name in self.states)
        )


def _name_problems(states: Mapping[str, tuple[str, ...]], name: str) -> Iterator[Problem]:
    if not states:
        yield Problem("The network has no variables.", allowed="at least one")
    for variable, known in states.items():
        if not known:
            yield Problem(f"{variable!r} has no states.", allowed="at least one")
        for state in (state for state, count in Counter(known).items() if count > 1):
            yield Problem(f"{variable!r} has the state {state!r} more than once.", allowed="every state once")
    for text in (name, *states, *(state for known in states.values() for state in known)):
        if not _is_text(text):
            yield Problem(f"{text!r} is not a name.", allowed="text")


def _is_text(name: object) -> bool:
    """Return whether it is text that a file can hold: a lone surrogate is the one character that none can."""
    try:
        return isinstance(name, str) and name.encode() is not None
    except UnicodeEncodeError:
        return False


def _parent_problems(
    states: Mapping[str, tuple[str, ...]], parents: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    yield from _unknown(parents, states, "list of parents")
    for variable, named in parents.items():
        for parent in dict.fromkeys(named):
            if parent not in states:
                yield Problem(f"{variable!r} has the unknown parent {parent!r}.", allowed=did_you_mean(parent, states))
            if tuple(named).count(parent) > 1:
                yield Problem(f"{variable!r} has the parent {parent!r} more than once.", allowed="every parent once")


def _unknown(given: Mapping[str, Any], states: Mapping[str, tuple[str, ...]], what: str) -> Iterator[Problem]:
    for variable in given:
        if variable not in states:
            yield Problem(
                f"There is a {what} of the unknown variable {variable!r}.", allowed=did_you_mean(variable, states)
            )


def _draws_problems(draws: int | None) -> Iterator[Problem]:
    if draws is not None and draws < 1:
        yield Problem(f"{draws} draws.", allowed="at least one, or None for a single network")


def _cycle_problems(parents: Mapping[str, tuple[str, ...]]) -> list[Problem]:
    found = cycle(parents)
    return (
        [Problem(f"The variables form a cycle: {' -> '.join(found)}.", allowed="a graph without cycles")]
        if found
        else []
    )


def cycle(parents: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the variables along one directed cycle, the first repeated at the end; empty where there is none.

    In linear time: what has no parents left is taken away until nothing changes, and from what remains, following
    parents leads into a cycle.
    """
    waiting = {variable: sum(parent in parents for parent in named) for variable, named in parents.items()}
    children: dict[str, list[str]] = {variable: [] for variable in parents}
    for variable, named in parents.items():
        for parent in named:
            if parent in parents:
                children[parent].append(variable)
    free = [variable for variable, count in waiting.items() if count == 0]
    while free:
        variable = free.pop()
        del waiting[variable]
        for child in children[variable]:
            waiting[child] -= 1
            if waiting[child] == 0:
                free.append(child)
    if not waiting:
        return ()
    path: dict[str, None] = {}
    at = next(iter(waiting))
    while at not in path:
        path[at] = None
        at = next(parent for parent in parents[at] if parent in waiting)
    walked = list(path)
    return tuple(reversed([*walked[walked.index(at) :], at]))


def _table(
    variable: str, tables: Mapping[str, np.ndarray], shape: tuple[int, ...], draws: int | None
) -> np.ndarray | Problem:
    """Return a table, copied, normalised and frozen, or what is wrong with it."""
    if variable not in tables:
        return Problem(f"{variable!r} has no table.", allowed="a table for every variable")
    try:
        table = np.array(tables[variable], dtype=np.float64, order="C")
    except (TypeError, ValueError):
        return Problem(f"The table of {variable!r} is not an array of numbers.", allowed=f"shape {shape}")
    leading = () if draws is None else table.shape[:1]
    if table.shape != (*leading, *shape) or (draws is not None and leading not in {(1,), (draws,)}):
        wanted = str(shape) if draws is None else f"{(draws, *shape)} or {(1, *shape)}"
        return Problem(f"The table of {variable!r} has the shape {table.shape}.", allowed=wanted)
    if not bool(np.all((table >= 0.0) & (table < np.inf))):
        where = tuple(int(i) for i in np.argwhere(~((table >= 0.0) & (table < np.inf)))[0])
        return Problem(f"The table of {variable!r} holds {table[where]} at {where}.", allowed="0 to 1")
    total = table.sum(axis=-1, keepdims=True)
    off = np.abs(total - 1.0)
    if off.max() > SUM_TOLERANCE:
        where = tuple(int(i) for i in np.unravel_index(int(off.argmax()), off.shape)[:-1])
        return Problem(
            f"The table of {variable!r} sums to {float(total.flat[off.argmax()]):.9g} at {where}.",
            allowed="rows summing to one",
        )
    table = np.where(off > _ROUNDING, table / total, table)
    table.flags.writeable = False
    return table
