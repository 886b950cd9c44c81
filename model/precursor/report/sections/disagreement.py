"""Why the two sides differ: which groups of beliefs carry the gap, and what single concessions would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from precursor.analysis.words.parameter_words import parameter_words
from precursor.report.blocks import (
    Block,
    Section,
    figure,
    from_command,
    heading,
    items,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.sections.missing import missing
from precursor.report.sections.pathways import source_words
from precursor.report.words import pct, signed, upper_first


def disagreement(data: Mapping[str, Any]) -> Section:
    """Return the section on the two sides."""
    title = "Why the two sides differ"
    known = data["analyses"].get("difference", {})
    if not known.get("available"):
        return section("disagreement", title, missing(data, "difference", "The split of the gap between the two sides"))
    a, b = known["a"], known["b"]
    first = known["groups"][0]
    return section(
        "disagreement",
        title,
        paragraph(
            f"The argument’s own numbers, as we read them, give {pct(a['answer'])} in the network; those of a critic "
            f"{pct(b['answer'])}. In log-odds they are {abs(known['gap']):.1f} apart. The gap is divided among groups "
            "of beliefs by Shapley values, which do not depend on the order in which beliefs change hands. Beside "
            "each stands what the group moves when it alone changes, and when all others have changed before: where "
            "these differ, beliefs act together and no division is the only one.",
        ),
        figure(
            "difference",
            f"{upper_first(first['meaning'])} carries the largest part of the gap: "
            f"{pct(first['share'] / known['gap'])}.",
            "Where the diamonds lie far from the bar’s end, that belief matters more, or less, depending on the "
            "others.",
            source=from_command(known["command"]),
        ),
        *_half(known),
        _concessions(data),
        *_camps(data),
    )


def _half(known: Mapping[str, Any]) -> list[Block]:
    found = known["half"]
    texts = []
    for side, of, towards in (("from_a", "a", "b"), ("from_b", "b", "a")):
        steps = found[side]["greedy"]
        if steps:
            named = "; ".join(parameter_words(step["belief"]) for step in steps)
            texts.append(
                [
                    strong(
                        f"{source_words(known[of]['name'])}, towards {source_words(known[towards]['name']).lower()}: "
                    ),
                    f"{named}. Together {pct(steps[-1]['closed'])} of the gap.",
                ]
            )
    if not texts:
        return []
    return [heading("The fewest beliefs that, swapped, close half of the gap"), items(*texts)]


def _concessions(data: Mapping[str, Any]) -> Block | None:
    known = data["analyses"].get("concessions", {})
    if not known.get("available"):
        return missing(data, "concessions", "The table of concessions")
    meanings = {row_["group"]: row_["meaning"] for row_ in data["analyses"]["difference"]["groups"]}
    rows = [
        row(
            upper_first(meanings.get(r["part"], r["part"])),
            *(pct(one["mean"]) for one in r["answers"]),
            kind="total" if r["part"] == "everything" else "row",
        )
        for r in known["rows"]
    ]
    return table(
        "concessions",
        f"What the argument would answer ({pct(known['a']['mean'])} now) if it gave way to the critic in one thing.",
        "By how far it gives way, on the scale of log-odds and logarithms.",
        head=("In|l*", *(f"{pct(share)} of\nthe way|r" for share in known["shares"])),
        rows=rows,
        source=from_command(known["command"]),
    )


def _camps(data: Mapping[str, Any]) -> list[Block]:
    known = data["analyses"].get("camps_difference", {})
    if not known.get("available"):
        found = missing(data, "camps_difference", "The same for two camps of forecasters")
        return [found] if found else []
    groups: Sequence[Mapping[str, Any]] = known["groups"]
    named = ", ".join(f"{g['meaning']} {signed(g['share'])} (± {g['error']:.2f})" for g in groups[:3])
    return [
        heading("Two camps of forecasters, on catastrophe"),
        paragraph(
            f"The {source_words(known['a']['name']).lower()} gives {pct(known['a']['answer'])}, the "
            f"{source_words(known['b']['name']).lower()} {pct(known['b']['answer'])}: {abs(known['gap']):.1f} apart in "
            f"log-odds. Largest parts: {named}. Each camp is the prior, tilted as little as possible to what its "
            "members stated of human extinction: nothing else of theirs is used, so most of the gap lands where the "
            "prior is loosest.",
        ),
    ]
