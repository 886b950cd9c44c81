"""Posteriors for tests, without a sampler: draws of the prior, resampled by the density of the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from precursor.inference.audit.posterior import AuditedPosterior
from precursor.inference.plan import Plan

LEAST_EFFECTIVE = 20


@dataclass(frozen=True)
class Prior:
    """Draws of a plan's latents from the prior, and the network's quantities at them, (draw, quantity)."""

    plan: Plan
    latent: np.ndarray
    quantities: np.ndarray

    def chosen(self, log_density: np.ndarray, draws: int, seed: int) -> np.ndarray:
        """Return which draws stand for a posterior, resampled systematically and shuffled."""
        weights = np.exp(log_density - log_density.max())
        weights /= weights.sum()
        assert 1 / (weights**2).sum() > LEAST_EFFECTIVE, "too few prior draws for these answers"
        rng = np.random.default_rng(seed)
        at = (rng.random() + np.arange(draws)) / draws
        return rng.permutation(np.minimum(np.searchsorted(np.cumsum(weights), at), len(weights) - 1))

    def posterior(self, which: np.ndarray) -> AuditedPosterior:
        return AuditedPosterior(self.plan, self.latent[which])

    @property
    def audited(self) -> AuditedPosterior:
        return AuditedPosterior(self.plan, self.latent)


def prior_of(plan: Plan, draws: int, seed: int) -> Prior:
    latent = np.random.default_rng(seed).standard_normal((draws, len(plan.layout.names)))
    unconstrained = plan.space.mean + latent[:, plan.layout.parameters] @ plan.space.loadings.T
    return Prior(plan, latent, plan.quantities.over(unconstrained))


def stating(plan: Plan, locations: np.ndarray) -> Plan:
    """Return the plan with other numbers stated, (row,), in each row's own direction."""
    return replace(plan, stated=replace(plan.stated, location=locations))
