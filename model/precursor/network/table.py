"""Conditional probability tables with named axes: immutable, and refused unless they are what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class ConditionalTable:
    """P(child | parents): one named and labelled axis per variable, summing to one over ``child``.

    The numbers are copied and cannot be written to.

    Attributes
    ----------
    child
        The variable whose distribution it is.
    probabilities
        Dims are the variables' names, coordinates their states; the child's dim first.
    """

    child: str
    probabilities: xr.DataArray

    def __post_init__(self) -> None:
        """Check, copy and freeze the numbers."""
        table = self.probabilities
        if self.child not in table.dims:
            raise ValueError(
                f"A table of {self.child!r} needs it among its dims, not only {', '.join(map(str, table.dims))}."
            )
        unlabelled = [str(name) for name in table.dims if name not in table.indexes]
        if unlabelled:
            raise ValueError(f"P({self.child} | ...) does not name the states of {', '.join(unlabelled)}.")
        ordered = table.transpose(self.child, ...).copy(deep=True).astype(float)
        _check(self.child, ordered)
        ordered.values.flags.writeable = False
        object.__setattr__(self, "probabilities", ordered)

    @property
    def parents(self) -> tuple[str, ...]:
        """The variables that the child depends on."""
        return tuple(str(name) for name in self.probabilities.dims[1:])

    @property
    def states(self) -> tuple[str, ...]:
        """The child's states."""
        return tuple(map(str, self.probabilities.indexes[self.child]))

    def __str__(self) -> str:
        """Return ``P(child | parents)``."""
        return f"P({self.child} | {', '.join(self.parents)})" if self.parents else f"P({self.child})"


def conditional_table(
    child: str, parents: Sequence[str], values: np.ndarray, states: Mapping[str, Sequence[str]]
) -> ConditionalTable:
    """Return the table of ``values``, (child's states, first parent's states, ...), labelled by ``states``."""
    dims = (child, *parents)
    return ConditionalTable(child, xr.DataArray(values, dims=dims, coords={name: list(states[name]) for name in dims}))


def _check(child: str, table: xr.DataArray) -> None:
    """Raise `ValueError` where a number is no probability or a column does not sum to one, saying at which states."""
    parents = ", ".join(map(str, table.dims[1:]))
    name = f"P({child} | {parents})" if parents else f"P({child})"
    wrong = ~(table >= 0)
    if bool(wrong.any()):
        raise ValueError(f"{name} is not a probability at {_at(table, int(np.argmax(wrong.values)))}.")
    total = table.sum(child)
    off = abs(total - 1.0)
    if bool((off > _TOLERANCE).any()):
        worst = int(np.argmax(off.values))
        where = f" at {_at(total, worst)}" if parents else ""
        raise ValueError(f"{name} does not sum to one{where}, but to {total.values.flat[worst]:.9g}.")


def _at(table: xr.DataArray, flat: int) -> str:
    """Return the states at a flat index, ``a=yes, b=no``."""
    index = np.unravel_index(flat, table.shape)
    return ", ".join(f"{name}={table.indexes[name][i]}" for name, i in zip(table.dims, index, strict=True))
