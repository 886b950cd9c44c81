"""Sensitivity, decisions, structures: what the numbers lean on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.analysis.words.parameter_groups import GROUPS
from precursor.analysis.words.parameter_words import parameter_words
from precursor.report.blocks import (
    Block,
    Section,
    figure,
    from_command,
    from_run,
    heading,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.sections.missing import missing
from precursor.report.words import NONE, between, pct, plural, upper_first, words

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
    top = deception["shapley_effects"]["groups"][0]
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
            f"{upper_first(top['meaning'])} drives deception most.",
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
        "How much of the variance of the log-odds each group of beliefs carries.",
        f"After the answers: Shapley effects by linear regression, which explains {fits}. In the prior: Sobol indices, "
        f"first order / total, from {known['queries'][0]['prior_indices']['sample']} designs; errors up to "
        f"{max(g['total_error'] for q in known['queries'] for g in q['prior_indices']['groups']):.2f}.",
        head=("Group of beliefs|l*", *(f"{t}:\n{what}|r" for t in _TARGETS for what in ("after", "prior"))),
        rows=rows,
        source=from_command(known["command"]),
    )


_LEANING = {
    "prior and answers both pull: possible conflict": "leans on both prior and answers, which may be in conflict",
    "the prior dominates, the answers are weak": "is no better than the prior: it moves with it alone",
    "no strong dependence on the prior": "does not depend strongly on the prior",
    "only the prior could be scaled": "could be tested against the prior only",
}


def _leaning(known: Mapping[str, Any]) -> list[Block]:
    rows, swaps, said = [], [], []
    for target, q in zip(_TARGETS, known["queries"], strict=False):
        found = q["power_scaling"]
        said.append(f"{target} {_LEANING.get(found['diagnosis'], found['diagnosis'])}.")
        rows.append(row(target, *(cell for side in ("prior", "likelihood") for cell in _pull(found.get(side)))))
        usable = [s for s in q["prior_swap"] if s["trusted"]]
        if usable:
            far = max(usable, key=lambda s: abs(s["mean"] - q["present"]["mean"]))
            how = "heavier-tailed" if far["family"] == "student" else "narrower" if far["spread"] < 1 else "wider"
            name = GROUPS.get(far["group"], far["group"].removesuffix(" (shared)"))
            swaps.append(f"{target.lower()} to {pct(far['mean'])} (a {how} prior on {name})")
    blocks = [
        heading("Does it lean on the prior or on the answers?"),
        table(
            "power-scaling",
            " ".join(said),
            "How fast the result moves when the prior, or all answers together, are made stronger or weaker; by "
            "chance: what finitely many draws would show anyway. From 0.05 above chance it counts.",
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


def _pull(found: Mapping[str, Any] | None) -> list[str]:
    if found is None:
        return [NONE] * 3
    return [f"{found['sensitivity']:.2f}", f"{found['noise']:.2f}", "yes" if found["pulls"] else "no"]


def decisions(data: Mapping[str, Any]) -> list[Block]:
    """Return the headline under other decisions, and how far people are taken to err."""
    blocks: list[Block] = [heading("The headline under other decisions")]
    if not data["decisions"]:
        return [*blocks, paragraph("This run was not repeated under other decisions.")]
    rows = []
    default: Mapping[str, Any] = next((d for d in data["decisions"] if d["default"]), {})
    for d in data["decisions"]:
        state = "the default" if d["default"] else "shorter run" if d["converged"] else "shorter run, NOT converged"
        cells = [
            c
            for id_ in ("deceptive", "catastrophe")
            for c in (
                (pct(d["headline"][id_]["posterior"]["mean"]), between(d["headline"][id_]["posterior"]))
                if id_ in d["headline"]
                else (NONE, NONE)
            )
        ]
        rows.append(row(_decided(d, default), *cells, strong(state) if "NOT" in state else state))
    return [
        *blocks,
        paragraph(
            "Some things about the whole population of experts cannot be learned from questions whose outcome nobody "
            "knows: whether people state odds that are too extreme (extremity: stated log-odds are that many times "
            "what they should be), how far all of them err together (shared error, times its default), whether a "
            "person’s own extremity stretches that common error too (if it does not, the default, the scatter of a "
            "crowd tells the truth from the error), how far people differ here as they do on resolved forecasts "
            "(transfer: the spreads learned there, times). The default is a decision, not a finding.",
        ),
        table(
            "decisions",
            "The same answers under other decisions.",
            "All answers fitted each time.",
            head=("Decision|l*", "Deception|r", "90 %|r", "Catastrophe|r", "90 %|r", "Fit|l"),
            rows=rows,
            source=from_run("decisions"),
        ),
    ]


_DECISION_WORDS = {
    "extremity": "extremity",
    "shared_error": "shared error ×",
    "amplified_error": "share of shared error stretched by extremity",
    "transfer": "transfer ×",
}
_NOT_DECISIONS = {"default", "quick", "converged", "checks", "headline"}


def _decided(found: Mapping[str, Any], default: Mapping[str, Any]) -> str:
    """Return in words where a set of decisions differs from the default, whichever decisions there are."""
    if found["default"]:
        return "Default"
    named = [
        f"{_DECISION_WORDS.get(key, words(key))} {value:g}"
        if isinstance(value, int | float)
        else f"{_DECISION_WORDS.get(key, words(key))} {value}"
        for key, value in found.items()
        if key not in _NOT_DECISIONS and value is not None and value != default.get(key)
    ]
    return upper_first(", ".join(named)) or "As the default, shorter"


def audit(data: Mapping[str, Any]) -> Section:
    """Return the section on coherence and on whom the headline depends."""
    found = data["audit"]
    title = "Audit: coherence, dependence, how many experts"
    if not found:
        return section("audit", title, paragraph("This run was not audited."))
    own = found["coherence"]
    conflicts = [
        f" {c['label']}’s answers cannot all hold; each would have to move by {c['shift']:.2f} in log-odds."
        for c in own["conflicts"]
    ]
    rows = [
        row(
            f"{words(r['label'])}{'' if r['without'] == 'expert' else ' (' + words(r['without']) + ')'}",
            str(r["answers"]),
            *(_moved(r, id_) for id_ in ("deceptive", "catastrophe")),
            f"{r['pareto_k']:.2f}",
        )
        for r in found["leave_out"][:8]
    ]
    tests = found["conflicts"]
    clash = ""
    if tests["tests"]:
        named = len(tests["named"])
        clash = (
            f" Where several surveys speak of one quantity, {tests['tests']} comparisons could be made; "
            f"{'none shows' if not named else f'{named} show'} a conflict beyond chance."
        )
    untrusted = "; ".join(map(words, found["untrusted"]))
    return section(
        "audit",
        title,
        paragraph(
            strong("Own answers. "),
            f"Of {plural(own['people'], 'person', 'people')} who stated related probabilities, {own['coherent']} could "
            "hold all of them at once, rounding allowed. This needs no model, only the laws of probability.",
            *conflicts,
        ),
        paragraph(
            strong("How many experts? "),
            "People who read the same texts err together, so that many count as few. ",
            " ".join(words(s) for s in found["effective"]["sentences"][:2]),
            clash,
        ),
        *(
            [
                table(
                    "leave-out",
                    "On whom the headline depends: what it would be without one person, camp or survey.",
                    "Changes in percentage points ± Monte Carlo error, by reweighting; Pareto k says whether the "
                    "weights can be trusted (below 0.7).",
                    *([f" They carry too much to be left out by reweighting: {untrusted}."] if untrusted else []),
                    head=("Without|l*", "Answers|r", "Deception,\npoints|r", "Catastrophe,\npoints|r", "Pareto k|r"),
                    rows=rows,
                    source=from_run("audit"),
                )
            ]
            if rows
            else []
        ),
    )


def _moved(found: Mapping[str, Any], id_: str) -> str:
    if id_ not in found["moves"]:
        return NONE
    change = 100 * found["moves"][id_]
    sign = "+" if change >= 0.05 else "−" if change <= -0.05 else ""  # noqa: PLR2004 - what is shown as zero has no sign
    return f"{sign}{abs(change):.1f} ± {100 * found['errors'][id_]:.1f}"


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
        table(
            "structures",
            "Deception if the model itself were built differently.",
            "The same values read in another structure, nothing fitted anew: what the answers would have taught under "
            "it is not in these numbers, and no interval of the default knows of them.",
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


def parameter_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each parameter, for the page."""
    from precursor.report.words import value, values_between

    return [
        row(
            [upper_first(parameter_words(p["name"])), " ", {"style": "code", "text": p["name"]}],
            value(p["scale"], p["prior"]["median"]),
            values_between(p["scale"], p["prior"]),
            value(p["scale"], p["posterior"]["median"]),
            values_between(p["scale"], p["posterior"]),
            NONE if p["bits"] is None else f"{p['bits']:.2f}",
            p["reason"],
            about=[p["name"]],
        )
        for p in data["parameters"]
    ]
