"""What follows from the model's outcome: pathways, governance, catastrophe, extinction and indicators, as factors.

Each table is written once, in any algebra: on numbers it fills a network's tables, recorded it becomes a circuit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from precursor.argument.nodes import ASSUMPTIONS, DOWNSTREAM, MODEL_OUTCOME, OUTCOMES, PATHWAYS, YES_NO
from precursor.exact.algebra import Algebra, Scalar
from precursor.exact.factor import Factor
from precursor.network.indicators import is_finding

PARENTS: Mapping[str, tuple[str, ...]] = {
    "governance": (),
    "deceptive_defection": (MODEL_OUTCOME,),
    "oversight_contains": ("deceptive_defection", "governance"),
    "deception_catastrophe": ("deceptive_defection", "oversight_contains"),
    "direct_reward_optimizer": (MODEL_OUTCOME,),
    "aligned": (MODEL_OUTCOME, "direct_reward_optimizer"),
    "reward_catastrophe": ("direct_reward_optimizer", "governance"),
    "proxy_catastrophe": (MODEL_OUTCOME, "governance"),
    "multipolar_catastrophe": ("governance",),
    "existential_catastrophe": (*PATHWAYS, "tai_by_2100"),
    "human_extinction": ("existential_catastrophe",),
}


@dataclass(frozen=True, slots=True)
class IndicatorEvent:
    """An indicator's event, where that is a state of one downstream node (or of the model's outcome)."""

    node: str
    state: str


def states_of(node: str) -> tuple[str, ...]:
    """Return the states of a node that can stand in a downstream table."""
    return OUTCOMES if node == MODEL_OUTCOME else DOWNSTREAM.get(node) or ASSUMPTIONS.get(node, YES_NO)


def table(algebra: Algebra, node: str) -> Factor:
    """Return P(node | parents) as a factor over (node, parents...)."""
    parents = PARENTS[node]
    entries = {}
    for states in product(*(states_of(parent) for parent in parents)):
        for state, probability in zip(
            DOWNSTREAM[node], _row(algebra, node, dict(zip(parents, states, strict=True))), strict=True
        ):
            if probability is not None:
                entries[(state, *states)] = probability
    return Factor((node, *parents), entries)


def indicator_table(algebra: Algebra, indicator: str, event: IndicatorEvent) -> Factor:
    """Return P(indicator | node of its event)."""
    entries: dict[tuple[str, ...], Scalar] = {}
    for state in states_of(event.node):
        entries["yes", state], entries["no", state] = indicator_chances(algebra, indicator, state == event.state)
    return Factor((indicator, event.node), entries)


def indicator_chances(algebra: Algebra, indicator: str, event_holds: bool) -> tuple[Scalar, Scalar]:
    """Return P(yes), P(no) of an indicator, given whether its event holds.

    The finding of a dependence group was elicited.  Its relevance r is the probability that the setting behaves as the
    wild does; otherwise the finding is as likely as it would be without the event:
    ``P(finding | event) = r p_event + (1 - r) p_not_event``, so its likelihood ratio is ``1 + r (ratio - 1)``.
    """
    event, not_event = (f"p_indicator.{indicator}.{given}" for given in ("event", "not_event"))
    if not event_holds:
        return algebra.value(not_event), algebra.complement(not_event)
    if not is_finding(indicator):
        return algebra.value(event), algebra.complement(event)
    relevance = f"p_indicator_relevance.{indicator}"
    carries, does_not = algebra.value(relevance), algebra.complement(relevance)

    def mixed(of: Callable[[str], Scalar]) -> Scalar:
        return algebra.total([algebra.product(carries, of(event)), algebra.product(does_not, of(not_event))])

    return mixed(algebra.value), mixed(algebra.complement)


def root_factor(algebra: Algebra, node: str) -> Factor:
    """Return the prior of a binary assumption."""
    first, second = ASSUMPTIONS[node]
    return Factor((node,), {(first,): algebra.value(f"p_{node}"), (second,): algebra.complement(f"p_{node}")})


def _row(algebra: Algebra, node: str, given: Mapping[str, str]) -> tuple[Scalar, Scalar]:
    """Return the probabilities of a binary node's two states."""
    chance = _chance(node, given)
    if node == "existential_catastrophe":
        return _noisy_or(algebra, given)
    if isinstance(chance, str):
        return algebra.value(chance), algebra.complement(chance)
    return (algebra.one, None) if chance else (None, algebra.one)


def _chance(node: str, given: Mapping[str, str]) -> str | bool:
    """Return the parameter that is P(first state | given), or whether the first state is certain."""
    rules: dict[str, tuple[bool, str | bool]] = {
        "governance": (True, "p_governance"),
        "deceptive_defection": (given.get(MODEL_OUTCOME) == "deceptive", "p_deceptive_defection"),
        "oversight_contains": (
            given.get("deceptive_defection") == "yes",
            f"p_oversight_contains.{given.get('governance')}",
        ),
        "deception_catastrophe": (
            given.get("deceptive_defection") == "yes" and given.get("oversight_contains") == "no",
            True,
        ),
        "direct_reward_optimizer": (given.get(MODEL_OUTCOME) == "base_goal", "p_direct_reward_optimizer"),
        "aligned": (given.get(MODEL_OUTCOME) == "base_goal" and given.get("direct_reward_optimizer") == "no", True),
        "reward_catastrophe": (
            given.get("direct_reward_optimizer") == "yes",
            f"p_reward_catastrophe.{given.get('governance')}",
        ),
        "proxy_catastrophe": (given.get(MODEL_OUTCOME) == "proxy", f"p_proxy_catastrophe.{given.get('governance')}"),
        "multipolar_catastrophe": (True, f"p_multipolar_catastrophe.{given.get('governance')}"),
        "human_extinction": (given.get("existential_catastrophe") == "yes", "p_human_extinction"),
    }
    possible, chance = rules.get(node, (False, False))
    return chance if possible else False


def _noisy_or(algebra: Algebra, given: Mapping[str, str]) -> tuple[Scalar, Scalar]:
    """Return (yes, no) of the noisy-OR: each active link, and the leak, brings it about on its own (Pearl 1988).

    ``yes`` is summed over the first link that does, ``p1 + (1 - p1) p2 + ...``, so that nothing is subtracted.
    """
    if given["tai_by_2100"] == "no":
        return None, algebra.one
    yes, none_so_far = [], algebra.one
    for name in _active_links(given):
        yes.append(algebra.product(none_so_far, algebra.value(name)))
        none_so_far = algebra.product(none_so_far, algebra.complement(name))
    return algebra.total(yes), none_so_far


def _active_links(given: Mapping[str, str]) -> Iterator[str]:
    yield "p_existential_leak"
    for pathway in PATHWAYS:
        if given[pathway] == "yes":
            yield f"p_existential.{pathway}"
