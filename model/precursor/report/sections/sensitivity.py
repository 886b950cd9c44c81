"""What drives the numbers: single unknowns, groups of beliefs, the prior against the answers; and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from precursor.analysis.words.parameter_groups import GROUPS
from precursor.analysis.words.parameter_words import parameter_words
from precursor.report.blocks import Block, Section, figure, from_command, heading, paragraph, row, section, table
from precursor.report.sections.decisions import decisions
from precursor.report.sections.missing import missing
from precursor.report.words import NONE, pct, upper_first

_TARGETS = ("Deception", "Catastrophe")
SHOWN = 10
_LEAST_SHARE = 0.02


def sensitivity(data: Mapping[str, Any]) -> Section:
    """Return the section on what drives the numbers."""
    title = "What drives the numbers"
    known = data["analyses"].get("sensitivity", {})
    if not known.get("available"):
        return section(
            "sensitivity", title, missing(data, "sensitivity", "The sensitivity of the headline"), *decisions(data)
        )
    deception = known["queries"][0]
    furthest = max(deception["tornado"], key=lambda bar: abs(bar["moved"]["swing"]))
    shown = [bar["parameter"] for query in known["queries"] for bar in query["tornado"][:SHOWN]]
    return section(
        "sensitivity",
        title,
        paragraph(
            "Two questions: which single unknown moves the result, and to which group of beliefs what is not known "
            "goes back. An unknown may matter little because it is well known.",
        ),
        figure(
            "tornado",
            f"Of single unknowns, “{parameter_words(furthest['parameter'])}” moves deception furthest: from "
            f"{pct(min(furthest['moved'][end] for end in ('low', 'high')))} to "
            f"{pct(max(furthest['moved'][end] for end in ('low', 'high')))}.",
            "Each bar: the probability when one parameter sits at its posterior 5 % (pale) and at its 95 % (dark), "
            "all else as it is; the parameter’s own values stand at the ends, the present probability at the line.",
            source=from_command(known["command"]),
            about=shown,
        ),
        _indices(known),
        *_leaning(known),
        *decisions(data),
    )


def _indices(known: Mapping[str, Any]) -> Block:
    shares = [{g["group"]: g["share"] for g in q["shapley_effects"]["groups"]} for q in known["queries"]]
    prior = [{g["group"]: g for g in q["prior_indices"]["groups"]} for q in known["queries"]]
    meanings = {g["group"]: g["meaning"] for q in known["queries"] for g in q["shapley_effects"]["groups"]}
    names = sorted({*meanings, *(g for p in prior for g in p)}, key=lambda g: -max(s.get(g, 0.0) for s in shares))
    rows = []
    for name in names:
        cells = []
        for share, indices in zip(shares, prior, strict=True):
            cells += [pct(max(share[name], 0.0)) if name in share else NONE]
            cells += [
                f"{max(indices[name]['first'], 0):.2f} / {indices[name]['total']:.2f}" if name in indices else NONE
            ]
        largest = [*(s.get(name, 0.0) for s in shares), *(p[name]["total"] for p in prior if name in p)]
        if max(largest) >= _LEAST_SHARE:
            rows.append(row(upper_first(meanings.get(name, name.removesuffix(" (shared)"))), *cells))
    top = known["queries"][0]["shapley_effects"]["groups"][0]
    fits = " and ".join(pct(q["shapley_effects"]["r_squared"]) for q in known["queries"])
    rows.append(
        row(
            "Explained by a linear rule",
            *(c for q in known["queries"] for c in (pct(q["shapley_effects"]["r_squared"]), "")),
            kind="total",
        )
    )
    return table(
        "indices",
        f"Of groups of beliefs, {top['meaning']} carries most for deception: {pct(top['share'])}.",
        "Shares of the variance of the log-odds. After the answers: Shapley effects by linear regression; they sum to "
        f"the {fits} that it explains. In the prior: Sobol indices, first order / total, from "
        f"{known['queries'][0]['prior_indices']['sample']} designs; errors up to {_largest_error(known):.2f}.",
        head=("Group of beliefs|l*", *(f"{t}:\n{what}|r" for t in _TARGETS for what in ("after", "prior"))),
        rows=rows,
        source=from_command(known["command"]),
    )


def _largest_error(known: Mapping[str, Any]) -> float:
    return max(g["total_error"] for q in known["queries"] for g in q["prior_indices"]["groups"])


_LEANING = {
    "prior and answers both pull: possible conflict": "leans on both prior and answers, which may be in conflict",
    "the prior dominates, the answers are weak": "is no better than the prior: it moves with it alone",
    "no strong dependence on the prior": "does not depend strongly on the prior",
    "only the prior could be scaled": "could be tested against the prior only",
}


def _leaning(known: Mapping[str, Any]) -> list[Block]:
    rows, swaps, leanings = [], [], []
    for target, q in zip(_TARGETS, known["queries"], strict=False):
        found = q["power_scaling"]
        leanings.append(_LEANING.get(found["diagnosis"], found["diagnosis"]))
        rows.append(row(target, *(cell for side in ("prior", "likelihood") for cell in _pull(found.get(side)))))
        usable = [s for s in q["prior_swap"] if s["trusted"]]
        if usable:
            far = max(usable, key=lambda s: abs(s["mean"] - q["present"]["mean"]))
            how = "heavier-tailed" if far["family"] == "student" else "narrower" if far["spread"] < 1 else "wider"
            name = GROUPS.get(far["group"], far["group"].removesuffix(" (shared)"))
            swaps.append(f"{target.lower()} to {pct(far['mean'])} (a {how} prior on “{name}”)")
    blocks = [
        heading("Does it lean on the prior or on the answers?"),
        table(
            "power-scaling",
            _said(leanings),
            "How fast the result moves when the prior, or all answers together, are made stronger or weaker; by "
            "chance: what finitely many draws would show anyway. Squares add, so that √(size² − chance²) is beyond "
            f"chance; from {known['queries'][0]['power_scaling']['threshold']:g} it counts.",
            head=("|l*", "Prior|r", "By chance|r", "Counts|l", "Answers|r", "By chance|r", "Counts|l"),
            rows=rows,
            source=from_command(known["command"]),
        ),
    ]
    if swaps:
        blocks.append(
            paragraph(
                "Giving one group of beliefs another prior (a quarter narrower, half as wide again, or with heavier "
                f"tails) moves {' and '.join(swaps)}, at most."
            )
        )
    return blocks


def _said(leanings: Sequence[str]) -> str:
    """Return what each target leans on; once, if it is the same."""
    if len(leanings) > 1 and len(set(leanings)) == 1:
        return f"Of both deception and catastrophe: the result {leanings[0]}."
    return " ".join(f"{target} {how}." for target, how in zip(_TARGETS, leanings, strict=False))


def _pull(found: Mapping[str, Any] | None) -> list[str]:
    if found is None:
        return [NONE] * 3
    return [f"{found['sensitivity']:.2f}", f"{found['noise']:.2f}", "yes" if found["pulls"] else "no"]
