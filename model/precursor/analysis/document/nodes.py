"""The network as it is drawn: every node with its distribution, and who listens to whom."""

from __future__ import annotations

from typing import Any

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import by_state
from precursor.analysis.queries import PROSAIC, TAI
from precursor.argument.downstream import PARENTS
from precursor.argument.nodes import ASSUMPTIONS, CHAIN_READINGS, DOWNSTREAM, MODEL_OUTCOME, NODES
from precursor.emergence.histories import (
    BASE_GOAL_UNDERSTOOD,
    EMERGENCE_ORDER,
    GOAL_DIRECTED,
    GOAL_POINTER,
    LONG_TERM_GOALS,
    PROPERTIES,
    SITUATIONALLY_AWARE,
)

TRAINING = "training"  # stands for all of the training chain, in an edge

# kind: causes (a table's parent), brings (acts on the chain as a whole), hastens (a coupling inside the chain)
_TRAINING_EDGES: tuple[tuple[str, str, str], ...] = (
    ("unsupervised_pretraining", TRAINING, "brings"),
    ("train_deploy_regime", TRAINING, "brings"),
    ("fine_tuning_objective", BASE_GOAL_UNDERSTOOD, "causes"),
    ("fine_tuning_objective", GOAL_POINTER, "causes"),
    ("data_rich_domain", BASE_GOAL_UNDERSTOOD, "causes"),
    ("goal_prompting", BASE_GOAL_UNDERSTOOD, "causes"),
    ("long_horizon_training", LONG_TERM_GOALS, "causes"),
    ("deployment_memory", SITUATIONALLY_AWARE, "causes"),
    ("objective_revision", GOAL_POINTER, "causes"),
    ("differential_adversarial_examples", GOAL_POINTER, "causes"),
    ("differential_adversarial_examples", MODEL_OUTCOME, "causes"),
    ("prosaic_paradigm", MODEL_OUTCOME, "causes"),
    (GOAL_DIRECTED, LONG_TERM_GOALS, "causes"),
    (GOAL_DIRECTED, GOAL_POINTER, "causes"),
    (BASE_GOAL_UNDERSTOOD, GOAL_POINTER, "causes"),
    (SITUATIONALLY_AWARE, LONG_TERM_GOALS, "hastens"),
    (LONG_TERM_GOALS, SITUATIONALLY_AWARE, "hastens"),
    (SITUATIONALLY_AWARE, BASE_GOAL_UNDERSTOOD, "hastens"),
    *((property_, MODEL_OUTCOME, "causes") for property_ in (*PROPERTIES, GOAL_POINTER)),
)


def node_query(node: str) -> str:
    """Return the query of a node's distribution: training given the prosaic paradigm, all that follows given TAI."""
    if node in ASSUMPTIONS:
        return f"P({node})"
    return f"P({node} | {TAI if node in DOWNSTREAM else PROSAIC})"


def queries() -> list[str]:
    """Return the queries that this page needs."""
    return [node_query(node) for node in NODES]


def nodes(answers: Answers) -> list[dict[str, Any]]:
    """Return every node with its part, its states and their estimates, before and after the data."""
    return [{"node": node, "part": part_of(node), **answers.both(node_query(node))} for node in NODES]


def shown_nodes(answers: Answers) -> list[dict[str, Any]]:
    """Return what a picture of the network needs of every node: its part, and its states by the answers as they are."""
    return [
        {"node": node, "part": part_of(node), "posterior": by_state(answers.states(node_query(node)))} for node in NODES
    ]


def edges() -> list[dict[str, str]]:
    """Return the arrows of the network as drawn: the four properties and the pointer stand for the training chain."""
    downstream = [(parent, node, "causes") for node, parents in PARENTS.items() for parent in parents]
    drawn = [*_TRAINING_EDGES, (TRAINING, EMERGENCE_ORDER, "brings"), *downstream]
    return [{"from": start, "to": end, "kind": kind} for start, end, kind in drawn]


def part_of(node: str) -> str:
    """Return the part of the network to which a node belongs: assumption, training, outcome, downstream."""
    if node in ASSUMPTIONS:
        return "assumption"
    if node in CHAIN_READINGS:
        return "training"
    return "outcome" if node == MODEL_OUTCOME else "downstream"
