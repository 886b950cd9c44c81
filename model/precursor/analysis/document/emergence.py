"""When the four foundational properties arise, in which order, and what each order leads to."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from precursor.analysis.answers import Answers, RunLike
from precursor.analysis.estimates import by_state, estimate, evenly
from precursor.analysis.queries import PROSAIC, REFERENCE
from precursor.argument.answer import answer_over
from precursor.argument.nodes import MODEL_OUTCOME, OUTCOMES
from precursor.argument.parameters import parameter_space
from precursor.emergence.histories import (
    CORRECTION_WINDOW,
    EMERGENCE_ORDER,
    EMERGENCE_ORDERS,
    GOAL_DIRECTED,
    LONG_TERM_GOALS,
    PHASES,
    PROPERTIES,
)
from precursor.network.grammar import parse_event, parse_query

ORDER = f"P({EMERGENCE_ORDER} | {PROSAIC})"
WINDOW = f"E({CORRECTION_WINDOW} | {PROSAIC}, {REFERENCE})"
_WINDOW_DRAWS = 400


def queries() -> list[str]:
    """Return the queries that this page needs (the correction window is asked apart: it is an integral)."""
    acquired = [_acquired(property_, phase) for property_ in PROPERTIES for phase in PHASES]
    pairs = [_before(a, b) for left, right in combinations(PROPERTIES, 2) for a, b in ((left, right), (right, left))]
    return [*acquired, *pairs, ORDER, *map(_outcome, EMERGENCE_ORDERS), *map(_deceptive_through, EMERGENCE_ORDERS)]


def emergence(answers: Answers) -> dict[str, Any]:
    """Return acquisition by phase, the distribution of orders, pairwise orders, and outcomes given the order."""
    return {
        "given": PROSAIC,
        "phases": list(PHASES),
        "properties": list(PROPERTIES),
        "acquired": [
            {"property": property_, "phase": phase, **answers.both(_acquired(property_, phase))}
            for property_ in PROPERTIES
            for phase in PHASES
        ],
        "order": answers.both(ORDER),
        "pairs": [_pair(answers, left, right) for left, right in combinations(PROPERTIES, 2)],
        "outcome_given_order": [
            {"order": order, "query": _outcome(order), "posterior": by_state(answers.states(_outcome(order)))}
            for order in EMERGENCE_ORDERS
        ],
        "deceptive_through": [
            {"order": order, **answers.both(_deceptive_through(order))} for order in EMERGENCE_ORDERS
        ],
    }


def correction_window(run: RunLike) -> dict[str, Any]:
    """Return the expected correction window at the reference assumptions, in phase lengths, over some of the draws."""
    indicators = {name: parse_event(about) for name, about in run.indicators.items()}
    space = parameter_space(indicators)
    found: dict[str, Any] = {"query": WINDOW}
    for name, draws in (("prior", run.prior_draws()), ("posterior", run.draws())):
        some = evenly(draws, _WINDOW_DRAWS)
        found[name] = estimate(answer_over([parse_query(WINDOW)], space, some, indicators)[0])  # type: ignore[arg-type]
        found["draws"] = len(some)
    return found


def _pair(answers: Answers, left: str, right: str) -> dict[str, Any]:
    first, second = answers.values(_before(left, right)), answers.values(_before(right, left))
    return {
        "left": left,
        "right": right,
        "left_first": {"query": _before(left, right), **estimate(first)},
        "right_first": {"query": _before(right, left), **estimate(second)},
        "neither": estimate(1.0 - first - second),
        "possible": {left, right} != {GOAL_DIRECTED, LONG_TERM_GOALS},
    }


def _acquired(property_: str, phase: str) -> str:
    return f"P({property_}@{phase}=yes | {PROSAIC})"


def _before(first: str, second: str) -> str:
    return f"P({first} < {second} | {PROSAIC})"


def _outcome(order: str) -> str:
    return f"P({MODEL_OUTCOME} | {EMERGENCE_ORDER}={order}, {PROSAIC})"


def _deceptive_through(order: str) -> str:
    return f"P({MODEL_OUTCOME}={OUTCOMES[0]}, {EMERGENCE_ORDER}={order} | {PROSAIC})"
