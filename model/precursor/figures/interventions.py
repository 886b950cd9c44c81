"""What setting each assumption would change: effects against the reference state, on deception and on catastrophe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from precursor.figures.style import FAINT, INK, POSTERIOR, Document, new_figure, percent, styled
from precursor.figures.words import label, marked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SURE = 0.95
_TITLES = (("deceptive", "Effect on deception, points"), ("catastrophe", "Effect on catastrophe, points"))


def rows_of(data: Document) -> list[tuple[str, str, dict[str, Document]]]:
    """Return assumption, state, and by target the effect with its ``probability_of_sign``; no reference states."""
    known = data["analyses"].get("pathways", {})
    found: dict[tuple[str, str], dict[str, Document]] = {}
    if known.get("available"):
        for row in known["interventions"]:
            if not row["reference"]:
                found.setdefault((row["node"], row["state"]), {})[row["target"]] = row["against_reference"]
    else:
        for group in data["regimes"]:
            for state in group["states"]:
                if not state["reference"]:
                    effect = state["against_reference"]
                    sure = max(effect["share_higher"], 1 - effect["share_higher"])
                    found[group["assumption"], state["state"]] = {"deceptive": {**effect, "probability_of_sign": sure}}
    return [(node, state, effects) for (node, state), effects in found.items()]


@styled
def draw(data: Document) -> Figure:
    """Draw the effect of every assumption's states, one row each."""
    rows = rows_of(data)
    titles = [(target, title) for target, title in _TITLES if any(target in effects for _, _, effects in rows)]
    figure = new_figure(0.55 + 0.19 * len(rows))
    panels = figure.subplots(1, len(titles), sharey=True, squeeze=False)[0]
    for axes, (target, title) in zip(panels, titles, strict=True):
        for y, (_, _, effects) in enumerate(rows):
            if target in effects:
                _effect(axes, y, effects[target])
        axes.axvline(0, color=INK, linewidth=0.7)
        axes.set_title(title)
        axes.grid(axis="x", color=FAINT, linewidth=0.5)
        axes.set_axisbelow(True)
        axes.spines["left"].set_visible(False)
    panels[0].set_yticks(range(len(rows)), _names(data, rows), fontsize=8.2)
    panels[0].set_ylim(len(rows) - 0.4, -0.6)
    return figure


def _effect(axes: Axes, y: int, effect: Document) -> None:
    sure = effect["probability_of_sign"] >= _SURE
    axes.plot([100 * effect["low"], 100 * effect["high"]], [y, y], color=POSTERIOR, linewidth=2.6 if sure else 1.0)
    axes.plot(
        100 * effect["mean"], y, marker="o", markersize=5, color=POSTERIOR, markeredgewidth=0.9,
        markerfacecolor=POSTERIOR if sure else "white", markeredgecolor="white" if sure else POSTERIOR,
    )  # fmt: skip


def _names(data: Document, rows: list[tuple[str, str, dict[str, Document]]]) -> list[str]:
    dominated = {
        (group["assumption"], state["state"])
        for group in data["regimes"]
        for state in group["states"]
        if state["prior_dominated"]
    }
    return [marked(f"{label(data, node)}: {label(data, state)}", (node, state) in dominated) for node, state, _ in rows]


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    parts = []
    for node, state, effects in rows_of(data):
        said = ", ".join(
            f"{100 * e['mean']:+.1f} points on {target} ({'sure' if e['probability_of_sign'] >= _SURE else 'not sure'})"
            for target, e in effects.items()
        )
        parts.append(f"{label(data, node)} {label(data, state)} {said}")
    now = percent(data["headline"][0]["posterior"]["mean"])
    return f"Effects of setting each assumption, against its reference state; deception now {now}. {'; '.join(parts)}."
