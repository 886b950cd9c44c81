"""A short fit with some answers switched off, from one compiled model, and whether it is good enough for an audit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from precursor.inference.audit.posterior import AuditedPosterior, posterior_of_fit
from precursor.inference.fits.checks import checks_of
from precursor.inference.fits.fit import QUICK, Fit, Progress, Sampler
from precursor.inference.plan import Plan

# Wider than a run's own: an audit asks whether the headline moves, not for its third digit.
R_HAT_BELOW, ESS_ABOVE, DIVERGENCES_BELOW = 1.05, 100.0, 0.01
SETTINGS = replace(QUICK, draws=250, tune=300)


Refit = Callable[[np.ndarray, str], AuditedPosterior | None]


def refit_by(plan: Plan, logits_of: Callable[[Fit], np.ndarray], say: Progress) -> Refit:
    """Return what refits a plan without some answers; it is compiled when first asked.

    The result takes a mask, (answer,), and what it leaves out, and returns a posterior, or ``None`` if that cannot be
    trusted.  ``logits_of`` gives a fit's headline log-odds, (draw, query).
    """
    compiled: list[Sampler] = []

    def refit(mask: np.ndarray, label: str) -> AuditedPosterior | None:
        if not compiled:
            compiled.append(Sampler.compiled_from(plan, say))
        fit = compiled[0].sample(SETTINGS, say, mask, f"Without {label}")
        return posterior_of_fit(fit) if good_enough(fit, logits_of(fit)) else None

    return refit


def good_enough(fit: Fit, logits: np.ndarray) -> bool:
    """Return whether a short fit has converged well enough to be shown."""
    chains, draws = fit.latent.shape[:2]
    checks = {one.name: one.value for one in checks_of(fit, logits.reshape(chains, draws, -1))}
    return passes(checks, chains * draws)


def passes(checks: Mapping[str, float], draws: int) -> bool:
    """Return whether the values of a short fit's checks, by name, are good enough for so many draws."""
    return (
        checks["r_hat_max"] < R_HAT_BELOW
        and checks["ess_bulk_min"] > ESS_ABOVE
        and checks["ess_tail_min"] > ESS_ABOVE
        and checks["divergences"] < DIVERGENCES_BELOW * draws
    )
