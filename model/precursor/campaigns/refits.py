"""Fits without some of the answers, as a campaign: leave-one-out on two workers or a cluster, resumable."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Campaign, Result
from precursor.campaigns.compiled import compiled, described
from precursor.campaigns.results import ResultsFolder
from precursor.campaigns.run import Say, run
from precursor.campaigns.schedulers import Scheduler
from precursor.inference.audit.posterior import AuditedPosterior, posterior_of_fit
from precursor.inference.audit.refit import SETTINGS, good_enough
from precursor.inference.fits.fit import Fit
from precursor.inference.plan import Plan

NAME = "refits"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where refits run, and the folder in which they are kept."""

    scheduler: Scheduler
    folder: ResultsFolder
    root: str | None = None


@dataclass
class Wanted:
    """What an audit asks to be fitted anew: it is asked first, and what it asked for is then fitted all at once."""

    masks: dict[bytes, np.ndarray] = field(default_factory=dict)

    def __call__(self, mask: np.ndarray, _label: str) -> None:
        """Note a mask, (answer,), and say that there is no such fit yet."""
        self.masks.setdefault(_key(mask), mask)


@dataclass(frozen=True)
class Refits:
    """Fits without some answers that are done, by mask."""

    found: Mapping[bytes, AuditedPosterior | None]

    def __call__(self, mask: np.ndarray, _label: str) -> AuditedPosterior | None:
        """Return the posterior without the answers that are off, or ``None`` if it cannot be trusted."""
        return self.found[_key(mask)]


def campaign(plan: Plan, masks: Sequence[np.ndarray], root: str | None = None) -> Campaign:
    """Return the campaign that fits a plan once for every mask, (answer,), of its answers.

    Workers read the surveys from their folders, and refuse answers that are not those of the plan.
    """
    each = {f"{i:04d}": {"off": np.flatnonzero(mask == 0).tolist()} for i, mask in enumerate(masks)}
    return Campaign(NAME, f"{__name__}:refit_without", SETTINGS.seed, described(plan, root), each=each)


def refits_on(
    plan: Plan,
    wanted: Wanted,
    logits_of: Callable[[Fit], np.ndarray],
    where: Elsewhere,
    say: Say,
) -> Refits:
    """Return the fits that are wanted; ``logits_of`` gives a fit's headline log-odds, (draw, query)."""
    if not wanted.masks:
        return Refits({})
    planned = campaign(plan, [*wanted.masks.values()], where.root)
    run(planned, where.folder, where.scheduler, say=say)
    found: dict[bytes, AuditedPosterior | None] = {}
    for key, task in zip(wanted.masks, planned.tasks, strict=True):
        fit = _fit(plan, where.folder.read(task.name))
        found[key] = posterior_of_fit(fit) if good_enough(fit, logits_of(fit)) else None
    return Refits(found)


def refit_without(seed: int, settings: Mapping[str, Any]) -> Result:  # noqa: ARG001 - every refit has the audit's seed
    """Return the draws without the answers whose positions are ``settings["off"]``, and the sampler's statistics."""
    sampler = compiled(settings)
    mask = np.ones(len(sampler.plan.observations.answers))
    mask[settings["off"]] = 0.0
    fit = sampler.sample(SETTINGS, lambda _message: None, mask)
    return {"latent": fit.latent, **fit.statistics}


def _fit(plan: Plan, result: Result) -> Fit:
    return Fit(plan, SETTINGS, result["latent"], {name: x for name, x in result.items() if name != "latent"})


def _key(mask: np.ndarray) -> bytes:
    return np.packbits(mask > 0).tobytes()
