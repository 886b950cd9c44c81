"""The headline quantities: the prior, the posterior and the next expert, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from precursor.figures.intervals import expert_mark, key, posterior_mark, prior_mark, rows_axis
from precursor.figures.style import Document, new_figure, percent, probability_axis, span, styled
from precursor.figures.words import interval, marked

if TYPE_CHECKING:
    from matplotlib.figure import Figure


_KEY = (
    ("prior", "prior, 90 %"),
    ("posterior", "posterior: probability and 90 %"),
    ("expert", "next expert’s answer, 90 %"),
)


@styled
def draw(data: Document) -> Figure:
    """Draw prior, posterior and next expert of every headline quantity."""
    entries = data["headline"]
    figure = new_figure(0.7 + 0.34 * len(entries))
    axes = figure.subplots()
    for y, entry in enumerate(entries):
        prior_mark(axes, y - 0.24, entry["prior"])
        posterior_mark(axes, y, entry["posterior"])
        axes.annotate(
            percent(entry["posterior"]["mean"]),
            (1.0, y),
            (2, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            ha="left",
            fontsize=10,
            fontweight="bold",
        )
        if entry["next_expert"]:
            expert_mark(axes, y + 0.24, entry["next_expert"])
    rows_axis(axes, [marked(entry["label"], entry["prior_dominated"]) for entry in entries])
    shown = [e for entry in entries for e in (entry["prior"], entry["posterior"], entry["next_expert"]) if e]
    probability_axis(axes, *span([value for e in shown for value in (e["low"], e["high"])], 1e-3, 0.9))
    key(figure, _KEY)
    return figure


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    parts = [
        f"{entry['label']}: prior {interval(entry['prior'])}, posterior {interval(entry['posterior'])}"
        for entry in data["headline"]
    ]
    return "Prior against posterior of the headline quantities, on a log-odds axis. " + "; ".join(parts) + "."
