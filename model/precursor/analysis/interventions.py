"""What each way of training, deploying and governing would change: every assumption, set in turn to each state.

An effect is a difference within one draw of the parameters: against the first (reference) state, and against the
assumption as it is, averaged over.  Its sign is that of its mean, and the probability of the sign is the share of draws
that agree; two overlapping intervals do not say as much.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate
from precursor.analysis.queries import CATASTROPHE, DECEPTIVE, PROSAIC
from precursor.argument.nodes import ASSUMPTIONS, MODEL_OUTCOME, OUTCOMES
from precursor.emergence.regime import TRAINING_ASSUMPTIONS

SETTABLE = {**ASSUMPTIONS, "governance": ("strong", "weak")}


def queries() -> list[str]:
    """Return the queries that the table needs."""
    return [
        CATASTROPHE,
        DECEPTIVE,
        *(_set(target, node, state) for target, node, states in _tables() for state in states),
    ]


def interventions(answers: Answers) -> list[dict[str, Any]]:
    """Return one row for each target (``deceptive``, ``catastrophe``), assumption and state.

    Keys: ``target``, ``node``, ``state``, ``reference`` (whether it is the first state), ``query``, ``probability``,
    ``against_reference`` and ``against_present`` (estimates with ``sign``, -1, 0 or 1, and ``probability_of_sign``).
    Deception is asked of prosaic systems only, and does not depend on governance.
    """
    present = {"deceptive": answers.values(DECEPTIVE), "catastrophe": answers.values(CATASTROPHE)}
    rows = []
    for target, node, states in _tables():
        reference = answers.values(_set(target, node, states[0]))
        for state in states:
            query = _set(target, node, state)
            values = answers.values(query)
            rows.append(
                {
                    "target": target,
                    "node": node,
                    "state": state,
                    "reference": state == states[0],
                    "query": query,
                    "probability": estimate(values),
                    "against_reference": effect(values - reference),
                    "against_present": effect(values - present[target]),
                }
            )
    return rows


def effect(differences: np.ndarray) -> dict[str, Any]:
    """Return an estimate of differences, (draw,), with the sign of their mean and the share of draws that have it."""
    sign = int(np.sign(np.mean(differences)))
    return {
        **estimate(differences),
        "sign": sign,
        "probability_of_sign": float(np.mean(np.sign(differences) == sign)),
    }


def _tables() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for node, states in TRAINING_ASSUMPTIONS.items():
        yield "deceptive", node, states
    for node, states in SETTABLE.items():
        yield "catastrophe", node, states


def _set(target: str, node: str, state: str) -> str:
    if target == "deceptive":
        return f"P({MODEL_OUTCOME}={OUTCOMES[0]} | {PROSAIC}, do({node}={state}))"
    return f"P(existential_catastrophe=yes | do({node}={state}))"
