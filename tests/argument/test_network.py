"""The explicit network: a graph, and tables whose brute-force sum gives the answers of the exact queries."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np
import pytest

from precursor.argument.answer import answer_at
from precursor.argument.network import chain_states, graph, hidden, tables
from precursor.argument.nodes import NODES, PHASES, READ_AT_PHASES
from precursor.argument.scenario import Scenario
from precursor.network.grammar import DistributionQuery, Event, StateEvent, parse_query
from precursor.network.table import ConditionalTable
from tests.oracles.random_scenarios import INDICATORS, random_parameters

REGIME = {
    "tai_by_2100": "yes",
    "goal_prompting": "no",
    "fine_tuning_objective": "ai_feedback",
    "data_rich_domain": "yes",
}
QUERIES = [
    "P(model_outcome)",
    "P(goal_pointer@long_horizon_fine_tuning | situationally_aware@pretraining=yes)",
    "P(emergence_order | train_deploy_regime=continual_opposed, deployment_memory=carried)",
    "P(human_extinction | goal_directed=yes, governance=weak)",
    "P(train_deploy_regime | long_term_goals=yes, model_outcome=deceptive)",
    "P(unsupervised_pretraining | base_goal_understood@short_horizon_fine_tuning=no)",
    "P(differential_adversarial_examples | aligned=yes)",
    "P(crux | warning_shot=yes)",
    "P(goal_pointer | pointer_probe=yes, order_study=no)",
]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario("random", random_parameters(np.random.default_rng(17), INDICATORS), REGIME)


@pytest.fixture(scope="module")
def network(scenario: Scenario, indicators: Mapping[str, Event]) -> Mapping[str, ConditionalTable]:
    return tables(scenario, indicators)


def brute_force(
    network: Mapping[str, ConditionalTable], indicators: Mapping[str, Event], query: DistributionQuery
) -> dict[str, float]:
    """Return a conditional distribution by one sum over the tables of all ancestors."""
    target, evidence = str(query.variable), [event for event in query.given.evidence if isinstance(event, StateEvent)]
    asked = {target, *(str(event.variable) for event in evidence)}
    known = graph(indicators)
    needed = sorted(asked.union(*(nx.ancestors(known, node) for node in asked)))
    axis = {node: i for i, node in enumerate(needed)}
    operands: list[object] = []
    for node in needed:
        table = network[node].probabilities
        operands += [table.values, [axis[str(name)] for name in table.dims]]
    for event in evidence:
        states = known.nodes[str(event.variable)]["states"]
        operands += [np.array([float(state == event.state) for state in states]), [axis[str(event.variable)]]]
    mass = np.einsum(*operands, [axis[target]], optimize="greedy")
    return dict(zip(known.nodes[target]["states"], (mass / mass.sum()).tolist(), strict=True))


@pytest.mark.parametrize("text", QUERIES)
def test_summing_over_the_tables_gives_the_exact_answer(
    text: str, scenario: Scenario, indicators: Mapping[str, Event], network: Mapping[str, ConditionalTable]
) -> None:
    query = parse_query(text)
    assert isinstance(query, DistributionQuery)
    assert brute_force(network, indicators, query) == pytest.approx(answer_at(query, scenario, indicators), abs=1e-9)


def test_another_scenarios_tables_give_another_answer(
    indicators: Mapping[str, Event], network: Mapping[str, ConditionalTable]
) -> None:
    """Negative control."""
    other = Scenario("other", random_parameters(np.random.default_rng(18), INDICATORS), REGIME)
    query = parse_query(QUERIES[0])
    assert isinstance(query, DistributionQuery)
    assert brute_force(network, indicators, query) != pytest.approx(answer_at(query, other, indicators), abs=1e-3)


def test_the_graph_is_acyclic_and_holds_every_node(indicators: Mapping[str, Event]) -> None:
    found = graph(indicators)
    assert nx.is_directed_acyclic_graph(found)
    expected = {*NODES, *indicators, *map(hidden, PHASES), *(f"{n}@{p}" for n in READ_AT_PHASES for p in PHASES[:-1])}
    assert set(found) == expected
    for node, states in NODES.items():
        assert found.nodes[node]["states"] == states
    assert len(chain_states()) == len(set(chain_states())) == 65


def test_tables_have_the_graphs_parents(
    indicators: Mapping[str, Event], network: Mapping[str, ConditionalTable]
) -> None:
    known = graph(indicators)
    assert set(network) == set(known)
    for node in known:
        assert set(network[node].parents) == set(known.predecessors(node)), node
        assert network[node].states == known.nodes[node]["states"]


def test_the_regime_is_certain(network: Mapping[str, ConditionalTable]) -> None:
    for node, state in REGIME.items():
        assert float(network[node].probabilities.sel({node: state})) == 1.0
