"""``precursor pathways RUN``: which ways lead to an existential catastrophe, and what would change them."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, points, span, wrapped
from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem

_COMPARED = ("argument", "critic")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", nargs="?", help="a run, stance:NAME:RUN, prior:RUN or camp:NAME:RUN")
    parser.add_argument("--scenario", metavar="NAME", help="a scenario instead: its name, or a .toml file")


def run(arguments: argparse.Namespace) -> Outcome:
    """Show pathways, interventions, and which area of research comes first, beside scenarios, camps and prior."""
    from precursor.analysis.by_name import pathways
    from precursor.analysis.opening import open_source, run_behind
    from precursor.cli.main import progress
    from precursor.inference.runs.stance_draws import stance_converged

    if (arguments.run is None) == (arguments.scenario is None):
        raise InputError(Problem("pathways needs one of RUN and --scenario.", "precursor pathways RUN"))
    passed = True
    if arguments.run is not None:
        found, stance = run_behind(arguments.run, arguments.root)
        passed = stance_converged(found, stance)
        draws = len(open_source(arguments.run, arguments.root).unconstrained)
        progress(f"Pathways of {arguments.run}: {draws} draws, about half a minute for 4,000.")
    document = pathways(arguments.run or arguments.scenario, root=arguments.root, say=progress)
    if not passed:
        progress(f"Warning: {arguments.run} did not pass its checks.")
    return Outcome(document, tuple(_lines(document)), passed)


_SURE = 0.95
# Shorter than the report's words: a line has 80 columns.
_SHORT = {
    "unsupervised_pretraining": "pre-training",
    "fine_tuning_objective": "objective",
    "data_rich_domain": "data-rich domain",
    "long_horizon_training": "long horizons",
    "train_deploy_regime": "deployment",
    "objective_revision": "revised aim",
    "differential_adversarial_examples": "adversarial examples",
}


def _lines(document: dict[str, Any]) -> list[str]:
    from precursor.analysis.camps import camps_not_shown

    found = document["pathways"]
    total = found["total"]
    lines = [
        f"{document['source']}: existential catastrophe by 2100, {percent(total['mean'])} ({span(total)})",
        "",
        *wrapped(
            "Ways to it. Share: what each way adds, averaged over the orders of adding them (Shapley), so that shares "
            "sum to the total. Fall: by how much the total would be lower without it."
        ),
    ]
    rows = [("", "if TAI", "share", "of total", "fall")]
    rows += [
        (
            row["pathway"].removesuffix("_catastrophe"),
            "-" if row["happens"] is None else percent(row["happens"]["mean"]),
            percent(row["existential_through"]["mean"]),
            percent(row["share_of_total"]),
            f"{percent(row['fall']['mean'])} ({span(row['fall'])})",
        )
        for row in found["pathways"]
    ]
    lines += narrow(rows)
    ruled_out = [
        (words, percent(found[key]["mean"]), span(found[key]))
        for key, words in (
            ("ruled_out_by_do", "if no deceptive system ever defected"),
            ("given_not_deceptive", "given that the system is not deceptive"),
            ("not_prosaic", "of the total, systems not gradient-trained"),
        )
    ]
    lines += ["", "The total with deception ruled out, in two senses, and one part of it:", *narrow(ruled_out), ""]
    lines += [*_set_one(document), *_under_regimes(document), *_priorities(document)]
    if said := camps_not_shown(document):
        lines += wrapped(said)
    return lines


def _set_one(document: dict[str, Any]) -> list[str]:
    lines = list(
        wrapped(
            "One thing set at a time. Effect: percentage points, against the reference state, within each draw, with "
            "its 5 to 95 %. Sure: probability that it has this sign. As said: probability that it is as the argument "
            "(a), its critics (c) or a definition (d) has it; of no difference, that it is under one point."
        )
    )
    for target, words in (("deceptive", "a deceptive system"), ("catastrophe", "existential catastrophe")):
        lines += [f"  on {words}:", *_interventions(document, target)]
    return lines


def _interventions(document: dict[str, Any], target: str) -> tuple[str, ...]:
    rows = [("", "answer", "effect", "5 to 95 %", "sure", "as said")]
    for row in document["interventions"]:
        if row["target"] == target and not row["reference"]:
            effect = row["against_reference"]
            ends = f"{points(effect['low'])} to {points(effect['high'])}"
            sure = "-" if effect["sign"] == 0 else f"{effect['probability_of_sign']:.2f}"
            answer = percent(row["probability"]["mean"])
            rows.append((_named(row), answer, points(effect["mean"]), ends, sure, _as_said(row["claimed"])))
    return narrow(rows if target == "deceptive" else [row[:-1] for row in rows], 4)


def _named(row: dict[str, Any]) -> str:
    from precursor.analysis.words.labels import LABELS

    node = _SHORT.get(row["node"], LABELS.get(row["node"], row["node"]))
    return f"{node}: {LABELS.get(row['state'], row['state'])}"


def _as_said(claimed: dict[str, Any] | None) -> str:
    if claimed is None:
        return "-"
    sign = {1: "+", -1: "-", 0: "0"}[claimed["sign"]]
    return f"{sign}{claimed['by'][0]} {claimed['probability']:.2f}"


def _under_regimes(document: dict[str, Any]) -> list[str]:
    found = document["interventions_by_regime"]
    lines = ["", "Under every regime (points, and how sure the sign is):"]
    for target, words in (("deceptive", "a deceptive system"), ("catastrophe", "existential catastrophe")):
        lines += [f"  on {words}:", *_of_target([row for row in found if row["target"] == target])]
    return lines


def _of_target(found: list[dict[str, Any]]) -> list[str]:
    """Return the effects on a target by regime, for the first objective, and how far the other objectives differ."""
    regimes, objectives = (list(dict.fromkeys(row[key] for row in found)) for key in ("regime", "objective"))
    effects = {(_named(row), row["regime"], row["objective"]): row["against_reference"] for row in found}
    names = list(dict.fromkeys(name for name, *_ in effects))
    first, *others = objectives
    rows: list[tuple[str, ...]] = [("", *(regime.removeprefix("continual_") for regime in regimes))]
    rows += [(name, *(_brief(effects[name, regime, first]) for regime in regimes)) for name in names]
    most = max(
        abs(effects[name, regime, other]["mean"] - effects[name, regime, first]["mean"])
        for name in names
        for regime in regimes
        for other in others
    )
    return [
        *narrow(rows, 4),
        *wrapped(f"With {first.replace('_', ' ')}; under the other objectives no effect differs by more than "
                 f"{100 * most:.1f} points.", 4),
    ]  # fmt: skip


def _brief(effect: dict[str, Any]) -> str:
    return "none" if effect["sign"] == 0 else f"{points(effect['mean'])} {effect['probability_of_sign']:.2f}"


def _priorities(document: dict[str, Any]) -> list[str]:
    lines = [
        "",
        *wrapped(
            "What to work on first: by how many points the total would fall without each (* above the next with 95 % "
            "probability; holds: probability of the whole order):"
        ),
    ]
    for one in document["priorities"]:
        order = ", ".join(
            f"{row['area'].replace('_', ' ')}{'*' if (row['above_next'] or 0) >= _SURE else ''} "
            f"{100 * row['fall']['mean']:.2g}"
            for row in one["areas"]
        )
        lines += wrapped(f"{one['source']}: {order} (holds: {one['ranking_holds']:.2f})", 2)
    return lines
