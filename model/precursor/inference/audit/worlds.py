"""Possible worlds: every combination of what a set of claims speaks of, and in which of them an event holds.

A node contributes its states; properties whose order is spoken of contribute a *history*, the order in which they were
acquired, any of them perhaps never.  ``first < second`` holds if the left one is acquired, and the right one later or
never; a property's own state, at the end, is read off the history where there is one.  A property once acquired is
kept, so its states at the ends of phases only ever change from ``no`` to ``yes``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations, product

import numpy as np

from precursor.argument.nodes import NODES, PHASES, YES_NO
from precursor.emergence.histories import DEPLOYMENT, PROPERTIES
from precursor.network.grammar import Event, NodeAt, OrderEvent

MOST_WORLDS = 512


@dataclass(frozen=True)
class Worlds:
    """Possible worlds; ``holds`` is, by event, whether it holds in each, (world,)."""

    count: int
    holds: Mapping[Event, np.ndarray]

    def where(self, events: Iterable[Event]) -> np.ndarray:
        """Return in which worlds all events hold, (world,)."""
        found = np.ones(self.count, dtype=bool)
        for event in events:
            found &= self.holds[event]
        return found


def variables_of(events: Iterable[Event]) -> frozenset[NodeAt]:
    """Return what events speak of; of an order, its properties."""
    found: set[NodeAt] = set()
    for event in events:
        if isinstance(event, OrderEvent):
            found |= {NodeAt(event.first), NodeAt(event.second)}
        else:
            found.add(_plain(event.variable))
    return frozenset(found)


def nodes_of(events: Iterable[Event]) -> frozenset[str]:
    """Return the nodes that events speak of, at whatever phase."""
    return frozenset(variable.node for variable in variables_of(events))


@lru_cache(maxsize=512)
def worlds_of(events: frozenset[Event], most: int = MOST_WORLDS) -> Worlds | None:
    """Return the possible worlds of what events speak of; ``None`` if there are more than ``most``."""
    orders = [event for event in events if isinstance(event, OrderEvent)]
    ordered = sorted({name for order in orders for name in (order.first, order.second)})
    nodes = sorted(variables_of(events) - {NodeAt(name) for name in ordered}, key=str)
    histories = [order for n in range(len(ordered) + 1) for order in permutations(ordered, n)]
    spaces: list[Collection[object]] = [histories, *(NODES.get(node.node, YES_NO) for node in nodes)]
    if np.prod([float(len(space)) for space in spaces]) > most * len(histories):
        return None
    worlds = [world for world in product(*spaces) if _kept(nodes, ordered, world)]
    if len(worlds) > most:
        return None
    place = {node: i + 1 for i, node in enumerate(nodes)}
    holds = {event: np.array([_holds(event, place, world) for world in worlds]) for event in events}
    return Worlds(len(worlds), holds)


def _holds(event: Event, place: Mapping[NodeAt, int], world: tuple[object, ...]) -> bool:
    history: tuple[str, ...] = world[0]  # type: ignore[assignment]
    if isinstance(event, OrderEvent):
        later = history[history.index(event.first) :] if event.first in history else ()
        return event.first in history and (event.second in later or event.second not in history)
    variable = _plain(event.variable)
    if variable in place:
        return bool(world[place[variable]] == event.state)
    return (variable.node in history) == (event.state == YES_NO[0])


def _plain(variable: NodeAt) -> NodeAt:
    """Return a variable; the end of deployment is a node's plain value."""
    return NodeAt(variable.node) if variable.phase == DEPLOYMENT else variable


def _kept(nodes: list[NodeAt], ordered: list[str], world: tuple[object, ...]) -> bool:
    """Return whether no property is lost again from one phase to a later."""
    history: tuple[str, ...] = world[0]  # type: ignore[assignment]
    had: dict[str, list[tuple[int, bool]]] = {name: [(len(PHASES), name in history)] for name in ordered}
    for node, state in zip(nodes, world[1:], strict=True):
        if node.node in PROPERTIES:
            when = len(PHASES) if node.phase is None else PHASES.index(node.phase)
            had.setdefault(node.node, []).append((when, state == YES_NO[0]))
    return all([has for _, has in sorted(times)] == sorted(has for _, has in times) for times in had.values())
