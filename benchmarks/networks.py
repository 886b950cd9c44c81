"""Well-known networks: all marginals, and 20 queries with one observation, beside pyAgrum and pgmpy in one process.

    python benchmarks/networks.py [--networks DIR] [--only NAME ...] [--patience SECONDS] [--batch-draws N]

The networks are those that pgmpy ships, or ``DIR/NAME.bif``.  The three hold the same tables, read by the package:
pyAgrum cannot read child's state names.  pyAgrum answers by lazy propagation, pgmpy by variable elimination, a node at
a time; each library's model is built beforehand.  The package's first call makes its plans, later calls find them; both
are timed.  A library that is not done within the patience is said to take at least that long for what it had done,
scaled up to all of it.  Bars: never slower than the slower library, the first time; differences of at most 1e-10.

Then a batch of 100 parameter sets of two networks (every cell times a gamma variate of shape 20, rows normalised, zeros
kept): the package takes them at once, the libraries one by one, on as many as ``--batch-draws``, scaled up linearly.
Bar: faster than both.
"""

from __future__ import annotations

import argparse
import gzip
import logging
import multiprocessing
import resource
import signal
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from timing import verdict

from precursor.discrete.network import Network, read_network
from precursor.exact.dense.contraction import contraction
from precursor.exact.dense.plan import make_plan
from precursor.network.discrete import DiscreteNetwork

NETWORKS = (
    "asia", "cancer", "sachs", "child", "alarm", "insurance",
    "hailfinder", "win95pts", "hepar2", "andes", "pigs", "munin1",
)  # fmt: skip
BATCHED, PARAMETER_SETS = ("hailfinder", "munin1"), 100
QUERIES, SEED, AGREEMENT = 20, 1, 1e-10
MOST_BYTES = 10 << 30
Query = tuple[str, str, int]
"""Target, observed node, number of its state."""
Distributions = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Asked:
    """How long a library takes, and what it says; ``done`` is the share that it had done when its time was up."""

    seconds: float
    answers: Distributions
    done: float = 1.0
    failure: str = ""

    @property
    def scaled(self) -> float:
        """Seconds for everything, or for what was done scaled up; where nothing was done, the least that it takes."""
        return self.seconds / self.done if self.done else self.seconds

    def __str__(self) -> str:
        """Return the time as text."""
        if self.failure:
            return f"failed ({self.failure})"
        return f"{self.seconds:.4f} s" if self.done == 1 else f">= {self.scaled:.0f} s ({self.done:.0%} done)"


class OutOfPatience(Exception):
    """The time is up."""


def ring(*_: object) -> None:
    raise OutOfPatience


def within(patience: int, parts: Sequence[str], answer: Callable[[str], np.ndarray]) -> Asked:
    """Return the time of all parts asked one by one, or of those done when the patience (none: 0) is at an end."""
    found: dict[str, np.ndarray] = {}
    start = time.perf_counter()
    signal.signal(signal.SIGALRM, ring)
    signal.alarm(patience)  # of no seconds: never
    failure = ""
    try:
        for part in parts:
            found[part] = answer(part)
    except OutOfPatience:
        pass
    except Exception as error:  # whatever stops a library is a result here
        failure = type(error).__name__
    finally:
        signal.alarm(0)
    return Asked(time.perf_counter() - start, found, len(found) / len(parts), failure)


def seen_to_end(patience: int, run: Callable[[], Asked]) -> Asked:
    """Return what a run gives, once it has been seen to end in time.

    pyAgrum cannot be interrupted, so it is tried first in a process of its own, which can be killed.  What is timed is
    the run in this process: in a copy, pages are copied while it works.
    """

    trial = multiprocessing.get_context("fork").Process(target=run)
    trial.start()
    trial.join(patience)
    if trial.is_alive():
        trial.kill()
        trial.join()
        return Asked(float(patience), {}, 0.0)
    return run()


def fastest(run: Callable[[], Asked], repeats: int = 15, enough: float = 2.0) -> Asked:
    """Return the fastest of several runs; of one that is slow, or not whole, that one alone."""
    best = run()
    spent, count = best.seconds, 1
    while best.done == 1 and not best.failure and count < repeats and spent < enough:
        again = run()
        spent, count = spent + again.seconds, count + 1
        best = min(best, again, key=lambda asked: asked.seconds)
    return best


def pyagrum_model(network: DiscreteNetwork) -> object:
    """Return pyAgrum's network of the same tables."""
    import pyagrum

    model = pyagrum.BayesNet()
    for node, states in network.states.items():
        model.add(pyagrum.LabelizedVariable(node, node, list(states)))
    for node in network.states:
        for parent in network.parents[node]:
            model.addArc(parent, node)
    for node in network.states:
        cpt, axes = model.cpt(node), [*network.parents[node], node]
        order = [axes.index(name) for name in reversed(cpt.names)]
        cpt[:] = np.ascontiguousarray(network.tables[node].transpose(order))
    return model


def pyagrum_marginals(model: object, network: DiscreteNetwork, patience: int) -> Asked:
    """Return the marginals by one lazy propagation."""
    import pyagrum

    def everything(_: str) -> np.ndarray:
        inference = pyagrum.LazyPropagation(model)
        inference.makeInference()
        found.update({node: inference.posterior(node).toarray() for node in network.states})
        return np.zeros(0)

    def all_at_once() -> Asked:
        asked = within(0, ["all"], everything)
        return Asked(asked.seconds, found, asked.done, asked.failure)

    found: dict[str, np.ndarray] = {}
    return seen_to_end(patience, all_at_once)


def pyagrum_queries(model: object, queries: Mapping[str, Query], patience: int) -> Asked:
    """Return the answers, a lazy propagation with one target for each."""
    import pyagrum

    def answer(name: str) -> np.ndarray:
        target, observed, state = queries[name]
        inference = pyagrum.LazyPropagation(model)
        inference.setEvidence({observed: state})
        inference.setTargets({target})
        inference.makeInference()
        return np.asarray(inference.posterior(target).toarray())

    return within(patience, list(queries), answer)


def pgmpy_model(network: DiscreteNetwork) -> object:
    """Return pgmpy's network of the same tables."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.models import DiscreteBayesianNetwork

    model = DiscreteBayesianNetwork([(parent, node) for node in network.states for parent in network.parents[node]])
    model.add_nodes_from(network.states)
    for node, states in network.states.items():
        parents = list(network.parents[node])
        names = {name: list(network.states[name]) for name in (node, *parents)}
        values = network.tables[node].reshape(-1, len(states)).T
        sizes = [len(names[parent]) for parent in parents]
        model.add_cpds(TabularCPD(node, len(states), values, parents or None, sizes or None, names))
    return model


def pgmpy_marginals(model: object, network: DiscreteNetwork, patience: int) -> Asked:
    """Return the marginals, an elimination for each."""
    from pgmpy.inference import VariableElimination

    inference = VariableElimination(model)
    return within(patience, list(network.states), lambda node: _values(inference.query([node], show_progress=False)))


def pgmpy_queries(model: object, network: DiscreteNetwork, queries: Mapping[str, Query], patience: int) -> Asked:
    """Return the answers, an elimination for each."""
    from pgmpy.inference import VariableElimination

    inference = VariableElimination(model)

    def answer(name: str) -> np.ndarray:
        target, observed, state = queries[name]
        evidence = {observed: network.states[observed][state]}
        return _values(inference.query([target], evidence=evidence, show_progress=False))

    return within(patience, list(queries), answer)


def _values(factor: object) -> np.ndarray:
    return np.asarray(factor.values)  # type: ignore[attr-defined]


def unplanned(network: DiscreteNetwork, run: Callable[[Network], Asked]) -> Asked:
    """Return the fastest of several first times: all plans forgotten."""

    def once() -> Asked:
        make_plan.cache_clear()
        contraction.cache_clear()
        return run(Network(network))

    return fastest(once)


def package_marginals(net: Network) -> Asked:
    """Return the package's marginals."""
    start = time.perf_counter()
    found = net.marginals()
    return Asked(time.perf_counter() - start, {node: found.numbers[node][0] for node in found})


def package_queries(net: Network, queries: Mapping[str, Query]) -> Asked:
    """Return the package's answers."""
    states = net.declaration.states
    start = time.perf_counter()
    found = {name: net.joint([target], {node: states[node][state]}) for name, (target, node, state) in queries.items()}
    return Asked(time.perf_counter() - start, {name: values.values for name, values in found.items()})


def random_queries(network: DiscreteNetwork, prior: Distributions, rng: np.random.Generator) -> dict[str, Query]:
    """Return queries on two nodes drawn at random, the observed one in a state drawn from its marginal."""
    nodes, found = list(network.states), {}
    for number in range(QUERIES):
        target, observed = (nodes[i] for i in rng.permutation(len(nodes))[:2])
        found[f"{number}"] = (target, observed, int(rng.choice(len(prior[observed]), p=prior[observed])))
    return found


def difference(ours: Distributions, theirs: Distributions) -> float:
    """Return the largest difference of a probability that both give."""
    return max((float(np.abs(ours[name] - values).max()) for name, values in theirs.items()), default=float("nan"))


def report(what: str, first: Asked, again: Asked, others: Mapping[str, Asked]) -> None:
    """Print one comparison."""
    slower = max((asked.scaled for asked in others.values()), default=float("nan"))
    met = f"the first time {verdict(first.seconds <= slower)}, again {verdict(again.seconds <= slower)}"
    print(f"  {what}: package {first} the first time, {again} again; the slower library took {slower:.4f} s")
    print(f"    bar: not slower than that library: {met}")
    for name, asked in others.items():
        off = difference(again.answers, asked.answers)
        agrees = "nothing to compare" if np.isnan(off) else f"{off:.1e} ({verdict(off <= AGREEMENT)})"
        print(f"    {name}: {asked}, ratio {asked.scaled / again.seconds:.1f}; largest difference {agrees}")


def compare(name: str, path: Path, patience: int) -> None:
    """Print one network's comparison."""
    net = read_network(path)
    network = net.declaration
    cells = sum(table.size for table in network.tables.values())
    print(f"{name}: {len(network.states)} nodes, {cells:,} cells", flush=True)
    first = unplanned(network, package_marginals)
    again = fastest(lambda: package_marginals(net))
    queries = random_queries(network, again.answers, np.random.default_rng(SEED))
    agrum, pgmpy = pyagrum_model(network), pgmpy_model(network)
    report(
        "all marginals", first, again,
        {
            "pyAgrum": fastest(lambda: pyagrum_marginals(agrum, network, patience)),
            "pgmpy": fastest(lambda: pgmpy_marginals(pgmpy, network, patience)),
        },
    )  # fmt: skip
    first = unplanned(network, lambda new: package_queries(new, queries))
    report(
        f"{QUERIES} queries", first, fastest(lambda: package_queries(net, queries)),
        {
            "pyAgrum": fastest(lambda: pyagrum_queries(agrum, queries, patience)),
            "pgmpy": fastest(lambda: pgmpy_queries(pgmpy, network, queries, patience)),
        },
    )  # fmt: skip


def parameter_sets(network: DiscreteNetwork, count: int, rng: np.random.Generator) -> DiscreteNetwork:
    """Return a network with that many draws of its tables around those given."""
    tables = {}
    for node, table in network.tables.items():
        drawn = table * rng.gamma(20, 1 / 20, (count, *table.shape))
        tables[node] = drawn / drawn.sum(axis=-1, keepdims=True)
    return DiscreteNetwork(network.states, network.parents, tables, draws=count)


def compare_batch(name: str, path: Path, looped: int, patience: int) -> None:
    """Print the comparison of a batch of parameter sets."""
    drawn = parameter_sets(read_network(path).declaration, PARAMETER_SETS, np.random.default_rng(SEED))
    net = Network(drawn)
    start = time.perf_counter()
    found = net.marginals().numbers
    seconds = time.perf_counter() - start
    print(
        f"{name}, all marginals of {PARAMETER_SETS} parameter sets: package {seconds:.4f} s, the first time", flush=True
    )
    first = drawn.at_draw(0)
    libraries = (("pyAgrum", pyagrum_model, pyagrum_marginals), ("pgmpy", pgmpy_model, pgmpy_marginals))
    for library, prepare, marginals in libraries:
        runs = [marginals(prepare(drawn.at_draw(draw)), first, patience) for draw in range(looped)]
        scaled = sum(run.scaled for run in runs) * PARAMETER_SETS / looped
        off = max(
            difference({node: found[node][draw] for node in run.answers}, run.answers) for draw, run in enumerate(runs)
        )
        failure = "".join(f", failed: {run.failure}" for run in runs[:1] if run.failure)
        least = "" if all(run.done == 1 for run in runs) else ">= "
        print(
            f"  {library}: {least}{scaled:.2f} s ({looped} of the sets, scaled up{failure}),",
            f"ratio {scaled / seconds:.1f},",
        )
        agrees = "nothing to compare" if np.isnan(off) else f"{off:.1e} ({verdict(off <= AGREEMENT)})"
        print(f"    largest difference {agrees}; bar: faster, {verdict(seconds < scaled)}", flush=True)


def unpack(folder: Path) -> Path:
    """Unpack the networks that pgmpy ships into a folder, and return it."""
    found = find_spec("pgmpy")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("pgmpy, which ships the networks, is not installed: give --networks DIR.")
    shipped = Path(found.submodule_search_locations[0]) / "utils" / "example_models"
    for name in NETWORKS:
        (folder / f"{name}.bif").write_bytes(gzip.decompress((shipped / f"{name}.bif.gz").read_bytes()))
    return folder


def main() -> None:
    """Print all comparisons."""
    parser = argparse.ArgumentParser(description="The package beside pyAgrum and pgmpy on well-known networks.")
    parser.add_argument("--networks", type=Path, help="the folder that holds NAME.bif, else those that pgmpy ships")
    parser.add_argument("--only", nargs="*", choices=NETWORKS, default=NETWORKS, help="some of the networks")
    parser.add_argument("--patience", type=int, default=20, help="seconds that a library gets for a task")
    parser.add_argument("--batch-draws", type=int, default=1, help="parameter sets that the libraries are timed on")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("pgmpy").setLevel(logging.ERROR)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.networks or unpack(Path(temporary))
        paths = {name: folder / f"{name}.bif" for name in options.only}
        for name, path in paths.items():
            compare(name, path, options.patience)
        for name in BATCHED:
            if name in paths:
                compare_batch(name, paths[name], options.batch_draws, options.patience)


if __name__ == "__main__":
    main()
