"""A network under interventions and observations: what every computation starts from.

The network passed in is never changed: interventions make new mappings, and tables are shared, not copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from precursor.network.discrete import DiscreteNetwork


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A new mechanism for a node: P(node | parents), whatever the parents were before.

    Attributes
    ----------
    parents
        What the node is to depend on; none of them may come after it.
    table
        Axes (the parents in order, the node), rows summing to one; or with a leading axis of draws.
    """

    parents: tuple[str, ...]
    table: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Conditioned:
    """A network with observations, the mechanisms that were intervened on already replaced.

    Attributes
    ----------
    states, parents
        Of every variable.
    tables
        P(variable | parents), axes (draws or 1, the parents in order, the variable).
    observed
        The number of the state that a variable is known to be in.
    likelihoods
        Pairs of a variable and the likelihood of each of its states, ``(draws or 1, states)``.
    """

    states: Mapping[str, tuple[str, ...]]
    parents: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, np.ndarray]
    observed: Mapping[str, int]
    likelihoods: tuple[tuple[str, np.ndarray], ...] = ()

    @property
    def informative(self) -> frozenset[str]:
        """The variables that something is observed of."""
        return frozenset(self.observed) | {name for name, _ in self.likelihoods}

    def observing(self, observed: Mapping[str, int]) -> Conditioned:
        """Return the same with further hard evidence; what is observed already must agree."""
        return replace(self, observed={**self.observed, **observed}) if observed else self

    def weighing(self, likelihoods: Sequence[tuple[str, np.ndarray]]) -> Conditioned:
        """Return the same with further likelihoods."""
        if not likelihoods:
            return self
        return replace(self, likelihoods=(*self.likelihoods, *likelihoods))

    def setting(self, state_of: Mapping[str, int]) -> Conditioned:
        r"""Return the same under ``do(node=state, ...)``.

        .. math:: P(v \mid do(X=x)) = 1[x] \prod_{V \notin X} P(v \mid pa(V))
        """
        points = {name: Policy((), np.eye(len(self.states[name]))[state][None]) for name, state in state_of.items()}
        return self.with_mechanisms(points).observing(state_of)

    def with_mechanisms(self, mechanisms: Mapping[str, Policy]) -> Conditioned:
        """Return the same with other tables, with a leading axis of draws (of length one if they are the same)."""
        if not mechanisms:
            return self
        return replace(
            self,
            parents={**self.parents, **{name: policy.parents for name, policy in mechanisms.items()}},
            tables={**self.tables, **{name: policy.table for name, policy in mechanisms.items()}},
        )


def unconditioned(network: DiscreteNetwork) -> Conditioned:
    """Return a network of which nothing is known and in which nothing is set."""
    tables = {name: table if network.draws is not None else table[None] for name, table in network.tables.items()}
    return Conditioned(network.states, network.parents, tables, {})
