"""The nodes of the argument and their states, reference state first.

Everything that can stand in a query is declared here; how a table is filled is in `argument.parameters` and
`argument.downstream`, how the training chain moves is in `emergence`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from precursor.emergence.histories import (
    DEPLOYMENT,
    EMERGENCE_ORDER,
    EMERGENCE_ORDERS,
    GOAL_POINTER,
    PHASES,
    POINTER_STATES,
    PROPERTIES,
)
from precursor.emergence.regime import TRAINING_ASSUMPTIONS

YES_NO = ("yes", "no")

ASSUMPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tai_by_2100": YES_NO,
        "prosaic_paradigm": YES_NO,
        **TRAINING_ASSUMPTIONS,
    }
)

MODEL_OUTCOME = "model_outcome"
OUTCOMES = ("deceptive", "proxy", "base_goal", "not_goal_directed")

DOWNSTREAM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "governance": ("strong", "weak"),
        "deceptive_defection": YES_NO,
        "oversight_contains": YES_NO,
        "deception_catastrophe": YES_NO,
        "direct_reward_optimizer": YES_NO,
        "aligned": YES_NO,
        "reward_catastrophe": YES_NO,
        "proxy_catastrophe": YES_NO,
        "multipolar_catastrophe": YES_NO,
        "existential_catastrophe": YES_NO,
        "human_extinction": YES_NO,
    }
)

PATHWAYS = ("deception_catastrophe", "reward_catastrophe", "proxy_catastrophe", "multipolar_catastrophe")

# Nodes read off the training chain; each property and the pointer also exist as `node@phase`.
CHAIN_READINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**dict.fromkeys(PROPERTIES, YES_NO), GOAL_POINTER: POINTER_STATES, EMERGENCE_ORDER: EMERGENCE_ORDERS}
)
READ_AT_PHASES = (*PROPERTIES, GOAL_POINTER)

NODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {**ASSUMPTIONS, **CHAIN_READINGS, MODEL_OUTCOME: OUTCOMES, **DOWNSTREAM}
)

__all__ = [
    "ASSUMPTIONS", "CHAIN_READINGS", "DEPLOYMENT", "DOWNSTREAM", "MODEL_OUTCOME", "NODES", "OUTCOMES", "PATHWAYS",
    "PHASES", "READ_AT_PHASES", "YES_NO",
]  # fmt: skip
