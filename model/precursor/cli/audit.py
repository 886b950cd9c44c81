"""``precursor audit RUN`` or ``SURVEY ...``: whether answers hold together, and on whose answers a run depends."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from precursor.cli.options import add_scheduler
from precursor.cli.outcome import Outcome, table
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    from precursor.campaigns.refits import Elsewhere
    from precursor.elicitation.survey import Survey
    from precursor.inference.runs.run import Run

_ROWS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("names", metavar="RUN|SURVEY", nargs="+", help="a run, perhaps with more surveys; or surveys")
    parser.add_argument(
        "--refit", action="store_true", help="fit anew where the headline without some answers cannot be had by weights"
    )
    add_scheduler(parser, "where refits run: ")
    parser.add_argument("--keep", metavar="DIR", help="folder that keeps the refits, so that an audit can go on")


def run(arguments: argparse.Namespace) -> Outcome:
    """Audit a run and its surveys, or surveys alone."""
    from precursor.analysis.audit.audit import audit_document
    from precursor.cli.main import progress

    audited, surveys = _read(arguments.names, arguments.root)
    with _where(arguments) as refit:
        document = audit_document(audited, surveys, refit=refit, say=progress)
    converged = audited is None or bool(audited.summary.get("converged", False))
    failed = () if converged else ("FAILED CHECKS: the run did not converge; do not rely on what depends on it.", "")
    return Outcome(document, (*failed, *_lines(document)), passed=converged)


@contextmanager
def _where(arguments: argparse.Namespace) -> Iterator[bool | Elsewhere]:
    """Yield whether and where to fit anew; refits that are not to be kept are forgotten afterwards."""
    if arguments.scheduler == "none" and not arguments.keep:
        yield arguments.refit
        return
    from precursor.campaigns.refits import Elsewhere
    from precursor.campaigns.results import ResultsFolder
    from precursor.campaigns.schedulers import scheduler_of

    if not arguments.refit:
        raise InputError(Problem("--scheduler and --keep are of refits.", "--refit with them"))
    scheduler = scheduler_of(arguments.scheduler)
    with tempfile.TemporaryDirectory() as forgotten:
        folder = ResultsFolder(Path(arguments.keep or forgotten))
        yield Elsewhere(scheduler, folder, arguments.root)


def _read(names: Sequence[str], root: str | None) -> tuple[Run | None, list[Survey]]:
    from precursor.cli.fitting import read_surveys
    from precursor.inference.runs.run import SUMMARY, Run, reports_folder

    first = names[0]
    if not any((folder / SUMMARY).is_file() for folder in (Path(first), reports_folder(root) / first)):
        return None, read_surveys(names, root)
    found = Run.open(first, root)
    others = read_surveys(names[1:], root) if names[1:] else []
    given = {survey.id for survey in others}
    fitted = [entry["id"] for entry in found.summary["surveys"] if entry["id"] not in given]
    return found, [*(read_surveys(fitted, root) if fitted else []), *others]


def _lines(document: Mapping[str, Any]) -> list[str]:
    lines = ["COHERENCE", *(f"  {sentence}" for sentence in document["coherence"]["sentences"])]
    again = document["coherence"]["conflicts_of_repeats"]
    if again:
        lines.append(f"  Repeated answers that do not fit the same person's others: {len(again)}.")
    if document["posterior"] is None:
        return lines
    lines += [f"  Warning: {warning}" for warning in document["posterior"]["warnings"]]
    return [
        *lines, "", *_expected(document["expected"]), "", *_conflict(document["conflict"]), "",
        *_leave_out(document["leave_out"]), "", "INDEPENDENCE",
        *(f"  {sentence}" for sentence in document["effective_experts"]["sentences"]),
    ]  # fmt: skip


def _expected(section: Mapping[str, Any]) -> list[str]:
    answers = section["answers"]
    head = ("who", "question", "stated", "expected", "distance", "tail", "where")
    rows = [
        (
            entry["label"],
            entry["question"],
            _number(entry["stated"]),
            _number(entry["expected_of_this_expert"]["median"]),
            f"{entry['distance']:+.1f}",
            f"{entry['tail']:.3f}",
            f"{entry['survey']} row {entry['row']}",
        )
        for entry in answers[:_ROWS]
        if entry["trusted"]
    ]
    return [
        "STATED AGAINST EXPECTED (log-odds; from the network and the same person's other answers)",
        f"  {section['below_0.05']} of {len(answers)} numbers have a tail probability below 5 %, where chance gives "
        f"{0.05 * len(answers):.0f}.",
        *(f"  {line}" for line in table([head, *rows])),
    ]


def _conflict(section: Mapping[str, Any]) -> list[str]:
    lines = [
        "BETWEEN SURVEYS",
        f"  {section['tests']} comparisons, {len(section['named'])} in conflict (5 %, corrected for their number)"
        + (f"; {section['untrusted']} could not be made by weights (--refit)" if section["untrusted"] else "")
        + ".",
    ]
    return lines + [
        f"  {one['query']}: {one['survey']} says {_number(one['pooled'])}, the rest predicts "
        f"{_number(one['predicted']['low'])} to {_number(one['predicted']['high'])} (tail {one['tail']:.4f})."
        for one in section["named"]
    ]


def _leave_out(section: Mapping[str, Any]) -> list[str]:
    head = ("without", "", "answers", "P(deceptive)", "move", "P(catastrophe)", "move", "by", "Pareto k")
    rows = [("nobody", "", "", *_two(section["with_all"], None, None), "", "")]
    shown = [*section["rows"][:_ROWS], *(row for row in section["rows"][_ROWS:] if row["method"] == "none")]
    for row in shown:
        values = ["not trusted", "", "", ""]
        if row["estimates"]:
            values = _two(row["estimates"], row["moves"], row["errors"])
        k = "-" if row["pareto_k"] is None else f"{row['pareto_k']:.2f}"
        rows.append((row["without"].replace("_", " "), row["label"], str(row["answers"]), *values, row["method"], k))
    more = len(section["rows"]) - len(shown)
    return [
        "WITHOUT EACH (probability, 5-95 %; the largest moves first)",
        *(f"  {line}" for line in table([head, *rows])),
        *([f"  and {more} more that move it less"] if more > 0 else []),
        *(["  Where it says 'not trusted', --refit fits anew."] if section["untrusted"] else []),
    ]


def _two(
    estimates: Sequence[Mapping[str, float]], moves: Sequence[float] | None, errors: Sequence[float] | None
) -> list[str]:
    """Return the first and the third headline quantity, deception and catastrophe, and how far each moved."""
    cells = []
    for i in (0, 2):
        one = estimates[i]
        cells.append(f"{100 * one['mean']:.1f} % ({100 * one['low']:.1f} to {100 * one['high']:.1f})")
        cells.append("" if moves is None or errors is None else f"{100 * moves[i]:+.1f} (error {100 * errors[i]:.1f})")
    return cells


def _number(value: float) -> str:
    return f"{value:.2f}"
