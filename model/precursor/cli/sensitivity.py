"""``precursor sensitivity RUN``: what drives a run's number, and whether it leans on the prior or on the answers."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, span, wrapped
from precursor.cli.outcome import Outcome

_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or its folder")
    parser.add_argument("--query", metavar="QUERY", action="append", help="instead of the two headline queries")


def run(arguments: argparse.Namespace) -> Outcome:
    """Show tornado, variance-based indices, power-scaling and what was learned."""
    from precursor.analysis.by_name import sensitivity
    from precursor.analysis.sensitivity.sensitivity import HEADLINES
    from precursor.cli.main import progress
    from precursor.inference.runs.run import Run

    found = Run.open(arguments.run, arguments.root)
    document = sensitivity(found, arguments.query or HEADLINES, root=arguments.root, say=progress)
    passed = found.summary.get("converged") is True
    if not passed:
        progress(f"Warning: the run {found.name} did not pass its checks.")
    return Outcome(document, tuple(_lines(document)), passed)


def _lines(document: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for query in document["queries"]:
        lines += [*wrapped(f"{query['query']}: {percent(query['present']['mean'])} ({span(query['present'])})")]
        lines += [*_tornado(query), *_indices(query), *_leaning(query), ""]
    if not document["likelihood"]["available"]:
        lines += wrapped(f"The likelihood could not be scaled: {document['likelihood']['reason']}")
    most = [(row["parameter"], f"{row['bits']:.2f}", f"{row['bits_normal']:.2f}") for row in document["learned"]]
    note = (
        "What the answers taught about each parameter, in bits (one bit: as if half of what was thought possible were "
        "ruled out), estimated from spacings of the draws, and as if the posterior were Normal:"
    )
    return [*lines, *wrapped(note), *narrow([("", "bits", "Normal"), *most[:_SHOWN]])]


def _tornado(query: dict[str, Any]) -> list[str]:
    rows: list[tuple[str, ...]] = [("", "now", "5 to 95 %", "moved, %", "learned, %")]
    for bar in query["tornado"][:_SHOWN]:
        ends = [f"{percent(bar[way]['low'])[:-2]} to {percent(bar[way]['high'])[:-2]}" for way in ("moved", "learned")]
        rows.append((_brief(bar["parameter"]), f"{bar['median']:.2g}", f"{bar['low']:.2g} to {bar['high']:.2g}", *ends))
    note = (
        "Tornado. Each parameter's present median and its 5 to 95 %, and the answer at these two ends: if it were "
        "moved there and nothing else changed; if it were learned to be there, and all else that goes with it."
    )
    return [*wrapped(note, 2), *narrow(rows, 4)]


def _brief(parameter: str) -> str:
    """Return a parameter's name without what it shares with its neighbours: a line has 80 columns."""
    first, dot, rest = parameter.partition(".")
    return first + dot + rest.replace("_horizon_fine_tuning", "").removesuffix("_catastrophe")


def _indices(query: dict[str, Any]) -> list[str]:
    first = [(row["parameter"], f"{row['index']:.2f}", f"{row['error']:.2f}") for row in query["first_order"]]
    shares = query["shapley_effects"]
    linear = {row["group"]: f"{row['share']:.2f}" for row in shares["groups"]}
    prior = {row["group"]: f"{row['total']:.2f}" for row in query["prior_indices"]["groups"]}
    by_group = [
        (row["group"], f"{row['first']:.2f}", f"{row['total']:.2f}", f"{row['total_error']:.2f}",
         linear.get(row["group"], "-"), prior.get(row["group"], "-"))
        for row in query["posterior_indices"]["groups"]
    ]  # fmt: skip
    note = (
        "By group of beliefs, shares of the variance of the log-odds: first order (the group alone), total (with all "
        "it acts through) and its error, groups drawn independently from the posterior; linear: Shapley effects with "
        f"dependence (R squared {shares['r_squared']:.2f}); prior: total index before any answer."
    )
    return [
        "  Single parameters: share of the variance of the log-odds, over the posterior",
        *narrow([("", "index", "error"), *first[: _SHOWN // 2]], 4),
        *wrapped(note, 2),
        *narrow([("", "first", "total", "error", "linear", "prior"), *by_group[:_SHOWN]], 4),
    ]


def _leaning(query: dict[str, Any]) -> list[str]:
    found = query["power_scaling"]
    rows = [
        (name, f"{found[name]['sensitivity']:.2f}", f"{found[name]['noise']:.2f}")
        for name in ("prior", "likelihood")
        if name in found
    ]
    pulls = [row["group"] for row in query["prior_pulls"] if row["pulls"]]
    note = (
        "Power-scaling: how fast the answer's distribution moves as the prior, or the likelihood, is given more weight "
        f"(from {found['threshold']} beyond chance it counts)."
    )
    lines = [
        *wrapped(note, 2),
        *narrow([("", "sensitivity", "by chance"), *rows], 4),
        *wrapped(f"so: {found['diagnosis']}", 4),
    ]
    if pulls:
        lines += wrapped(f"priors that pull: {', '.join(pulls)}", 4)
    swapped = [row for row in query["prior_swap"] if row["trusted"]]
    if swapped:
        furthest = max(swapped, key=lambda row: abs(row["mean"] - query["present"]["mean"]))
        to = "heavier tails" if furthest["family"] == "student" else f"spread times {furthest['spread']}"
        lines += wrapped(
            f"another prior for one group: what moves it most is {to} for {furthest['group']}: "
            f"{percent(furthest['mean'])} instead of {percent(query['present']['mean'])}",
            4,
        )
    return lines
