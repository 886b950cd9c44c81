"""Known truths found again: how often intervals hold them, and how wide they are, by the number of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from precursor.figures.style import ACCENT, FAINT, INK, POSTERIOR, PRIOR, WIDTH, Document, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_COLOURS = {"prior": INK, "argument": POSTERIOR, "critic": PRIOR}


@styled
def recovery_figure(document: Document) -> Figure:
    """Return two panels over the number of people: the share of truths in 90 % intervals, and the intervals' width.

    A line for each place that truths are drawn from; bars are 95 % of what chance leaves open.  Fits that do not
    believe in the shared error that there was are the control (orange).
    """
    figure = new_figure(2.9, WIDTH)
    held, width = figure.subplots(1, 2)
    held.axhline(0.9, color=INK, linewidth=0.6, linestyle=":")
    for scenario, colour in _COLOURS.items():
        groups = [g for g in document["groups"] if g["scenario"] == scenario and g["shared_error"] == [1.0, 1.0]]
        _line(held, width, sorted(groups, key=lambda g: g["people"]), scenario, colour)
    for group in document["groups"]:
        if group["shared_error"] == [1.0, 0.0]:
            held.plot(group["people"], group["held"]["0.9"][0], "x", color=ACCENT, label="error not believed in")
            width.plot(group["people"], group["width"], "x", color=ACCENT)
    for axes, label in (
        (held, "share of truths held by 90 % intervals"),
        (width, "width of the 90 % interval, log-odds"),
    ):
        axes.set_xscale("log")
        axes.set_xlabel("people (SYNTHETIC)")
        axes.set_ylabel(label)
    held.set_ylim(0, 1.02)
    width.set_ylim(bottom=0)
    held.legend(loc="lower left", fontsize=7)
    return figure


def _line(held: Axes, width: Axes, groups: list[Document], scenario: str, colour: str) -> None:
    people = [group["people"] for group in groups]
    share = np.array([group["held"]["0.9"][0] for group in groups])
    chance = 1.96 * np.sqrt(np.maximum(share * (1 - share), 0.02) / np.array([group["fits"] for group in groups]))
    held.errorbar(people, share, chance, color=colour, marker="o", markersize=3, label=f"truths: {scenario}", capsize=2)
    width.plot(people, [group["width"] for group in groups], color=colour, marker="o", markersize=3)


@styled
def misspecified_figure(document: Document) -> Figure:
    """Return a panel for each place of truths: how far broken answers moved model, mean and median, in log-odds."""
    figure = new_figure(2.7, WIDTH)
    panels = figure.subplots(1, len(document["groups"]), sharey=True, squeeze=False)[0]
    for axes, group in zip(panels, document["groups"], strict=True):
        kinds = [kind for kind in group["moved"] if kind != "as_modelled"]
        for i, (name, colour) in enumerate((("model", POSTERIOR), ("mean", FAINT), ("median", PRIOR))):
            moved = [group["moved"][kind][name] for kind in kinds]
            axes.bar(np.arange(len(kinds)) + 0.26 * (i - 1), moved, 0.24, color=colour, label=name)
        axes.set_xticks(range(len(kinds)), [kind.replace("_", " ") for kind in kinds])
        axes.set_title(f"Truths around: {group['scenario']} (SYNTHETIC)")
    panels[0].set_ylabel("moved by, log-odds")
    panels[0].legend(fontsize=7)
    return figure
