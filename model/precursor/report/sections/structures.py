"""Other structures of the model, and whether the argument's low number is a matter of order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import Block, Section, from_command, heading, paragraph, row, section, table
from precursor.report.sections.missing import missing
from precursor.report.words import between, pct


def structures(data: Mapping[str, Any]) -> Section:
    """Return the section on other structures of the model, and on what makes the argument's number low."""
    title = "Other structures of the model"
    known = data["analyses"].get("structures", {})
    if not known.get("available"):
        return section("structures", title, missing(data, "structures", "The headline under other structures"))
    rows = [
        row(
            [one["title"], f": {one['definition']}"],
            *(pct(answer["estimate"]["mean"]) for answer in one["answers"]),
            between(one["answers"][-1]["estimate"]),
        )
        for one in known["structures"]
    ]
    return section(
        "structures",
        title,
        paragraph(
            "An interval says what the unknowns of this model leave open; of what another model would answer it knows "
            "nothing. So the same values are read in models that differ from this one in one respect."
        ),
        table(
            "structures",
            "Deception if the model itself were built differently.",
            "Nothing is fitted anew: what the answers would have taught under another structure is not in these "
            "numbers.",
            head=("Structure|l*", "The argument|r", "A critic|r", "This run|r", "90 %|r"),
            rows=rows,
            source=from_command(known["command"]),
        ),
        *_what_makes_it_low(known["crossed"]),
    )


def _what_makes_it_low(crossed: Mapping[str, Any]) -> list[Block]:
    """Return how much of the argument's low number is emergence and its order, and how much pointing and correction."""
    at = {frozenset(one["from_b"]): one["probability"] for one in crossed["rows"]}
    both = frozenset({"pointing", "correction"})
    if not both <= set(crossed["groups"]):
        return []
    shares = ", ".join(f"{one['group']} {one['share']:.1f}" for one in crossed["shares"])
    return [
        heading("Is the argument’s low number a matter of order?"),
        paragraph(
            f"Not of order alone. The argument’s values give {pct(at[frozenset()])}, the critic’s "
            f"{pct(at[frozenset(crossed['groups'])])}. The argument’s emergence, order and all, with the critic’s "
            f"pointing and correction gives {pct(at[both])}; the critic’s emergence with everything else the "
            f"argument’s gives {pct(at[frozenset({'emergence'})])}. Averaged over all orders of swapping, the gap in "
            f"log-odds divides into {shares} (Shapley)."
        ),
    ]
