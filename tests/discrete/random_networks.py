"""Random small networks, as hypothesis strategies."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from precursor.network.discrete import DiscreteNetwork
from tests.oracles.brute_force import Joint


def random_network(
    seed: int,
    *,
    nodes: int = 5,
    most_states: int = 3,
    zeros: float = 0.0,
    draws: int | None = None,
    most_parents: int = 3,
) -> DiscreteNetwork:
    """Return a network on a random graph; ``zeros`` is the share of cells that are zero."""
    rng = np.random.default_rng(seed)
    names = [f"n{i}" for i in range(nodes)]
    sizes = rng.integers(2, most_states + 1, nodes)
    states = {name: tuple(f"s{k}" for k in range(size)) for name, size in zip(names, sizes, strict=True)}
    parents, tables = {}, {}
    for i, name in enumerate(names):
        count = int(rng.integers(0, min(i, most_parents) + 1))
        parents[name] = tuple(names[j] for j in rng.permutation(i)[:count])
        leading = () if draws is None else (draws if rng.random() < 0.7 else 1,)
        shape = (*leading, *(len(states[p]) for p in parents[name]), len(states[name]))
        table = rng.gamma(0.7, size=shape) + 0.01
        dropped = rng.random(shape) < zeros
        dropped[..., 0] = False
        tables[name] = np.where(dropped, 0.0, table)
        tables[name] /= tables[name].sum(axis=-1, keepdims=True)
    return DiscreteNetwork(states, parents, tables, draws=draws)


def networks(**kwargs: object) -> st.SearchStrategy[DiscreteNetwork]:
    """Return random networks of two to six nodes; options as for `random_network`."""
    return st.builds(
        lambda seed, nodes: random_network(seed, nodes=nodes, **kwargs),  # type: ignore[arg-type]
        st.integers(0, 2**32 - 1),
        st.integers(2, 6),
    )


def joint_of(network: DiscreteNetwork) -> Joint:
    """Return the joint distribution of a single network written out."""
    sizes = {name: len(states) for name, states in network.states.items()}
    return Joint(sizes, network.parents, network.tables)
