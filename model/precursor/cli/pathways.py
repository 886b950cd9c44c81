"""``precursor pathways RUN``: which ways lead to an existential catastrophe, and what would change them."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, span, wrapped
from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem

_COMPARED = ("argument", "critic")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", nargs="?", help="a run's name, or its folder")
    parser.add_argument("--scenario", metavar="NAME", help="a scenario instead: its name, or a .toml file")


def run(arguments: argparse.Namespace) -> Outcome:
    """Show pathways, interventions, and which area of research comes first, beside scenarios, camps and prior."""
    from precursor.analysis.camps import camp_sources
    from precursor.analysis.pathway_table import pathway_document
    from precursor.analysis.sources import PRIOR_OF, alike, open_source
    from precursor.cli.main import progress
    from precursor.inference.run import Run

    if (arguments.run is None) == (arguments.scenario is None):
        raise InputError(Problem("pathways needs one of RUN and --scenario.", "precursor pathways RUN"))
    passed, found = True, None
    names = [*_COMPARED]
    if arguments.run is not None:
        found = Run.open(arguments.run, arguments.root)
        passed = found.summary.get("converged") is True
        main = open_source(arguments.run, arguments.root)
        names.append(f"{PRIOR_OF}{arguments.run}")
    else:
        main = open_source(arguments.scenario, arguments.root)
    progress(f"Pathways of {main.name}: {len(main.unconstrained)} draws, every intervention.")
    camps = [] if found is None else camp_sources(found)[0]
    others = [open_source(name, arguments.root) for name in names if name != main.name and _known(name, arguments)]
    source, *rest = alike([main, *others, *camps])
    document = pathway_document(source, rest)
    if not passed:
        progress(f"Warning: the run {arguments.run} did not pass its checks.")
    return Outcome(document, tuple(_lines(document)), passed)


def _known(name: str, arguments: argparse.Namespace) -> bool:
    """Whether a source to compare with is there: a data folder need not hold the two scenarios."""
    from precursor.elicitation.store import find_root
    from precursor.inference.scenarios import scenario_files

    return name not in _COMPARED or name in scenario_files(find_root(arguments.root))


_SURE = 0.95


def _lines(document: dict[str, Any]) -> list[str]:
    found = document["pathways"]
    total = found["total"]
    lines = [
        f"{document['source']}: existential catastrophe by 2100, {percent(total['mean'])} ({span(total)})",
        "",
        "Ways to it (Shapley shares sum to the total; the fall if it were ruled out):",
    ]
    rows = [("", "happens | TAI", "share", "of total", "fall")]
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
            ("ruled_out_by_do", "deceptive defection ruled out"),
            ("given_not_deceptive", "given that the outcome is not deceptive"),
            ("not_prosaic", "of the total, from non-prosaic systems"),
        )
    ]
    lines += ["", *narrow(ruled_out), "", "Interventions, against the reference state, draw by draw:"]
    for target in ("deceptive", "catastrophe"):
        lines += [f"  on {target}:", *_interventions(document, target)]
    lines += ["", "Priorities, by the fall without each (* above the next with 95 % probability):"]
    for one in document["priorities"]:
        order = ", ".join(
            f"{row['area']}{'*' if (row['above_next'] or 0) >= _SURE else ''} {percent(row['fall']['mean'])}"
            for row in one["areas"]
        )
        lines += wrapped(f"{one['source']}: {order}", 2)
        lines += wrapped(f"this ranking holds with probability {one['ranking_holds']:.2f}", 4)
    return lines


def _interventions(document: dict[str, Any], target: str) -> tuple[str, ...]:
    rows = [("", "answer", "effect", "5 to 95 %", "sign")]
    for row in document["interventions"]:
        if row["target"] == target and not row["reference"]:
            effect = row["against_reference"]
            sure = (
                "none"
                if effect["sign"] == 0
                else f"{'+' if effect['sign'] > 0 else '-'} {effect['probability_of_sign']:.2f}"
            )
            name = f"{row['node']}={row['state']}"
            rows.append((name, percent(row["probability"]["mean"]), percent(effect["mean"]), span(effect), sure))
    return narrow(rows, 4)
