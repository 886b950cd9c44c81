"""Any discrete Bayesian network, or many draws of one, as something to ask.

>>> import numpy as np
>>> from precursor.network.discrete import DiscreteNetwork
>>> rain = DiscreteNetwork(
...     {"rain": ("yes", "no"), "wet": ("yes", "no")},
...     {"wet": ("rain",)},
...     {"rain": np.array([0.2, 0.8]), "wet": np.array([[0.9, 0.1], [0.3, 0.7]])},
... )
>>> round(Network(rain).query("P(rain=yes | wet=yes)"), 6)
0.428571
>>> round(Network(rain).query("P(rain=yes | do(wet=yes))"), 6)
0.2
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Unpack

import numpy as np
import xarray as xr

from precursor.discrete import ask, causation
from precursor.discrete.conditioned import Conditioned, unconditioned
from precursor.discrete.conditions import Given, Updates, parse_given
from precursor.discrete.counterfactual import Assumption, counterfactual
from precursor.discrete.explanation import most_probable_states
from precursor.discrete.labels import Labels
from precursor.discrete.posterior import MEMORY_LIMIT, all_marginals, distribution, log_probability
from precursor.discrete.results import Causation, Counterfactual, Explanation, Marginals, Value
from precursor.network import files
from precursor.network.discrete import DiscreteNetwork
from precursor.network.grammar import Conditions, DistributionQuery, parse_event, parse_query


@dataclass(frozen=True, eq=False)
class Network:
    """A discrete Bayesian network that answers queries exactly.  It is never changed by a query.

    Every method takes what is observed and set in the grammar (``given="A=yes, do(B=no)"``, or hard evidence as a
    mapping), and what has no place in the grammar by keyword, see `precursor.discrete.conditions.Updates`.  How
    everything together is defined, and in which order, stands in `precursor.discrete.conditions`.  Every method raises
    `InputError` for unknown names (with the nearest), evidence of probability zero, and tables that would not fit.

    Attributes
    ----------
    declaration
        The variables, their states and tables; many draws of a network are one, with an axis of draws.
    memory_limit
        The most bytes that the tables of a question may take; large batches of draws are cut to fit.
    """

    declaration: DiscreteNetwork
    memory_limit: int = MEMORY_LIMIT

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self.declaration.states)

    @cached_property
    def _prior(self) -> Conditioned:
        return unconditioned(self.declaration)

    def query(self, text: str, **updates: Unpack[Updates]) -> Value:
        """Return the answer to a query of the grammar.

        ``P(event, ... | ...)`` and ``LR(event : event | ...)`` are a float, ``P(node | ...)`` is a DataArray by state;
        for many draws all are a DataArray whose first dim is ``draw``.
        """
        query = parse_query(text)
        found = ask.answer(self._prior, query, updates, self.memory_limit)
        if isinstance(query, DistributionQuery):
            return self._labelled(found, (query.variable.node,))
        return self._number(found)

    def marginals(self, given: Given = "", **updates: Unpack[Updates]) -> Marginals:
        """Return the distribution of every node by state (and ``draw``)."""
        return Marginals(all_marginals(self._world(parse_given(given), updates), self.memory_limit), self._labelled)

    def joint(self, nodes: Sequence[str], given: Given = "", **updates: Unpack[Updates]) -> xr.DataArray:
        """Return the joint distribution of some nodes, a dim for each (after ``draw``)."""
        names = tuple(dict.fromkeys(nodes))
        world = self._world(parse_given(given), updates, names)
        return self._labelled(distribution(world, names, self.memory_limit), names)

    def log_probability(self, given: Given, **updates: Unpack[Updates]) -> Value:
        """Return the natural logarithm of the probability of what is observed; minus infinity if it is impossible.

        Virtual evidence counts with its likelihoods as they are given.
        """
        return self._number(log_probability(self._world(parse_given(given), updates), self.memory_limit))

    def mpe(self, given: Given = "", of: Sequence[str] | None = None, **updates: Unpack[Updates]) -> Explanation:
        r"""Return the most probable states of all nodes, or of those named (:math:`\arg\max_x P(x \mid e)`).

        Naming some is marginal MAP: the other nodes are summed out.  Of several equally probable, one is returned.
        """
        world = self._world(parse_given(given), updates, tuple(of or ()))
        found, log_value = most_probable_states(world, of, self.memory_limit)
        states = {node: self._states(node, numbers) for node, numbers in found.items()}
        return Explanation(states, self._number(log_value))

    def counterfactual(
        self,
        text: str,
        do: Mapping[str, str],
        *,
        assumption: str | None = None,
        ordered: Collection[str] = (),
        **updates: Unpack[Updates],
    ) -> Counterfactual:
        """Return what would have been, had ``do`` been done, given what in fact was.

        Parameters
        ----------
        text
            ``P(event, ... | ...)`` or ``P(node | ...)``: the left of the bar is about the world in which ``do`` was
            done, the right about the actual one.  Interventions in the text, and soft ones and policies, hold in both.
        do
            The state to which each node would have been set.
        assumption
            How a node's responses to different parents go together: ``monotone`` or ``canonical``.
        ordered
            Nodes of more than two states whose states are in order, as ``monotone`` needs it.
        """
        query = parse_query(text)
        how = Assumption(assumption, frozenset(ordered))
        found, assumed = counterfactual(self._prior, query, do, how, updates, self.memory_limit)
        value = (
            self._labelled(found, (query.variable.node,))
            if isinstance(query, DistributionQuery)
            else self._number(found)
        )
        return Counterfactual(value, assumption if assumed else None, assumed)

    def causation(self, cause: str, effect: str, given: Given = "", **updates: Unpack[Updates]) -> Causation:
        """Return bounds on how often the cause is necessary and sufficient for the effect, without an assumption.

        Both are events, ``node=state``; the cause has two states.  What is observed lies above the cause.
        """
        parsed = parse_event(cause), parse_event(effect), parse_given(given)
        found = causation.bounds(self._prior, *parsed, updates, self.memory_limit)
        return Causation(*((self._number(lower), self._number(upper)) for lower, upper in found))

    def write(self, path: Path | str) -> None:
        """Write the network to a file, whole or not at all; the suffix says in which format (BIF, XMLBIF, XDSL).

        Raises `InputError` for any other suffix, and for many draws.
        """
        files.write_network(self.declaration, path)

    def _world(self, given: Conditions, updates: Updates, asked: tuple[str, ...] = ()) -> Conditioned:
        return ask.world_of(self._prior, given, updates, self.memory_limit, asked)

    def _over_draws(self, values: np.ndarray) -> np.ndarray:
        """Return values with one entry for each draw, where there are draws."""
        return np.broadcast_to(values, (self.declaration.draws or 1, *values.shape[1:]))

    def _number(self, values: np.ndarray) -> Value:
        if self.declaration.draws is None:
            return float(values[0])
        return xr.DataArray(self._over_draws(values), dims=("draw",))

    def _labelled(self, values: np.ndarray, nodes: Sequence[str]) -> xr.DataArray:
        """Return values with names on their axes."""
        single = self.declaration.draws is None
        filled = values[0] if single else self._over_draws(values)
        return self._labels.put_on(filled, nodes, draws=not single)

    def _states(self, node: str, numbers: np.ndarray) -> str | xr.DataArray:
        names = self.declaration.states[node]
        if self.declaration.draws is None:
            return names[int(numbers[0])]
        return xr.DataArray(np.array(names)[self._over_draws(numbers)], dims=("draw",))


def read_network(path: Path | str) -> Network:
    """Return the network in a file (BIF, XMLBIF or XDSL, by suffix).

    Raises `InputError` with every problem that can be found, each with its line.
    """
    return Network(files.read_network(path))
