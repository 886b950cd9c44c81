"""Why two sides differ: each group's share of the gap in log-odds, and what it moves alone and last of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from precursor.figures.style import FAINT, INK, POSTERIOR, WARM, Document, new_figure, percent, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def draw(data: Document) -> Figure:
    """Draw the gap between the two scenarios as shares, largest on top."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    found = data["analyses"]["difference"]
    groups = found["groups"]
    figure = new_figure(0.75 + 0.23 * len(groups))
    axes = figure.subplots()
    for y, group in enumerate(groups):
        share = group["share"]
        axes.barh(y, share, height=0.6, color=POSTERIOR if share >= 0 else WARM, hatch=None if share >= 0 else "////")
        axes.plot(group["alone"], y, marker="D", markersize=4, color=INK, markerfacecolor="white", markeredgewidth=0.9)
        axes.plot(group["last"], y, marker="D", markersize=4, color=INK, markeredgecolor="white", markeredgewidth=0.6)
        axes.annotate(
            f"{share:+.1f}".replace("-", "−"), (1.0, y), (4, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=8.5, fontweight="bold", color=INK,
        )  # fmt: skip
    axes.axvline(0, color=INK, linewidth=0.7)
    axes.set_yticks(range(len(groups)), [group["meaning"] for group in groups], fontsize=8.5)
    axes.set_ylim(len(groups) - 0.4, -0.6)
    axes.margins(x=0.04)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
    a, b = found["a"], found["b"]
    axes.set_xlabel(
        f"log-odds, from {a['name']} ({percent(a['answer'])}) to {b['name']} ({percent(b['answer'])})", fontsize=8
    )
    marks = [
        Patch(facecolor=POSTERIOR),
        Line2D([], [], marker="D", markersize=4, color=INK, markerfacecolor="white", linewidth=0),
        Line2D([], [], marker="D", markersize=4, color=INK, linewidth=0),
    ]
    axes.legend(marks, ["share of the gap", "if it alone changes", "if it changes last"], loc="lower right", fontsize=8)
    return figure


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    found = data["analyses"]["difference"]
    parts = [
        f"{g['meaning']} {g['share']:+.2f} (alone {g['alone']:+.2f}, last {g['last']:+.2f})" for g in found["groups"]
    ]
    return (
        f"Shares of the gap of {found['gap']:.2f} in log-odds between {found['a']['name']} "
        f"({percent(found['a']['answer'])}) "
        f"and {found['b']['name']} ({percent(found['b']['answer'])}): {'; '.join(parts)}."
    )
