"""The three rules of do-calculus (Pearl 1995): where the graphical condition holds, the equality must.

The tables are random and positive, so where the condition fails the two sides differ: that is the negative control.
"""

import itertools
from collections.abc import Iterator, Sequence

import networkx as nx
import numpy as np
import pytest

from precursor.discrete.network import Network
from precursor.network.discrete import DiscreteNetwork
from tests.discrete.random_networks import random_network

Case = tuple[str, str, str, str]


def cases(network: DiscreteNetwork, rng: np.random.Generator, count: int) -> Iterator[Case]:
    """Yield disjoint y, x, z, w."""
    names = list(network.states)
    for _ in range(count):
        y, x, z, w = (names[i] for i in rng.permutation(len(names))[:4])
        yield y, x, z, w


def without(graph: nx.DiGraph, *, into: Sequence[str] = (), out_of: Sequence[str] = ()) -> nx.DiGraph:
    cut = graph.copy()
    cut.remove_edges_from([(a, b) for a, b in graph.edges if b in into or a in out_of])
    return cut


def rule_1(graph: nx.DiGraph, case: Case) -> tuple[bool, str, str]:
    """P(y | do(x), z, w) = P(y | do(x), w) if y and z are separated by x, w once arrows into x are cut."""
    y, x, z, w = case
    holds = nx.is_d_separator(without(graph, into=[x]), {y}, {z}, {x, w})
    return holds, f"P({y} | do({x}=s0), {z}=s1, {w}=s0)", f"P({y} | do({x}=s0), {w}=s0)"


def rule_2(graph: nx.DiGraph, case: Case) -> tuple[bool, str, str]:
    """P(y | do(x), do(z), w) = P(y | do(x), z, w) if separated once arrows into x and out of z are cut."""
    y, x, z, w = case
    holds = nx.is_d_separator(without(graph, into=[x], out_of=[z]), {y}, {z}, {x, w})
    return holds, f"P({y} | do({x}=s0), do({z}=s1), {w}=s0)", f"P({y} | do({x}=s0), {z}=s1, {w}=s0)"


def rule_3(graph: nx.DiGraph, case: Case) -> tuple[bool, str, str]:
    """P(y | do(x), do(z), w) = P(y | do(x), w) if separated once arrows into x, and into z unless above w, are cut."""
    y, x, z, w = case
    above_w = nx.ancestors(without(graph, into=[x]), w)
    holds = nx.is_d_separator(without(graph, into=[x] if z in above_w else [x, z]), {y}, {z}, {x, w})
    return holds, f"P({y} | do({x}=s0), do({z}=s1), {w}=s0)", f"P({y} | do({x}=s0), {w}=s0)"


@pytest.mark.parametrize("rule", [rule_1, rule_2, rule_3])
def test_rule(rule):
    rng = np.random.default_rng(1)
    held = failed = differ = 0
    for seed in range(60):
        network = random_network(seed, nodes=6, most_states=2)
        net, graph = Network(network), network.graph()
        for case in itertools.islice(cases(network, rng, 4), 4):
            holds, left, right = rule(graph, case)
            gap = float(np.abs(net.query(left).values - net.query(right).values).max())
            if holds:
                held += 1
                assert gap < 1e-12, (left, right)
            else:
                failed += 1
                differ += gap > 1e-6
    assert held > 20
    assert differ > 0.9 * failed > 20
