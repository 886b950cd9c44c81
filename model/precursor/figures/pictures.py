"""All pictures of the report, by name, each with its alternative text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from precursor.figures import (
    difference,
    emergence,
    experts,
    headline,
    interventions,
    network,
    parameters,
    pathways,
    prior_predictive,
    stances,
    tornado,
)
from precursor.figures.style import ACCENT, Document, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Draw = Callable[[Document], Any]
_ALWAYS: Mapping[str, tuple[Draw, Draw]] = MappingProxyType(
    {
        "headline": (headline.draw, headline.alt_text),
        "network": (network.draw, network.alt_text),
        "phases": (emergence.draw_phases, emergence.alt_text_phases),
        "orders": (emergence.draw_orders, emergence.alt_text_orders),
        "pathways": (pathways.draw, pathways.alt_text),
        "interventions": (interventions.draw, interventions.alt_text),
        "parameters": (parameters.draw, parameters.alt_text),
        "prior_predictive": (prior_predictive.draw, prior_predictive.alt_text),
    }
)
_IF_ANALYSED: Mapping[str, tuple[str, Draw, Draw]] = MappingProxyType(
    {
        "tornado": ("sensitivity", tornado.draw, tornado.alt_text),
        "difference": ("difference", difference.draw, difference.alt_text),
    }
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its name and its alternative text."""

    name: str
    figure: Figure
    alt: str


def pictures(data: Document) -> Iterator[Picture]:
    """Yield every picture of the report's document; the experts' answers come as ``answers-1``, ``answers-2``, ..."""
    for name, (draw, alt_text) in _drawn(data).items():
        yield Picture(name, _stamped(draw(data), data), alt_text(data))
    for number, rows in enumerate(experts.page_rows(data), start=1):
        yield Picture(f"answers-{number}", _stamped(experts.draw(rows), data), experts.alt_text(rows))


def alt_texts(data: Document) -> dict[str, str]:
    """Return the alternative text of every picture, by its name, without drawing any."""
    found = {name: alt_text(data) for name, (_, alt_text) in _drawn(data).items()}
    pages = enumerate(experts.page_rows(data), start=1)
    return {**found, **{f"answers-{number}": experts.alt_text(rows) for number, rows in pages}}


def _drawn(data: Document) -> dict[str, tuple[Draw, Draw]]:
    found = dict(_ALWAYS)
    if data["stances"]:
        found["stances"] = (stances.draw, stances.alt_text)
    for name, (analysis, draw, alt_text) in _IF_ANALYSED.items():
        if data["analyses"].get(analysis, {}).get("available"):
            found[name] = (draw, alt_text)
    return found


def _stamped(figure: Figure, data: Document) -> Figure:
    """Return a figure that says itself if its answers are synthetic: pictures travel alone."""
    if data["run"]["synthetic"]:
        with house_style():
            figure.text(
                0.995, 0.995, "SYNTHETIC ANSWERS", ha="right", va="top", fontsize=7, fontweight="bold", color=ACCENT
            )
    return figure
