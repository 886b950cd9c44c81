"""The alarm of every run: whether its headline probabilities are those of the network when that is just simulated.

The exact probabilities are the very ones that the summary is made of.  The simulation (`argument.forward`) shares the
parameters' values and the nodes' names with them, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from precursor.argument.forward.agreement import discrepancy, halves
from precursor.argument.forward.values import values_of_draws
from precursor.argument.forward.worlds import Worlds, simulate
from precursor.inference.fits.checks import Check
from precursor.inference.fits.fit import Fit
from precursor.inference.fits.headline import HEADLINE
from precursor.network.grammar import ProbabilityQuery, parse_query

# With five queries, each in two halves, a false alarm has probability below ten times 4e-8.
NAME, BELOW = "exact_against_simulated", 5.5
WORLDS = 100_000
# What is infinitely far is written as this, which JSON can hold.
_WORST = 100.0


def exact_against_simulated(fit: Fit, logits: np.ndarray, worlds: int = WORLDS) -> Check:
    """Return the largest discrepancy between computed and simulated headline, in standard deviations.

    Parameters
    ----------
    logits
        Log-odds of the headline queries as computed, (draws, query).
    worlds
        How many to simulate for each set of interventions, over the draws in turn.
    """
    queries = [query for text in HEADLINE if isinstance(query := parse_query(text), ProbabilityQuery)]
    exact = 0.5 * (1.0 + np.tanh(0.5 * logits))
    which = np.arange(worlds) * len(exact) // worlds if len(exact) > worlds else np.arange(worlds) % len(exact)
    values = values_of_draws(fit.plan.space, fit.flat[which])
    simulated: dict[tuple[tuple[str, str], ...], Worlds] = {}
    largest = 0.0
    for i, query in enumerate(queries):
        do = tuple((it.node, it.state) for it in query.given.interventions)
        if do not in simulated:
            rng = np.random.default_rng([fit.settings.seed, len(simulated)])
            simulated[do] = simulate(values, rng, dict(do))
        largest = max(largest, *_discrepancies(query, exact[which, i], simulated[do]))
    return Check(NAME, largest < BELOW, min(largest, _WORST), BELOW)


def _discrepancies(query: ProbabilityQuery, exact: np.ndarray, worlds: Worlds) -> Iterator[float]:
    seen = worlds.all_hold(query.given.evidence)
    computed, happened = exact[seen], worlds.all_hold(query.events)[seen]
    for part in halves(computed):
        yield discrepancy(computed[part], happened[part])
