"""The same interventions under every training regime and objective: whether an effect holds in all of them.

An effect is against the assumption's reference state, within one draw of the parameters, with the regime and the
objective set and all other assumptions averaged over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate
from precursor.analysis.pathways.interventions import GOVERNANCE, claimed, effect
from precursor.analysis.queries import PROSAIC
from precursor.argument.nodes import MODEL_OUTCOME, OUTCOMES
from precursor.emergence.regime import TRAINING_ASSUMPTIONS

REGIME, OBJECTIVE = "train_deploy_regime", "fine_tuning_objective"
_TRAINING = {node: states for node, states in TRAINING_ASSUMPTIONS.items() if node not in {REGIME, OBJECTIVE}}
# By target; deception does not depend on governance.
OTHERS = {"deceptive": _TRAINING, "catastrophe": {**_TRAINING, **GOVERNANCE}}


def queries() -> list[str]:
    """Return the queries that the table needs: of each target, with a regime, an objective and one assumption set."""
    return [
        _set(target, way, node, state)
        for target, others in OTHERS.items()
        for way in _ways()
        for node, states in others.items()
        for state in states
    ]


def interventions_by_regime(answers: Answers) -> list[dict[str, Any]]:
    """Return one row for each target (``deceptive``, ``catastrophe``), regime, objective and non-reference state.

    Keys: ``target``, ``regime``, ``objective``, ``node``, ``state``, ``query``, ``probability``, ``against_reference``
    (see `interventions.effect`), ``claimed`` (of deception only, see `interventions.claimed`).
    """
    return [
        _row(answers, (target, way, node, state), states[0])
        for target, others in OTHERS.items()
        for way in _ways()
        for node, states in others.items()
        for state in states[1:]
    ]


def _row(answers: Answers, key: tuple[str, tuple[str, str], str, str], reference: str) -> dict[str, Any]:
    target, way, node, state = key
    query = _set(*key)
    values = answers.values(query)
    difference = values - answers.values(_set(target, way, node, reference))
    return {
        "target": target,
        "regime": way[0],
        "objective": way[1],
        "node": node,
        "state": state,
        "query": query,
        "probability": estimate(values),
        "against_reference": effect(difference),
        "claimed": claimed(node, state, difference) if target == "deceptive" else None,
    }


def _ways() -> Iterator[tuple[str, str]]:
    for regime in TRAINING_ASSUMPTIONS[REGIME]:
        for objective in TRAINING_ASSUMPTIONS[OBJECTIVE]:
            yield regime, objective


def _set(target: str, way: tuple[str, str], node: str, state: str) -> str:
    do = f"do({REGIME}={way[0]}, {OBJECTIVE}={way[1]}, {node}={state})"
    if target == "deceptive":
        return f"P({MODEL_OUTCOME}={OUTCOMES[0]} | {PROSAIC}, {do})"
    return f"P(existential_catastrophe=yes | {do})"
