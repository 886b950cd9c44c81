"""Stances side by side, as ``summary.json`` holds them under ``stances``.

From listening to nobody, by way of the sides and the camps, to listening to all.  Each has ``name``, ``title``,
``description``; ``surveys`` and ``answers`` (how many) that it listens to; ``camp`` (or none); ``pool_of`` (names of
the stances that it mixes, for the linear pool alone); ``quick``, ``converged``, ``draws``; ``headline`` as the run has
it; and, if it was fitted, ``checks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from precursor.inference.fits.fit import Fit
from precursor.inference.fits.headline import headline_items, headline_logits, items_of, next_experts
from precursor.inference.fits.stances import StanceFit, readable
from precursor.inference.runs.stance_draws import DEFAULT, POOL, PRIOR, in_equal_parts


def stance_table(
    fit: Fit, stances: Sequence[StanceFit], logits: np.ndarray, before: np.ndarray, *, certified: bool
) -> list[dict[str, Any]]:
    """Return all stances of a fit; empty without any but prior and default.

    ``logits`` and ``before`` are the headline's log-odds, (draws, query), of the fit and of its prior.
    """
    if not stances:
        return []
    every = [survey.id for survey in fit.plan.observations.surveys]
    nobody = {
        **_named(PRIOR, "The prior alone", "Nobody is listened to.", converged=True, quick=False),
        "draws": len(before),
        "headline": headline_items(fit, before, before, ask_expert=False),
    }
    everybody = {
        **_named(
            DEFAULT,
            "All surveys, camps weighted alike",
            "The default: one fit to all, in which the belief is the middle, in log-odds, between the camps. That they "
            "weigh alike is a convention.",
            converged=certified,
            quick=False,
        ),
        "surveys": every,
        "answers": len(fit.plan.observations.judged),
        "draws": len(logits),
        "headline": headline_items(fit, logits, before),
    }
    return [nobody, *(_entry(found, before) for found in stances), *_pool(stances, before), everybody]


def _named(name: str, title: str, description: str, *, converged: bool, quick: bool) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "description": description,
        "surveys": [],
        "answers": 0,
        "camp": None,
        "pool_of": [],
        "quick": quick,
        "converged": converged,
    }


def _entry(found: StanceFit, before: np.ndarray) -> dict[str, Any]:
    stance, logits = found.stance, headline_logits(found.fit, found.fit.flat)
    return {
        **_named(stance.name, stance.title, stance.description, converged=readable(found.checks), quick=True),
        **_heard([found]),
        "camp": stance.camp or None,
        "draws": len(logits),
        "headline": headline_items(found.fit, logits, before),
        "checks": [check.as_json() for check in found.checks],
    }


def _heard(stances: Sequence[StanceFit]) -> dict[str, Any]:
    """Return whose surveys are listened to, and how many answers."""
    judged = stances[0].fit.plan.observations.judged
    heard = [a.survey for a in judged if any(found.stance.listens_to(a.survey, a.unit) for found in stances)]
    return {"surveys": sorted(set(heard)), "answers": len(heard)}


def _pool(stances: Sequence[StanceFit], before: np.ndarray) -> list[dict[str, Any]]:
    """Return the linear pool of the camps: as many draws, and next experts, of each."""
    camps = [found for found in stances if found.stance.camp]
    if len(camps) < 2:  # noqa: PLR2004 - a pool needs two
        return []
    logits = [headline_logits(found.fit, found.fit.flat) for found in camps]
    experts = [next_experts(found.fit, own) for found, own in zip(camps, logits, strict=True)]
    pooled = in_equal_parts(logits)
    names = ", ".join(found.stance.camp.replace("_", " ") for found in camps)
    description = f"One camp is right entirely, each with equal chance ({names}): the mixture of their posteriors."
    return [
        {
            **_named(
                POOL, "The camps, pooled linearly", description,
                converged=all(readable(found.checks) for found in camps), quick=True,
            ),
            **_heard(camps),
            "pool_of": [found.stance.name for found in camps],
            "draws": len(pooled),
            "headline": items_of(pooled, before, in_equal_parts(experts)),
        }
    ]  # fmt: skip
