"""One simulated fit: a truth, answers simulated from it, the posterior given those, and the truth's rank in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from precursor.campaigns.campaign import Result
from precursor.inference.answers.stated import Stated
from precursor.inference.fits.fit import Sampler, Settings
from precursor.inference.plan import Plan
from precursor.inference.simulation.replication import Replicated, Replicator
from precursor.validation.ranks import ranks_of, thinned
from precursor.validation.tested import RankedQuantities


@dataclass(frozen=True)
class Bench:
    """What a worker needs for simulated fits, made once: compiling takes longer than many fits.

    Attributes
    ----------
    tested
        The tested quantities, and with them the plan that answers are simulated from.
    replicator
        What simulates answers.
    sampler
        The compiled model that is fitted: that of the same plan, unless a mistake is to be caught.
    simulated
        1 for the answers that are simulated, 0 for those that stay as they are, (answer,).
    active
        1 for the answers that are fitted, (answer,).
    """

    tested: RankedQuantities
    replicator: Replicator
    sampler: Sampler
    simulated: np.ndarray
    active: np.ndarray

    @classmethod
    def of(cls, plan: Plan, fitted: Plan | None = None, simulated: np.ndarray | None = None) -> Self:
        """Return a bench for a plan; every answer is simulated and fitted unless told otherwise."""
        everything = np.ones(len(plan.observations.answers))
        sampler = Sampler.compiled_from(plan if fitted is None else fitted, lambda _message: None)
        chosen = everything if simulated is None else simulated
        return cls(RankedQuantities(plan), Replicator(plan), sampler, chosen, everything)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a fit's single chain is, and to how many near-independent draws it is thinned."""

    tune: int = 250
    draws: int = 196
    thinned: int = 49
    target_accept: float = 0.8

    def settings(self, seed: int) -> Settings:
        """Return settings of the sampler."""
        return Settings(self.draws, self.tune, chains=1, seed=seed, target_accept=self.target_accept, cores=1)


def simulated_fit(bench: Bench, truth: np.ndarray, length: Length, rng: np.random.Generator) -> Result:
    """Return the ranks of a truth, (latent,), among the draws given answers simulated from it.

    ``ranks`` has an entry for each of ``names`` and lies in 0 .. ``length.thinned``; ``lag`` is the autocorrelation of
    successive thinned draws (about 0 if they are as good as independent); ``divergences`` is a number of draws.
    """
    plan = bench.replicator.plan
    answers = bench.replicator.draw(truth, rng)
    stated = mixed(plan, answers.stated, bench.simulated)
    complete = _with_bounds(plan, truth, answers, bench.simulated)
    sampler = bench.sampler.given(stated)
    settings = length.settings(int(rng.integers(2**31)))
    fit = sampler.sample(settings, lambda _message: None, bench.active)
    draws = thinned(fit.latent[0], length.thinned)
    values = bench.tested.at(sampler.plan, np.vstack([complete, draws]), bench.active)
    return {
        "names": np.array(bench.tested.names),
        "ranks": ranks_of(values[0], values[1:], rng),
        "lag": _lag(values[1:]),
        "divergences": np.array(int(fit.statistics["diverging"].sum())),
        "steps": np.array(float(fit.statistics["n_steps"].mean())),
    }


def mixed(plan: Plan, anew: Stated, simulated: np.ndarray) -> Stated:
    """Return the simulated answers where they are wanted, and the plan's own elsewhere."""
    n_rows, columns, old = len(plan.observations.rows), plan.columns, plan.stated
    rows, rankings = simulated[:n_rows] > 0, simulated[n_rows:] > 0
    cells = np.repeat(rankings, np.diff(plan.rankings.of_ranking.indptr))
    return Stated(
        location=np.where(rows, anew.location, old.location),
        outward=np.where(rows[columns.bounded], anew.outward, old.outward),
        quartile_range=np.where(rows[columns.with_quartiles], anew.quartile_range, old.quartile_range),
        orders=np.where(cells, anew.orders, old.orders),
        outcome=anew.outcome if rows.all() else old.outcome,
    )


def _with_bounds(plan: Plan, truth: np.ndarray, answers: Replicated, simulated: np.ndarray) -> np.ndarray:
    """Return the truth with the latents of simulated bounds: where beyond their limits the values lie."""
    found = truth.copy()
    anew = simulated[plan.columns.bounded] > 0
    found[plan.layout.bound] = np.where(anew, answers.bound, truth[plan.layout.bound])
    return found


def _lag(values: np.ndarray) -> np.ndarray:
    """Return the lag-one autocorrelation of every column, (quantity,), 0 for what does not vary."""
    centred = values - values.mean(axis=0)
    total = (centred**2).sum(axis=0)
    together = (centred[1:] * centred[:-1]).sum(axis=0)
    return np.divide(together, total, out=np.zeros_like(total), where=total > 0)
