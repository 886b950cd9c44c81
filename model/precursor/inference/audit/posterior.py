"""What an audit looks at: a posterior's draws on the latents of its plan, and the density of any of its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from precursor.elicitation.survey import Survey
from precursor.inference.decisions import Decisions
from precursor.inference.density.likelihood import Terms
from precursor.inference.density.pointwise import terms_over
from precursor.inference.fits.fit import Fit, unconstrained_of
from precursor.inference.plan import Plan, plan_model
from precursor.inference.reweighting.density import Densities
from precursor.inference.runs.run import Run
from precursor.problems import InputError, Problem

_SEED = 7_301
_CELLS_AT_ONCE, _CELLS_IN_ALL = 4_000_000, 40_000_000
_FEWEST_DRAWS = 200


@dataclass(frozen=True)
class AuditedPosterior:
    """A posterior to be audited.

    Attributes
    ----------
    latent
        Draws, (draw, latent), in the plan's layout.
    missing
        Latents of the plan that the run did not have: they were drawn from the prior, and nothing is exact with them.
    """

    plan: Plan
    latent: np.ndarray
    missing: tuple[str, ...] = ()

    @cached_property
    def unconstrained(self) -> np.ndarray:
        """The argument's parameters on their unconstrained scales, (draw, parameter)."""
        return np.asarray(unconstrained_of(self.plan, self.latent))

    def thinned(self, most: int) -> AuditedPosterior:
        """Return the posterior with at most so many draws, evenly spaced."""
        if len(self.latent) <= most:
            return self
        which = np.linspace(0, len(self.latent) - 1, most).round().astype(int)
        return AuditedPosterior(self.plan, self.latent[which], self.missing)

    def affordable(self, most: int) -> AuditedPosterior:
        """Return at most so many draws, fewer where there are so many answers that the terms would fill the memory."""
        cells = max(1, len(self.plan.observations.rows) + len(self.plan.sharing.rows))
        return self.thinned(max(_FEWEST_DRAWS, min(most, _CELLS_IN_ALL // cells)))

    def terms(self) -> Terms:
        """Return the parts of the log-density at every draw."""
        return terms_over(self.plan, self.latent)

    def log_densities(self, masks: Sequence[np.ndarray]) -> np.ndarray:
        """Return the log-density of the answers that each mask leaves on, (mask, draw).

        A mask, (answer,), is 1 or 0 for each answer in the order of ``Observations.answers``.  The value behind a
        unit's only bound is integrated out (`Densities`); outcomes, and what centring adds, do not depend on a mask.
        """
        observations, n_rows = self.plan.observations, len(self.plan.observations.rows)
        chunk = max(1, _CELLS_AT_ONCE // max(1, n_rows + len(self.plan.sharing.rows)))
        found = np.zeros((len(masks), len(self.latent)))
        for start in range(0, len(self.latent), chunk):
            here = slice(start, min(start + chunk, len(self.latent)))
            densities = Densities(self.plan, terms_over(self.plan, self.latent[here]), here.stop - here.start)
            everything = densities.unit_log_densities(np.ones(n_rows))
            for i, mask in enumerate(masks):
                found[i, here] = _masked(self.plan, densities, everything, mask[:n_rows])
                if observations.ranked:
                    found[i, here] += densities.rankings @ mask[n_rows:]
        return found


def _masked(plan: Plan, densities: Densities, everything: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return the log-density of the rows left on, (draw,); only units with some of theirs off are evaluated anew."""
    if not len(mask):
        return np.zeros(len(everything))
    sizes = np.diff(plan.sharing.first_row)
    on = np.add.reduceat(mask, plan.sharing.first_row[:-1])
    whole, in_part = on == sizes, (on > 0) & (on < sizes)
    total = everything @ whole.astype(float)
    if in_part.any():
        total = total + densities.unit_log_densities(mask * np.repeat(in_part, sizes))[:, in_part].sum(axis=1)
    return np.asarray(total)


def posterior_of_fit(fit: Fit) -> AuditedPosterior:
    """Return a fit's posterior."""
    return AuditedPosterior(fit.plan, fit.latent.reshape(-1, fit.latent.shape[-1]))


def posterior_of_run(run: Run, surveys: Sequence[Survey]) -> AuditedPosterior:
    """Return a run's posterior on the latents of today's plan, found by name; ``surveys`` are those of the run.

    Raises
    ------
    InputError
        If the run's draws have no names, so that they cannot be placed.
    """
    draws = run.posterior["posterior"]["standard_normal"]
    if "latent" not in draws.coords:
        raise InputError(Problem(f"The draws of run {run.name} have no names.", "make the run again"))
    values = np.asarray(draws.data, dtype=float).reshape(-1, draws.shape[-1])
    place = {str(name): i for i, name in enumerate(draws.coords["latent"].data)}
    plan = plan_model(surveys, Decisions(**run.provenance.get("decisions", {})))
    rng = np.random.default_rng(_SEED)
    latent = np.stack(
        [values[:, place[name]] if name in place else rng.standard_normal(len(values)) for name in plan.layout.names],
        axis=1,
    )
    return AuditedPosterior(plan, latent, tuple(name for name in plan.layout.names if name not in place))


def scale_matrix(plan: Plan, found: Terms, draws: int, rows: Sequence[int]) -> np.ndarray:
    """Return the scale matrix of some rows of one unit at every draw, (draw, row, row): `person_kernel`'s S."""
    place = {row: i for i, row in enumerate(rows)}
    sharing = plan.sharing
    entries = [e for e in _entries_of_rows(plan, rows) if int(sharing.rows[e]) in place]
    columns = {int(column): i for i, column in enumerate(dict.fromkeys(sharing.columns[entries].tolist()))}
    loadings = np.zeros((draws, len(rows), len(columns)))
    for e in entries:
        loadings[:, place[int(sharing.rows[e])], columns[int(sharing.columns[e])]] += found.entries[..., e]
    matrix: np.ndarray = loadings @ loadings.transpose(0, 2, 1)
    for row, i in place.items():
        matrix[:, i, i] += found.variance[..., row]
    return matrix


def _entries_of_rows(plan: Plan, rows: Sequence[int]) -> range:
    unit = int(np.searchsorted(plan.sharing.first_row, rows[0], side="right")) - 1
    return range(int(plan.sharing.first_entry[unit]), int(plan.sharing.first_entry[unit + 1]))
