"""Properties, phases and histories: the vocabulary of the training chain.

A *history* is the ordered tuple of the foundational properties acquired so far.  Long-term goals can only be acquired
after goal-directedness, which leaves 35 of the 65 ordered tuples of four things.
"""

from __future__ import annotations

from functools import cache
from itertools import permutations

GOAL_DIRECTED = "goal_directed"
LONG_TERM_GOALS = "long_term_goals"
BASE_GOAL_UNDERSTOOD = "base_goal_understood"
SITUATIONALLY_AWARE = "situationally_aware"
PROPERTIES = (GOAL_DIRECTED, LONG_TERM_GOALS, BASE_GOAL_UNDERSTOOD, SITUATIONALLY_AWARE)

PRETRAINING = "pretraining"
SHORT = "short_horizon_fine_tuning"
LONG = "long_horizon_fine_tuning"
DEPLOYMENT = "deployment"
TRAINING_PHASES = (PRETRAINING, SHORT, LONG)
FINE_TUNING_PHASES = (SHORT, LONG)
PHASES = (*TRAINING_PHASES, DEPLOYMENT)

GOAL_POINTER = "goal_pointer"
POINTER_STATES = ("none", "proxy", "base")
EMERGENCE_ORDER = "emergence_order"
EMERGENCE_ORDERS = ("no_goal", "understanding_first", "goal_then_understanding", "long_horizon_first", "goal_only")
CORRECTION_WINDOW = "correction_window"

History = tuple[str, ...]


@cache
def histories() -> tuple[History, ...]:
    """Return the 35 histories, shortest first."""
    ordered = (tuple_ for length in range(len(PROPERTIES) + 1) for tuple_ in permutations(PROPERTIES, length))
    return tuple(history for history in ordered if _possible(history))


def _possible(history: History) -> bool:
    return LONG_TERM_GOALS not in history or GOAL_DIRECTED in history[: history.index(LONG_TERM_GOALS)]


def acquired_before(history: History, first: str, second: str) -> bool:
    """Return whether ``first`` was acquired and ``second`` later or never."""
    return first in history and (second not in history or history.index(first) < history.index(second))


def emergence_order(history: History) -> str:
    """Return the state of ``emergence_order`` that a history belongs to."""
    if GOAL_DIRECTED not in history:
        return "no_goal"
    if acquired_before(history, BASE_GOAL_UNDERSTOOD, GOAL_DIRECTED):
        return "understanding_first"
    if acquired_before(history, LONG_TERM_GOALS, BASE_GOAL_UNDERSTOOD):
        return "long_horizon_first"
    return "goal_then_understanding" if BASE_GOAL_UNDERSTOOD in history else "goal_only"
