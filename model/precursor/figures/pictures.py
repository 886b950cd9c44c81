"""All pictures of the report, by name, each with its alternative text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from precursor.figures import (
    emergence,
    experts,
    headline,
    network,
    parameters,
    pathways,
    prior_predictive,
    regimes,
    stances,
)
from precursor.figures.style import Document

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SINGLE = {
    "headline": (headline.draw, headline.alt_text),
    "stances": (stances.draw, stances.alt_text),
    "network": (network.draw, network.alt_text),
    "phases": (emergence.draw_phases, emergence.alt_text_phases),
    "orders": (emergence.draw_orders, emergence.alt_text_orders),
    "pathways": (pathways.draw, pathways.alt_text),
    "regimes": (regimes.draw, regimes.alt_text),
    "parameters": (parameters.draw, parameters.alt_text),
    "prior_predictive": (prior_predictive.draw, prior_predictive.alt_text),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure with its name and its alternative text."""

    name: str
    figure: Figure
    alt: str


def pictures(data: Document) -> Iterator[Picture]:
    """Yield every picture of the report's document; the experts' answers come as ``answers-1``, ``answers-2``, ..."""
    for name, (draw, alt_text) in _SINGLE.items():
        yield Picture(name, draw(data), alt_text(data))
    for number, rows in enumerate(experts.page_rows(data), start=1):
        yield Picture(f"answers-{number}", experts.draw(rows), experts.alt_text(rows))
