"""``precursor surveys``: which surveys there are, and what each holds."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from precursor.cli.outcome import Outcome, table
from precursor.problems import InputError

if TYPE_CHECKING:
    from precursor.inference.surveys import SurveyReader


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments: there are none."""


def run(arguments: argparse.Namespace) -> Outcome:
    """List the surveys of the data folder; one that cannot be used is listed with what is wrong with it.

    Retracted ones are listed apart.
    """
    from precursor.elicitation.store import retracted_surveys
    from precursor.inference.surveys import open_reader

    reader = open_reader(arguments.root)
    rows = [_row(id_, reader) for id_ in reader.ids]
    stones = retracted_surveys(reader.data)
    lines = (*_lines(rows), *(str(stone) for stone in stones))
    return Outcome({"surveys": rows, "retracted": [asdict(stone) for stone in stones]}, lines)


def _row(id_: str, reader: SurveyReader) -> dict[str, object]:
    try:
        survey = reader.read(id_)
    except InputError as error:
        return {"id": id_, "errors": [problem.as_json() for problem in error.problems]}
    return {
        "id": id_,
        "title": survey.title,
        "population": survey.population,
        "protocol": survey.protocol,
        "elicited": survey.elicited,
        "licence": survey.licence,
        "synthetic": survey.synthetic,
        "fit_by_default": survey.fit_by_default,
        "answers": survey.answers,
        "experts": len(survey.answering),
        "questions": len(survey.answered),
        "errors": [],
    }


def _lines(rows: list[dict[str, object]]) -> tuple[str, ...]:
    if not rows:
        return ("There are no surveys.",)
    header = ("survey", "answers", "experts", "questions", "fitted", "title")
    return table([header, *(_cells(row) for row in rows)])


def _cells(row: dict[str, object]) -> tuple[str, ...]:
    if errors := row["errors"]:
        why = f"unusable ({_count(errors)}): see precursor check {row['id']}"
        return (str(row["id"]), "", "", "", "no", why)
    counts = (str(row[key]) for key in ("answers", "experts", "questions"))
    fitted = "by default" if row["fit_by_default"] else "if named"
    return (str(row["id"]), *counts, fitted, f"{row['title']}{' (synthetic)' if row['synthetic'] else ''}")


def _count(errors: object) -> str:
    number = len(errors) if isinstance(errors, list) else 0
    return f"{number} error{'s' if number != 1 else ''}"
