"""From what a query says to what an exact computation needs: variables and the sets of states they may take.

A variable is an assumption, the training chain at the end of one phase, or a node downstream; an event allows some of
its states, and a conjunction of events is a `Case`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from precursor.argument.nodes import ASSUMPTIONS, CHAIN_READINGS, DOWNSTREAM, MODEL_OUTCOME, OUTCOMES, YES_NO
from precursor.emergence.histories import (
    DEPLOYMENT,
    EMERGENCE_ORDER,
    GOAL_POINTER,
    PHASES,
    acquired_before,
    emergence_order,
)
from precursor.emergence.state_space import State, states
from precursor.network.grammar import Event, NodeAt, OrderEvent, StateEvent

CHAIN = "training_state"


@dataclass(frozen=True, slots=True, order=True)
class Variable:
    """What an event speaks of: a node, or the chain's state (``training_state``) at the end of a phase."""

    node: str
    phase: str | None = None

    @property
    def is_chain(self) -> bool:
        """Whether this is the training chain."""
        return self.node == CHAIN


Allowed = frozenset[str] | frozenset[int]


@dataclass(frozen=True, slots=True)
class Constraint:
    """The event that a variable takes one of the allowed states (names, or indices of the chain's 65 states)."""

    variable: Variable
    allowed: Allowed

    def negated(self, indicators: Iterable[str] = ()) -> Constraint:
        """Return the complementary event."""
        return Constraint(self.variable, all_states(self.variable, indicators) - self.allowed)


@dataclass(frozen=True, slots=True)
class Case:
    """A conjunction of constraints, at most one per variable."""

    allowed: Mapping[Variable, Allowed]

    @property
    def impossible(self) -> bool:
        """Whether some variable has no state left."""
        return not all(self.allowed.values())

    def with_constraint(self, constraint: Constraint) -> Case:
        """Return the conjunction with one more constraint."""
        found = self.allowed.get(constraint.variable)
        allowed = constraint.allowed if found is None else found & constraint.allowed
        return Case({**self.allowed, constraint.variable: allowed})

    def with_constraints(self, constraints: Iterable[Constraint]) -> Case:
        """Return the conjunction with several more constraints."""
        case = self
        for constraint in constraints:
            case = case.with_constraint(constraint)
        return case


def constraint_of(event: Event) -> Constraint:
    """Return the constraint that an event of the grammar states (its names are assumed to be checked)."""
    if isinstance(event, OrderEvent):
        return Constraint(Variable(CHAIN, DEPLOYMENT), _ordered(event.first, event.second))
    node, phase = event.variable.node, event.variable.phase
    if node in CHAIN_READINGS:
        return Constraint(Variable(CHAIN, phase or DEPLOYMENT), reading(node, event.state))
    return Constraint(Variable(node), frozenset({event.state}))


def distribution_events(variable: NodeAt, states_: Iterable[str]) -> list[StateEvent]:
    """Return the events that a node takes each of its states."""
    return [StateEvent(variable, state) for state in states_]


@cache
def reading(node: str, state: str) -> frozenset[int]:
    """Return the chain states in which a node read off the chain has the given state."""
    return frozenset(i for i, at in enumerate(states()) if _read(node, at) == state)


@cache
def scheming_prone() -> frozenset[int]:
    """Return the chain states with all four properties and a proxy goal."""
    return frozenset(i for i, at in enumerate(states()) if at.scheming_prone)


@cache
def _ordered(first: str, second: str) -> frozenset[int]:
    return frozenset(i for i, at in enumerate(states()) if acquired_before(at.history, first, second))


def _read(node: str, at: State) -> str:
    if node == GOAL_POINTER:
        return at.pointer
    if node == EMERGENCE_ORDER:
        return emergence_order(at.history)
    return "yes" if node in at.history else "no"


def all_states(variable: Variable, indicators: Iterable[str] = ()) -> Allowed:
    """Return every state of a variable."""
    if variable.is_chain:
        return frozenset(range(len(states())))
    if variable.node == MODEL_OUTCOME:
        return frozenset(OUTCOMES)
    found = ASSUMPTIONS.get(variable.node) or DOWNSTREAM.get(variable.node)
    if found is None and variable.node not in indicators:
        raise KeyError(variable.node)
    return frozenset(found or YES_NO)


def phases_of(case: Case) -> list[str]:
    """Return the phases at whose end the case constrains the chain, in order."""
    found = {variable.phase for variable in case.allowed if variable.is_chain}
    return [phase for phase in PHASES if phase in found]
