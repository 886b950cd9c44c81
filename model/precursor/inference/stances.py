"""Stances: the same compiled model, listening to some of the answers only.

A stance is fitted with fewer draws than the default and says so.  Which people belong to a stance is decided by survey.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from precursor.inference.checks import Check, checks_of
from precursor.inference.fit import Fit, Progress, Sampler, Settings
from precursor.inference.headline import headline_items, headline_logits


@dataclass(frozen=True, slots=True)
class Stance:
    """Whom to listen to: the answers of some surveys."""

    name: str
    title: str
    description: str
    surveys: tuple[str, ...]


STANCES = (
    Stance(
        "argument_premises", "The argument’s premises alone",
        "Our readings of what its author says of single steps; the bottom line is not used.", ("argument_premises",),
    ),
    Stance(
        "critics_premises", "Its critics’ premises alone",
        "Our readings of what its critics say of single steps; their bottom lines are not used.", ("critics_premises",),
    ),
)  # fmt: skip
STANCE_SETTINGS = Settings(draws=400, tune=200, chains=2, target_accept=0.8)


@dataclass(frozen=True)
class StanceFit:
    """A stance's draws and checks."""

    stance: Stance
    fit: Fit
    checks: tuple[Check, ...]


def fit_stances(sampler: Sampler, seed: int, say: Progress, settings: Settings = STANCE_SETTINGS) -> list[StanceFit]:
    """Return a fit for every stance whose surveys are all among the model's, and are not all of them."""
    answers = sampler.plan.observations.answers
    present = {answer.survey for answer in answers}
    found = []
    for stance in STANCES:
        if not set(stance.surveys) < present:
            continue
        active = np.array([answer.survey in stance.surveys for answer in answers])
        drawn = sampler.sample(replace(settings, seed=seed), say, active, f"Stance {stance.name}")
        logits = headline_logits(drawn, drawn.flat)
        shape = (*drawn.latent.shape[:2], -1)
        found.append(StanceFit(stance, drawn, checks_of(drawn, logits.reshape(shape))))
    return found


def stance_summary(found: StanceFit, before: np.ndarray) -> dict[str, Any]:
    """Return a stance as ``summary.json`` holds it; ``before`` is the prior's headline log-odds."""
    logits = headline_logits(found.fit, found.fit.flat)
    return {
        "name": found.stance.name,
        "title": found.stance.title,
        "description": found.stance.description,
        "surveys": list(found.stance.surveys),
        "quick": True,
        "converged": readable(found.checks),
        "headline": headline_items(found.fit, logits, before),
        "checks": [check.as_json() for check in found.checks],
    }


# A stance is a shorter run: it is read to two digits, not certified like the default.
STANCE_R_HAT = 1.05


def readable(checks: tuple[Check, ...]) -> bool:
    """Return whether a shorter run may be read: R-hat below 1.05 and no divergence."""
    worst = next(check for check in checks if check.name == "r_hat_max")
    return worst.value < STANCE_R_HAT and all(check.passed for check in checks if check.name == "divergences")
