"""A network while its file is being read: every problem is noted with its line, and all are raised together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from precursor.network.discrete import DiscreteNetwork, cycle
from precursor.network.names import unpack
from precursor.problems import InputError, Problem, did_you_mean

ROW_TOLERANCE = 0.01
"""How far from one a row may be in a file, for it is rounded there; it is then divided by its sum."""
MAX_ENTRIES = 2**24
"""How many numbers the tables of one network may hold together (an eighth of a gibibyte)."""
MAX_PROBLEMS = 1000
"""How many problems are listed; a file with more is no network at all."""
_SLACK = 1e-9
_LONGEST = 500
_COMPARISONS = 20_000


@dataclass(slots=True)
class _Variable:
    states: tuple[str, ...]
    row: int
    name: str
    real_states: tuple[str, ...]


class Draft:
    """Variables and tables as a file gives them, under the names in the file.

    Every variable is declared before any is defined.  Nothing is raised before `finish`.
    """

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.variables: dict[str, _Variable] = {}
        self._parents: dict[str, tuple[str, ...]] = {}
        self._rows: dict[str, int] = {}
        self._tables: dict[str, np.ndarray] = {}
        self._entries = 0
        self._comparisons = 0
        self._unread: set[str] = set()
        self._problems: list[Problem] = []

    def problem(self, row: int | None, message: str, allowed: str | None = None) -> None:
        """Note what is wrong and on which line."""
        message = _short(message)
        allowed = None if allowed is None else _short(allowed)
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(Problem(message, allowed, self.file, row))

    @property
    def full(self) -> bool:
        """Whether no more problems are noted."""
        return len(self._problems) >= MAX_PROBLEMS

    def declare(self, name: str, states: Sequence[str] | None, row: int) -> None:
        """Declare a variable and its states; None where they are at fault already: its tables are then passed over."""
        if name in self.variables:
            self.problem(row, f"The variable {name!r} is declared twice.", "every variable once")
            return
        if states is None:
            self._unread.add(name)
        elif not states:
            self.problem(row, f"The variable {name!r} has no states.", "at least one")
        seen: set[str] = set()
        for state in states or ():
            if state in seen:
                self.problem(row, f"The variable {name!r} has the state {state!r} twice.", "every state once")
            seen.add(state)
        self.variables[name] = _Variable(tuple(states or ()), row, name, tuple(states or ()))

    def restore(self, variable: str, packed_name: str | None, packed_states: str | None, row: int) -> None:
        """Note a declared variable's real name and states, packed, where the file has them."""
        known = self.variables[variable]
        try:
            if packed_name is not None:
                (known.name,) = unpack(packed_name)
            if packed_states is not None:
                states = unpack(packed_states)
                if len(states) != len(known.states) or len(set(states)) != len(states):
                    raise ValueError(f"{packed_states!r} does not hold {len(known.states)} different names")
                known.real_states = states
        except ValueError as error:
            self.problem(row, f"The real names of {variable!r} cannot be read: {error}.", "as they were written")

    def define(self, child: str, parents: Sequence[str], row: int) -> tuple[int, ...] | None:
        """Note a variable's parents; return the shape of its table (parents, child), None where there can be none."""
        if child not in self.variables:
            self.problem(row, f"There is no variable {child!r}.", self._nearest(child))
            return None
        if child in self._rows:
            self.problem(row, f"The probabilities of {child!r} are given twice.", "once")
            return None
        self._rows[child] = row
        good = True
        for parent in dict.fromkeys(parents):
            if parent not in self.variables:
                self.problem(row, f"{child!r} has the unknown parent {parent!r}.", self._nearest(parent, child))
                good = False
        if len(set(parents)) < len(parents):
            self.problem(row, f"{child!r} has a parent more than once.", "every parent once")
            good = False
        if not good:
            return None
        self._parents[child] = tuple(parents)
        shape = tuple(len(self.variables[name].states) for name in (*parents, child))
        size = math.prod(shape)
        if size == 0 or not self._unread.isdisjoint((child, *parents)):
            return None
        if self._entries + size > MAX_ENTRIES:
            self.problem(
                row, f"The table of {child!r} would have {size:,} entries.", f"{MAX_ENTRIES:,} in all tables together"
            )
            return None
        self._entries += size
        return shape

    def _nearest(self, name: str, but: str | None = None) -> str:
        """Return the declared names most like one; many or long ones are not compared, for that takes long."""
        self._comparisons += len(self.variables)
        if self._comparisons > _COMPARISONS:
            return "a variable of the file"
        candidates = [known for known in self.variables if known != but]
        if any(len(known) > _LONGEST for known in (name, *candidates)):
            return "a variable of the file"
        return did_you_mean(name, candidates)

    def fill(self, child: str, table: np.ndarray, rows: Callable[[], Sequence[int]] | int) -> None:
        """Check and keep a table.

        Parameters
        ----------
        child
            A variable for which `define` returned a shape.
        table
            Of that shape.
        rows
            One line for all rows of the table, or what returns the line of each (parents flattened, last fastest):
            it is asked only where something is wrong.
        """
        flat = table.reshape(-1, table.shape[-1])
        bad = ~((flat >= 0.0) & (flat <= 1.0 + _SLACK)).all(axis=1)
        with np.errstate(invalid="ignore", over="ignore"):
            total = flat.sum(axis=1)
            off = ~bad & ~(np.abs(total - 1.0) <= ROW_TOLERANCE + _SLACK)
        wrong_rows = np.flatnonzero(bad | off)[:MAX_PROBLEMS].tolist()
        lines = rows() if callable(rows) and wrong_rows else ()
        for at in wrong_rows:
            row = rows if isinstance(rows, int) else int(lines[at])
            where = self._where(child, at)
            if bad[at]:
                wrong = next(float(value) for value in flat[at] if not 0.0 <= value <= 1.0 + _SLACK)
                self.problem(row, f"{wrong:.9g} is no probability, in the table of {child!r}{where}.", "0 to 1")
            else:
                text = f"The probabilities of {child!r}{where} sum to {total[at]:.9g}."
                self.problem(row, text, f"one, within {ROW_TOLERANCE:g}")
        if not wrong_rows:
            # Rows that are off by rounding alone stay as they are, bit for bit.
            divisor = np.where(np.abs(total - 1.0) > 1e-12, total, 1.0)[:, None]  # noqa: PLR2004
            self._tables[child] = (flat / divisor).reshape(table.shape)

    def _where(self, child: str, row: int) -> str:
        """Return `` given a=yes, b=no``: the parents' states at a row of the table."""
        parents = self._parents[child]
        shape = [len(self.variables[name].states) for name in parents]
        index = np.unravel_index(row, shape) if shape else ()
        states = [f"{name}={self.variables[name].states[i]}" for name, i in zip(parents, index, strict=True)]
        return f" given {', '.join(states)}" if states else ""

    def missing_row(self, child: str, row: int) -> str:
        """Return the words for a row of the table that the file does not give."""
        return f"There are no probabilities of {child!r}{self._where(child, row)}."

    def finish(self, name: str, order: Sequence[str] | None = None) -> DiscreteNetwork:
        """Return the network under its real names.

        Parameters
        ----------
        name
            The network's name.
        order
            The variables in the order wanted, if not as declared.

        Raises
        ------
        InputError
            With every problem noted so far, and those that only the whole shows.
        """
        if not self.variables and not self._problems:
            self.problem(None, "The file declares no variables.", "at least one")
        for variable, known in self.variables.items():
            if variable not in self._rows:
                self.problem(known.row, f"There are no probabilities of {variable!r}.", "a table for every variable")
        if found := cycle(self._parents):
            self.problem(self._rows[found[0]], f"The variables form a cycle: {' -> '.join(found)}.", "no cycle")
        real: dict[str, str] = {}
        names_seen: set[str] = set()
        for variable, known in self.variables.items():
            if known.name in names_seen:
                self.problem(known.row, f"Two variables have the real name {known.name!r}.", "every variable once")
            names_seen.add(known.name)
            real[variable] = known.name
        if self._problems:
            raise InputError(sorted(self._problems, key=lambda problem: problem.row or 0))
        ordered = list(order or self.variables)
        return DiscreteNetwork(
            {real[key]: self.variables[key].real_states for key in ordered},
            {real[key]: tuple(real[parent] for parent in self._parents[key]) for key in ordered},
            {real[key]: self._tables[key] for key in ordered},
            name,
        )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
