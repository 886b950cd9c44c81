"""What the answers are: numbers with names on their axes, and what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import xarray as xr

Value = float | xr.DataArray
"""A number; of many draws an array with the dim ``draw``; a distribution has a dim for each node."""


@dataclass(frozen=True, slots=True, eq=False)
class Marginals(Mapping[str, xr.DataArray]):
    """The distributions of all nodes, by node.

    An array is labelled when it is asked for: of hundreds of nodes the labels take longer than the numbers.

    Attributes
    ----------
    numbers
        The distributions without labels, ``(draws or 1, states)`` each.
    """

    numbers: Mapping[str, np.ndarray]
    _label: Callable[[np.ndarray, Sequence[str]], xr.DataArray]

    def __getitem__(self, node: str) -> xr.DataArray:
        """Return a node's distribution by state (and ``draw``)."""
        return self._label(self.numbers[node], (node,))

    def __iter__(self) -> Iterator[str]:
        """Return the nodes, as they were declared."""
        return iter(self.numbers)

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The most probable states, given what is observed.

    Attributes
    ----------
    states
        By node, the state; for many draws an array of states with the dim ``draw``.
    log_probability
        Natural logarithm of their joint probability given what is observed; dim ``draw`` for many draws.
    """

    states: Mapping[str, str | xr.DataArray]
    log_probability: Value

    @property
    def probability(self) -> Value:
        """Their joint probability given what is observed."""
        found = self.log_probability
        return exp(found) if isinstance(found, float) else found.copy(data=np.exp(found.values))


@dataclass(frozen=True, slots=True)
class Causation:
    """Bounds that hold without an assumption on responses; see `precursor.discrete.causation`.

    Each is a pair of the lower and the upper bound, with the dim ``draw`` for many draws; nan where the case that it
    is about is impossible.

    Attributes
    ----------
    necessity
        Where cause and effect were: without the cause, no effect.
    sufficiency
        Where neither was: with the cause, the effect.
    both
        The effect follows the cause in either direction.
    """

    necessity: tuple[Value, Value]
    sufficiency: tuple[Value, Value]
    both: tuple[Value, Value]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A counterfactual's value, and what it rests on.

    Attributes
    ----------
    value
        A probability, or a distribution by state; dim ``draw`` for many draws.
    assumption
        ``monotone`` or ``canonical`` (see `precursor.discrete.counterfactual`); None where none was needed.
    assumed_of
        The nodes whose responses the assumption decides.
    """

    value: Value
    assumption: str | None
    assumed_of: tuple[str, ...]
