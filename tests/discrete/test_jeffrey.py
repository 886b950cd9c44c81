"""Soft evidence: the marginals wanted hold afterwards, and nothing else is changed more than it must be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.discrete.network import Network
from precursor.network.discrete import DiscreteNetwork
from precursor.problems import InputError
from tests.discrete.random_networks import joint_of, networks

quick = settings(max_examples=40, deadline=None)
SEEDS = st.integers(0, 2**32 - 1)


def soft(network: DiscreteNetwork, node: str, rng: np.random.Generator) -> dict[str, float]:
    return dict(zip(network.states[node], map(float, rng.dirichlet(np.ones(len(network.states[node])))), strict=True))


@quick
@given(networks(), SEEDS)
def test_jeffrey_keeps_the_soft_marginal_and_the_conditionals(network: DiscreteNetwork, seed: int):
    rng = np.random.default_rng(seed)
    node = list(network.states)[int(rng.integers(len(network.states)))]
    wanted = soft(network, node, rng)
    net = Network(network)
    after = net.marginals(soft_evidence={node: wanted})
    np.testing.assert_allclose(after[node].values, list(wanted.values()), rtol=0, atol=1e-12)
    expected = joint_of(network).jeffrey(node, list(wanted.values()))
    for other in network.states:
        np.testing.assert_allclose(after[other].values, expected.marginal(other), rtol=0, atol=1e-12)


@quick
@given(networks(most_states=2), SEEDS)
def test_several_soft_marginals_hold_together_given_evidence(network: DiscreteNetwork, seed: int):
    rng = np.random.default_rng(seed)
    names = [str(name) for name in rng.permutation(list(network.states))]
    wanted = {name: soft(network, name, rng) for name in names[1:3]}
    after = Network(network).marginals({names[0]: "s1"}, soft_evidence=wanted)
    expected = joint_of(network).given({names[0]: 1}).fitted({n: list(w.values()) for n, w in wanted.items()})
    for node in network.states:
        np.testing.assert_allclose(after[node].values, expected.marginal(node), rtol=0, atol=1e-8)
    for node, values in wanted.items():
        np.testing.assert_allclose(after[node].values, list(values.values()), rtol=0, atol=1e-11)


def test_soft_evidence_is_neither_virtual_evidence_nor_a_soft_intervention():
    """The negative control of the laws above: the three operations differ."""
    states = {"x": ("a", "b"), "y": ("a", "b")}
    tables = {"x": np.array([0.2, 0.8]), "y": np.array([[0.9, 0.1], [0.3, 0.7]])}
    net = Network(DiscreteNetwork(states, {"y": ("x",)}, tables))
    given_as = {"y": {"a": 0.3, "b": 0.7}}
    found = {
        kind: net.query("P(x=a)", **{kind: given_as})
        for kind in ("soft_evidence", "virtual_evidence", "soft_intervention")
    }
    assert len({round(value, 6) for value in found.values()}) == 3
    assert found["soft_intervention"] == pytest.approx(0.2)


COPY = DiscreteNetwork(
    {"x": ("a", "b"), "copy": ("a", "b"), "never": ("a", "b")},
    {"copy": ("x",)},
    {"x": np.array([0.4, 0.6]), "copy": np.eye(2), "never": np.array([1.0, 0.0])},
)


def test_what_cannot_be_attained_is_refused():
    with pytest.raises(InputError, match="impossible here"):
        Network(COPY).query("P(x)", soft_evidence={"never": {"a": 0.5, "b": 0.5}})
    with pytest.raises(InputError, match="impossible here"):
        Network(COPY).query("P(never | x=a)", soft_evidence={"x": {"a": 0.5, "b": 0.5}})
    with pytest.raises(InputError, match="not reached"):
        Network(COPY).query("P(x)", soft_evidence={"x": {"a": 0.5, "b": 0.5}, "copy": {"a": 0.4, "b": 0.6}})
    agreed = {"a": 0.1, "b": 0.9}
    assert Network(COPY).query("P(x=a)", soft_evidence={"x": agreed, "copy": agreed}) == pytest.approx(0.1)
    assert Network(COPY).query("P(copy=a)", soft_evidence={"x": {"a": 1.0, "b": 0.0}}) == 1.0
