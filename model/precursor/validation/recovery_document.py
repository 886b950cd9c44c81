"""What fits of known truths found, group by group: bias, width, and how often intervals hold the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Result
from precursor.validation.recovery import LEVELS, PRIOR

MASSES = (0.5, 0.8, 0.9)
# The control's coverage is held against its binomial distribution at this level, all masses together.
SIGNIFICANCE = 0.01
Document = dict[str, Any]


def group_document(settings: Mapping[str, Any], found: Result) -> Document:
    """Return one group's entry: the first query's bias and width in log-odds, and coverage of all queries.

    ``settings`` are the campaign's; ``found`` its stacked results, (fit, ...), as `recovery` returns them.
    """
    error = found["mean"] - found["truth"]
    first = error[:, 0]
    low, high = (found["quantiles"][:, :, LEVELS.index(level)] for level in (LEVELS[0], LEVELS[-1]))
    return {
        "survey": settings["survey"],
        "scenario": settings["scenario"],
        "people": settings["people"],
        "shared_error": list(settings["shared_error"]),
        "fits": len(first),
        "truth": float(found["truth"][:, 0].mean()),
        "bias": float(first.mean()),
        "bias_error": float(first.std(ddof=1) / np.sqrt(len(first))),
        "root_mean_square": float(np.sqrt((first**2).mean())),
        "width": float((high - low)[:, 0].mean()),
        "held": {f"{mass:g}": _held(found, mass).mean(axis=0).tolist() for mass in MASSES},
        "divergences": int(found["divergences"].sum()),
    }


def recovery_document(groups: Sequence[Document]) -> Document:
    """Return the document of all groups.

    Passed: truths drawn from the prior are held by the first query's intervals in the stated shares (exact binomial),
    while fits that believe in no shared error hold too few of truths that were told with it.
    """
    controls = [g for g in groups if g["scenario"] == PRIOR and g["shared_error"] == [1.0, 1.0]]
    mistaken = [g for g in groups if g["shared_error"] == [1.0, 0.0]]
    fair = all(p >= SIGNIFICANCE / (len(controls) * len(MASSES)) for g in controls for p in _p_values(g))
    caught = [min(_p_values(g)) < SIGNIFICANCE for g in mistaken]
    return {
        "passed": bool(fair and all(caught)),
        "groups": list(groups),
        "controls_are_fair": fair,
        "mistake_caught": caught,
        "lines": [_HEAD, *(_line(group) for group in groups)],
    }


_HEAD = "truths       questions     told/believed  people  fits   bias (se)       rms  width  held of 50, 80, 90 %"


def _line(group: Document) -> str:
    told, believed = group["shared_error"]
    return (
        f"{group['scenario']:<13}{group['survey']:<14}{told:g} / {believed:g}{'':8}"
        f"{group['people']:>6}{group['fits']:>6}  "
        f"{group['bias']:+.2f} ({group['bias_error']:.2f})  {group['root_mean_square']:.2f}  "
        f"{group['width']:>5.2f}  {held_in_words(group)}"
    )


def held_in_words(group: Document) -> str:
    """Return in how many of a hundred fits the intervals of 50, 80 and 90 % hold the first query's truth."""
    return ", ".join(f"{100 * group['held'][f'{mass:g}'][0]:.0f}" for mass in MASSES)


def _held(found: Result, mass: float) -> np.ndarray:
    """Return whether the central interval of a mass holds the truth, (fit, query)."""
    low, high = (_at(level) for level in ((1 - mass) / 2, (1 + mass) / 2))
    return (found["quantiles"][..., low] <= found["truth"]) & (found["truth"] <= found["quantiles"][..., high])


def _at(level: float) -> int:
    return int(np.argmin(np.abs(np.array(LEVELS) - level)))


def _p_values(group: Document) -> list[float]:
    """Return the exact binomial p-value of the first query's coverage at every mass."""
    from scipy.stats import binomtest

    return [
        float(binomtest(round(group["held"][f"{mass:g}"][0] * group["fits"]), group["fits"], mass).pvalue)
        for mass in MASSES
    ]
