"""Print a run's headline three ways: exact, simulated worlds, and a sampler that carries the discrete states.

Usage: python -m scripts.three_ways [RUN] [--draws N]     (default: baseline; the sampler takes N draws, in turn)
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from precursor.argument.answer import answer_over
from precursor.argument.forward.agreement import discrepancy
from precursor.argument.forward.values import values_of_draws
from precursor.argument.forward.worlds import simulate
from precursor.argument.scenario import Scenario
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.runs.run import Run
from precursor.network.grammar import ProbabilityQuery, parse_event, parse_query
from tests.oracles.gibbs import Gibbs

CONDITIONAL = (
    "P(human_extinction=yes | model_outcome=deceptive, do(governance=strong))",
    "P(model_outcome=deceptive | existential_catastrophe=yes)",
    "P(base_goal_understood < goal_directed | goal_pointer=proxy, do(train_deploy_regime=continual_opposed))",
)
WORLDS, SWEEPS = 1_000_000, 400


def simulated(query: ProbabilityQuery, run: Run, exact: np.ndarray, seed: int) -> tuple[int, float, float, float]:
    """Return how many worlds have the evidence, what was computed and what happened in them, and the discrepancy."""
    which = np.arange(WORLDS) % len(exact)
    do = {it.node: it.state for it in query.given.interventions}
    worlds = simulate(values_of_draws(run.space, run.draws()[which]), np.random.default_rng(seed), do)
    seen = worlds.all_hold(query.given.evidence)
    computed, happened = exact[which][seen], worlds.all_hold(query.events)[seen]
    return int(seen.sum()), computed.mean(), happened.mean(), discrepancy(computed, happened)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", nargs="?", default="baseline")
    parser.add_argument("--draws", type=int, default=8)
    arguments = parser.parse_args()
    run, start = Run.open(arguments.run), time.monotonic()
    queries = [q for text in (*HEADLINE, *CONDITIONAL) if isinstance(q := parse_query(text), ProbabilityQuery)]
    indicators = {name: parse_event(about) for name, about in run.indicators.items()}
    exact = answer_over(queries, run.space, run.draws(), indicators)
    few = np.linspace(0, len(run.draws()) - 1, arguments.draws).astype(int)
    natural = run.space.natural(run.draws()[few])
    points = [Scenario("draw", dict(zip(run.space.names, row.tolist(), strict=True))) for row in natural]
    for i, query in enumerate(queries):
        n, computed, happened, distance = simulated(query, run, exact[i], seed=100 + i)
        found = [Gibbs(point, query, seed=j).run(SWEEPS, 20) for j, point in enumerate(points)]
        share, error = np.mean([f[0] for f in found]), np.sqrt(np.sum([f[1] ** 2 for f in found])) / len(found)
        there = exact[i][few].mean()
        print(query)
        print(f"  {len(exact[i]):,} draws   exact {computed:.5f}", end="")
        print(f"  simulated {happened:.5f}  ({n:,} worlds; {distance:.1f} sd)")
        print(
            f"  {len(few)} draws   exact {there:.5f}  states sampled {share:.5f} +- {error:.5f}"
            f"  ({abs(share - there) / error:.1f} sd)",
            flush=True,
        )
    print(f"{time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
