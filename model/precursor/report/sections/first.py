"""Page one: the headline with everything that must stand beside it, three drivers, three cautions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import (
    PRIOR_MARK,
    Block,
    Section,
    column,
    columns,
    figure,
    from_queries,
    from_run,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.sections.cautions import caution
from precursor.report.sections.drivers import driver
from precursor.report.sections.warnings import status, warnings
from precursor.report.words import between, one_in, pct

TITLE = "What the judgements imply about deceptive alignment"
_BIG = {
    "deceptive": "the first transformative AI system, if machine learning by gradients produced it, is deceptive: it "
    "has a goal of its own that training did not want, understands what training wants, and plays along",
    "catastrophe": "an existential catastrophe through AI happens by 2100, on any route, deception being one of five",
}


def first(data: Mapping[str, Any]) -> Section:
    """Return page one."""
    return section(
        "headline",
        TITLE,
        *warnings(data),
        status(data),
        numbers(data),
        _reading(),
        _table(data),
        _stances(data),
        _lists(data),
    )


def numbers(data: Mapping[str, Any]) -> Block:
    """Return the two large figures, each with its interval and the next expert."""
    entries = []
    for id_, what in _BIG.items():
        e = next(entry for entry in data["headline"] if entry["id"] == id_)
        mean = e["posterior"]["mean"]
        entries.append(
            {
                "id": id_,
                "query": e["query"],
                "value": pct(mean) + (PRIOR_MARK if e["prior_dominated"] else ""),
                "odds": one_in(mean),
                "interval": between(e["posterior"]),
                "next_expert": between(e["next_expert"]),
                "text": [f"that {what}."],
            }
        )
    return {"block": "numbers", "entries": entries, "says": ["headline"]}


def _reading() -> Block:
    return paragraph(
        strong("How to read it. "),
        "The large figure is the probability at which to bet, if one accepts the model. The ",
        strong("90 % interval"),
        " is how far the model’s own parameters leave that probability open; it is not how often something happens. "
        "The ",
        strong("next expert"),
        " is where one more expert’s answer is expected: people differ far more than the model is unsure.",
    )


def _table(data: Mapping[str, Any]) -> Block:
    rows = []
    for e in data["headline"]:
        shares = [pct(e["share_below"].get(level)) for level in ("0.01", "0.1")]
        rows.append(
            row(
                e["label"],
                pct(e["prior"]["mean"]),
                strong(pct(e["posterior"]["mean"])),
                between(e["posterior"]),
                between(e["next_expert"]),
                *shares,
                about=[e["query"]],
            )
        )
    return table(
        "headline",
        "The headline quantities.",
        "Prior: before the answers. Probability: after them. Last two columns: how sure the model is that the "
        "probability lies below 1\u00a0% and below 10\u00a0%. The argument: “Deceptive Alignment is <1% Likely by "
        "Default” (David W., 2023); its own case: every assumption about training as it has them.",
        head=("|l*", "Prior|r", "Probability|r", "90 % interval|r", "Next expert, 90 %|r", "< 1 %|r", "< 10 %|r"),
        rows=rows,
        source={**from_queries(*(e["query"] for e in data["headline"])), "summary": ["headline"]},
    )


def _stances(data: Mapping[str, Any]) -> Block | None:
    found = data["stance_range"]["deceptive"]
    if found is None:
        return paragraph("This run was not repeated for single stances (whose answers one listens to).")
    return figure(
        "stances",
        f"Whom one listens to matters: from {pct(found['low'])} to {pct(found['high'])} for deception.",
        "Dot and number: the probability; bar: 90\u00a0%. Each row is a fit of its own. Premises: what authors say of "
        "single steps, in our reading. A camp: the people whom their survey puts on one side; that camps count equally "
        "in the last row, the default, is a convention."
        + (" All but the prior and the default took fewer draws." if any(s["quick"] for s in data["stances"]) else ""),
        source=from_run("stances"),
    )


def _lists(data: Mapping[str, Any]) -> Block:
    return columns(
        column(*(driver(d, data) for d in data["drivers"]), title="Three things that drive the numbers"),
        column(
            *(caution(c, data) for c in data["cautions"]), title="Three cautions", says=["uncalibrated", *_says(data)]
        ),
    )


def _says(data: Mapping[str, Any]) -> list[str]:
    return ["no_better_than_prior"] if any(e["prior_dominated"] for e in data["headline"]) else []
