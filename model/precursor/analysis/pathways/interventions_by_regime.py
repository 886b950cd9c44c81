"""The same interventions under every training regime and objective: whether an effect holds in all of them.

An effect is against the assumption's reference state, within one draw of the parameters, with the regime and the
objective set and all other assumptions averaged over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import estimate
from precursor.analysis.pathways.interventions import claimed, effect
from precursor.analysis.queries import PROSAIC
from precursor.argument.nodes import MODEL_OUTCOME, OUTCOMES
from precursor.emergence.regime import TRAINING_ASSUMPTIONS

REGIME, OBJECTIVE = "train_deploy_regime", "fine_tuning_objective"
OTHERS = {node: states for node, states in TRAINING_ASSUMPTIONS.items() if node not in {REGIME, OBJECTIVE}}


def queries() -> list[str]:
    """Return the queries that the table needs: P(deceptive) with a regime, an objective and one more assumption set."""
    return [_set(*ways, node, state) for ways in _ways() for node, states in OTHERS.items() for state in states]


def interventions_by_regime(answers: Answers) -> list[dict[str, Any]]:
    """Return one row for each regime, objective and state that is not the reference.

    Keys: ``regime``, ``objective``, ``node``, ``state``, ``query``, ``probability``, ``against_reference`` (see
    `interventions.effect`), ``claimed`` (see `interventions.claimed`).
    """
    rows = []
    for regime, objective in _ways():
        for node, (first, *states) in OTHERS.items():
            reference = answers.values(_set(regime, objective, node, first))
            for state in states:
                query = _set(regime, objective, node, state)
                values = answers.values(query)
                rows.append(
                    {
                        "regime": regime,
                        "objective": objective,
                        "node": node,
                        "state": state,
                        "query": query,
                        "probability": estimate(values),
                        "against_reference": effect(values - reference),
                        "claimed": claimed(node, state, values - reference),
                    }
                )
    return rows


def _ways() -> Iterator[tuple[str, str]]:
    for regime in TRAINING_ASSUMPTIONS[REGIME]:
        for objective in TRAINING_ASSUMPTIONS[OBJECTIVE]:
            yield regime, objective


def _set(regime: str, objective: str, node: str, state: str) -> str:
    do = f"do({REGIME}={regime}, {OBJECTIVE}={objective}, {node}={state})"
    return f"P({MODEL_OUTCOME}={OUTCOMES[0]} | {PROSAIC}, {do})"
