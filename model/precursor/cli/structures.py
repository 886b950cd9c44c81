"""``precursor structures RUN``: the headline if the model were built otherwise, and what makes two scenarios part."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, wrapped
from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="a run, stance:NAME:RUN or prior:RUN")
    parser.add_argument(
        "--refit",
        action="store_true",
        help="fit the run's surveys again under each structure that is a change of parameters, and stack them",
    )


def run(arguments: argparse.Namespace) -> Outcome:
    """Show P(deceptive) under every structure, at the two scenarios and over the run."""
    from precursor.analysis.opening import open_sources, run_behind
    from precursor.analysis.structures.structures import structures
    from precursor.cli.main import progress
    from precursor.inference.runs.stance_draws import stance_converged

    passed = stance_converged(*run_behind(arguments.run, arguments.root))
    progress(f"Structures of {arguments.run}: some seconds.")
    a, b, draws = open_sources(["argument", "critic", arguments.run], arguments.root)
    document = structures([a, b, draws], a, b)
    if arguments.refit:
        document |= _refitted(arguments.run, arguments.root)
    if not passed:
        progress(f"Warning: {arguments.run} did not pass its checks.")
    again = all(one["converged"] for one in document.get("refits", []))
    return Outcome(document, (*_lines(document), *_refit_lines(document)), passed and again)


def _refitted(name: str, root: str | None) -> dict[str, Any]:
    from precursor.analysis.structures.refits import refits
    from precursor.cli.main import progress
    from precursor.inference.audit.posterior import posterior_of_run
    from precursor.inference.runs.run import Run
    from precursor.inference.surveys import open_reader
    from precursor.inference.update.surveys import surveys_of_run

    run = Run.open(name, root)
    surveys = surveys_of_run(run, open_reader(root))
    posterior = posterior_of_run(run, surveys)
    if not posterior.plan.observations.answers:
        raise InputError(Problem(f"The run {run.name} was fitted to no answers: there is nothing to fit again."))
    return refits(posterior, run.summary, progress)


def _refit_lines(document: dict[str, Any]) -> list[str]:
    if "refits" not in document:
        return []
    stacking = document["stacking"]
    weights = {} if stacking is None else stacking["weights"]
    rows = [("", "mean", "elpd less the run's", "weight")]
    for one in document["refits"]:
        weight = f"{weights[one['structure']]:.2f}" if one["structure"] in weights else "-"
        apart = f"{one['difference']:+.1f} ({one['difference_se']:.1f})" if one["kind"] == "refit" else "-"
        rows.append((one["title"], percent(one["headline"][0]["mean"]), apart, weight))
    if stacking is not None:
        rows.append(("Stacked", percent(stacking["headline"][0]["mean"]), "", ""))
    failed = [one["title"] for one in document["refits"] if not one["converged"]]
    left = ", ".join(one["structure"].replace("_", " ") for one in document["not_refitted"])
    return [
        "",
        *wrapped("Fitted anew, and stacked by how well each foretells a unit's answers from the others' (elpd):"),
        *narrow(rows),
        *(wrapped(f"FAILED CHECKS, left out of the stacking: {', '.join(failed)}.") if failed else ()),
        *[part for line in _words(stacking) for part in wrapped(line)],
        *wrapped(f"Side by side only, no density of their own: {left}."),
    ]


def _words(stacking: dict[str, Any] | None) -> list[str]:
    if stacking is None:
        return ["Too few structures or units to stack."]
    gain = f"{stacking['gain_over_equal']:.2f} (standard error {stacking['gain_se']:.2f})"
    verdict = "foretell better than" if stacking["told_apart"] else "are not told apart from"
    units = f"{stacking['units']} units, on which they were chosen"
    lines = [f"The weights {verdict} equal ones: gain in elpd {gain} over {units}."]
    if stacking["pareto_k_above"]:
        names = ", ".join(stacking["pareto_k_above"])
        lines.append(f"Not to be trusted for units with Pareto k above 0.7: {names}.")
    return lines


def _lines(document: dict[str, Any]) -> list[str]:
    crossed = document["crossed"]
    rows = [("", *document["sources"])]
    rows += [
        (one["title"], *(percent(answer["estimate"]["mean"]) for answer in one["answers"]))
        for one in document["structures"]
    ]
    return [
        *wrapped(f"{document['query']}, the same values under other structures (the same draws, not fitted anew):"),
        *narrow(rows),
        "",
        *wrapped(f"{crossed['a']} with some of the beliefs of {crossed['b']}:"),
        *narrow([(", ".join(row["from_b"]) or "none", percent(row["probability"])) for row in crossed["rows"]]),
        "",
        *wrapped("Shares of the gap in log-odds, averaged over orders of swapping (Shapley):"),
        *narrow([(row["group"], f"{row['share']:.2f}") for row in crossed["shares"]]),
    ]
