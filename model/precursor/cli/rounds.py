"""``precursor rounds SURVEY``: who moved between the rounds of a survey, how far, and towards whom."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from precursor.cli.outcome import Outcome, table

_ROWS = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("survey", metavar="SURVEY", help="id or folder of a survey with two or more rounds")
    parser.add_argument("--figure", metavar="FILE", help="also write a figure (SVG) of one question's movements")
    parser.add_argument("--question", metavar="QUESTION", help="what the figure shows (default: the most answered)")


def run(arguments: argparse.Namespace) -> Outcome:
    """Describe the movements of a survey."""
    from precursor.analysis.tables.rounds import rounds_document
    from precursor.cli.figure_file import figure_file
    from precursor.inference.surveys import load_survey
    from precursor.problems import InputError, Problem

    target = None if arguments.figure is None else figure_file(arguments.figure)
    survey = load_survey(arguments.survey, arguments.root)
    document = rounds_document(survey)
    if arguments.question is not None and target is None:
        raise InputError(Problem("--question chooses what --figure shows.", "--figure FILE beside it"))
    if target is not None:
        _draw(document, arguments.question, target)
    return Outcome(document, tuple(_lines(document)))


def _draw(document: Mapping[str, Any], question: str | None, target: Path) -> None:
    from precursor.figures.rounds import draw
    from precursor.figures.style import svg
    from precursor.problems import InputError, Problem, did_you_mean
    from precursor.writing import write_file

    known = [entry["question"] for entry in sorted(document["questions"], key=lambda entry: -entry["experts"])]
    if not known:
        raise InputError(Problem("Nobody answered a question in two rounds: there is nothing to draw."))
    if question is not None and question not in known:
        raise InputError(
            Problem(f"No question {question!r} was answered in two rounds.", did_you_mean(question, known))
        )
    write_file(target, svg(draw(dict(document), question or known[0])).encode())


def _lines(document: Mapping[str, Any]) -> list[str]:
    lines = list(document["sentences"])
    if not document["movements"]:
        return lines
    moved = sorted(document["questions"], key=lambda entry: entry["spread"]["ratio"] or 9 if entry["spread"] else 9)
    lines += ["", *table([_QUESTION_HEAD, *(_question(entry) for entry in moved[:_ROWS])])]
    experts = sorted(document["experts"], key=lambda entry: -(entry["mean_absolute_move"] or 0.0))
    lines += ["", *table([_EXPERT_HEAD, *(_expert(entry) for entry in experts[:_ROWS])])]
    if len(moved) > _ROWS or len(experts) > _ROWS:
        lines.append(f"The first {_ROWS} of {len(moved)} questions and {len(experts)} experts; --json has all.")
    return [*lines, "", "Moves are in log-odds (logs of ratios). Towards and away: of everybody else's median before."]


_QUESTION_HEAD = ("question", "rounds", "experts", "unchanged", "median", "sd before", "after", "ratio", "gap closed")
_EXPERT_HEAD = ("expert", "answers", "unchanged", "towards", "past", "away", "mean move", "gap closed")


def _question(entry: Mapping[str, Any]) -> tuple[str, ...]:
    name = f"{entry['question']} {entry['part']}".strip()
    spread = entry["spread"]
    cells = ["", "", "", ""]
    if spread is not None:
        medians = f"{spread['median_before']:.3g} -> {spread['median_after']:.3g}"
        cells = [medians, *(_cell(spread[part]) for part in ("sd_before", "sd_after", "ratio"))]
    rounds = "{} -> {}".format(*entry["rounds"])
    gap = _cell(entry["median_gap_closed"])
    return (name, rounds, str(entry["experts"]), f"{entry['unchanged']:.0%}", *cells, gap)


def _expert(entry: Mapping[str, Any]) -> tuple[str, ...]:
    ways = entry["directions"]
    counts = (str(ways["towards"]), str(ways["past"]), str(ways["away"] + ways["from_the_median"]))
    moves = (_cell(entry["mean_absolute_move"]), _cell(entry["median_gap_closed"]))
    return (entry["label"], str(entry["answers"]), f"{entry['unchanged']:.0%}", *counts, *moves)


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
