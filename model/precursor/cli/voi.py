"""``precursor voi RUN``: what would be worth learning, which questions to ask next, what experiments would move."""

from __future__ import annotations

import argparse
from typing import Any

from precursor.cli.narrow import narrow, percent, points, share, wrapped
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
    from precursor.analysis.by_name import value_of_information
    from precursor.analysis.value.voi import TARGETS
    from precursor.cli.main import progress
    from precursor.inference.runs.run import Run

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
    from precursor.analysis.camps import camps_not_shown

    questions = document["questions"]
    experts = questions["experts"]
    lines = [*_survey(questions, experts), ""]
    if said := camps_not_shown(document):
        lines += [*wrapped(said), ""]
    for indicators, asked in zip(document["indicators"], questions["targets"], strict=True):
        lines += [*wrapped(indicators["target"]), *_indicators(indicators["rows"])]
        lines += [*_questions(asked, experts), *_experiments(document, indicators["target"]), ""]
    return [*lines, *_forecasters(document["forecasters"])]


def _people(experts: int) -> str:
    return "one expert" if experts == 1 else f"{experts} experts"


def _survey(questions: dict[str, Any], experts: int) -> list[str]:
    """Return the questions of the next survey, chosen together for all that is asked about."""
    found = questions["together"]
    if not found["next"]:
        return ["No question can be asked that is not one of the targets itself."]
    of = ", ".join(f"{percent(share)} of {target}" for target, share in found["removed"].items())
    return [
        *wrapped(
            f"The next survey, put to {_people(experts)}: {len(found['next'])} questions chosen together, so that none "
            "repeats another; share of the variance (log-odds, mean over targets) gone after each:"
        ),
        *narrow([(step["question"], percent(step["removed"])) for step in found["next"]]),
        *wrapped(f"All together are expected to remove {of}.", 2),
    ]


def _indicators(rows: list[dict[str, Any]]) -> list[str]:
    cells = [
        (
            row["indicator"],
            percent(row["predictive"]["p_c"]),
            percent(row["predictive"]["p_u_given_c"]),
            percent(row["predictive"]["p_u_given_not_c"]),
            points(row["predictive"]["shift"]).lstrip("+"),
            share(row["share_of_entropy"]),
            share(row["discrimination_share"]),
        )
        for row in rows
    ]
    head = ("", "P(it)", "if so", "if not", "move", "entropy", "camps")
    note = (
        "Learning whether it happens: the answer if so and if not, the expected move in percentage points, and what "
        "per cent of the entropy and of the camps' disagreement are expected to go (negative: it would part them)."
    )
    return [*wrapped(note, 2), *narrow([head, *cells], 4)]


def _questions(asked: dict[str, Any], experts: int) -> list[str]:
    cells = [
        (
            row["question"],
            percent(row["one_expert"]),
            percent(row["panel"]),
            percent(max(row["perfect"], 0.0)),
            f"{row['panel_bits']:.2f}",
            percent(row["discrimination"]),
        )
        for row in asked["rows"][:_SHOWN]
    ]
    head = ("", "1 expert", _people(experts), "no noise", "bits", "camps")
    following = [(step["question"], percent(step["removed"])) for step in asked["next"]]
    note = (
        f"Asking one question: share of the variance (log-odds) expected to go; bits, and share of the camps' "
        f"disagreement, with {_people(experts)}."
    )
    return [
        *wrapped(note, 2),
        *narrow([head, *cells], 4),
        "  The next survey if this alone mattered: share gone after each",
        *narrow(following, 4),
    ]


def _experiments(document: dict[str, Any], target: str) -> list[str]:
    rows = [_experiment(row, target) for row in document["evidence"]]
    note = (
        "Published experiments, each alone: likelihood ratio as judged (or 1, if nobody has judged it), relevance of "
        "its setting (-: not elicited), the answer if it is seen, if it is seen and fully relevant, if it is not seen; "
        "and seen if the ratio were 3."
    )
    return [
        *wrapped(note, 2),
        *narrow([("", "ratio", "relevance", "seen", "if 1", "unseen", "if 3", "judged"), *rows], 4),
    ]


def _experiment(row: dict[str, Any], target: str) -> tuple[str, ...]:
    found = row["targets"][target]
    by_relevance = {one["relevance"]: one for one in found["by_relevance"]}
    supposed = {one["ratio"]: one["observed"] for one in found["at_ratio"]}
    return (
        row["indicator"],
        f"{found['likelihood_ratio']['median']:.2f}",
        f"{found['relevance']['median']:.2f}" if found["relevance"] else "-",
        percent(found["judged"]["observed"]["mean"]),
        percent(by_relevance[1.0]["observed"]["mean"]),
        percent(found["judged"]["not_observed"]["mean"]),
        percent(supposed[3.0]),
        "yes" if row["fitted"] else "no",
    )


def _forecasters(rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    cells = [("", *rows[0]["camps"], "pooled", "model", "", "P(U)", "P(it)", "update")]
    for row in rows:
        own = [percent(camp["shift"]) for camp in row["camps"].values()]
        cells.append((row["indicator"], *own, *_beside(row)))
    note = (
        "Camps: median of what members' own three numbers imply.  Pooled: the same formula on the mean belief of both "
        "camps.  Model: one belief that holds all answers.  It is the pooled value times three factors: the bottom "
        "line P(U), how likely the indicator is, and how far it would move one.  Factors below 1: the model is drawn "
        "towards others' answers and the prior; a mean of probabilities is ruled by its largest."
    )
    return ["The forecasters' own formula: expected move of P(extinction)", *narrow(cells), *wrapped(note, 2)]


def _beside(row: dict[str, Any]) -> tuple[str, ...]:
    pooled = percent(row["pooled"]["shift"]) if row["pooled"] else "-"
    if not row["parts"]:
        return (pooled, "-", "", "-", "-", "-")
    factors = (f"{row['parts'][name]:.2f}" for name in ("bottom_line", "likely", "update"))
    return (pooled, percent(row["model"]["predictive"]["shift"]), "=", *factors)
