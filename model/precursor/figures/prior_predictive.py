"""What the prior alone says of deception: wide enough that neither side is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from precursor.figures.style import (
    FAINT,
    INK,
    POSTERIOR,
    PRIOR,
    Document,
    new_figure,
    percent,
    probability_axis,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOW, _HIGH = 1e-6, 0.999


@styled
def draw(data: Document) -> Figure:
    """Draw the prior predictive of P(deceptive), at the reference assumptions and over all regimes."""
    figure = new_figure(1.95)
    panels = figure.subplots(1, 2, sharey=True)
    for axes, found in zip(panels, data["prior_predictive"], strict=True):
        edges = np.array(found["log10_odds"]["edges"]) * np.log(10)
        axes.stairs(found["log10_odds"]["share"], edges, fill=True, color=FAINT)
        axes.stairs(found["log10_odds"]["share"], edges, color=PRIOR, linewidth=0.8)
        for level, side, height in (("1", "right", 0.97), ("50", "center", 0.8), ("99", "left", 0.97)):
            at = found["percentiles"][level]
            x = np.log(at) - np.log1p(-at)
            axes.axvline(
                x, ymax=height, color=POSTERIOR if level == "50" else INK, linewidth=0.9, linestyle=(0, (3, 2))
            )
            away = {"right": -3, "center": 0, "left": 3}[side]
            axes.annotate(
                f"{_ordinal(level)}\n{percent(at)}",
                (x, height),
                (away, 0),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha=side,
                va="bottom" if level == "50" else "top",
                fontsize=7.5,
            )
        axes.set_title(found["label"], pad=8)
        probability_axis(axes, _LOW, _HIGH, most=5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
    panels[0].set_ylim(0, 1.5 * max(max(found["log10_odds"]["share"]) for found in data["prior_predictive"]))
    return figure


def _ordinal(level: str) -> str:
    return {"1": "1st percentile", "50": "median", "99": "99th percentile"}[level]


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    parts = [
        f"{found['label']}: 1st percentile {percent(found['percentiles']['1'])}, "
        f"median {percent(found['percentiles']['50'])}, "
        f"99th percentile {percent(found['percentiles']['99'])}"
        for found in data["prior_predictive"]
    ]
    return "Prior distribution of the probability of a deceptive system, before any data. " + "; ".join(parts) + "."
