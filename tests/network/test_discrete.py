"""The declaration of a discrete network: frozen, normalised, and refused with everything that is wrong."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.network.discrete import SUM_TOLERANCE, DiscreteNetwork, cycle
from precursor.problems import InputError
from tests.network.strategies import networks

STATES = {"a": ("y", "n"), "b": ("x", "y", "z")}
PARENTS = {"b": ("a",)}
TABLES = {"a": np.array([0.25, 0.75]), "b": np.array([[0.5, 0.25, 0.25], [0.0, 0.0, 1.0]])}


def test_what_it_holds() -> None:
    network = DiscreteNetwork(STATES, PARENTS, TABLES, "two")
    assert network.variables == ("a", "b")
    assert network.parents == {"a": (), "b": ("a",)}
    assert network.shape("b") == (2, 3)
    graph = network.graph()
    assert list(graph.edges) == [("a", "b")]
    assert graph.nodes["b"]["states"] == ("x", "y", "z")
    graph.remove_node("a")
    assert list(network.graph().edges) == [("a", "b")]
    assert network.single() is network
    assert network.mean() is network


def test_it_is_a_copy_that_cannot_be_written_to() -> None:
    given_tables = {name: table.copy() for name, table in TABLES.items()}
    network = DiscreteNetwork(STATES, PARENTS, given_tables)
    given_tables["a"][:] = [1.0, 0.0]
    assert network.tables["a"].tolist() == [0.25, 0.75]
    with pytest.raises(ValueError, match="read-only"):
        network.tables["a"][0] = 1.0
    with pytest.raises(TypeError):
        network.states["c"] = ("x",)  # type: ignore[index]


@given(networks())
def test_rows_that_sum_to_one_up_to_rounding_keep_every_bit(network: DiscreteNetwork) -> None:
    again = DiscreteNetwork(network.states, network.parents, network.tables)
    assert again.equals(network)


def test_rows_within_the_tolerance_are_divided_by_their_sum() -> None:
    table = np.array([0.25, 0.75 + 0.9 * SUM_TOLERANCE])
    network = DiscreteNetwork({"a": ("y", "n")}, {}, {"a": table})
    np.testing.assert_allclose(network.tables["a"], table / table.sum(), rtol=1e-15)
    with pytest.raises(InputError, match="sums to"):
        DiscreteNetwork({"a": ("y", "n")}, {}, {"a": table + SUM_TOLERANCE})


@pytest.mark.parametrize(
    ("changes", "messages"),
    [
        ({"states": {}, "parents": {}, "tables": {}}, ["no variables"]),
        ({"states": {"a": (), "b": ("x", "x", "z")}}, ["'a' has no states", "'b' has the state 'x' more than once"]),
        ({"states": {"a": ("y", "\ud800"), "b": ("x", "y", "z")}}, ["not a name"]),
        ({"parents": {"b": ("a", "a", "q"), "r": ()}}, ["unknown variable 'r'", "'a' more than once", "parent 'q'"]),
        ({"parents": {"b": ("a",), "a": ("b",)}}, ["a cycle"]),
        ({"parents": {"b": ("b",)}}, ["a cycle: b -> b"]),
        ({"tables": {"q": TABLES["a"]}}, ["'a' has no table", "'b' has no table", "unknown variable 'q'"]),
        ({"tables": {**TABLES, "b": TABLES["b"].T}}, ["'b' has the shape (3, 2)"]),
        ({"tables": {**TABLES, "a": np.array(["x", "y"])}}, ["not an array of numbers"]),
        ({"tables": {**TABLES, "a": np.array([-0.25, 1.25])}}, ["holds -0.25 at (0,)"]),
        ({"tables": {**TABLES, "a": np.array([np.nan, 1.0])}}, ["holds nan at (0,)"]),
        ({"tables": {**TABLES, "a": np.array([np.inf, 1.0])}}, ["holds inf at (0,)"]),
        ({"tables": {**TABLES, "b": TABLES["b"] * [[1.0], [1.1]]}}, ["sums to 1.1 at (1,)"]),
        ({"draws": 0}, ["0 draws"]),
        ({"draws": 2}, ["'a' has the shape (2,)", "'b' has the shape (2, 3)"]),
        ({"draws": 3, "tables": {"a": np.full((2, 2), 0.5), "b": TABLES["b"][None]}}, ["'a' has the shape (2, 2)"]),
    ],
)
def test_everything_that_is_wrong_is_said(changes: dict, messages: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        DiscreteNetwork(**{"states": STATES, "parents": PARENTS, "tables": TABLES, **changes})
    found = [problem.message for problem in caught.value.problems]
    assert len(found) == len(messages), found
    assert all(any(words in message for message in found) for words in messages), found


def test_draws() -> None:
    tables = {"a": np.array([[0.25, 0.75], [0.5, 0.5]]), "b": TABLES["b"][None]}
    network = DiscreteNetwork(STATES, PARENTS, tables, draws=2)
    assert network.at_draw(1).tables["a"].tolist() == [0.5, 0.5]
    assert network.at_draw(0).equals(DiscreteNetwork(STATES, PARENTS, TABLES))
    assert network.at_draw(1).tables["b"].tolist() == TABLES["b"].tolist()
    assert network.mean().tables["a"].tolist() == [0.375, 0.625]
    assert network.shape("b") == (2, 3)
    for draw in (-1, 2):
        with pytest.raises(InputError, match="no draw"):
            network.at_draw(draw)
    with pytest.raises(InputError, match="2 draws"):
        network.single()
    with pytest.raises(InputError, match="no draw"):
        network.at_draw(0).at_draw(0)
    assert not network.equals(network.mean())


@given(
    st.integers(1, 7).flatmap(lambda n: st.lists(st.lists(st.integers(0, n - 1), unique=True), min_size=n, max_size=n))
)
def test_a_cycle_is_found_exactly_where_there_is_one(edges: list[list[int]]) -> None:
    parents = {str(child): tuple(map(str, named)) for child, named in enumerate(edges)}
    graph = nx.DiGraph((parent, child) for child, named in parents.items() for parent in named)
    found = cycle(parents)
    assert bool(found) == (not nx.is_directed_acyclic_graph(graph))
    assert all(earlier in parents[later] for earlier, later in pairwise(found))
    if found:
        assert found[0] == found[-1]
        assert len(set(found)) == len(found) - 1
