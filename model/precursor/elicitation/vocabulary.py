"""How the network is known to elicitation: names and scales, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from precursor.network.grammar import DistributionQuery, Event, Query
from precursor.problems import Problem


class QueryVocabulary(Protocol):
    """What a network must say of itself for a question about it to be checked and its answers read."""

    @property
    def properties(self) -> tuple[str, ...]:
        """The properties that a ranking may order."""
        ...

    def problems(self, query: Query, indicators: Mapping[str, Event]) -> tuple[Problem, ...]:
        """Return what is wrong with a query (empty = fine).

        Unknown nodes, states, phases and parameters are named together with the nearest known ones.  ``indicators``
        are known too: leaf nodes (yes, no), each with the event it bears on.
        """
        ...

    def scale(self, query: Query) -> Literal["probability", "ratio"]:
        """Return how an answer is read: a probability (log-odds), or a positive ratio or hazard (logs)."""
        ...

    def states(self, query: DistributionQuery) -> tuple[str, ...]:
        """Return the states over which the answer to a distribution question is spread."""
        ...
