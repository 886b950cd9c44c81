"""What interventions would change: each alone, and under every regime and objective."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from precursor.report.blocks import (
    Block,
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
from precursor.report.sections.missing import missing
from precursor.report.words import NONE, points, points_between, upper_first, words

_SURE = 0.95


def interventions(data: Mapping[str, Any]) -> Section:
    """Return the section on ways of training, deploying and governing."""
    known = data["analyses"].get("pathways", {})
    found = known["interventions"] if known.get("available") else []
    sure = [
        r
        for r in found
        if r["target"] == "deceptive" and not r["reference"] and r["against_reference"]["probability_of_sign"] >= _SURE
    ]
    return section(
        "interventions",
        "What would change it: training, deployment, governance",
        paragraph(
            "Each row sets one assumption (do) and averages over the others. Effects are differences to the reference "
            "state, in percentage points, draw by draw, so that the interval says whether even the sign is known. "
            "These are effects within the model, not of trials.",
        ),
        figure(
            "interventions",
            f"{len(sure)} of {sum(r['target'] == 'deceptive' and not r['reference'] for r in found)} changes of "
            "training move deception with a sign that is 95 % sure."
            if found
            else "What setting each training assumption would change.",
            "Dot and bar: mean effect and 90 %. Filled: the sign is at least 95 % sure; open: it is not. Without "
            "differential adversarial examples nothing counts as deception: the same system is then a proxy that "
            "training cannot see.",
            source=from_queries(*(s["query"] for g in data["regimes"] for s in g["states"])),
            about=_regime_queries(data),
        ),
        table(
            "interventions",
            "The change of deception and of catastrophe, in percentage points.",
            "Against the reference state of each, which the network figure shows first. “Sign”: the probability of "
            "the mean’s sign. “Claimed”: what the argument says (or whoever is named), in our reading, and the "
            "probability that it is so (no change: within one point).",
            head=(
                "Set to|l*",
                "Deception:\nchange, 90 %|r",
                "Sign|r",
                "Claimed|r",
                "Catastrophe:\nchange, 90 %|r",
                "Sign|r",
            ),
            rows=_effects(data, found),
            source=from_command(known["command"]),
        )
        if found
        else missing(data, "pathways", "The table of interventions"),
        *_everywhere(data, known),
    )


def _regime_queries(data: Mapping[str, Any]) -> list[str]:
    return [state["query"] for group in data["regimes"] for state in group["states"]]


_CLAIMED = {1: "more", -1: "less", 0: "no change"}


def _effects(data: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    labels = data["labels"]
    by = {(r["target"], r["node"], r["state"]): r for r in found}
    rows = []
    for node, state in dict.fromkeys((r["node"], r["state"]) for r in found if not r["reference"]):
        one, other = (by.get((target, node, state)) for target in ("deceptive", "catastrophe"))
        cells = [NONE] * 3 if one is None else [*_effect(one), _claimed(one)]
        cells += [NONE] * 2 if other is None else _effect(other)
        rows.append(row(_named(labels, node, state), *cells, about=[r["query"] for r in (one, other) if r]))
    return rows


def _effect(found: Mapping[str, Any]) -> list[str]:
    effect = found["against_reference"]
    sign = "none" if effect["sign"] == 0 else f"{effect['probability_of_sign']:.2f}"
    return [f"{points(effect['mean'])} ({points_between(effect)})", sign]


def _claimed(found: Mapping[str, Any]) -> str:
    claim = found.get("claimed")
    if claim is None:
        return NONE
    by = "" if claim["by"] == "argument" else f" ({claim['by']})"
    return f"{_CLAIMED[claim['sign']]}{by}: {claim['probability']:.2f}"


def _everywhere(data: Mapping[str, Any], known: Mapping[str, Any]) -> list[Block]:
    """Return the table of effects under every regime, and what other objectives would change in it."""
    found = known.get("interventions_by_regime", [])
    if not found:
        return []
    labels = data["labels"]
    regimes, objectives = (list(dict.fromkeys(r[key] for r in found)) for key in ("regime", "objective"))
    first, *others = objectives
    rows = []
    for target, title in (("deceptive", "On a deceptive system"), ("catastrophe", "On existential catastrophe")):
        by = {(r["node"], r["state"], r["regime"], r["objective"]): r for r in found if r["target"] == target}
        rows.append(row(strong(title), kind="group"))
        for node, state in dict.fromkeys(key[:2] for key in by):
            own = [by[node, state, regime, first] for regime in regimes]
            rows.append(row(_named(labels, node, state), *map(_bold_if_sure, own), about=[r["query"] for r in own]))
    return [
        table(
            "interventions-by-regime",
            f"Under every regime: of {_changes(found)} changes {_keep_their_sign(found)} keep the sign of their mean "
            f"effect in all {len(regimes) * len(objectives)} combinations of regime and objective.",
            f"Change in percentage points, and 90 %; bold: the sign is 95 % sure. With "
            f"{labels.get(first, words(first))}; with another objective no effect on deception differs by more than "
            f"{_most(found, 'deceptive', first, others)} points, none on catastrophe by more than "
            f"{_most(found, 'catastrophe', first, others)}.",
            head=("Set to|l*", *(f"{upper_first(labels.get(regime, words(regime)))}|r" for regime in regimes)),
            rows=rows,
            source=from_command(known["command"]),
        )
    ]


def _named(labels: Mapping[str, str], node: str, state: str) -> str:
    return f"{upper_first(labels.get(node, words(node)))}: {labels.get(state, words(state))}"


def _bold_if_sure(found: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a text's run, or a text
    effect = found["against_reference"]
    if effect["sign"] == 0:
        return "none"
    mean = points(effect["mean"])
    between = f" ({points_between(effect)})"
    return [strong(mean), between] if effect["probability_of_sign"] >= _SURE else f"{mean}{between}"


def _signs(found: Sequence[Mapping[str, Any]]) -> list[set[int]]:
    """Return, for every change of either target, the signs that its mean effect has."""
    signs: dict[tuple[str, ...], set[int]] = {}
    for r in found:
        signs.setdefault((r["target"], r["node"], r["state"]), set()).add(r["against_reference"]["sign"])
    return list(signs.values())


def _changes(found: Sequence[Mapping[str, Any]]) -> int:
    return len(_signs(found))


def _keep_their_sign(found: Sequence[Mapping[str, Any]]) -> int:
    return sum(len(signs) == 1 for signs in _signs(found))


def _most(found: Sequence[Mapping[str, Any]], target: str, first: str, others: Sequence[str]) -> str:
    """Return the largest difference that another objective makes to a mean effect, in points."""
    by = {(r["node"], r["state"], r["regime"], r["objective"]): r for r in found if r["target"] == target}
    means = {key: r["against_reference"]["mean"] for key, r in by.items()}
    most = max(abs(mean - means[(*key[:3], first)]) for key, mean in means.items() if key[3] in others)
    return points(most).removeprefix("+")
