"""``precursor questions``: what experts can be asked."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from precursor.cli.outcome import Outcome

if TYPE_CHECKING:
    from precursor.elicitation.questions import Question


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: there are none."""


def run(arguments: argparse.Namespace) -> Outcome:
    """List the shared questions."""
    from precursor.inference.surveys import open_reader

    questions = tuple(open_reader(arguments.root).shared.questions.values())
    lines = tuple(line for question in questions for line in _lines(question))
    return Outcome({"questions": [_as_json(question) for question in questions]}, lines or ("There are no questions.",))


def _as_json(question: Question) -> dict[str, object]:
    return {
        "id": question.id,
        "wording": question.wording,
        "query": None if question.query is None else str(question.query),
        "forms": list(question.forms),
        "offset": question.offset,
        "seed": question.seed,
    }


def _lines(question: Question) -> tuple[str, ...]:
    what = "seed question" if question.query is None else str(question.query)
    shifted = f", offset {question.offset}" if question.offset else ""
    return (question.id, f"  {question.wording}", f"  {what}{shifted}; {', '.join(question.forms)}")
