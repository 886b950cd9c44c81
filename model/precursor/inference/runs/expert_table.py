"""What a fit learned of every person: bias, extremity, worldview, noise, width factor; and of which it learned nothing.

Each is compared with what the fit would expect of such a person before their answers (`person_effects`): an effect
whose median and 90 % interval are as before was not touched by the person's own data.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from precursor.inference.density.person_effects import EFFECTS, person_effects, persons_of
from precursor.inference.fits.fit import Fit

_DRAWS, _FEWEST_DRAWS, _DRAWS_OF_ALL = 1000, 200, 100_000
_LEVELS = (0.05, 0.5, 0.95)
# As for parameters (`summary.untouched`): what Monte Carlo error alone does to a thousand draws.
_UNTOUCHED = 0.1
AUTHORS = "authors"
MEASURES = (*EFFECTS, "noise_multiplier", "width_factor")


def expert_table(fit: Fit) -> list[dict[str, Any]]:
    """Return one entry for every person, in the order of their answers; published groups are no persons.

    Each has ``person``, ``label``, ``group``, ``camp``, ``our_reading`` (the answers are coded from an author's text),
    ``answers`` and, for each of `MEASURES`, ``{median, low, high, touched}`` with the 5-95 % interval.  ``bias`` is in
    log-odds towards bad news; ``extremity`` is the slope on the log-odds; ``worldview`` runs from optimists (-1) to
    pessimists (+1); ``noise_multiplier`` is ``lambda^-1/2``, by which all of a person's own deviations exceed the
    group's: a large one is a small weight; ``width_factor`` is what stated widths are multiplied by.
    """
    persons = persons_of(fit.plan)
    if not persons:
        return []
    draws = min(_DRAWS, max(_FEWEST_DRAWS, _DRAWS_OF_ALL // len(persons)))
    latent = fit.latent.reshape(-1, fit.latent.shape[-1])
    chosen = latent[np.linspace(0, len(latent) - 1, min(draws, len(latent))).astype(int)]
    after, before = (
        _measures(fit, chosen, seed=fit.settings.seed + 4 + i, answered=answered)
        for i, answered in enumerate((True, False))
    )
    answers = Counter(answer.unit for answer in fit.plan.observations.judged)
    return [
        {
            "person": unit.id,
            "label": unit.label,
            "group": unit.noise_group,
            "camp": unit.group.partition("/")[2],
            "our_reading": unit.noise_group == AUTHORS,
            "answers": answers[unit],
            **{name: _measure(after[name][:, i], before[name][:, i]) for name in MEASURES},
        }
        for i, unit in enumerate(persons)
    ]


def _measures(fit: Fit, latent: np.ndarray, seed: int, *, answered: bool) -> dict[str, np.ndarray]:
    """Return draws of every measure, (draws, person)."""
    effects = person_effects(fit.plan, latent, seed, answered=answered)
    found = {name: effects["tendency"].values[:, :, i] for i, name in enumerate(EFFECTS)}
    found["noise_multiplier"] = effects["tail_scale"].values ** -0.5
    found["width_factor"] = effects["width_factor"].values
    return found


def _measure(after: np.ndarray, before: np.ndarray) -> dict[str, Any]:
    low, median, high = np.quantile(after, _LEVELS)
    was_low, was_median, was_high = np.quantile(before, _LEVELS)
    width = was_high - was_low
    touched = abs(median - was_median) > _UNTOUCHED * width or abs((high - low) / width - 1) > _UNTOUCHED
    return {"median": float(median), "low": float(low), "high": float(high), "touched": bool(touched)}
