"""The queries that the report asks, spelled once."""

from __future__ import annotations

from collections.abc import Mapping

from precursor.argument.nodes import ASSUMPTIONS, MODEL_OUTCOME, OUTCOMES
from precursor.emergence.regime import TRAINING_ASSUMPTIONS
from precursor.network.grammar import Event, ProbabilityQuery, StateEvent, parse_query

TAI = "tai_by_2100=yes"
PROSAIC = f"prosaic_paradigm=yes, {TAI}"
REFERENCE = "do(" + ", ".join(f"{node}={states[0]}" for node, states in TRAINING_ASSUMPTIONS.items()) + ")"

DECEPTIVE = f"P({MODEL_OUTCOME}={OUTCOMES[0]} | {PROSAIC})"
DECEPTIVE_AT_REFERENCE = f"P({MODEL_OUTCOME}={OUTCOMES[0]} | {PROSAIC}, {REFERENCE})"
CATASTROPHE = "P(existential_catastrophe=yes)"
CATASTROPHE_GIVEN_TAI = f"P(existential_catastrophe=yes | {TAI})"
EXTINCTION = "P(human_extinction=yes)"

HEADLINE: Mapping[str, tuple[str, str]] = {
    "deceptive": ("The system is deceptive", DECEPTIVE),
    "deceptive_at_reference": ("The same, in the argument’s own case", DECEPTIVE_AT_REFERENCE),
    "catastrophe": ("Existential catastrophe by 2100", CATASTROPHE),
    "catastrophe_given_tai": ("The same, given transformative AI", CATASTROPHE_GIVEN_TAI),
    "extinction": ("Human extinction by 2100", EXTINCTION),
}


def meaning(query: str) -> object:
    """Return a value that is equal for queries that ask the same thing.

    Order and spelling do not matter; nor does it matter whether an assumption, which is a root, is observed or set.
    """
    tree = parse_query(query)
    if not isinstance(tree, ProbabilityQuery):
        return str(tree)
    set_ = {assumption for event in tree.given.evidence if (assumption := _assumption(event))}
    set_ |= {
        (i.node, i.state) if i.node in ASSUMPTIONS else (f"do {i.node}", i.state) for i in tree.given.interventions
    }
    observed = {str(event) for event in tree.given.evidence if not _assumption(event)}
    return frozenset(map(str, tree.events)), frozenset(observed), frozenset(set_)


def _assumption(event: Event) -> tuple[str, str] | None:
    """Return node and state of an event about an assumption."""
    found = isinstance(event, StateEvent) and event.variable.node in ASSUMPTIONS
    return (event.variable.node, event.state) if found and isinstance(event, StateEvent) else None
