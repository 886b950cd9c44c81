"""The argument as a general discrete network: for files, for other tools, and for any draw of the parameters.

Its four training-state nodes have 65 states each and most assumptions among their parents, so one network has 3.4
million numbers (27 MB), nearly all in the table of the deployment phase.  For many draws that adds up: `network_over`
says what it would take, and `networks_over` and `mean_network` need the room of one or two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from precursor.argument.network import Indicators, graph, tables
from precursor.argument.parameters import ParameterSpace
from precursor.argument.scenario import Scenario
from precursor.network.discrete import DiscreteNetwork
from precursor.problems import InputError, Problem

MEMORY_LIMIT = 2 * 2**30
"""The most bytes that `network_over` makes tables of, unless told otherwise."""


def network_at(scenario: Scenario, indicators: Indicators | None = None) -> DiscreteNetwork:
    """Return the network at a scenario; assumptions that its regime sets are certain.

    Parameters
    ----------
    scenario
        Parameters and regime.
    indicators
        By name, the event that each indicator is about; each is a node.
    """
    built = tables(scenario, indicators)
    return DiscreteNetwork(
        {name: built[name].states for name in built},
        {name: built[name].parents for name in built},
        # A conditional table has the child's axis first.
        {name: np.moveaxis(built[name].probabilities.values, 0, -1) for name in built},
        scenario.name,
    )


def networks_over(
    space: ParameterSpace,
    unconstrained: np.ndarray,
    regime: Mapping[str, str] | None = None,
    indicators: Indicators | None = None,
) -> Iterator[DiscreteNetwork]:
    """Yield the network at every draw of the parameters, one after the other.

    Parameters
    ----------
    space
        The parameters.
    unconstrained
        Draws on their unconstrained scales, (draws, parameters), in the order of ``space``.
    regime
        Assumptions that are set.
    indicators
        By name, the event that each indicator is about.
    """
    for draw in range(len(unconstrained)):
        natural = space.natural(unconstrained[draw : draw + 1])[0].tolist()
        values = dict(zip(space.names, natural, strict=True))
        yield network_at(Scenario(f"draw {draw}", values, dict(regime or {})), indicators)


def network_over(
    space: ParameterSpace,
    unconstrained: np.ndarray,
    regime: Mapping[str, str] | None = None,
    indicators: Indicators | None = None,
    memory_limit: int = MEMORY_LIMIT,
) -> DiscreteNetwork:
    """Return one network with an axis of draws; tables that are the same in all draws have one entry on it.

    Parameters
    ----------
    space, unconstrained, regime, indicators
        As of `networks_over`.
    memory_limit
        The most bytes that the tables may take.

    Raises
    ------
    InputError
        There are no draws, or the tables would take more than ``memory_limit``: with their size.
    """
    count = len(unconstrained)
    if count == 0:
        raise InputError(Problem("There are no draws.", allowed="at least one"))
    size = 8 * count * _entries(indicators)
    if size > memory_limit:
        text = f"{count:,} draws of the network would take {size / 2**30:.1f} GiB."
        most = max(memory_limit * count // size, 0)
        raise InputError(Problem(text, allowed=f"up to {most:,} draws; or one at a time, or their mean"))
    stacked: dict[str, np.ndarray] = {}
    one: DiscreteNetwork | None = None
    for draw, one in enumerate(networks_over(space, unconstrained, regime, indicators)):
        for name, table in one.tables.items():
            if draw == 0:
                stacked[name] = table[None]
            elif len(stacked[name]) == count > 1:
                stacked[name][draw] = table
            elif not np.array_equal(stacked[name][0], table):
                stacked[name] = np.repeat(stacked[name], count, axis=0)
                stacked[name][draw] = table
    assert one is not None
    return DiscreteNetwork(one.states, one.parents, stacked, "draws", count)


def mean_network(
    space: ParameterSpace,
    unconstrained: np.ndarray,
    regime: Mapping[str, str] | None = None,
    indicators: Indicators | None = None,
    told: Callable[[int], None] = lambda _done: None,
) -> DiscreteNetwork:
    """Return the network whose tables are the means over draws of the parameters.

    For a posterior that is the posterior mean of every table.  Its marginals are not the posterior means of the
    marginals, for parameters of different tables are dependent a posteriori: those are queries over the draws.

    Parameters
    ----------
    space, unconstrained, regime, indicators
        As of `networks_over`.
    told
        Is told, after each draw, how many are done: one takes a good part of a second.

    Raises
    ------
    InputError
        There are no draws.
    """
    total: dict[str, np.ndarray] = {}
    one: DiscreteNetwork | None = None
    for done, one in enumerate(networks_over(space, unconstrained, regime, indicators), start=1):
        for name, table in one.tables.items():
            if name in total:
                total[name] += table
            else:
                total[name] = table.copy()
        told(done)
    if one is None:
        raise InputError(Problem("There are no draws.", allowed="at least one"))
    means = {name: table / table.sum(axis=-1, keepdims=True) for name, table in total.items()}
    return DiscreteNetwork(one.states, one.parents, means, "mean")


def _entries(indicators: Indicators | None) -> int:
    """Return how many numbers the tables of one network hold."""
    known = graph(indicators)
    size = {name: len(known.nodes[name]["states"]) for name in known}
    return sum(size[name] * math.prod(size[parent] for parent in known.predecessors(name)) for name in known)
