"""The network as a graph, laid out by Graphviz, with each node's distribution drawn on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from precursor.figures.layout import Arrow, Layout, lay_out
from precursor.figures.style import ACCENT, FAINT, INK, POSTERIOR, Document, new_figure, percent, styled
from precursor.figures.words import label, marked

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_FILL = {"assumption": "#f3f3f3", "training": "#e3eef5", "outcome": "#fbe6d4", "downstream": "#ffffff"}
_LINE = {"causes": ("#555555", "solid"), "brings": ("#9a9a9a", (0, (4, 2))), "hastens": (ACCENT, (0, (1.5, 1.5)))}
_MOST_STATES = 4
_LONG_NAME = 19
SIZE = (9.9, 5.6)  # inches: a page on its side


@styled
def draw(data: Document) -> Figure:
    """Draw every node with the posterior probability of its states, and the arrows between them."""
    sizes = {node["node"]: (_width(data, node), _height(data, node)) for node in data["nodes"]}
    layout = lay_out(sizes, data["edges"], _training(data))
    figure = new_figure(SIZE[1], SIZE[0], fitted=False)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(-4, layout.width + 4)
    axes.set_ylim(-4, layout.height + 4)
    _cluster(axes, layout)
    for arrow in layout.arrows:
        _arrow(axes, arrow)
    scale = min(SIZE[0] * 72 / (layout.width + 8), SIZE[1] * 72 / (layout.height + 8))
    for node in data["nodes"]:
        _node(axes, data, node, layout.boxes[node["node"]], min(scale, 1.0))
    return figure


def _training(data: Document) -> Sequence[str]:
    return [node["node"] for node in data["nodes"] if node["part"] == "training" and node["node"] != "emergence_order"]


def _lines(node: Document) -> list[tuple[str, float]]:
    """Return which states a node shows: the first of two, else all."""
    states = [(row["state"], row["mean"]) for row in node["posterior"]]
    return states[:1] if len(states) == 2 else states[: _MOST_STATES + 1]  # noqa: PLR2004


def _width(data: Document, node: Document) -> float:
    longest = max(len(label(data, state)) for state, _ in _lines(node))
    return 1.16 if longest < _LONG_NAME else 1.46


def _height(data: Document, node: Document) -> float:
    return (_head(data, node) + 2.0 + 9.5 * len(_lines(node))) / 72


def _head(data: Document, node: Document) -> float:
    return 20.0 if len(label(data, node["node"])) > _LONG_NAME else 12.5


def _node(axes: Axes, data: Document, node: Document, box: tuple[float, float, float, float], scale: float) -> None:
    from matplotlib.patches import FancyBboxPatch, Rectangle

    left, bottom, width, height = box
    edge = "#888888" if node["part"] != "outcome" else ACCENT
    axes.add_patch(
        FancyBboxPatch(
            (left, bottom),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=3",
            linewidth=0.7,
            edgecolor=edge,
            facecolor=_FILL[node["part"]],
            zorder=3,
        )
    )
    top = bottom + height
    head = _head(data, node)
    axes.text(
        left + width / 2,
        top - head / 2 - 0.5,
        _title(data, node),
        ha="center",
        va="center",
        fontsize=7.9 * scale,
        fontweight="bold",
        linespacing=0.95,
        color=INK,
        zorder=5,
    )
    for i, (state, mean) in enumerate(_lines(node)):
        y = top - head - 4.5 - 9.5 * i
        axes.add_patch(Rectangle((left + 3, y - 4), (width - 6), 8, facecolor=FAINT, linewidth=0, zorder=4, alpha=0.55))
        axes.add_patch(Rectangle((left + 3, y - 4), (width - 6) * mean, 8, facecolor="#9cc4dc", linewidth=0, zorder=4))
        axes.text(left + 5, y, label(data, state), ha="left", va="center", fontsize=7.0 * scale, color=INK, zorder=5)
        axes.text(
            left + width - 5, y, percent(mean), ha="right", va="center", fontsize=7.2 * scale, color=INK, zorder=5
        )


def _title(data: Document, node: Document) -> str:
    """Return the node's label, broken near its middle where its box has room for two lines."""
    text = marked(label(data, node["node"]), node.get("prior_dominated", False))
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    if _head(data, node) < 20 or not spaces:  # noqa: PLR2004
        return text
    middle = min(spaces, key=lambda i: abs(i - len(text) / 2))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def _arrow(axes: Axes, arrow: Arrow) -> None:
    from matplotlib.patches import FancyArrowPatch, PathPatch
    from matplotlib.path import Path

    colour, style = _LINE[arrow.kind]
    codes = [Path.MOVETO] + [Path.CURVE4] * (len(arrow.points) - 1)
    axes.add_patch(
        PathPatch(
            Path(list(arrow.points), codes),
            facecolor="none",
            edgecolor=colour,
            linewidth=0.7,
            linestyle=style,
            zorder=2,
        )
    )
    axes.add_patch(
        FancyArrowPatch(
            arrow.points[-1],
            arrow.tip,
            arrowstyle="-|>,head_length=3.2,head_width=1.6",
            color=colour,
            linewidth=0.5,
            shrinkA=0,
            shrinkB=0,
            mutation_scale=1.0,
            zorder=2,
        )
    )


def _cluster(axes: Axes, layout: Layout) -> None:
    from matplotlib.patches import Rectangle

    left, bottom, width, height = layout.cluster
    axes.add_patch(
        Rectangle(
            (left, bottom),
            width,
            height,
            facecolor="#f6fafc",
            edgecolor=POSTERIOR,
            linewidth=0.6,
            linestyle=(0, (4, 2)),
            zorder=0,
        )
    )
    axes.text(
        left + 5,
        bottom + height - 8,
        "training, phase by phase",
        fontsize=7.5,
        fontstyle="italic",
        va="center",
        color=POSTERIOR,
        zorder=1,
    )


def alt_text(data: Document) -> str:
    """Say what the figure shows."""
    parts = [_said(data, node) for node in data["nodes"]]
    return f"The network of {len(data['nodes'])} nodes with their posterior probabilities: " + "; ".join(parts) + "."


def _said(data: Document, node: Mapping[str, object]) -> str:
    states = [f"{label(data, state)} {percent(mean)}" for state, mean in _lines(dict(node))]
    return f"{label(data, str(node['node']))}: {', '.join(states)}"
