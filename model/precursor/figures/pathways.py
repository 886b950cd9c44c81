"""Risk by pathway: how probable each catastrophe is, and its share of the existential risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from precursor.figures.intervals import posterior_mark, rows_axis
from precursor.figures.style import INK, Document, log_odds, new_figure, percent, probability_axis, span, styled
from precursor.figures.words import interval, label

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def draw(data: Document) -> Figure:
    """Draw P(pathway's catastrophe) and the existential risk through it, with shares of the total."""
    rows = data["pathways"]["pathways"]
    figure = new_figure(2.1)
    left, right = figure.subplots(1, 2, sharey=True)
    happens = [row["happens"] for row in rows if row["happens"]]
    for y, row in enumerate(rows):
        if row["happens"]:
            posterior_mark(left, y, row["happens"])
        posterior_mark(right, y, row["existential_through"])
        right.annotate(
            f"{percent(row['share_of_total'])} of the total",
            (log_odds(row["existential_through"]["mean"]), y),
            (0, 4.5),
            textcoords="offset points",
            ha="center",
            fontsize=7.5,
            color=INK,
        )
    left.set_title("It happens, given transformative AI")
    right.set_title("Existential catastrophe through it")
    rows_axis(left, [label(data, row["pathway"]) for row in rows])
    through = [row["existential_through"] for row in rows]
    probability_axis(left, *span([v for e in happens for v in (e["low"], e["high"])], 0.001, 0.9), most=6)
    probability_axis(right, *span([v for e in through for v in (e["low"], e["high"])], 0.001, 0.5), most=6)
    return figure


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    parts = [
        f"{label(data, row['pathway'])} {interval(row['existential_through'])}, "
        f"{percent(row['share_of_total'])} of the total"
        for row in data["pathways"]["pathways"]
    ]
    return "Existential risk through each pathway, probability and 90 per cent interval: " + "; ".join(parts) + "."
