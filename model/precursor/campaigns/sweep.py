"""A sweep: one fit for every way of listening and deciding, from one compiled model, as a campaign.

The points are all combinations of whom one listens to (all surveys, each alone, all but one), of decided numbers
(`Decisions`) and of seeds.  What a point finds depends on its own settings and seed alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Campaign, Result
from precursor.campaigns.compiled import compiled, described
from precursor.campaigns.provenance import provenance
from precursor.inference.audit.refit import passes
from precursor.inference.decisions import Decisions
from precursor.inference.fits.checks import checks_of
from precursor.inference.fits.fit import Settings
from precursor.inference.fits.headline import (
    PRIOR_DRAWS,
    PRIOR_SEED,
    headline_circuit,
    headline_logits,
    items_of,
    logits_of,
)
from precursor.inference.plan import Plan

ALL, ONLY, WITHOUT = "all", "only", "without"
_CHECK = "check_"
_LENGTH = ("draws", "tune", "chains", "target_accept")


@dataclass(frozen=True, slots=True)
class Point:
    """One fit of a sweep.

    Attributes
    ----------
    listens
        ``all``, ``only SURVEY`` or ``without SURVEY``.
    surveys
        Ids of the surveys whose answers count.
    decisions
        The numbers decided.
    repeat
        Which of the fits that differ by their seeds alone, from 0.
    """

    listens: str
    surveys: tuple[str, ...]
    decisions: Decisions
    repeat: int


def listening_ways(surveys: Sequence[str], *, each: bool, without: bool) -> list[tuple[str, tuple[str, ...]]]:
    """Return whom to listen to, named: all surveys; with ``each`` every one alone; with ``without`` all but one."""
    found = [(ALL, tuple(surveys))]
    if len(surveys) > 1:
        found += [(f"{ONLY} {one}", (one,)) for one in surveys if each]
        found += [(f"{WITHOUT} {one}", tuple(s for s in surveys if s != one)) for one in surveys if without]
    return found


def points_of(
    ways: Sequence[tuple[str, tuple[str, ...]]], decided: Mapping[str, Sequence[float]], repeats: int = 1
) -> list[Point]:
    """Return every combination; ``decided`` are the values of `Decisions` by name, those left out at their default."""
    grid: list[dict[str, Any]] = [dict(zip(decided, values, strict=True)) for values in product(*decided.values())]
    return [
        Point(listens, surveys, replace(Decisions(), **numbers), repeat)
        for (listens, surveys), numbers, repeat in product(ways, grid, range(repeats))
    ]


def campaign(plan: Plan, points: Sequence[Point], settings: Settings, root: str | None = None) -> Campaign:
    """Return the campaign of a sweep over the surveys of a plan."""
    length = {name: getattr(settings, name) for name in _LENGTH}
    each = {
        f"{i:04d}": {"listens_to": list(point.surveys), "decided": point.decisions.numbers, "repeat": point.repeat}
        for i, point in enumerate(points)
    }
    return Campaign("sweep", f"{__name__}:fit_point", settings.seed, described(plan, root) | length, each=each)


def fit_point(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return the headline of one point's fit.

    Returns
    -------
    Result
        ``logits`` (chain, draw, query), and the value of every check (`checks_of`) as ``check_<name>``.
    """
    sampler = compiled(settings)
    wanted = set(settings["listens_to"])
    active = np.array([answer.survey in wanted for answer in sampler.plan.observations.answers])
    length = {name: settings[name] for name in _LENGTH}
    fit = sampler.listening(active, replace(Decisions(), **settings["decided"])).sample(
        Settings(**length, seed=seed % 2**31, cores=1)
    )
    logits = headline_logits(fit, fit.flat).reshape(*fit.latent.shape[:2], -1)
    return {"logits": logits} | {_CHECK + check.name: np.array(check.value) for check in checks_of(fit, logits)}


def sweep_document(plan: Plan, points: Sequence[Point], planned: Campaign, found: Result) -> dict[str, Any]:
    """Return what a sweep found: of every point whom it listens to, what is decided, its checks and its headline.

    ``found`` are the planned campaign's stacked results, (point, ...).
    """
    unconstrained = plan.space.prior_draws(np.random.default_rng(PRIOR_SEED), PRIOR_DRAWS)
    before = logits_of(headline_circuit(plan.space, plan.observations.indicators), unconstrained)
    names = [name for name in found if name.startswith(_CHECK)]
    fits = []
    for i, point in enumerate(points):
        logits = found["logits"][i]
        checks = {name.removeprefix(_CHECK): float(found[name][i]) for name in names}
        fits.append(
            {
                "listens": point.listens,
                "surveys": list(point.surveys),
                "decisions": point.decisions.numbers,
                "repeat": point.repeat,
                "converged": passes(checks, logits.shape[0] * logits.shape[1]),
                "checks": checks,
                "headline": items_of(logits.reshape(-1, logits.shape[-1]), before, None),
            }
        )
    surveys = plan.observations.surveys
    return {
        "seed": planned.seed,
        "settings": {name: planned.settings[name] for name in _LENGTH},
        "provenance": provenance({survey.id: dict(sorted(survey.hashes.items())) for survey in surveys}),
        "surveys": [survey.id for survey in surveys],
        "synthetic": [survey.id for survey in surveys if survey.synthetic],
        "converged": all(fit["converged"] for fit in fits),
        "fits": fits,
    }
