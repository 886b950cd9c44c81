"""Stances side by side: the answer depends on whom one listens to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from precursor.figures.intervals import posterior_mark, rows_axis
from precursor.figures.style import INK, Document, log_odds, new_figure, percent, probability_axis, span, styled
from precursor.figures.words import interval

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PANELS = (("deceptive", "The system is deceptive"), ("catastrophe", "Existential catastrophe by 2100"))


@styled
def draw(data: Document) -> Figure:
    """Draw each stance's probability and 90 %, for deception and for catastrophe."""
    stances = data["stances"]
    figure = new_figure(0.75 + 0.22 * max(len(stances), 3))
    panels = figure.subplots(1, 2, sharey=True)
    for axes, (id_, title) in zip(panels, PANELS, strict=True):
        ends = [0.001, 0.9]
        for y, stance in enumerate(stances):
            found = stance["headline"].get(id_)
            if found is None:
                continue
            posterior_mark(axes, y, found["posterior"])
            ends += [found["posterior"]["low"], found["posterior"]["high"]]
            axes.annotate(
                percent(found["posterior"]["mean"]),
                (log_odds(found["posterior"]["mean"]), y),
                (0, 4.5),
                textcoords="offset points",
                ha="center",
                fontsize=7.5,
                color=INK,
            )
        axes.set_title(title)
        rows_axis(axes, [_title(stance) for stance in stances])
        probability_axis(axes, *span(ends, 1e-3, 0.9), most=6)
    return figure


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    parts = [
        f"{stance['title']}: {interval(stance['headline'][id_]['posterior'])} for {name}"
        for stance in data["stances"]
        for id_, name in (("deceptive", "deception"), ("catastrophe", "catastrophe"))
        if id_ in stance["headline"]
    ]
    return "Stances side by side, probability and 90 per cent interval. " + "; ".join(parts) + "."


def _title(stance: Document) -> str:
    marks = "" if stance["converged"] is not False else " (not converged)"
    return f"{stance['title']}{marks}"
