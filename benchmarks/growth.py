"""How the time of all marginals grows: with the draws, and with the nodes of a random network of bounded treewidth.

    python benchmarks/growth.py [--most-draws N] [--most-nodes N]

A random network: each node has up to two parents among the four nodes before it, so that no table of an elimination in
that order has more than five variables.  The exponent between two sizes is the slope of the logarithm of the time: one
where the time is linear.  The first call makes the plans; later calls find them.  Our own network is asked for
P(model_outcome) over draws of its parameters.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence

import numpy as np

from precursor.argument.answer import answer_over
from precursor.argument.parameters import parameter_space
from precursor.discrete.network import Network
from precursor.exact.dense.contraction import contraction
from precursor.exact.dense.plan import make_plan
from precursor.network.discrete import DiscreteNetwork
from precursor.network.grammar import parse_query

SEED, WINDOW, PARENTS, STATES, NODES = 1, 4, 2, 3, 20


def random_network(nodes: int, draws: int | None, rng: np.random.Generator) -> DiscreteNetwork:
    """Return a random network, or that many draws of one."""
    names = [f"n{i}" for i in range(nodes)]
    states = {name: tuple(f"s{k}" for k in range(STATES)) for name in names}
    parents, tables = {}, {}
    for i, name in enumerate(names):
        before = names[max(0, i - WINDOW) : i]
        parents[name] = tuple(before[j] for j in rng.permutation(len(before))[:PARENTS])
        leading = () if draws is None else (draws,)
        table = rng.random((*leading, *(STATES,) * (len(parents[name]) + 1))) + 0.1
        tables[name] = table / table.sum(axis=-1, keepdims=True)
    return DiscreteNetwork(states, parents, tables, draws=draws)


def seconds(run: Callable[[], object], repeats: int = 3, enough: float = 5.0) -> tuple[float, float]:
    """Return the seconds of the first call, all plans forgotten, and of the fastest of up to ``repeats`` after it."""
    make_plan.cache_clear()
    contraction.cache_clear()
    times: list[float] = []
    while len(times) <= 1 or (len(times) <= repeats and sum(times[1:]) < enough):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return times[0], min(times[1:])


def table(what: str, sizes: Sequence[int], run: Callable[[int], Callable[[], object]]) -> None:
    """Print the times of every size, and the exponent from one to the next."""
    print(f"{what}\n{'size':>9} {'first s':>9} {'again s':>9} {'us each':>9} exponent")
    before: tuple[int, float] | None = None
    for size in sizes:
        first, again = seconds(run(size))
        slope = math.log(again / before[1]) / math.log(size / before[0]) if before else float("nan")
        print(f"{size:9,} {first:9.4f} {again:9.4f} {again / size * 1e6:9.2f} {slope:8.2f}", flush=True)
        before = size, again


def powers(most: int) -> list[int]:
    """Return 1, 10, 100, ... up to the most."""
    return [10**k for k in range(int(math.log10(most)) + 1)]


def marginals_of(nodes: int, draws: int | None) -> Callable[[], object]:
    """Return the call that is timed; the network is made beforehand."""
    return Network(random_network(nodes, draws, np.random.default_rng(SEED))).marginals


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="How the time of exact answers grows with draws and nodes.")
    parser.add_argument("--most-draws", type=int, default=100_000)
    parser.add_argument("--most-nodes", type=int, default=1000)
    options = parser.parse_args()
    draws = powers(options.most_draws)
    table(f"all marginals of a random network of {NODES} nodes, by draws", draws, lambda n: marginals_of(NODES, n))
    sizes = [n for n in (10, 30, 100, 300, 1000) if n <= options.most_nodes]
    table("all marginals of a random network, by nodes", sizes, lambda n: marginals_of(n, None))
    space = parameter_space()
    query = parse_query("P(model_outcome)")
    drawn = space.prior_draws(np.random.default_rng(SEED), options.most_draws)
    table("P(model_outcome) of our network, by draws", draws, lambda n: lambda: answer_over([query], space, drawn[:n]))


if __name__ == "__main__":
    main()
