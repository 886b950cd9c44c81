"""The four properties by phase, and the order in which they arise with what each order leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from precursor.figures.intervals import key, posterior_mark, prior_mark, rows_axis
from precursor.figures.style import FAINT, INK, POSTERIOR, PRIOR, WARM, Document, new_figure, percent, styled
from precursor.figures.words import interval, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SHORT = {
    "pretraining": "pre-\ntraining",
    "short_horizon_fine_tuning": "short\nhorizon",
    "long_horizon_fine_tuning": "long\nhorizon",
    "deployment": "deploy-\nment",
}
_OUTCOMES = (
    ("deceptive", INK, ""),
    ("proxy", POSTERIOR, ""),
    ("base_goal", WARM, ""),
    ("not_goal_directed", FAINT, ""),
)


@styled
def draw_phases(data: Document) -> Figure:
    """Draw, for each property, the probability that it has been acquired by the end of each phase."""
    found = data["emergence"]
    figure = new_figure(2.25)
    panels = figure.subplots(1, len(found["properties"]), sharey=True)
    for axes, property_ in zip(panels, found["properties"], strict=True):
        rows = {row["phase"]: row for row in found["acquired"] if row["property"] == property_}
        for x, phase in enumerate(found["phases"]):
            _phase(axes, x, rows[phase])
        means = [rows[phase]["posterior"]["mean"] for phase in found["phases"]]
        axes.plot(range(len(means)), means, color=POSTERIOR, linewidth=0.8, zorder=1)
        axes.set_title(label(data, property_), fontsize=9)
        axes.set_xticks(range(len(means)), [_SHORT.get(phase, phase) for phase in found["phases"]], fontsize=6.8)
        axes.set_xlim(-0.5, len(means) - 0.5)
        axes.set_ylim(0, 1)
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
        axes.grid(axis="y", color=FAINT, linewidth=0.5)
    key(figure, [("prior", "prior, 90 %"), ("posterior", "posterior: probability and 90 %")])
    return figure


def _phase(axes: Axes, x: int, row: Document) -> None:
    before, after = row["prior"], row["posterior"]
    axes.plot([x - 0.22] * 2, [before["low"], before["high"]], color=PRIOR, linewidth=1.0)
    axes.plot(
        x - 0.22, before["mean"], marker="o", markersize=4, color=PRIOR, markerfacecolor="white", markeredgewidth=0.9
    )
    axes.plot([x] * 2, [after["low"], after["high"]], color=POSTERIOR, linewidth=3.2, solid_capstyle="butt")
    axes.plot(
        x, after["mean"], marker="o", markersize=5.5, color=POSTERIOR, markeredgecolor="white", markeredgewidth=0.7
    )
    if row["prior_dominated"]:
        axes.annotate("†", (x, after["high"]), (0, 1), textcoords="offset points", ha="center", fontsize=8)


def alt_text_phases(data: Document) -> str:
    """Say what the figure shows."""
    parts = [
        f"{label(data, row['property'])} by the end of {label(data, row['phase'])} {interval(row['posterior'])}"
        for row in data["emergence"]["acquired"]
    ]
    return "Probability that each property has been acquired, by training phase: " + "; ".join(parts) + "."


@styled
def draw_orders(data: Document) -> Figure:
    """Draw the distribution over orders, and beside it what the system turns out to be given each order."""
    found = data["emergence"]
    orders = [row["state"] for row in found["order"]["posterior"]]
    figure = new_figure(2.35)
    left, right = figure.subplots(1, 2, sharey=True)
    for y, (before, after) in enumerate(zip(found["order"]["prior"], found["order"]["posterior"], strict=True)):
        prior_mark(left, y - 0.22, before, place=float)
        posterior_mark(left, y, after, place=float)
    left.set_title("How probable is each order?")
    left.set_xlim(0, 1)
    left.set_xticks([0, 0.25, 0.5, 0.75], ["0", "25 %", "50 %", "75 %"])
    left.grid(axis="x", color=FAINT, linewidth=0.5)
    rows_axis(left, [label(data, order) for order in orders])
    for y, row in enumerate(found["outcome_given_order"]):
        _stack(right, y, {part["state"]: part["mean"] for part in row["posterior"]})
    right.set_title("What does each order lead to?")
    right.set_xlim(0, 1)
    right.set_xticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    _outcome_key(figure, data)
    return figure


def _stack(axes: Axes, y: int, means: dict[str, float]) -> None:
    start = 0.0
    for state, colour, _ in _OUTCOMES:
        width = means.get(state, 0.0)
        axes.barh(y, width, left=start, height=0.62, color=colour, edgecolor="white", linewidth=0.6)
        if width > 0.1:  # noqa: PLR2004 - room for the number
            dark = colour in (INK, POSTERIOR)
            axes.text(
                start + width / 2,
                y,
                percent(width),
                ha="center",
                va="center",
                fontsize=7.5,
                color="white" if dark else INK,
            )
        start += width


def _outcome_key(figure: Figure, data: Document) -> None:
    from matplotlib.patches import Patch

    handles = [Patch(facecolor=colour, edgecolor="white") for _, colour, _ in _OUTCOMES]
    figure.legend(
        handles, [label(data, state) for state, _, _ in _OUTCOMES], loc="outside lower right", ncols=4, fontsize=8.5
    )


def alt_text_orders(data: Document) -> str:
    """Say what the figure shows."""
    found = data["emergence"]
    orders = [f"{label(data, row['state'])} {interval(row)}" for row in found["order"]["posterior"]]
    deceptive = [
        f"{label(data, row['order'])} {percent(row['posterior'][0]['mean'])}" for row in found["outcome_given_order"]
    ]
    given = f"Deceptive given each order: {'; '.join(deceptive)}."
    return f"Probability of each order of emergence: {'; '.join(orders)}. {given}"
