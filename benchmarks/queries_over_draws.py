"""Conditional queries under an intervention, over 4,000 draws: the package beside pgmpy and pyAgrum.

Three queries, by how much of the training chain they need: all its regimes, one regime, none of it.  The two libraries
have no continuous-time chain, so they are *given* P(model_outcome | prosaic_paradigm) of every draw as a table, while
the package's time includes computing it.  They hold the same downstream network, with the intervention made by
replacing the node's table, and answer draw by draw: 100 of the draws, scaled up.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from timing import verdict

from precursor.argument.answer import answer_over, record
from precursor.argument.downstream import PARENTS, root_factor, states_of, table
from precursor.argument.nodes import MODEL_OUTCOME, OUTCOMES
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.emergence.regime import TRAINING_ASSUMPTIONS
from precursor.exact.algebra import Numbers
from precursor.network.grammar import Query, parse_query

TARGET, STATE = "human_extinction", "yes"
DRAWS, LOOPED, SEED = 4000, 100, 1
AGREEMENT = 1e-10
ROOTS = ("tai_by_2100", "prosaic_paradigm")


@dataclass(frozen=True)
class Case:
    """A query: evidence and interventions on the downstream network, and interventions on training."""

    about: str
    evidence: Mapping[str, str]
    do: Mapping[str, str]
    training: Mapping[str, str] = MappingProxyType({})

    @property
    def query(self) -> Query:
        """The package's query."""
        set_to = ", ".join(f"do({node}={state})" for node, state in {**self.do, **self.training}.items())
        return parse_query(f"P({TARGET}={STATE} | {', '.join(f'{n}={s}' for n, s in self.evidence.items())}, {set_to})")


EVIDENCE = {"governance": "weak", "proxy_catastrophe": "no"}
CONTAINED = {"oversight_contains": "no"}
REFERENCE = {node: states[0] for node, states in TRAINING_ASSUMPTIONS.items()}
CASES = (
    Case("all training regimes", EVIDENCE, CONTAINED),
    Case("one training regime", EVIDENCE, CONTAINED, REFERENCE),
    Case("no training: the same tables on all sides", EVIDENCE, {**CONTAINED, MODEL_OUTCOME: "deceptive"}),
)


@dataclass(frozen=True)
class Table:
    """P(node | parents) of one draw: (parents' states..., node's states), and the states of all of them."""

    node: str
    parents: tuple[str, ...]
    probabilities: np.ndarray


Network = Sequence[Table]


def outcome_given_paradigm(case: Case, space: ParameterSpace, draws: np.ndarray) -> np.ndarray:
    """Return P(model_outcome | prosaic_paradigm) of every draw, (draw, paradigm, outcome)."""
    set_to = "".join(f", do({node}={state})" for node, state in case.training.items())
    queries = [parse_query(f"P({MODEL_OUTCOME} | prosaic_paradigm={state}{set_to})") for state in ("yes", "no")]
    answers = answer_over(queries, space, draws)
    return np.stack([np.stack([answer[outcome] for outcome in OUTCOMES], axis=1) for answer in answers], axis=1)


def networks(case: Case, space: ParameterSpace, draws: np.ndarray) -> Iterator[Network]:
    """Yield, for each draw, the tables of the network with the interventions made."""
    outcomes = outcome_given_paradigm(case, space, draws)
    certain = [
        Table(node, (), np.array([float(s == state) for s in states_of(node)])) for node, state in case.do.items()
    ]
    for natural, outcome in zip(space.natural(draws), outcomes, strict=True):
        algebra = Numbers(dict(zip(space.names, natural, strict=True)))
        tables = [_dense(root_factor(algebra, node).entries, node, ()) for node in ROOTS]
        tables.append(Table(MODEL_OUTCOME, ("prosaic_paradigm",), outcome))
        tables += [_dense(table(algebra, node).entries, node, parents) for node, parents in PARENTS.items()]
        yield [*(t for t in tables if t.node not in case.do), *certain]


def _dense(entries: Mapping[tuple[str, ...], np.ndarray], node: str, parents: tuple[str, ...]) -> Table:
    shape = [states_of(name) for name in (*parents, node)]
    values = [
        float(entries[own, *rest][0]) if (own, *rest) in entries else 0.0 for *rest, own in itertools.product(*shape)
    ]
    return Table(node, parents, np.array(values).reshape([len(states) for states in shape]))


def by_pgmpy(case: Case, network: Network) -> Callable[[], float]:
    """Return the query on pgmpy's network, built beforehand."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.inference import VariableElimination
    from pgmpy.models import DiscreteBayesianNetwork

    model = DiscreteBayesianNetwork([(parent, t.node) for t in network for parent in t.parents])
    model.add_nodes_from([t.node for t in network])
    for t in network:
        names = {name: list(states_of(name)) for name in (t.node, *t.parents)}
        values = t.probabilities.reshape(-1, len(names[t.node])).T
        sizes = [len(names[parent]) for parent in t.parents]
        model.add_cpds(TabularCPD(t.node, len(names[t.node]), values, list(t.parents) or None, sizes or None, names))
    inference, given = VariableElimination(model), {**case.evidence, **case.do}
    return lambda: float(inference.query([TARGET], evidence=given, show_progress=False).get_value(**{TARGET: STATE}))


def by_pyagrum(case: Case, network: Network) -> Callable[[], float]:
    """Return the query on pyAgrum's network, built beforehand."""
    import pyagrum

    model = pyagrum.BayesNet()
    for t in network:
        model.add(pyagrum.LabelizedVariable(t.node, t.node, list(states_of(t.node))))
    for t in network:
        for parent in t.parents:
            model.addArc(parent, t.node)
    for t in network:
        cpt = model.cpt(t.node)
        axes = [*t.parents, t.node]
        cpt[:] = np.ascontiguousarray(t.probabilities.transpose([axes.index(name) for name in reversed(cpt.names)]))

    def ask() -> float:
        inference = pyagrum.LazyPropagation(model)
        inference.setEvidence({**case.evidence, **case.do})
        inference.setTargets({TARGET})
        inference.makeInference()
        return float(inference.posterior(TARGET)[states_of(TARGET).index(STATE)])

    return ask


def by_package(case: Case, space: ParameterSpace, draws: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return the answers, the seconds of a whole call, and those of the draws alone once the query is recorded."""
    answer_over([case.query], space, draws[:2])
    whole, answers = _fastest(lambda: answer_over([case.query], space, draws)[0])
    circuit, _ = record([case.query], space, {})
    draws_only, _ = _fastest(lambda: circuit.evaluate(draws))
    return answers, whole, draws_only


def _fastest(run: Callable[[], np.ndarray], repeats: int = 5) -> tuple[float, np.ndarray]:
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return min(times), result


def compare(case: Case, space: ParameterSpace, draws: np.ndarray) -> None:
    """Print one query's comparison."""
    answers, whole, draws_only = by_package(case, space, draws)
    print(f"{case.about}: {case.query}")
    print(f"  package: {whole:.4f} s for {len(draws):,} draws, of which {draws_only:.4f} s once the query is recorded")
    for name, prepare in (("pgmpy", by_pgmpy), ("pyAgrum", by_pyagrum)):
        try:
            tables = list(networks(case, space, draws[:LOOPED]))
            prepare(case, tables[0])  # imports
            start = time.perf_counter()
            asked = [prepare(case, network) for network in tables]
            building = time.perf_counter() - start
        except ModuleNotFoundError:
            print(f"  {name}: not installed")
            continue
        seconds, found = _fastest(lambda asked=asked: np.array([ask() for ask in asked]), repeats=3)
        scaled, built = (t * len(draws) / LOOPED for t in (seconds, building))
        off = np.abs(found - answers[:LOOPED]).max()
        given = "" if MODEL_OUTCOME in case.do else ", the chain given as a table"
        print(
            f"  {name}: {scaled:.2f} s ({LOOPED} draws, scaled up{given}), besides {built:.2f} s to build the networks"
        )
        print(f"    ratio {scaled / whole:.1f} to the whole call, {scaled / draws_only:.1f} to the recorded query")
        print(f"    largest difference {off:.1e} (bar: {AGREEMENT:.0e}, {verdict(off <= AGREEMENT)})")


def main() -> None:
    """Print all comparisons."""
    space = parameter_space()
    draws = space.prior_draws(np.random.default_rng(SEED), DRAWS)
    for case in CASES:
        compare(case, space, draws)


if __name__ == "__main__":
    main()
