"""Latents drawn from the prior: of questions that many answered, the latents stand where their effects are put."""

from __future__ import annotations

import numpy as np

from precursor.inference.answers.centres import STEP, Centres
from precursor.inference.simulation.replication import Replicator


def prior_latent(replicator: Replicator, rng: np.random.Generator) -> np.ndarray:
    """Return one draw of the latents of a replicator's plan from the prior, (latent,).

    All are standard normal but those of much-answered questions (`shared_questions`): there the effects d and w are
    drawn from ``Normal(0, scale)``, and the latents are what puts them there.
    """
    plan = replicator.plan
    drawn = rng.standard_normal(len(plan.layout.names))
    shared, placed = plan.shared_centres, plan.placed_centres
    errors, loadings = plan.layout.shared_error, plan.layout.loading
    here = drawn.copy()
    here[errors] = np.where(shared.well_answered > 0, 0.0, drawn[errors])
    here[loadings] = np.where(placed.well_answered > 0, 0.0, drawn[loadings])
    at_zero, scale = replicator.shared(here), replicator.scale(here)
    omega = np.where(shared.in_widths > 0, scale["known_shared_error"], scale["shared_error"])
    here[errors] = _standing(shared, omega * drawn[errors], at_zero.shared_error, here[errors])
    here[loadings] = _standing(placed, scale["loading_spread"] * drawn[loadings], at_zero.loading, here[loadings])
    return here


def _standing(centres: Centres, effects: np.ndarray, at_zero: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """Return the latents at which the centred effects, ``at_zero + step leading x``, are the given ones."""
    centred = centres.well_answered > 0
    wanted = np.where(centred, (effects - at_zero) / STEP, 0.0)
    return np.where(centred, np.linalg.solve(centres.leading.toarray(), wanted), otherwise)
