"""The argument as a general network: the same marginals, through files, draws and other libraries' objects."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

import networkx as nx
import numpy as np
import pytest

from precursor.argument.answer import answer_at
from precursor.argument.export import mean_network, network_at, network_over, networks_over
from precursor.argument.network import graph
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.argument.scenario import Scenario
from precursor.discrete import interchange
from precursor.network.discrete import DiscreteNetwork
from precursor.network.files import FORMATS, dumps, loads
from precursor.network.grammar import parse_event, parse_query
from precursor.problems import InputError
from tests.oracles.random_scenarios import INDICATORS, random_parameters

REGIME = {"fine_tuning_objective": "ai_feedback", "data_rich_domain": "yes", "long_horizon_training": "from_start"}
EVENTS = {name: parse_event(about) for name, about in INDICATORS.items()}
READ = ("goal_pointer@short_horizon_fine_tuning", "model_outcome", "existential_catastrophe", *sorted(INDICATORS))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario("random", random_parameters(np.random.default_rng(23), INDICATORS), REGIME)


@pytest.fixture(scope="module")
def network(scenario: Scenario) -> DiscreteNetwork:
    return network_at(scenario, EVENTS)


def marginal(network: DiscreteNetwork, variable: str) -> np.ndarray:
    """Return a marginal by summing variables out in reverse order of declaration; slow and obvious."""
    known = network.graph()
    needed = {variable, *nx.ancestors(known, variable)}
    letters = {name: i for i, name in enumerate(needed)}
    operands: list[object] = []
    for name in needed:
        operands += [network.tables[name], [letters[one] for one in (*network.parents[name], name)]]
    return np.einsum(*operands, [letters[variable]], optimize="greedy")


def same(found: np.ndarray, expected: Mapping[str, float], states: tuple[str, ...]) -> None:
    np.testing.assert_allclose(found, [expected[state] for state in states], rtol=1e-9, atol=1e-14)


def test_its_graph_is_that_of_the_argument(network: DiscreteNetwork) -> None:
    expected = graph(EVENTS)
    assert set(network.graph().edges) == set(expected.edges)
    assert network.states == {name: expected.nodes[name]["states"] for name in expected}
    assert network.name == "random"


def test_its_marginals_are_the_exact_answers(network: DiscreteNetwork, scenario: Scenario) -> None:
    for name in READ:
        expected = answer_at(parse_query(f"P({name})"), scenario, EVENTS)
        same(marginal(network, name), expected, network.states[name])


def test_another_scenario_has_other_marginals(network: DiscreteNetwork) -> None:
    """The control: the marginals do see the parameters."""
    other = network_at(Scenario("other", random_parameters(np.random.default_rng(24), INDICATORS), REGIME), EVENTS)
    assert all(np.abs(marginal(other, name) - marginal(network, name)).max() > 1e-6 for name in READ)


@pytest.mark.parametrize(
    "format_name", [pytest.param(name, marks=[pytest.mark.slow] * (name != "xdsl")) for name in FORMATS]
)
def test_it_survives_a_file(network: DiscreteNetwork, format_name: str) -> None:
    again = loads(dumps(network, format_name), format_name)
    assert again.equals(network)
    assert again.name == network.name


@pytest.fixture(scope="module")
def space() -> ParameterSpace:
    return parameter_space()


@pytest.fixture(scope="module")
def draws(space: ParameterSpace) -> np.ndarray:
    return space.prior_draws(np.random.default_rng(5), 2)


def test_draws_are_the_networks_at_their_parameters(space: ParameterSpace, draws: np.ndarray) -> None:
    together = network_over(space, draws, REGIME)
    assert together.draws == 2
    (last,) = networks_over(space, draws[1:], REGIME)
    assert together.at_draw(1).equals(last)
    assert not together.at_draw(0).equals(last)
    assert len(together.tables["model_outcome"]) == 2
    # What a state of the training chain is read as is the same in every draw.
    assert len(together.tables["emergence_order"]) == 1
    counted: list[int] = []
    mean = mean_network(space, draws, REGIME, told=counted.append)
    assert counted == [1, 2]
    for name, table in together.mean().tables.items():
        np.testing.assert_allclose(mean.tables[name], table, rtol=0, atol=1e-15)


def test_too_many_draws_are_refused_with_their_size(space: ParameterSpace, draws: np.ndarray) -> None:
    many = np.repeat(draws, 1500, axis=0)
    with pytest.raises(InputError, match=r"3,000 draws of the network would take \d+\.\d GiB"):
        network_over(space, many)
    for over in (network_over, mean_network):
        with pytest.raises(InputError, match="no draws"):
            over(space, draws[:0])


def test_libraries_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    small = DiscreteNetwork({"a": ("x", "y")}, {}, {"a": np.array([0.25, 0.75])})

    def missing(name: str) -> None:
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(interchange, "import_module", missing)
    for convert, package in ((interchange.to_pgmpy, "pgmpy"), (interchange.to_pyagrum, "pyagrum")):
        with pytest.raises(InputError, match=f"{package} is not installed.*pip install {package}"):
            convert(small)


def test_draws_are_no_object_of_another_library() -> None:
    many = DiscreteNetwork({"a": ("x", "y")}, {}, {"a": np.full((2, 2), 0.5)}, draws=2)
    for convert in (interchange.to_pgmpy, interchange.to_pyagrum):
        with pytest.raises(InputError, match="2 draws"):
            convert(many)


def three() -> DiscreteNetwork:
    states = {"b": ("x", "<5", "Asy/Patch"), "a": ("yes", "no"), "c d": ("0", "1.5")}
    tables = {
        "a": np.array([0.25, 0.75]),
        "c d": np.array([[1.0, 0.0], [0.1, 0.9]]),
        "b": np.random.default_rng(3).dirichlet(np.ones(3), (2, 2)),
    }
    return DiscreteNetwork(states, {"b": ("a", "c d"), "c d": ("a",)}, tables)


def test_a_pgmpy_object_holds_the_same_tables() -> None:
    pytest.importorskip("pgmpy")
    network = three()
    made = interchange.to_pgmpy(network)
    assert made.check_model()
    for name, table in network.tables.items():
        factor = made.get_cpds(name)
        assert factor.variables == [name, *network.parents[name]]
        assert factor.state_names[name] == list(network.states[name])
        np.testing.assert_array_equal(np.moveaxis(factor.values, 0, -1), table)


def test_a_pyagrum_object_holds_the_same_tables() -> None:
    pytest.importorskip("pyagrum")
    library = importlib.import_module("pyagrum")
    network = three()
    made = interchange.to_pyagrum(network)
    for name, table in network.tables.items():
        assert made.variable(name).labels() == network.states[name]
        for i in np.ndindex(table.shape):
            chosen = library.Instantiation(made.cpt(name))
            for one, at in zip((*network.parents[name], name), i, strict=True):
                chosen.chgVal(one, at)
            assert made.cpt(name).get(chosen) == table[i]
