"""The log-density of given answers at given draws, unit by unit, in NumPy: what reweighting and comparing need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from precursor.inference.decisions import SCALES
from precursor.inference.density.arrays import Arrays
from precursor.inference.density.likelihood import Terms, scales_of, terms
from precursor.inference.plan import Plan

# Cells (draws times rows and entries) that one block holds: a few arrays of so many numbers are some gigabyte.
_CELLS_AT_ONCE = 20_000_000


@dataclass(frozen=True)
class Pointwise:
    """Log-densities over draws.

    Attributes
    ----------
    units
        By unit, in the order of ``Observations.units``: the joint density of its rows, its bounds and quartiles,
        (draws, unit).
    rankings, outcomes
        By ranking and by seed question, (draws, ranking), (draws, seed).
    gain
        What exchanging the densities of centred latents adds, (draws,).
    """

    units: np.ndarray
    rankings: np.ndarray
    outcomes: np.ndarray
    gain: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """The log-density of all answers, (draws,)."""
        return self.units.sum(axis=1) + self.rankings.sum(axis=1) + self.outcomes.sum(axis=1) + self.gain


def terms_over(plan: Plan, latent: np.ndarray) -> Terms:
    """Return the parts of the log-density at latents, (draws, latent)."""
    latent = np.asarray(latent, dtype=float)
    unconstrained = plan.space.mean + latent[:, plan.layout.parameters] @ plan.space.loadings.T
    return terms(plan, Arrays(), latent, plan.quantities.over(unconstrained))


def scales_over(plan: Plan, latent: np.ndarray) -> dict[str, np.ndarray]:
    """Return the scales of the expert model by name, (draws,), at latents, (draws, latent)."""
    return dict(zip(SCALES, scales_of(plan, Arrays(), latent).T, strict=True))


def in_blocks(plan: Plan, latent: np.ndarray) -> Iterator[np.ndarray]:
    """Return the draws in blocks, such that arrays over draws and answers stay below some hundred megabytes."""
    at_once = max(1, _CELLS_AT_ONCE // max(1, len(plan.observations.rows) + len(plan.sharing.rows)))
    for start in range(0, len(latent), at_once):
        yield latent[start : start + at_once]


def pointwise(plan: Plan, latent: np.ndarray, active: np.ndarray | None = None) -> Pointwise:
    """Return log-densities at latents, (draws, latent); ``active`` (answer,) switches answers off as in the model."""
    from precursor.inference.density.person_kernel import unit_log_densities

    observations, sharing = plan.observations, plan.sharing
    if not observations.answers:
        # A plan of no answers has no latents of the expert model.
        nothing = np.zeros((len(latent), 0))
        return Pointwise(nothing, nothing, nothing, np.zeros(len(latent)))
    n_rows = len(observations.rows)
    on = np.ones(len(observations.answers)) if active is None else np.asarray(active, dtype=float)
    parts = []
    for block in in_blocks(plan, latent):
        found, n = terms_over(plan, block), len(block)
        units = np.zeros((n, len(observations.units)))
        if n_rows:
            over_draws = (
                np.ascontiguousarray(np.broadcast_to(x, (n, x.shape[-1])))
                for x in (found.residual, found.variance, found.entries)
            )
            units = unit_log_densities(
                *over_draws,
                on[:n_rows], sharing.first_row, sharing.first_entry, sharing.rows, sharing.columns, sharing.n_columns,
            )  # fmt: skip
            unit_of = np.repeat(np.arange(units.shape[1]), np.diff(sharing.first_row))
            for own, which in ((found.bounds, plan.columns.bounded), (found.quartiles, plan.columns.with_quartiles)):
                for column, row in enumerate(which):
                    units[:, unit_of[row]] += on[row] * own[:, column]
        rankings = np.broadcast_to(found.rankings, (n, len(observations.ranked))) * on[n_rows:]
        outcomes = np.broadcast_to(found.outcomes, (n, len(observations.seeds)))
        parts.append((units, rankings, outcomes, np.broadcast_to(found.gain, (n,))))
    return Pointwise(*(np.concatenate(part) for part in zip(*parts, strict=True)))
