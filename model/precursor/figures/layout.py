"""Where Graphviz puts nodes and arrows, as plain numbers in points; drawing them is `figures.network`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Arrows that do not push their end one column further.
_LOOSE = {("existential_catastrophe", "human_extinction")}

Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, bottom, width, height


@dataclass(frozen=True, slots=True)
class Arrow:
    """A cubic Bézier curve and the tip of its arrow head."""

    kind: str
    points: tuple[Point, ...]
    tip: Point


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing's size, the box of each node, the box around the training chain, and the arrows."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    cluster: Box
    arrows: tuple[Arrow, ...]


def lay_out(
    sizes: Mapping[str, tuple[float, float]], edges: Sequence[Mapping[str, str]], training: Sequence[str]
) -> Layout:
    """Return the layered layout, left to right; node sizes are fixed, in inches, so that it never changes.

    ``training`` are the nodes inside the box; an edge from or to ``training`` ends at the box.
    """
    import pygraphviz

    graph = pygraphviz.AGraph(
        directed=True,
        strict=False,
        rankdir="LR",
        compound="true",
        nodesep="0.09",
        ranksep="0.26",
        splines="true",
        newrank="false",
    )
    for name, (width, height) in sizes.items():
        graph.add_node(name, shape="box", fixedsize="true", width=f"{width:.3f}", height=f"{height:.3f}", label="")
    graph.add_subgraph(list(training), name="cluster_training", margin="14", label="")
    graph.add_subgraph(["existential_catastrophe", "human_extinction"], name="ends", rank="same")
    anchor = training[len(training) // 2]
    for i, edge in enumerate(edges):
        start, end = (anchor if edge[side] == "training" else edge[side] for side in ("from", "to"))
        ends = {"ltail": "cluster_training"} if edge["from"] == "training" else {}
        ends |= {"lhead": "cluster_training"} if edge["to"] == "training" else {}
        graph.add_edge(
            start,
            end,
            key=str(i),
            arrowsize="0.4",
            constraint="false" if edge["kind"] == "hastens" or (start, end) in _LOOSE else "true",
            **ends,
        )
    graph.layout(prog="dot")
    return _read(graph, sizes, edges)


def _read(
    graph: Any,  # noqa: ANN401 - pygraphviz is untyped
    sizes: Mapping[str, tuple[float, float]],
    edges: Sequence[Mapping[str, str]],
) -> Layout:
    _, _, width, height = _numbers(graph.graph_attr["bb"])
    left, bottom, right, top = _numbers(graph.get_subgraph("cluster_training").graph_attr["bb"])
    boxes = {}
    for name, (wide, high) in sizes.items():
        x, y = _numbers(graph.get_node(name).attr["pos"])
        boxes[name] = (x - 36 * wide, y - 36 * high, 72 * wide, 72 * high)
    found = {ends[2]: graph.get_edge(*ends).attr["pos"] for ends in graph.edges(keys=True)}
    arrows = tuple(_arrow(edge["kind"], found[str(i)]) for i, edge in enumerate(edges))
    return Layout(width, height, boxes, (left, bottom, right - left, top - bottom), arrows)


def _arrow(kind: str, position: str) -> Arrow:
    """Read ``e,x,y x,y x,y ...``: the tip, then the control points."""
    parts = position.replace("\\\n", "").split()
    tip = next(part for part in parts if part.startswith("e,"))
    points = tuple(_point(part) for part in parts if part[0] not in "es")
    return Arrow(kind, points, _point(tip[2:]))


def _point(text: str) -> Point:
    x, y = _numbers(text)
    return x, y


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))
