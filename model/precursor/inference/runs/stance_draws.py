"""The draws of a run's stances, as its file keeps them, so that anything can be asked of a stance.

``posterior.nc`` has a group ``stances/<name>`` with ``standard_normal`` (chain, draw, latent), float32: the latents of
the argument's parameters alone.  Of the prior, the default and the linear pool nothing is kept: the first is drawn anew
from its seed, the second is the run itself, the third the camps' draws put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.problems import InputError, Problem, did_you_mean

if TYPE_CHECKING:
    import xarray as xr

    from precursor.inference.fits.stances import StanceFit
    from precursor.inference.runs.run import Run

STANCES = "stances"
PRIOR, POOL, DEFAULT = "prior", "linear_pool", "default"


def stance_dataset(found: StanceFit) -> xr.Dataset:
    """Return what is kept of a stance."""
    import xarray as xr

    plan = found.fit.plan
    latent = found.fit.latent[..., plan.layout.parameters].astype(np.float32)
    return xr.Dataset(
        {"standard_normal": (("chain", "draw", "latent"), latent)},
        coords={"latent": list(plan.layout.names[plan.layout.parameters])},
    )


def stance_names(run: Run) -> list[str]:
    """Return the stances that can be asked, in the order of the summary."""
    kept = set(run.posterior[STANCES].children) if STANCES in run.posterior.children else set()
    fitted = [
        stance["name"]
        for stance in run.summary.get("stances", [])
        if stance["name"] in kept or (stance.get("pool_of") and kept.issuperset(stance["pool_of"]))
    ]
    return [PRIOR, *fitted, DEFAULT]


def stance_of(run: Run, name: str | None) -> dict[str, Any]:
    """Return the summary's entry of a stance, empty where there is none."""
    return next((stance for stance in run.summary.get("stances", []) if stance["name"] == name), {})


def stance_converged(run: Run, name: str | None) -> bool:
    """Return whether a stance, or without one the run, passed its checks; a stance those of a shorter run."""
    entry = run.summary if name in (None, DEFAULT) else stance_of(run, name)
    return name == PRIOR or entry.get("converged") is True


def require_stance(run: Run, name: str) -> None:
    """Raise `InputError` if the run has no such stance, or was written before draws of stances were kept."""
    if name in (known := stance_names(run)):
        return
    if stance_of(run, name):
        message = f"Run {run.name} was written without the draws of its stances."
        raise InputError(Problem(message, "make the run again: precursor run"))
    raise InputError(Problem(f"Run {run.name} has no stance {name!r}.", did_you_mean(name, known)))


def stance_draws(run: Run, name: str) -> np.ndarray:
    """Return the unconstrained parameters of a stance, (draws, parameters); see `require_stance` for what is raised."""
    require_stance(run, name)
    if name == PRIOR:
        return run.prior_draws()
    if name == DEFAULT:
        return run.draws()
    if parts := stance_of(run, name).get("pool_of"):
        return in_equal_parts([stance_draws(run, part) for part in parts])
    return run.parameters_at(np.asarray(run.posterior[f"{STANCES}/{name}"]["standard_normal"].data, dtype=float))


def in_equal_parts(draws: list[np.ndarray]) -> np.ndarray:
    """Return draws, (draw, ...), of a mixture with equal weights: of the longer ones as many, evenly chosen."""
    fewest = min(map(len, draws))
    return np.concatenate([own[np.linspace(0, len(own) - 1, fewest).round().astype(int)] for own in draws])
