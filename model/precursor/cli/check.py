"""``precursor check SURVEY``: validate a survey, say what it holds and what looks wrong with it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from precursor.cli.outcome import Outcome
from precursor.problems import Problem

if TYPE_CHECKING:
    from precursor.elicitation.survey import Survey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("survey", metavar="SURVEY", help="a survey's id, or a folder")


def run(arguments: argparse.Namespace) -> Outcome:
    """Validate one survey."""
    from precursor.elicitation.suspicions import suspicions
    from precursor.inference.surveys import load_survey

    survey = load_survey(arguments.survey, root=arguments.root)
    warnings = (*survey.warnings, *suspicions(survey))
    document = {
        "survey": survey.id,
        "answers": survey.answers,
        "experts": len(survey.answering),
        "questions": len(survey.answered),
        "warnings": [warning.as_json() for warning in warnings],
    }
    return Outcome(document, _lines(survey, warnings))


def _lines(survey: Survey, warnings: Sequence[Problem]) -> tuple[str, ...]:
    groups = f" (published groups: {len(survey.summaries)})" if survey.summaries else ""
    return (
        f"{survey.id}: {survey.title}",
        f"  {survey.population}; {survey.protocol}, {survey.elicited}{'; synthetic' if survey.synthetic else ''}",
        f"  answers: {survey.answers}{groups}; experts: {len(survey.answering)}; questions: {len(survey.answered)}",
        *(f"  Warning: {warning}" for warning in warnings),
        "  No problem found." if not warnings else f"  Usable, with warnings: {len(warnings)}.",
    )
