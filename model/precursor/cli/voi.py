"""``precursor voi RUN``: what would be worth learning, which questions to ask next, what experiments would move."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, wrapped
from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem

_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="a run's name, or its folder")
    parser.add_argument("--query", metavar="QUERY", action="append", help="instead of the two headline queries")
    parser.add_argument("--experts", metavar="N", type=int, default=10, help="how many would answer (10)")
    parser.add_argument("--questions", metavar="N", type=int, default=5, help="how many could be asked (5)")


def run(arguments: argparse.Namespace) -> Outcome:
    """Show the value of indicators, of questions and of experiments."""
    from precursor.analysis.voi import TARGETS, value_of_information
    from precursor.cli.main import progress
    from precursor.inference.run import Run

    problems = [
        Problem(f"--{name} {getattr(arguments, name)}: not a number of {name}.", "1 or more")
        for name in ("experts", "questions")
        if getattr(arguments, name) < 1
    ]
    if problems:
        raise InputError(problems)
    found = Run.open(arguments.run, arguments.root)
    document = value_of_information(
        found,
        arguments.query or TARGETS,
        experts=arguments.experts,
        count=arguments.questions,
        root=arguments.root,
        say=progress,
    )
    passed = found.summary.get("converged") is True
    if not passed:
        progress(f"Warning: the run {found.name} did not pass its checks.")
    return Outcome(document, tuple(_lines(document)), passed)


def _lines(document: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    questions = document["questions"]
    for indicators, asked in zip(document["indicators"], questions["targets"], strict=True):
        lines += [*wrapped(indicators["target"]), *_indicators(indicators["rows"])]
        lines += [*_questions(asked, questions["experts"]), *_experiments(document, indicators["target"]), ""]
    return [*lines, *_forecasters(document["forecasters"])]


def _indicators(rows: list[dict[str, Any]]) -> list[str]:
    cells = [
        (
            row["indicator"],
            percent(row["predictive"]["p_c"]),
            percent(row["predictive"]["p_u_given_c"]),
            percent(row["predictive"]["p_u_given_not_c"]),
            f"{1000 * row['predictive']['bits']:.2g}",
        )
        for row in rows[:_SHOWN]
    ]
    return ["  Learning an indicator", *narrow([("", "P(it)", "if so", "if not", "millibits"), *cells], 4)]


def _questions(asked: dict[str, Any], experts: int) -> list[str]:
    people = "one expert" if experts == 1 else f"{experts} experts"
    cells = [
        (
            row["question"],
            percent(row["one_expert"]),
            percent(row["panel"]),
            percent(max(row["perfect"], 0.0)),
            percent(row["discrimination"]),
        )
        for row in asked["rows"][:_SHOWN]
    ]
    head = ("", "1 expert", people, "no noise", "camps")
    following = [(step["question"], percent(step["removed"])) for step in asked["next"]]
    return [
        "  Asking a question: share of the variance (log-odds) expected to go",
        *narrow([head, *cells], 4),
        f"  The next survey, {people}: share gone after each",
        *narrow(following, 4),
    ]


def _experiments(document: dict[str, Any], target: str) -> list[str]:
    cells = []
    for row in document["evidence"]:
        found = row["targets"][target]
        full = found["by_relevance"][-1]
        cells.append(
            (
                row["indicator"],
                f"{found['likelihood_ratio']['median']:.2f}",
                percent(full["observed"]["mean"]),
                percent(full["not_observed"]["mean"]),
                "answers" if row["fitted"] else "prior only",
            )
        )
    return ["  Experiments, each alone, fully relevant", *narrow([("", "ratio", "seen", "not", "from"), *cells], 4)]


def _forecasters(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    cells = [("Expected shift of P(extinction):", *rows[0]["camps"], "model")]
    for row in rows:
        own = [percent(camp["shift"]) for camp in row["camps"].values()]
        model = percent(row["model"]["predictive"]["shift"]) if row["model"] else "-"
        cells.append((row["indicator"], *own, model))
    note = (
        "Camps: median of what its members' own three numbers imply.  Model: one belief that holds all answers, "
        "coherent, and drawn towards the others' answers and the prior."
    )
    return ["The forecasters' own value of information beside the model's", *narrow(cells), *wrapped(note, 2)]
