"""How far broken answers moved model, mean and median, and how far from the truth they left them."""

from __future__ import annotations

from typing import Any

import numpy as np

from precursor.campaigns.campaign import Result
from precursor.validation.misspecified import ESTIMATES, KINDS

Document = dict[str, Any]


def misspecified_group(scenario: str, people: int, found: Result) -> Document:
    """Return one scenario's entry from stacked results, (repeat, ...), of `misspecified`; all in log-odds."""
    estimate, truth = found["estimate"], found["truth"]
    moved = np.abs(estimate - estimate[:, :1])
    error = np.sqrt(((estimate - truth[:, None, None]) ** 2).mean(axis=0))
    return {
        "scenario": scenario,
        "people": people,
        "repeats": len(truth),
        "moved": _by_kind(moved.mean(axis=0)),
        "root_mean_square_error": _by_kind(error),
        "held": dict(zip(KINDS, found["held"].mean(axis=0).tolist(), strict=True)),
    }


def misspecified_document(groups: list[Document]) -> Document:
    """Return the document of all scenarios.

    Passed: in no scenario does a troll, or do outliers, move the model further than they move the plain mean (or than a
    quarter of a unit of log-odds); the mean is the control that has to be moved, by more than half a unit somewhere.
    """
    single = ("outliers", "troll_0", "troll_1")
    robust = all(
        group["moved"][kind]["model"] <= max(group["moved"][kind]["mean"], 0.25) for group in groups for kind in single
    )
    planted = any(max(group["moved"][kind]["mean"] for kind in single) > 0.5 for group in groups)  # noqa: PLR2004
    return {"passed": bool(robust and planted), "groups": groups, "lines": [_HEAD, *_lines(groups)]}


_HEAD = "truths      answers        moved: model   mean  median   error: model   mean  median   90 % holds"


def _lines(groups: list[Document]) -> list[str]:
    return [
        f"{group['scenario']:<12}{kind:<15}"
        + "".join(f"{group['moved'][kind][name]:>8.2f}" for name in ESTIMATES)
        + "   "
        + "".join(f"{group['root_mean_square_error'][kind][name]:>8.2f}" for name in ESTIMATES)
        + f"   {100 * group['held'][kind]:.0f} %"
        for group in groups
        for kind in KINDS
    ]


def _by_kind(values: np.ndarray) -> dict[str, dict[str, float]]:
    return {kind: dict(zip(ESTIMATES, row.tolist(), strict=True)) for kind, row in zip(KINDS, values, strict=True)}
