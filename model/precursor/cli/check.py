"""``precursor check SURVEY``: validate a survey and say what it holds."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from precursor.cli.outcome import Outcome

if TYPE_CHECKING:
    from precursor.elicitation.survey import Survey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("survey", metavar="SURVEY", help="a survey's id, or a folder")


def run(arguments: argparse.Namespace) -> Outcome:
    """Validate one survey."""
    from precursor.inference.surveys import load_survey

    survey = load_survey(arguments.survey, root=arguments.root)
    document = {
        "survey": survey.id,
        "answers": survey.answers,
        "experts": len(survey.answering),
        "questions": len(survey.answered),
        "warnings": [warning.as_json() for warning in survey.warnings],
    }
    return Outcome(document, _lines(survey))


def _lines(survey: Survey) -> tuple[str, ...]:
    groups = f" (published groups: {len(survey.summaries)})" if survey.summaries else ""
    return (
        f"{survey.id}: {survey.title}",
        f"  {survey.population}; {survey.protocol}, {survey.elicited}{'; synthetic' if survey.synthetic else ''}",
        f"  answers: {survey.answers}{groups}; experts: {len(survey.answering)}; questions: {len(survey.answered)}",
        *(f"  Warning: {warning}" for warning in survey.warnings),
        "  No problem found." if not survey.warnings else f"  Usable, with warnings: {len(survey.warnings)}.",
    )
