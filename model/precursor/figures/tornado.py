"""What drives a number: its value with one parameter at a time at its posterior 5 % and 95 %."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from precursor.figures.style import FAINT, INK, POSTERIOR, WARM, Document, new_figure, percent, ratio, styled
from precursor.figures.words import marked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = 10
_TITLES = ("The system is deceptive", "Existential catastrophe by 2100")


@styled
def draw(data: Document) -> Figure:
    """Draw a tornado for each headline query, the present value and each parameter's own ends printed on it."""
    queries = data["analyses"]["sensitivity"]["queries"]
    known = {row["name"]: row for row in data["parameters"]}
    figure = new_figure(0.3 + sum(0.4 + 0.21 * len(query["tornado"][:SHOWN]) for query in queries))
    panels = figure.subplots(len(queries), 1, squeeze=False)[:, 0]
    for axes, query, title in zip(panels, queries, _TITLES, strict=False):
        _tornado(axes, query["tornado"][:SHOWN], known, f"{title}: {percent(query['present']['mean'])} now")
    panels[-1].set_xlabel("probability, per cent; pale: parameter at its 5 %, dark: at its 95 %", fontsize=8)
    return figure


def _tornado(axes: Axes, bars: Sequence[Document], known: Mapping[str, Document], title: str) -> None:
    present = 100 * bars[0]["present"]
    ends = [100 * bar["moved"][side] for bar in bars for side in ("low", "high")]
    room = max(ends) - min(ends)
    axes.set_xlim(min(ends) - 0.16 * room, max(ends) + 0.16 * room)
    for y, bar in enumerate(bars):
        scale = known.get(bar["parameter"], {}).get("scale", "probability")
        for side, colour in (("low", WARM), ("high", POSTERIOR)):
            end = 100 * bar["moved"][side]
            axes.barh(y, end - present, left=present, height=0.62, color=colour, edgecolor="white", linewidth=0.3)
            left = end < present or (end == present and side == "low")
            axes.annotate(
                ratio(bar[side]) if scale == "ratio" else percent(bar[side]), (end, y), (-3 if left else 3, 0),
                textcoords="offset points", ha="right" if left else "left", va="center", fontsize=7.2, color=INK,
            )  # fmt: skip
    axes.axvline(present, color=INK, linewidth=0.9)
    names = [
        marked(str(own.get("words", bar["parameter"])), own.get("prior_dominated", False))
        for bar in bars
        for own in [known.get(bar["parameter"], {})]
    ]  # fmt: skip
    axes.set_yticks(range(len(bars)), names, fontsize=8)
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_title(title)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    known = {row["name"]: row for row in data["parameters"]}
    parts = []
    for query, title in zip(data["analyses"]["sensitivity"]["queries"], _TITLES, strict=False):
        bars = [
            f"{known.get(bar['parameter'], {}).get('words', bar['parameter'])} from {percent(bar['moved']['low'])} to "
            f"{percent(bar['moved']['high'])}"
            for bar in query["tornado"][:SHOWN]
        ]
        parts.append(f"{title}, {percent(query['present']['mean'])} now: {'; '.join(bars)}")
    return f"Tornado: the probability with one parameter at its 5 and its 95 per cent. {'. '.join(parts)}."
