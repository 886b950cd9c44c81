"""Deception under each state of each training assumption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from precursor.figures.intervals import key, posterior_mark, prior_mark, rows_axis
from precursor.figures.style import INK, Document, log_odds, new_figure, percent, probability_axis, span, styled
from precursor.figures.words import interval, label

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def draw(data: Document) -> Figure:
    """Draw P(deceptive) with every training assumption set, in turn, to each of its states."""
    rows = [(group["assumption"], row) for group in data["regimes"] for row in group["states"]]
    figure = new_figure(0.6 + 0.205 * len(rows))
    axes = figure.subplots()
    overall = data["headline"][0]["posterior"]["mean"]
    axes.axvline(log_odds(overall), color=INK, linewidth=0.7, linestyle=(0, (4, 3)))
    for y, (_, row) in enumerate(rows):
        prior_mark(axes, y - 0.27, row["prior"])
        posterior_mark(axes, y, row["posterior"])
        axes.annotate(
            percent(row["posterior"]["mean"]),
            (1.0, y),
            (4, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=INK,
        )
    rows_axis(axes, [label(data, row["state"]) for _, row in rows])
    ends = [row[side][end] for _, row in rows for side in ("prior", "posterior") for end in ("low", "high")]
    probability_axis(axes, *span(ends, 0.001, 0.9))
    _name_groups(axes, data)
    key(figure, [("prior", "prior, 90 %"), ("posterior", "posterior: probability (right) and 90 %")])
    return figure


def _name_groups(axes: object, data: Document) -> None:
    start = 0
    for group in data["regimes"]:
        axes.annotate(  # type: ignore[attr-defined]
            label(data, group["assumption"]),
            (0.0, start),
            (-122, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            ha="right",
            fontsize=9,
            fontweight="bold",
            annotation_clip=False,
        )
        if start:
            axes.axhline(start - 0.52, color="#bbbbbb", linewidth=0.5, xmin=-0.6, clip_on=False)  # type: ignore[attr-defined]
        start += len(group["states"])


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    parts = [
        f"{label(data, group['assumption'])} {label(data, row['state'])} {interval(row['posterior'])}"
        for group in data["regimes"]
        for row in group["states"]
    ]
    return "Probability of a deceptive system with each training assumption set: " + "; ".join(parts) + "."
