"""Published experiments: what each would move, one at a time, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from precursor.report.blocks import (
    Block,
    Section,
    by_medium,
    from_command,
    items,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.sections.missing import missing
from precursor.report.words import pct, words

_STRONG = 10.0


def evidence(data: Mapping[str, Any]) -> Section:
    """Return the section on published experiments."""
    known = data["analyses"].get("value", {})
    title = "Published experiments, one at a time"
    if not known.get("available"):
        return section("evidence", title, missing(data, "value", "The evidence library"))
    found = known["evidence"]
    if not found:
        return section("evidence", title, paragraph("The data folder holds no experiments."))
    target = next(iter(found[0]["targets"]))
    rows = []
    for one in found:
        t = one["targets"][target]
        by = {r["relevance"]: r for r in t["by_relevance"]}
        names = [f"p_indicator.{one['indicator']}.{side}" for side in ("event", "not_event")]
        ratio, relevance = t["likelihood_ratio"], t["relevance"]
        rows.append(
            row(
                [
                    words(one["indicator"]),
                    *([f" ({words(one['dependence_group'])})"] if one["dependence_group"] else []),
                ],
                f"{relevance['median']:.2f} ({relevance['low']:.2g}–{relevance['high']:.2g})" if relevance else "–",
                f"{ratio['median']:.2f} ({ratio['low']:.2g}–{ratio['high']:.2g})",
                pct(t["judged"]["observed"]["mean"]),
                pct(t["judged"]["not_observed"]["mean"]),
                pct(by[1.0]["observed"]["mean"]),
                pct(next((r["observed"] for r in t["at_ratio"] if r["ratio"] == _STRONG), None)),
                about=names,
                mark=not one["fitted"],
            )
        )
    judged = sum(one["fitted"] for one in found)
    return section(
        "evidence",
        title,
        paragraph(
            "An experiment that elicits deception is not deception in the wild. Each enters as something that would "
            "be seen more, or less, often if the system were deceptive (its likelihood ratio). Experiments of one "
            "group are readings of one finding, so that a second adds less than the first. Relevance is the "
            "probability that the finding’s setting behaves as the wild does: at 1 it counts in full, at 0 it tells "
            f"nothing. Answers speak of {judged} of {len(found)}. Where nobody has been asked, the ratio is the "
            "prior’s, centred on one, and moves next to nothing; † marks all of which the answers taught nothing.",
        ),
        table(
            "evidence",
            f"As judged so far, no experiment alone moves deception from {pct(found[0]['targets'][target]['before'])} "
            "by much."
            if _small(found, target)
            else "What each experiment would do to the probability of deception.",
            "In brackets: the group whose finding it reads; a dash: not elicited, hence relevant. Each is toggled "
            "alone, at the relevance that the run believes in, then at 1. Last column: if experts judged the "
            "experiment ten times likelier of a deceptive system. ",
            by_medium("Sources are in the HTML page.", "Sources are further down.", "experiments"),
            head=(
                "Experiment|l*",
                "Relevance\n(90 %)|r",
                "Ratio\n(90 %)|r",
                "If\nseen|r",
                "If\nnot|r",
                "If seen,\nrelevance 1|r",
                "If judged\n10 : 1|r",
            ),
            rows=rows,
            source=from_command(known["command"]),
        ),
    )


def _small(found: list[dict[str, Any]], target: str) -> bool:
    """Whether no experiment changes the odds by a quarter or more."""
    for one in found:
        t = one["targets"][target]
        seen = t["judged"]["observed"]["mean"]
        if not 0.8 < (seen / (1 - seen)) / (t["before"] / (1 - t["before"])) < 1.25:  # noqa: PLR2004
            return False
    return True


def wordings(known: Sequence[Mapping[str, Any]]) -> Block:
    """Return the experiments in words, for the page."""
    return items(
        *(
            [
                strong(words(one["indicator"])),
                f": {one['wording'] or ''} ",
                f"({one['source']})" if one["source"] else "",
            ]
            for one in known
        )
    )
