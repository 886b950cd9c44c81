"""The headline under other decisions: what nobody's answers can tell, shown at several values.

Extremity and shared error of the whole population are not identified without outcomes, and that the spreads learned
from resolved forecasts carry over to questions that nobody can resolve is taken on trust (`decisions`).  The same
compiled model is sampled at other values of each, by shorter runs that say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from precursor.inference.decisions import Decisions
from precursor.inference.fits.checks import Check
from precursor.inference.fits.fit import Fit, Progress, Sampler, Settings
from precursor.inference.fits.headline import headline_items, headline_logits
from precursor.inference.fits.stances import STANCE_SETTINGS, readable, sampled_until_readable

OTHER_DECISIONS = (
    Decisions(extremity=0.5), Decisions(extremity=2.0), Decisions(shared_error=0.0), Decisions(shared_error=2.0),
    Decisions(amplified_error=1.0), Decisions(transfer=0.5), Decisions(transfer=2.0),
)  # fmt: skip


@dataclass(frozen=True)
class DecidedFit:
    """Draws under other decisions, and their checks."""

    decisions: Decisions
    fit: Fit
    checks: tuple[Check, ...]


def fit_other_decisions(
    sampler: Sampler, seed: int, say: Progress, settings: Settings = STANCE_SETTINGS
) -> list[DecidedFit]:
    """Return a fit of all answers for each of `OTHER_DECISIONS`."""
    found, everybody = [], np.ones(len(sampler.plan.observations.answers))
    for decisions in OTHER_DECISIONS:
        what = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in decisions.numbers.items())
        one = sampler.listening(everybody, decisions)
        found.append(DecidedFit(decisions, *sampled_until_readable(one, replace(settings, seed=seed), say, what)))
    return found


def decisions_summary(
    decided: Decisions,
    headline: list[dict[str, Any]],
    others: Sequence[DecidedFit],
    before: np.ndarray,
    *,
    certified: bool,
) -> list[dict[str, Any]]:
    """Return the headline under the default and other decisions, as ``summary.json`` holds it; empty without others."""
    if not others:
        return []
    default = {**decided.numbers, "default": True, "quick": False, "converged": certified, "headline": headline}
    return [default, *(_entry(other, before) for other in others)]


def _entry(other: DecidedFit, before: np.ndarray) -> dict[str, Any]:
    return {
        **other.decisions.numbers,
        "default": False,
        "quick": True,
        "converged": readable(other.checks),
        "headline": headline_items(other.fit, headline_logits(other.fit, other.fit.flat), before),
        "checks": [check.as_json() for check in other.checks],
    }
