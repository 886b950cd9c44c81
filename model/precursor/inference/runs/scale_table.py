"""The scales of the expert model: what was decided of each before the fit, why, and what the answers made of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from precursor.inference.decisions import NOISE, SCALES, ScalePrior
from precursor.inference.fits.fit import Fit

_LEVELS = (0.05, 0.5, 0.95)
_Z95 = 1.6448536269514722


def scale_table(fit: Fit) -> list[dict[str, Any]]:
    """Return ``{name, reason, prior, posterior}`` for every scale, and for the noise of every group that answered.

    Intervals are ``{low, median, high}``, 5-95 %; scales are in log-odds (logs for ratios), factors plain.  ``prior``
    is the decision itself, ``posterior`` is that of the fit, times what is decided of it.
    """
    plan, layout = fit.plan, fit.plan.layout
    if not plan.observations.answers:
        return []
    latent = fit.latent.reshape(-1, fit.latent.shape[-1])
    found = [
        (
            name,
            prior,
            latent[:, layout.scales.start + i],
            plan.decisions.times(name),
        )
        for i, (name, prior) in enumerate(SCALES.items())
    ]
    found += [
        (f"noise of {group}", NOISE, latent[:, layout.noise.start + i], plan.decisions.times("noise"))
        for i, group in enumerate(plan.observations.noise_groups)
    ]
    return [_entry(name, prior, x, times) for name, prior, x, times in found]


def _entry(name: str, prior: ScalePrior, latent: np.ndarray, times: float) -> dict[str, Any]:
    after = times * prior.median * np.exp(prior.log_sd * np.quantile(latent, _LEVELS))
    before = times * prior.median * np.exp(prior.log_sd * _Z95 * np.array([-1.0, 0.0, 1.0]))
    return {
        "name": name,
        "reason": prior.reason,
        "prior": dict(zip(("low", "median", "high"), before.tolist(), strict=True)),
        "posterior": dict(zip(("low", "median", "high"), after.tolist(), strict=True)),
    }
