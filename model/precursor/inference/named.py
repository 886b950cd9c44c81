"""Which nodes queries name, and so which indicators belong to the network that answers them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from precursor.inference.scenarios import indicator_of
from precursor.network.grammar import (
    DistributionQuery,
    Event,
    LikelihoodRatioQuery,
    ParameterQuery,
    ProbabilityQuery,
    Query,
    StateEvent,
)
from precursor.network.indicators import with_parents


def indicators_of(queries: Iterable[Query], indicators: Mapping[str, Event]) -> dict[str, Event]:
    """Return the indicators that queries name, and the findings these are experiments of; the others have no part."""
    return with_parents({node for query in queries for node in nodes_named(query)}, indicators)


def nodes_named(query: Query) -> frozenset[str]:
    """Return every node that a query names, wherever it stands (of a parameter of an indicator: the indicator)."""
    if isinstance(query, ParameterQuery):
        indicator = indicator_of(query.name)
        return frozenset() if indicator is None else frozenset({indicator})
    events: list[Event] = [*query.given.evidence]
    nodes = {intervention.node for intervention in query.given.interventions}
    match query:
        case ProbabilityQuery():
            events += query.events
        case LikelihoodRatioQuery():
            events += [query.finding, query.hypothesis]
        case DistributionQuery():
            nodes.add(query.variable.node)
    return frozenset(nodes | {event.variable.node for event in events if isinstance(event, StateEvent)})
