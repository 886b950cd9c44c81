"""``precursor compare RUN RUN``: what moved from one run to another, and who moved it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from precursor.cli.outcome import Outcome, table
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    from precursor.elicitation.survey import Survey
    from precursor.inference.runs.run import Run

_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("before", metavar="RUN", help="the earlier run: a name, or a folder")
    parser.add_argument("after", metavar="RUN", help="the later run")
    parser.add_argument(
        "--survey",
        metavar="FOLDER",
        action="append",
        default=[],
        help="where a survey of either run lies, if not in the store",
    )
    parser.add_argument(
        "--report", action="store_true", help="write comparison-RUN.pdf, .html and .json into the later run's folder"
    )
    parser.add_argument("--svg", metavar="FILE", help="draw who moved the first number")


def run(arguments: argparse.Namespace) -> Outcome:
    """Compare two runs; answers that are no longer at hand leave the moves without a split, and are named."""
    from precursor.cli.figure_file import figure_file
    from precursor.inference.runs.run import Run

    target = figure_file(arguments.svg) if arguments.svg is not None else None
    runs = [Run.open(name, arguments.root) for name in (arguments.before, arguments.after)]
    document = comparison_of(runs[0], runs[1], arguments.root, arguments.survey)
    lines = comparison_lines(document)
    if target is not None:
        _draw(document, target)
        lines += (f"Figure: {arguments.svg}",)
    passed = all(bool(found.summary.get("converged", False)) for found in runs)
    if arguments.report:
        from precursor.report.comparison import write_comparison

        surveys = [survey for found in runs for survey in found.summary.get("surveys", [])]
        document.setdefault("synthetic", any(survey.get("synthetic", False) for survey in surveys))
        paths = [str(path) for path in write_comparison(document, passed, runs[1].folder)]
        document["files"] = paths
        lines += (*paths,)
    return Outcome(document, (*_failed(runs), *lines), passed=passed)


def comparison_of(before: Run, after: Run, root: str | None, folders: list[str]) -> dict[str, Any]:
    """Return the document of two runs; ``folders`` are those of surveys that are not in the store."""
    from precursor.analysis.comparison.comparison import comparison_document, means_document
    from precursor.cli.main import progress
    from precursor.inference.comparison.runs import compare_sides
    from precursor.inference.comparison.sides import side_of_run
    from precursor.inference.surveys import open_reader
    from precursor.inference.update.surveys import surveys_of_run

    reader = open_reader(root)
    elsewhere = [reader.read(folder) for folder in folders]
    surveys: list[tuple[Survey, ...]] = []
    missing: list[str] = []
    for found in (before, after):
        try:
            surveys.append(surveys_of_run(found, reader, elsewhere))
        except InputError as error:
            missing += [problem.message for problem in error.problems]
    if missing:
        return means_document(before, after, missing)
    sides = [side_of_run(found, own) for found, own in zip((before, after), surveys, strict=True)]
    return comparison_document(compare_sides(sides[0], sides[1], say=progress), before, after)


def comparison_lines(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a comparison for people: the sentences, the moves, and whose answers moved the first number."""
    from precursor.analysis.comparison.words import title

    stamp = ("With SYNTHETIC answers.",) if document.get("synthetic") else ()
    lines = [*stamp, *document["sentences"], ""]
    moves = document["moves"]
    lines += table(
        [
            ("before", "after", "change, points", "quantity"),
            *(
                (
                    _percent(m["before"]),
                    _percent(m["after"]),
                    f"{100 * (m['after'] - m['before']):+.2f}",
                    title(m["query"]),
                )
                for m in moves
            ),
        ]
    )
    if not moves or "experts" not in moves[0]:
        return tuple(lines)
    for name, label in (("experts", "label"), ("questions", "question")):
        if moves[0][name]:
            lines += ["", f"Who moved the first, by {name[:-1]} (points, standard error; log-odds):"]
            lines += table(_rows(moves[0], name, label))
    change = moves[0]["after"] - moves[0]["before"]
    if change * (moves[0]["log_odds"]["after"] - moves[0]["log_odds"]["before"]) < 0:
        lines.append("The mean and the mean log-odds moved opposite ways: the draws became more, or less, spread out.")
    if document["parameters"]:
        lines += ["", "Parameters that moved most (in prior standard deviations; medians):"]
        lines += table(
            [
                (f"{p['shift']:+.2f}", f"{p['before']:.3g} -> {p['after']:.3g}", p["parameter"])
                for p in document["parameters"]
            ]
        )
    if document["settings"]:
        differences = ", ".join(f"{s['name']} {s['before']} -> {s['after']}" for s in document["settings"])
        lines += ["", f"Made differently: {differences}."]
    return tuple(lines)


def _rows(move: Mapping[str, Any], name: str, label: str) -> list[tuple[str, str, str, str]]:
    entries = move[name]
    rows = [
        (f"{100 * e['part']:+.2f}", f"{100 * e['error']:.2f}", f"{e['log_odds']:+.3f}", str(e[label]))
        for e in entries[:_SHOWN]
    ]
    rest = entries[_SHOWN:]
    if rest:
        part, logs = (sum(e[key] for e in rest) for key in ("part", "log_odds"))
        rows.append((f"{100 * part:+.2f}", "", f"{logs:+.3f}", f"{len(rest)} others"))
    for key in ("sharing", "remainder"):
        named = next(k for k in move["by_expert"] if k.startswith("(sharing" if key == "sharing" else "(Monte"))
        logs = move["log_odds"]["by_expert"][named]
        rows.append((f"{100 * move[key]['part']:+.2f}", f"{100 * move[key]['error']:.2f}", f"{logs:+.3f}", named))
    change = move["log_odds"]["after"] - move["log_odds"]["before"]
    rows.append(
        (f"{100 * (move['after'] - move['before']):+.2f}", f"{100 * move['error']:.2f}", f"{change:+.3f}", "in all")
    )
    return rows


def _percent(value: float) -> str:
    return f"{100 * value:.3g} %" if value >= 1e-4 else "<0.01 %"  # noqa: PLR2004 - the least that is worth telling apart


def _failed(runs: list[Run]) -> tuple[str, ...]:
    return tuple(
        f"NOT CONVERGED, not a result: {found.name}." for found in runs if not found.summary.get("converged", False)
    )


def _draw(document: Mapping[str, Any], target: Path) -> None:
    """Write the figure of the first move, whole or not at all."""
    from precursor.analysis.comparison.words import title
    from precursor.figures.comparison import draw
    from precursor.figures.style import svg
    from precursor.writing import write_file

    if not target.parent.is_dir():
        raise InputError(Problem(f"There is no folder {str(target.parent)!r}.", "--svg FILE in a folder that exists"))
    text = svg(draw(dict(document), heading=title(document["moves"][0]["query"])))
    write_file(target, text.encode())
