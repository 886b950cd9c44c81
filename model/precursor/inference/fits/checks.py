"""Did the sampler do its work?  Every check returns a name, whether it passed, its value and its threshold."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from precursor.inference.fits.fit import Fit
from precursor.problems import InputError, Problem

R_HAT_BELOW, ESS_ABOVE, BFMI_ABOVE = 1.01, 400.0, 0.3
# Chains are split in half, and a half needs two draws to have a variance.
FEWEST_CHAINS, FEWEST_DRAWS = 2, 4
WORST_R_HAT = 1e6


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a fit."""

    name: str
    passed: bool
    value: float
    threshold: float

    def as_json(self) -> dict[str, Any]:
        """Return the check as ``summary.json`` holds it."""
        return asdict(self)


def checks_of(fit: Fit, headline: np.ndarray) -> tuple[Check, ...]:
    """Return the checks over every unknown and every headline quantity.

    Parameters
    ----------
    headline
        Log-odds of the headline queries, (chain, draw, query).
    """
    parameters = fit.unconstrained
    varying = parameters.std(axis=(0, 1)) > 0
    everything = np.concatenate([fit.latent, parameters[..., varying], headline], axis=-1)
    r_hat, bulk, tail = _diagnostics(everything)
    divergences = float(fit.statistics.get("diverging", np.zeros(1)).sum())
    bfmi = _bfmi(fit.statistics["energy"]) if "energy" in fit.statistics else 1.0
    return (
        Check("r_hat_max", r_hat < R_HAT_BELOW, r_hat, R_HAT_BELOW),
        Check("ess_bulk_min", bulk > ESS_ABOVE, bulk, ESS_ABOVE),
        Check("ess_tail_min", tail > ESS_ABOVE, tail, ESS_ABOVE),
        Check("divergences", divergences == 0, divergences, 0.0),
        Check("e_bfmi_min", bfmi > BFMI_ABOVE, bfmi, BFMI_ABOVE),
    )


def require_chains(fit: Fit) -> None:
    """Raise `InputError` where there are too few chains or draws for every check to be computed."""
    chains, draws = fit.latent.shape[:2]
    if chains < FEWEST_CHAINS or draws < FEWEST_DRAWS:
        raise InputError(
            Problem(
                f"A run of {chains} chain(s) of {draws} draw(s) cannot be checked: chains have to agree.",
                f"{FEWEST_CHAINS} chains or more, of {FEWEST_DRAWS} draws or more",
            )
        )


def converged(checks: tuple[Check, ...]) -> bool:
    """Return whether every check passed."""
    return all(check.passed for check in checks)


def _diagnostics(values: np.ndarray) -> tuple[float, float, float]:
    """Return the worst rank-normalised R-hat and the least bulk and tail effective sample sizes, over the last axis."""
    import xarray as xr
    from arviz import ess, rhat

    data = xr.Dataset({"x": (("chain", "draw", "quantity"), values)})
    with np.errstate(invalid="ignore", divide="ignore"):
        r_hat = rhat(data)["x"].max(skipna=False).item() if values.shape[0] > 1 else float("nan")
        bulk, tail = (ess(data, method=which)["x"].min(skipna=False).item() for which in ("bulk", "tail"))
    # Chains that never move have no R-hat: that is the worst there is, and JSON can hold it.
    stuck = values.shape[0] > 1 and not np.isfinite(r_hat)
    return (WORST_R_HAT if stuck else r_hat), bulk if np.isfinite(bulk) else 0.0, tail if np.isfinite(tail) else 0.0


def _bfmi(energy: np.ndarray) -> float:
    """Return the least estimated Bayesian fraction of missing information (Betancourt 2016) over chains."""
    spread = energy.var(axis=1).max()
    return float((np.diff(energy, axis=1) ** 2).mean(axis=1).min() / spread) if spread > 0 else 0.0
