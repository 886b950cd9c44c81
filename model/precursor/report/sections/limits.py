"""What the numbers do not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import (
    Section,
    items,
    section,
    strong,
)
from precursor.report.words import plural


def limits(data: Mapping[str, Any]) -> Section:
    """Return the section on what the numbers do not know."""
    whose = data["whose"]
    return section(
        "limits",
        "What the numbers do not know",
        items(
            [
                strong("The model’s form. "),
                "One system, four properties, four phases, constant rates within a phase. An interval given the model "
                "says nothing about the model.",
            ],
            [
                strong("What experts share. "),
                "The data cannot tell a consensus from a common mistake; how far all err together, and whether they "
                "over- or understate, are decisions. By default the model takes the scatter of a large crowd to tell "
                "a little of it; under another decision it does not.",
            ],
            [
                strong("Our readings. "),
                f"{whose['our_reading']} of {plural(whose['answers'], 'answer', 'answers')} are our coding of texts. "
                "That a sentence is this query, and “very unlikely” this range, is ours.",
            ],
            [
                strong("Who is missing. "),
                "A convenience sample of those who wrote and those who were asked. That camps count equally is a "
                "convention; another weighting is another stance.",
            ],
            [
                strong("Extinction and catastrophe. "),
                "Forecasters were asked of human extinction; the probability of extinction given catastrophe carries "
                "the whole difference.",
            ],
            [
                strong("Experiments. "),
                "They elicited deception under stated conditions; they are not counted as frequencies.",
            ],
        ),
    )
