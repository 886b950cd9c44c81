"""The network as a picture, with the probabilities that a scenario or a run gives to every node."""

from __future__ import annotations

from pathlib import Path

from precursor.analysis.document import nodes
from precursor.analysis.opening import open_source
from precursor.analysis.source_answers import answers_at
from precursor.analysis.words.labels import LABELS
from precursor.figures.chart import Chart
from precursor.figures.network import alt_text, draw


def network_picture(source: str | Path, *, root: str | Path | None = None) -> Chart:
    """Return the network drawn with the answers of a source: a scenario, or a run's means over its draws.

    Training is shown given a gradient-trained system, all that follows given transformative AI.  Raises `InputError`
    for an unknown source.
    """
    answers = answers_at(open_source(source, root), nodes.queries())
    data = {"nodes": nodes.shown_nodes(answers), "edges": nodes.edges(), "labels": dict(LABELS)}
    return Chart(draw(data), alt_text(data))
