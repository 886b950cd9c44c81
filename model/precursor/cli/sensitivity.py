"""``precursor sensitivity RUN``: what drives a run's number, and whether it leans on the prior or on the answers."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, wrapped
from precursor.cli.outcome import Outcome

_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or its folder")
    parser.add_argument("--query", metavar="QUERY", action="append", help="instead of the two headline queries")


def run(arguments: argparse.Namespace) -> Outcome:
    """Show tornado, variance-based indices, power-scaling and what was learned."""
    from precursor.analysis.sensitivity import HEADLINES, sensitivity
    from precursor.cli.main import progress
    from precursor.inference.run import Run

    found = Run.open(arguments.run, arguments.root)
    document = sensitivity(found, arguments.query or HEADLINES, root=arguments.root, say=progress)
    passed = found.summary.get("converged") is True
    if not passed:
        progress(f"Warning: the run {found.name} did not pass its checks.")
    return Outcome(document, tuple(_lines(document)), passed)


def _lines(document: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for query in document["queries"]:
        lines += [*wrapped(query["query"]), *_tornado(query), *_indices(query), *_leaning(query), ""]
    if not document["likelihood"]["available"]:
        lines += wrapped(f"The likelihood could not be scaled: {document['likelihood']['reason']}")
    most = [(row["parameter"], f"{row['bits']:.2f}", f"{row['bits_normal']:.2f}") for row in document["learned"]]
    lines += ["What the answers taught, in bits (by spacings; taken as Normal):"]
    return [*lines, *narrow([("", "bits", "Normal"), *most[:_SHOWN]])]


def _tornado(query: dict[str, Any]) -> list[str]:
    rows = [("", "5 to 95 %", "moved", "learned")]
    for bar in query["tornado"][:_SHOWN]:
        ends = [f"{percent(bar[way]['low'])[:-2]} to {percent(bar[way]['high'])}" for way in ("moved", "learned")]
        rows.append((bar["parameter"], f"{bar['low']:.2g} to {bar['high']:.2g}", *ends))
    present = percent(query["present"]["mean"])
    return [f"  Tornado: the answer ({present} now) at a parameter's 5 % and 95 %", *narrow(rows, 4)]


def _indices(query: dict[str, Any]) -> list[str]:
    first = [(row["parameter"], f"{row['index']:.2f}", f"{row['error']:.2f}") for row in query["first_order"]]
    shares = query["shapley_effects"]
    by_group = [(row["group"], f"{row['share']:.2f}") for row in shares["groups"]]
    prior = [
        (row["group"], f"{row['first']:.2f}", f"{row['total']:.2f}", f"{row['total_error']:.2f}")
        for row in query["prior_indices"]["groups"]
    ]
    return [
        "  First-order indices over the posterior (share of the log-odds' variance)",
        *narrow([("", "index", "error"), *first[: _SHOWN // 2]], 4),
        f"  Shapley effects by group, by linear regression (R squared {shares['r_squared']:.2f})",
        *narrow(by_group[:_SHOWN], 4),
        "  Sobol indices over the prior's latents, by group",
        *narrow([("", "first", "total", "error"), *prior[:_SHOWN]], 4),
    ]


def _leaning(query: dict[str, Any]) -> list[str]:
    found = query["power_scaling"]
    rows = [
        (name, f"{found[name]['sensitivity']:.2f}", f"{found[name]['noise']:.2f}")
        for name in ("prior", "likelihood")
        if name in found
    ]
    pulls = [row["group"] for row in query["prior_pulls"] if row["pulls"]]
    lines = [
        f"  Power-scaling (threshold {found['threshold']}): {found['diagnosis']}",
        *narrow([("", "sensitivity", "by chance"), *rows], 4),
    ]
    if pulls:
        lines += wrapped(f"priors that pull: {', '.join(pulls)}", 4)
    swapped = [row for row in query["prior_swap"] if row["trusted"]]
    if swapped:
        furthest = max(swapped, key=lambda row: abs(row["mean"] - query["present"]["mean"]))
        lines += wrapped(
            f"prior swap that moves it most: {furthest['group']}, spread times {furthest['spread']}: "
            f"{percent(furthest['mean'])}",
            4,
        )
    return lines
