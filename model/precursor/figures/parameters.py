"""Parameters before and after the data: those that learnt most on top, probabilities and ratios on their own axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from precursor.figures.intervals import Place, key, posterior_mark, prior_mark, rows_axis
from precursor.figures.style import FAINT, INK, Document, log_odds, new_figure, probability_axis, ratio, span, styled
from precursor.figures.words import interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_ROWS = 14
_RATIO_TICKS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)


def shown(data: Document) -> list[Document]:
    """Return the parameters that the figure shows: those that the answers taught, most bits first, at most 14."""
    found = [row for row in data["parameters"] if row["bits"] is not None and not row["prior_dominated"]]
    return sorted(found, key=lambda row: -row["bits"])[:MOST_ROWS]


@styled
def draw(data: Document) -> Figure:
    """Draw prior and posterior of the parameters that learnt most."""
    rows = shown(data)
    panels = [([row for row in rows if row["scale"] == scale], scale) for scale in ("probability", "ratio")]
    panels = [(some, scale) for some, scale in panels if some]
    figure = new_figure(0.9 + 0.45 * len(panels) + 0.165 * len(rows))
    if not panels:
        figure.text(0.5, 0.5, "No parameter was touched by the data.", ha="center")
        return figure
    axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=[len(some) + 1.5 for some, _ in panels])[:, 0]
    for one, (some, scale) in zip(axes, panels, strict=True):
        _panel(one, some, scale)
    key(figure, [("prior", "prior, 90 %"), ("posterior", "posterior: mean and 90 %")])
    return figure


def _panel(axes: Axes, rows: list[Document], scale: str) -> None:
    place: Place = log_odds if scale == "probability" else _log
    for y, row in enumerate(rows):
        prior_mark(axes, y - 0.26, row["prior"], place=place)
        posterior_mark(axes, y, row["posterior"], place=place)
        axes.annotate(
            f"{row['bits']:.1f}",
            (1.0, y),
            (14, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            ha="right",
            fontsize=7,
            color=INK,
        )
    axes.annotate(
        "bits",
        (1.0, -0.95),
        (14, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        ha="right",
        fontsize=7,
        color=INK,
        annotation_clip=False,
    )
    rows_axis(axes, [row["words"] for row in rows])
    axes.tick_params(axis="y", labelsize=8)
    ends = [row[side][end] for row in rows for side in ("prior", "posterior") for end in ("low", "high")]
    if scale == "probability":
        axes.set_title("Probabilities")
        probability_axis(axes, *span(ends, 0.01, 0.99))
    else:
        axes.set_title("Ratios and hazards")
        ticks = [tick for tick in _RATIO_TICKS if min(ends) / 1.5 <= tick <= max(ends) * 1.5]
        axes.set_xticks(np.log(ticks), [ratio(tick) for tick in ticks])
        axes.grid(axis="x", color=FAINT, linewidth=0.5)


def _log(value: float) -> float:
    return float(np.log(value))


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    rows = shown(data)
    parts = [
        f"{row['words']}: {interval(row['prior'])} to {interval(row['posterior'])}"
        if row["scale"] == "probability"
        else f"{row['words']}: {ratio(row['prior']['median'])} to {ratio(row['posterior']['median'])}"
        for row in rows[:8]
    ]
    return f"Prior against posterior of {len(rows)} parameters, the most changed first. " + "; ".join(parts) + "."
