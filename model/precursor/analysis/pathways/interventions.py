"""What each way of training, deploying and governing would change: every assumption, set in turn to each state.

An effect is a difference within one draw of the parameters: against the first (reference) state, and against the
assumption as it is, averaged over.  Its sign is that of its mean, and the probability of the sign is the share of draws
that agree; two overlapping intervals do not say as much.

Where one of the two sides says what a way of training does to deception, the row also has the probability that the
effect is as *claimed* (`CLAIMS`, our reading).  A claim of no difference counts as met within one percentage point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate
from precursor.analysis.queries import CATASTROPHE, DECEPTIVE, PROSAIC
from precursor.argument.nodes import ASSUMPTIONS, MODEL_OUTCOME, OUTCOMES
from precursor.emergence.regime import TRAINING_ASSUMPTIONS

GOVERNANCE = {"governance": ("strong", "weak")}
SETTABLE = {**ASSUMPTIONS, **GOVERNANCE}
NO_DIFFERENCE = 0.01
SAYS = MappingProxyType({1: "more", 0: "no difference", -1: "less"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What a side says a state does to P(deceptive), against the reference: +1 more, -1 less, 0 no difference."""

    sign: int
    by: str
    reason: str


CLAIMS: Mapping[tuple[str, str], Claim] = MappingProxyType(
    {
        ("unsupervised_pretraining", "absent"): Claim(+1, "argument", "pre-training is where understanding comes from"),
        ("fine_tuning_objective", "ai_feedback"): Claim(0, "argument", "the order of emergence stays the same"),
        ("fine_tuning_objective", "task_automation"): Claim(0, "argument", "a language part and directions remain"),
        ("data_rich_domain", "no"): Claim(+1, "argument", "with little data understanding may come late"),
        ("goal_prompting", "no"): Claim(+1, "argument", "stating the goal is what makes it understood early"),
        ("long_horizon_training", "from_start"): Claim(
            +1, "argument", "long goals only after short ones leave a window"
        ),
        ("long_horizon_training", "none"): Claim(-1, "argument", "long goals come of being trained on purpose"),
        ("train_deploy_regime", "alternating"): Claim(0, "argument", "nothing in deployment pulls the other way"),
        ("train_deploy_regime", "continual_same"): Claim(0, "argument", "deployment pushes the way training does"),
        ("train_deploy_regime", "continual_opposed"): Claim(+1, "argument", "the danger that evolution shows"),
        ("deployment_memory", "carried"): Claim(+1, "argument", "a fresh prompt keeps deployment from being recalled"),
        ("objective_revision", "between_phases"): Claim(+1, "critics", "an old goal is defended against a new aim"),
        ("differential_adversarial_examples", "absent"): Claim(-1, "definition", "an unseen proxy need not deceive"),
    }
)


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
    ``against_reference`` and ``against_present`` (estimates with ``sign``, -1, 0 or 1, and ``probability_of_sign``),
    ``claimed`` (see `claimed`).  Deception is asked of prosaic systems only, and does not depend on governance.
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
                    "claimed": claimed(node, state, values - reference) if target == "deceptive" else None,
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


def claimed(node: str, state: str, differences: np.ndarray) -> dict[str, Any] | None:
    """Return what is claimed of a state's effect on deception, and the share of draws, (draw,), in which it is so.

    Keys: ``sign``, ``says`` (in words), ``by`` (``argument``, ``critics``, ``definition``), ``reason``,
    ``probability``.  ``None`` where nobody claims anything.
    """
    claim = CLAIMS.get((node, state))
    if claim is None:
        return None
    met = np.abs(differences) < NO_DIFFERENCE if claim.sign == 0 else np.sign(differences) == claim.sign
    return {
        "sign": claim.sign,
        "says": SAYS[claim.sign],
        "by": claim.by,
        "reason": claim.reason,
        "probability": float(np.mean(met)),
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
