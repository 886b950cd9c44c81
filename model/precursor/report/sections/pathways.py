"""Risk by pathway, and what to work on first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import (
    Section,
    figure,
    from_command,
    from_queries,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.sections.missing import camps_left_out, missing
from precursor.report.words import NONE, between, pct, points, upper_first, words

_SURE = 0.95
_AREAS = {
    "governance": "Governance made strong",
    "deception": "Deceptive defection ruled out",
    "direct_reward_optimizers": "Direct reward optimisers ruled out",
    "multipolar": "Multipolar conflict ruled out",
    "proxy_goals": "Catastrophe by proxy goals ruled out",
}


def pathways(data: Mapping[str, Any]) -> Section:
    """Return the section on pathways."""
    p, labels = data["pathways"], data["labels"]
    known = data["analyses"].get("pathways", {})
    falls = {r["pathway"]: r["fall"] for r in known["pathways"]["pathways"]} if known.get("available") else {}
    rows = [
        row(
            labels.get(r["pathway"], words(r["pathway"])),
            pct(r["happens"]["mean"] if r["happens"] else None),
            between(r["happens"]),
            pct(r["existential_through"]["mean"]),
            between(r["existential_through"]),
            pct(r["share_of_total"]),
            points(-falls[r["pathway"]]["mean"]) if r["pathway"] in falls else NONE,
            about=[r["query"]] if r["query"] else [],
        )
        for r in p["pathways"]
    ]
    rows.append(
        row(
            "Total",
            "",
            "",
            pct(p["total"]["mean"]),
            between(p["total"]),
            pct(sum(r["share_of_total"] for r in p["pathways"])),
            "",
            about=[p["total"]["query"]],
            kind="total",
        )
    )
    share = p["not_prosaic"]["mean"] / p["total"]["mean"]
    rows.append(
        row(
            "of which systems not trained by gradients",
            "",
            "",
            pct(p["not_prosaic"]["mean"]),
            between(p["not_prosaic"]),
            pct(share),
            "",
        )
    )
    largest = max(p["pathways"], key=lambda r: r["share_of_total"])
    name = labels.get(largest["pathway"], words(largest["pathway"]))
    return section(
        "pathways",
        "Ways to catastrophe",
        paragraph(
            "An existential catastrophe can come through deception; through a system that optimises reward itself; "
            "through a proxy goal that generalises badly without any deception; through many obedient systems in "
            "conflict; or through what these leave out (the leak).",
        ),
        figure(
            "pathways",
            f"The largest share, {pct(largest['share_of_total'])}, goes through {name}.",
            "Left: that the pathway’s catastrophe happens at all. Right: the existential risk through it. A pathway "
            "can be probable and matter little, if few of its catastrophes are existential.",
            source=from_queries(*(r["query"] for r in p["pathways"] if r["query"]), p["total"]["query"]),
        ),
        table(
            "pathways",
            "Pathways and their Shapley shares of P(existential catastrophe by 2100).",
            "It happens: given transformative AI. Last column: change of the total if that pathway alone were ruled "
            "out, in percentage points; less than its share, since others would step in.",
            head=(
                "Pathway|l*",
                "It\nhappens|r",
                "90 %|r",
                "Existential\nthrough it|r",
                "90 %|r",
                "Share|r",
                "Ruled\nout|r",
            ),
            rows=rows,
            source={
                **from_queries(*(r["query"] for r in p["pathways"] if r["query"])),
                **({"command": known["command"]} if falls else {}),
            },
        ),
        paragraph(
            strong("If deception is ruled out "),
            f"in the sense that deceptive systems never defect, the risk falls from {pct(p['total']['mean'])} to ",
            strong(pct(p["ruled_out_by_do"]["mean"])),
            f" ({between(p['ruled_out_by_do'])}). If instead we learn that the system is not deceptive, it must be "
            "something else, and the risk is ",
            strong(pct(p["given_not_deceptive"]["mean"])),
            f" ({between(p['given_not_deceptive'])}).",
        ),
    )


def priorities(data: Mapping[str, Any]) -> Section:
    """Return the section on research priorities."""
    known = data["analyses"].get("pathways", {})
    if not known.get("available"):
        return section(
            "priorities", "What to work on first", missing(data, "pathways", "The ranking of research areas")
        )
    found = known["priorities"]
    own = found[0]
    first = own["areas"][0]
    names = {own["source"]: "This run", **{one["source"]: source_words(one["source"]) for one in found[1:]}}
    ranks = {one["source"]: {a["area"]: (i, a) for i, a in enumerate(one["areas"], start=1)} for one in found}
    rows = [
        row(
            _AREAS[a["area"]],
            *(
                [strong(f"{i}"), f" · {points(-area['fall']['mean'])}"]
                for one in found
                for i, area in [ranks[one["source"]][a["area"]]]
            ),
        )
        for a in own["areas"]
    ]
    rows.append(row("Probability that the ranking holds", *(pct(one["ranking_holds"]) for one in found), kind="total"))
    sure = [a for a in own["areas"] if (a["above_next"] or 0) >= _SURE]
    return section(
        "priorities",
        "What to work on first",
        paragraph(
            "If deception is improbable, says the argument, then governance, direct reward optimisers and conflict "
            "among many systems come first. The same computed for this run and for others’ beliefs: by how much the "
            "existential risk would fall, in percentage points, if an area’s problem were solved.",
        ),
        table(
            "priorities",
            f"For this run {_AREAS[first['area']].lower()} would lower the risk most, with probability "
            f"{pct(first['first'])} of being first.",
            "Rank and change in points.",
            *(
                []
                if sure
                else [
                    " No area of this run stands above the next with 95 % probability: the order is not to be leant on."
                ]
            ),
            head=("Area|l*", *(f"{names[one['source']]}|r" for one in found)),
            rows=rows,
            source=from_command(known["command"]),
        ),
        paragraph(
            "A camp is the prior, tilted as little as possible to what the camp’s members stated of human extinction.",
            small=True,
        )
        if any(one["source"].startswith("camp:") for one in found)
        else None,
        camps_left_out(known),
    )


def source_words(name: str) -> str:
    """Return what a source of beliefs is called: a scenario, the prior, or a camp."""
    if name.startswith("camp:"):
        return f"{upper_first(name.split(':')[1])} camp"
    if name.startswith("prior:"):
        return "The prior"
    return {"argument": "The argument", "critic": "A critic"}.get(name, words(name))
