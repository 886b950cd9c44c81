"""Ranks of truths among draws: how far their distribution is from uniform, with simultaneous bands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from precursor.figures.style import ACCENT, FAINT, INK, POSTERIOR, PRIOR, WIDTH, Document, new_figure, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAMED = 3


@styled
def rank_uniformity_figure(document: Document) -> Figure:
    """Return a panel for each family of tested quantities: a line a quantity, and the bands of one.

    A line is the share of truths whose rank lies below a point, less the share that uniform ranks have there.  Lines
    above zero: truths lie below the draws.  The headline and the joint log-likelihood are blue.  The bands hold a whole
    line of uniform ranks with probability 95 %, so of many lines one in twenty leaves them; what fails the corrected
    test is drawn in orange and named.
    """
    families = list(dict.fromkeys(entry["family"] for entry in sorted(document["quantities"], key=_order)))
    columns = 2
    rows = -(-len(families) // columns)
    figure = new_figure(2.1 * rows + 0.3, WIDTH)
    grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes, family in zip(grid.flat, families, strict=False):
        _panel(axes, document, family)
    for axes in list(grid.flat)[len(families) :]:
        axes.set_visible(False)
    for axes in list(grid.flat)[max(len(families) - columns, 0) : len(families)]:
        axes.set_xlabel("rank of the truth among the draws, as a share")
        axes.tick_params(labelbottom=True)
    for axes in grid[:, 0]:
        axes.set_ylabel("share below, less uniform")
    return figure


def _order(entry: Document) -> int:
    order = ("headline", "quantities that look at the answers", "parameters", "quantities asked about", "expert model")
    return order.index(entry["family"]) if entry["family"] in order else len(order)


def _panel(axes: Axes, document: Document, family: str) -> None:
    band, fits = document["band"], document["fits"]
    points = np.array(band["points"])
    low, high = (np.array(band[end]) / fits - points for end in ("low", "high"))
    axes.fill_between(points, low, high, color=FAINT, linewidth=0)
    axes.axhline(0.0, color=INK, linewidth=0.6)
    members = [entry for entry in document["quantities"] if entry["family"] == family]
    for entry in members:
        emphasised = family == "headline" or entry["name"] == "joint log-likelihood"
        colour = ACCENT if not entry["passed"] else POSTERIOR if emphasised else PRIOR
        line = np.array(entry["below"]) / fits - points
        axes.plot(points, line, color=colour, linewidth=1.2 if colour != PRIOR else 0.6)
    failed = [entry["name"] for entry in members if not entry["passed"]]
    for i, name in enumerate(failed[:_NAMED]):
        axes.text(0.02, 0.97 - 0.09 * i, name[:60], transform=axes.transAxes, va="top", color=ACCENT, fontsize=7)
    axes.set_title(f"{family[:1].upper()}{family[1:]} ({len(members)})")


def rank_uniformity_words(document: Document) -> str:
    """Return the figure in words."""
    failed = [entry["name"] for entry in document["quantities"] if not entry["passed"]]
    said = f"fail: {'; '.join(failed)}" if failed else "all pass"
    return (
        f"Ranks of truths in {document['fits']} simulated fits, {document['quantities_tested']} quantities, against "
        f"uniform ranks; {said}. Least p-value {document['least_p_value']:.2g}, wanted at least "
        f"{document['threshold']:.2g}."
    )
