"""Our network over 4,000 draws of its parameters: all marginals, and ten queries with conditions, beside the others.

    python benchmarks/network_over_draws.py [--looped DRAWS] [--patience SECONDS]

pyAgrum and pgmpy hold the same network, written out with its four hidden nodes of 65 states; they answer draw by draw,
a few draws (``--looped``), scaled up linearly to 4,000.  Making their tables is not counted, while the package's time
is that of the whole call, from the parameters on.  An intervention is made for them by replacing the node's table.
Bars: all marginals in a second; at least 100 times pyAgrum and 500 times pgmpy; differences of at most 1e-10.
"""

from __future__ import annotations

import argparse
import logging
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from networks import Asked, pgmpy_model, pyagrum_marginals, pyagrum_model, within
from timing import verdict

from precursor.argument.answer import Values, answer_over
from precursor.argument.export import networks_over
from precursor.argument.nodes import NODES, READ_AT_PHASES
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.emergence.histories import DEPLOYMENT, PHASES
from precursor.network.discrete import DiscreteNetwork
from precursor.network.grammar import Query, parse_query

DRAWS, SEED, AGREEMENT = 4000, 1, 1e-10
SECONDS, TIMES = 1.0, {"pyAgrum": 100, "pgmpy": 500}


@dataclass(frozen=True)
class Case:
    """P(node | evidence, do(...)), the names as the network's nodes are called."""

    node: str
    evidence: Mapping[str, str] = field(default_factory=dict)
    do: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> Query:
        """The package's query."""
        given = [f"{node}={state}" for node, state in self.evidence.items()]
        given += [f"do({node}={state})" for node, state in self.do.items()]
        return parse_query(f"P({self.node}{' | ' if given else ''}{', '.join(given)})")


MARGINALS = tuple(
    Case(node if phase == DEPLOYMENT else f"{node}@{phase}")
    for node in NODES
    for phase in (PHASES if node in READ_AT_PHASES else (DEPLOYMENT,))
)
CONDITIONAL = (
    Case("model_outcome", {"prosaic_paradigm": "yes"}),
    Case("model_outcome", {"situationally_aware@pretraining": "yes", "prosaic_paradigm": "yes"}),
    Case("model_outcome", {"prosaic_paradigm": "yes"}, {"differential_adversarial_examples": "absent"}),
    Case("model_outcome", {"existential_catastrophe": "yes"}),
    Case("existential_catastrophe", {"tai_by_2100": "yes"}),
    Case("existential_catastrophe", {"tai_by_2100": "yes"}, {"deceptive_defection": "no"}),
    Case("human_extinction", {"governance": "weak", "proxy_catastrophe": "no"}, {"oversight_contains": "no"}),
    Case("human_extinction", {}, {"model_outcome": "deceptive"}),
    Case("goal_pointer", {"goal_directed": "yes"}, {"train_deploy_regime": "continual_opposed"}),
    Case("governance", {"human_extinction": "yes"}, {"long_horizon_training": "from_start"}),
)


def by_package(
    cases: Sequence[Case], space: ParameterSpace, draws: np.ndarray
) -> tuple[list[np.ndarray], float, float]:
    """Return (draws, states) for each case, the seconds of the whole call, and those that a processor was at work."""
    queries = [case.query for case in cases]
    answer_over(queries, space, draws[:2])  # compiles what the cache has not
    times = []
    for _ in range(5):
        start, worked = time.perf_counter(), time.process_time()
        answers = answer_over(queries, space, draws)
        times.append((time.perf_counter() - start, time.process_time() - worked))
    return [_stacked(answer) for answer in answers], *min(times)


def _stacked(answer: Values) -> np.ndarray:
    assert isinstance(answer, dict)
    return np.stack(list(answer.values()), axis=1)


def intervened(network: DiscreteNetwork, do: Mapping[str, str]) -> DiscreteNetwork:
    """Return the network with the nodes set."""
    points = {node: np.array([float(s == state) for s in network.states[node]]) for node, state in do.items()}
    parents = {node: () if node in do else named for node, named in network.parents.items()}
    return DiscreteNetwork(network.states, parents, {**network.tables, **points})


def by_pyagrum(cases: Sequence[Case], network: DiscreteNetwork, patience: int) -> Asked:
    """Return the answers: marginals by one propagation, else a propagation for each case."""
    import pyagrum

    if cases is MARGINALS:
        asked = pyagrum_marginals(pyagrum_model(network), network, patience)
        answers = {str(i): asked.answers[case.node] for i, case in enumerate(cases) if case.node in asked.answers}
        return Asked(asked.seconds, answers, asked.done, asked.failure)
    models = {str(i): pyagrum_model(intervened(network, case.do)) for i, case in enumerate(cases)}

    def answer(name: str) -> np.ndarray:
        case = cases[int(name)]
        inference = pyagrum.LazyPropagation(models[name])
        inference.setEvidence({**case.evidence, **case.do})
        inference.setTargets({case.node})
        inference.makeInference()
        return np.asarray(inference.posterior(case.node).toarray())

    return within(patience, list(models), answer)


def by_pgmpy(cases: Sequence[Case], network: DiscreteNetwork, patience: int) -> Asked:
    """Return the answers, an elimination for each case."""
    from pgmpy.inference import VariableElimination

    one = VariableElimination(pgmpy_model(network))
    models = {
        str(i): VariableElimination(pgmpy_model(intervened(network, case.do))) if case.do else one
        for i, case in enumerate(cases)
    }

    def answer(name: str) -> np.ndarray:
        case = cases[int(name)]
        given = {**case.evidence, **case.do}
        return np.asarray(models[name].query([case.node], evidence=given, show_progress=False).values)

    return within(patience, list(models), answer)


def compare(
    what: str, cases: Sequence[Case], space: ParameterSpace, draws: np.ndarray, looped: int, patience: int
) -> None:
    """Print one comparison."""
    answers, whole, worked = by_package(cases, space, draws)
    print(f"{what}: package {whole:.4f} s for {len(draws):,} draws, {worked:.4f} s of processor time")
    if cases is MARGINALS:
        print(f"  bar: {SECONDS:.0f} s, {verdict(whole <= SECONDS)}")
    exported = list(networks_over(space, draws[:looped]))
    for library, ask in (("pyAgrum", by_pyagrum), ("pgmpy", by_pgmpy)):
        try:
            runs = [ask(cases, network, patience) for network in exported]
        except ModuleNotFoundError:
            print(f"  {library}: not installed")
            continue
        scaled = sum(run.scaled for run in runs) * len(draws) / looped
        done = min(run.done for run in runs)
        off = max(
            (
                float(np.abs(answers[int(i)][d] - found).max())
                for d, run in enumerate(runs)
                for i, found in run.answers.items()
            ),
            default=float("nan"),
        )
        failures = {run.failure for run in runs if run.failure}
        note = f", {done:.0%} done in time" if done < 1 else ""
        note += f", failed: {', '.join(failures)}" if failures else ""
        print(f"  {library}: {scaled:,.0f} s ({looped} draws, scaled up{note}), ratio {scaled / whole:,.0f}", end=" ")
        print(f"(bar {TIMES[library]}, {verdict(scaled / whole >= TIMES[library])})")
        agrees = f"{off:.1e} (bar {AGREEMENT:.0e}, {verdict(off <= AGREEMENT)})"
        print(f"    largest difference {'nothing to compare' if np.isnan(off) else agrees}", flush=True)


def main() -> None:
    """Print both comparisons."""
    parser = argparse.ArgumentParser(description="Our network over 4,000 draws, beside pyAgrum and pgmpy.")
    parser.add_argument("--looped", type=int, default=2, help="draws that the libraries are timed on")
    parser.add_argument("--patience", type=int, default=60, help="seconds that a library gets for a draw")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("pgmpy").setLevel(logging.ERROR)
    space = parameter_space()
    draws = space.prior_draws(np.random.default_rng(SEED), DRAWS)
    compare(f"all {len(MARGINALS)} marginals", MARGINALS, space, draws, options.looped, options.patience)
    compare(f"{len(CONDITIONAL)} queries", CONDITIONAL, space, draws, options.looped, options.patience)


if __name__ == "__main__":
    main()
