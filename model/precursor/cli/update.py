"""``precursor update RUN SURVEY``: what a survey would change, at once; then the fit, and what it did change."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from precursor.cli.compare import comparison_lines
from precursor.cli.fitting import add_sampling_arguments, make_run, outcome_of, settings_of
from precursor.cli.outcome import Outcome, table
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    from precursor.elicitation.survey import Survey
    from precursor.inference.comparison.sides import Side
    from precursor.inference.runs.run import Run


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("run", metavar="RUN", help="the run to update: a name, or a folder")
    parser.add_argument("survey", metavar="SURVEY", help="id or folder of the survey to add, or of its new version")
    parser.add_argument("--preview", action="store_true", help="stop after the preview: nothing is fitted or written")
    add_sampling_arguments(parser)


def run(arguments: argparse.Namespace) -> Outcome:
    """Show what the survey would do; then refit with it, write the new run, and compare it with the old one."""
    from precursor.analysis.comparison.preview import preview_document
    from precursor.cli.main import progress
    from precursor.inference.comparison.sides import side_of_run
    from precursor.inference.runs.run import Run
    from precursor.inference.surveys import open_reader
    from precursor.inference.update.preview import preview
    from precursor.inference.update.surveys import changed_shared_files, surveys_of_run, with_survey

    settings_of(arguments)
    old = Run.open(arguments.run, arguments.root)
    _check_target(arguments)
    reader = open_reader(arguments.root)
    new: Survey | None = None
    problems: list[Problem] = []
    try:
        new = reader.read(arguments.survey)
    except InputError as error:
        problems += error.problems
    try:
        # A new version of a survey may lie where the old one did: then the old answers are not at hand.
        surveys = surveys_of_run(old, reader, [] if new is None else [new])
    except InputError as error:
        problems += error.problems
    if problems or new is None:
        raise InputError(problems)
    after = with_survey(surveys, old, new)
    before = side_of_run(old, surveys)
    seen = preview_document(preview(before, after), changed_shared_files(old, reader))
    lines = preview_lines(seen)
    if arguments.preview:
        passed = bool(old.summary["converged"])
        return Outcome({"run": old.name, "survey": new.id, "preview": seen}, (*_failed(old), *lines), passed=passed)
    for line in lines:
        progress(line)
    return _refitted(arguments, before, after, seen)


def _check_target(arguments: argparse.Namespace) -> None:
    """Refuse a name that cannot be used, before any work."""
    from precursor.inference.runs.run import checked_name, reports_folder

    if arguments.name:
        checked_name(arguments.name, reports_folder(arguments.root))


def _refitted(arguments: argparse.Namespace, before: Side, after: Sequence[Survey], seen: Mapping[str, Any]) -> Outcome:
    """Fit all surveys together, write the run, and compare."""
    from precursor.analysis.comparison.comparison import comparison_document
    from precursor.cli.main import progress
    from precursor.inference.comparison.runs import compare_sides
    from precursor.inference.comparison.sides import side_of_run
    from precursor.inference.decisions import Decisions
    from precursor.inference.runs.run import Run

    if before.decisions != Decisions():
        raise InputError(
            Problem(
                f"The run {before.name} was made with other decisions than the defaults.",
                "a run made by precursor run or precursor fit; from Python, precursor.fit with its decisions",
            )
        )
    made = make_run(after, (), arguments, with_report=False, say=progress)
    progress("Comparing ...")
    document = comparison_document(
        compare_sides(before, side_of_run(made, after), say=progress), Run.open(arguments.run, arguments.root), made
    )
    found = outcome_of(made)
    assert isinstance(found.document, Mapping)
    lines = [*found.lines, "", *comparison_lines(document)]
    return Outcome({**found.document, "preview": seen, "comparison": document}, tuple(lines), passed=found.passed)


def preview_lines(seen: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the preview for people."""
    from precursor.analysis.comparison.words import title

    lines = ["With SYNTHETIC answers."] if seen["synthetic"] else []
    lines += [] if seen["trusted"] else [
        f"The preview is NOT TO BE TRUSTED: Pareto k is {_k(seen)}, above {seen['threshold']:.2f}; the fit decides."
    ]  # fmt: skip
    lines += table(
        [
            ("before", "after (5-95 %)", "quantity"),
            *(
                (_percent(item["before"]["mean"]), _with_interval(item["after"]), title(item["query"]))
                for item in seen["headline"]
            ),
        ]
    )
    lines.append(
        f"Preview by weighting {seen['draws']:,} draws, worth {seen['effective_draws']:.0f}; Pareto k {_k(seen)} "
        f"(wanted at most {seen['threshold']:.2f})."
    )
    lines += [f"Not as it was when the run was made: {name}." for name in seen["changed_files"]]
    return tuple(lines)


def _with_interval(estimate: Mapping[str, float]) -> str:
    mean, low, high = (_percent(estimate[name]) for name in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _k(seen: Mapping[str, Any]) -> str:
    return "infinite" if seen["pareto_k"] is None else f"{seen['pareto_k']:.2f}"


def _percent(value: float) -> str:
    return f"{100 * value:.3g} %" if value >= 1e-4 else "<0.01 %"  # noqa: PLR2004 - the least that is worth telling apart


def _failed(old: Run) -> tuple[str, ...]:
    return () if old.summary["converged"] else (f"NOT CONVERGED, not a result: {old.name}.",)
