"""Deception under each way of training: every training assumption set, in turn, to each of its states."""

from __future__ import annotations

from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate
from precursor.analysis.queries import PROSAIC
from precursor.argument.nodes import MODEL_OUTCOME
from precursor.emergence.regime import TRAINING_ASSUMPTIONS


def queries() -> list[str]:
    """Return the queries that this page needs."""
    return [_set(node, state) for node, states in TRAINING_ASSUMPTIONS.items() for state in states]


def regimes(answers: Answers) -> list[dict[str, Any]]:
    """Return, for each training assumption, P(deceptive) under each state, and how far it moves it from the reference.

    ``against_reference`` is the difference to the first state, taken draw by draw: its interval says whether the sign
    is known, which two overlapping intervals do not.
    """
    return [
        {"assumption": node, "states": [_row(answers, node, state, states[0]) for state in states]}
        for node, states in TRAINING_ASSUMPTIONS.items()
    ]


def _row(answers: Answers, node: str, state: str, reference: str) -> dict[str, Any]:
    values = answers.values(_set(node, state))
    difference = values - answers.values(_set(node, reference))
    return {
        "state": state,
        "reference": state == reference,
        **answers.both(_set(node, state)),
        "against_reference": {**estimate(difference), "share_higher": float(np.mean(difference > 0))},
    }


def _set(node: str, state: str) -> str:
    return f"P({MODEL_OUTCOME}=deceptive | {PROSAIC}, do({node}={state}))"
