"""Exact queries: what a query of the grammar means, as masses of cases.

``P(T | E, do(D)) = mass(T and E) / mass(E)`` under D.  The complement of a conjunction ``T1, T2, ...`` is summed as
``not T1``, then ``T1 and not T2``, ...: disjoint cases, so that a probability and its complement are both sums of
non-negative terms and log-odds are exact at both ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations

from precursor.argument.events import CHAIN, Case, Constraint, Variable, constraint_of, distribution_events
from precursor.argument.marginal import Interventions, Marginal
from precursor.argument.nodes import ASSUMPTIONS, NODES, YES_NO
from precursor.emergence.histories import DEPLOYMENT, acquired_before
from precursor.emergence.state_space import states
from precursor.exact.algebra import Algebra, Scalar
from precursor.network.grammar import (
    Conditions,
    DistributionQuery,
    LikelihoodRatioQuery,
    OrderQuery,
    ProbabilityQuery,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """The right side of the bar, ready for computing: evidence as a case, and interventions.

    Assumptions are roots, so observing one is the same as setting it: such evidence stands with the interventions.
    """

    case: Case
    do: Interventions


@dataclass(frozen=True, slots=True)
class Odds:
    """Two disjoint masses whose ratio is the odds of the query's event given its conditions."""

    yes: Scalar
    no: Scalar


def condition_of(given: Conditions, regime: Mapping[str, str] | None = None) -> Condition:
    """Return the condition; a scenario's regime acts as ``do`` unless the query overrides it."""
    do = {**(regime or {}), **{intervention.node: intervention.state for intervention in given.interventions}}
    constraints = [constraint_of(event) for event in given.evidence]
    roots = {c.variable.node: str(next(iter(c.allowed))) for c in constraints if c.variable.node in ASSUMPTIONS}
    case = Case({}).with_constraints(c for c in constraints if c.variable.node not in ASSUMPTIONS)
    return Condition(case, {**do, **roots})


def odds(marginal: Marginal, query: ProbabilityQuery, condition: Condition) -> Odds:
    """Return the odds of the target events."""
    return _odds(marginal, [constraint_of(event) for event in query.events], condition)


def distribution(marginal: Marginal, query: DistributionQuery, condition: Condition) -> dict[str, Scalar]:
    """Return the mass of every state of a node."""
    events = distribution_events(query.variable, NODES.get(query.variable.node, YES_NO))
    return {
        event.state: marginal.mass(condition.case.with_constraint(constraint_of(event)), condition.do)
        for event in events
    }


def order_distribution(marginal: Marginal, query: OrderQuery, condition: Condition) -> dict[str, Scalar]:
    """Return the mass of every ranking of the properties, first acquired first.

    Properties never acquired come last, tied: ``a < b = c`` is a acquired, b and c never.
    """
    return {
        name: marginal.mass(condition.case.with_constraint(constraint), condition.do)
        for name, constraint in rankings(query.properties).items()
    }


def rankings(properties: tuple[str, ...]) -> dict[str, Constraint]:
    """Return every ranking of the properties and the chain states in which it holds; together they are exhaustive.

    Rankings that cannot happen (long-term goals before goal-directedness) are there, with no state.
    """
    members: dict[str, set[int]] = {
        _ranking_name(order, properties): set()
        for acquired in range(len(properties) + 1)
        for order in permutations(properties, acquired)
    }
    for index, state in enumerate(states()):
        order = tuple(property_ for property_ in state.history if property_ in properties)
        members[_ranking_name(order, properties)].add(index)
    variable = Variable(CHAIN, DEPLOYMENT)
    return {name: Constraint(variable, frozenset(found)) for name, found in members.items()}


def likelihood_ratio_odds(marginal: Marginal, query: LikelihoodRatioQuery, condition: Condition) -> tuple[Odds, Odds]:
    """Return the odds of the finding given the hypothesis, and given its negation."""
    finding, hypothesis = constraint_of(query.finding), constraint_of(query.hypothesis)
    return tuple(
        _odds(marginal, [finding], Condition(condition.case.with_constraint(side), condition.do))
        for side in (hypothesis, hypothesis.negated(marginal.indicators))
    )  # type: ignore[return-value]


def masks_of(cases: Iterable[Constraint]) -> set[frozenset[int]]:
    """Return the sets of chain states that constraints speak of (to lump the rest)."""
    return {constraint.allowed for constraint in cases if constraint.variable.is_chain}  # type: ignore[misc]


def _odds(marginal: Marginal, target: list[Constraint], condition: Condition) -> Odds:
    algebra: Algebra = marginal.algebra
    so_far, no = condition.case, []
    # Events of one variable are one event: it has one complement.
    together = Case({}).with_constraints(target)
    for constraint in (Constraint(variable, allowed) for variable, allowed in together.allowed.items()):
        against = so_far.with_constraint(constraint.negated(marginal.indicators))
        no.append(marginal.mass(against, condition.do))
        so_far = so_far.with_constraint(constraint)
    return Odds(marginal.mass(so_far, condition.do), algebra.total(no))


def _ranking_name(acquired: tuple[str, ...], properties: tuple[str, ...]) -> str:
    never = " = ".join(property_ for property_ in properties if property_ not in acquired)
    return " < ".join([*acquired, never] if never else acquired)


__all__ = [
    "Condition", "Odds", "acquired_before", "condition_of", "distribution", "likelihood_ratio_odds", "masks_of", "odds",
    "order_distribution", "rankings",
]  # fmt: skip
