"""Indicators among themselves: the latent finding of a dependence group, and the experiments that read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from precursor.network.grammar import Event, NodeAt, StateEvent

Indicators = Mapping[str, Event]
_PREFIX = "finding_"


def finding_of(group: str) -> str:
    """Return the node of a dependence group's finding."""
    return f"{_PREFIX}{group}"


def is_finding(node: str) -> bool:
    """Whether a node is the finding of a dependence group; no other indicator may be named so."""
    return node.startswith(_PREFIX)


def finding_holds(group: str) -> StateEvent:
    """Return the event that a group's finding holds: what its experiments bear on."""
    return StateEvent(NodeAt(finding_of(group)), "yes")


def finding_read(about: Event) -> str | None:
    """Return the finding that an indicator with this event is an experiment of, if any."""
    return about.variable.node if isinstance(about, StateEvent) and is_finding(about.variable.node) else None


def line(indicator: str, indicators: Indicators) -> tuple[str, ...]:
    """Return the indicator, the one whose occurrence it bears on, if there is one, and so on."""
    found = [indicator]
    while isinstance(event := indicators.get(found[-1]), StateEvent) and event.variable.node in indicators:
        found.append(event.variable.node)
    return tuple(found)


def parents_first(indicators: Indicators) -> list[tuple[str, Event]]:
    """Return the indicators in an order in which none stands before one that it bears on."""
    return sorted(indicators.items(), key=lambda one: len(line(one[0], indicators)))


def with_parents(nodes: Iterable[str], indicators: Indicators) -> dict[str, Event]:
    """Return the indicators among the nodes, and those that they bear on, in the order of ``indicators``."""
    wanted = {each for node in nodes if node in indicators for each in line(node, indicators)}
    return {id_: event for id_, event in indicators.items() if id_ in wanted}
