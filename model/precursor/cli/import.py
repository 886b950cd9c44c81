"""``precursor import EXPORT --mapping FILE --out FOLDER``: turn what a survey tool exports into a survey.

Without the mapping file, it is drafted and nothing else is written; the draft says what it could not decide.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from precursor.cli.outcome import Outcome
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    from precursor.elicitation.responses import Setting
    from precursor.inference.surveys import SurveyReader


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "exports",
        metavar="EXPORT",
        nargs="+",
        type=Path,
        help="a CSV or XLSX file; of filled sheets, several files or a folder of them",
    )
    parser.add_argument(
        "--mapping", metavar="FILE", type=Path, required=True, help="what each column is; drafted if it does not exist"
    )
    parser.add_argument("--out", metavar="FOLDER", type=Path, help="the survey to write; its name becomes the id")


def run(arguments: argparse.Namespace) -> Outcome:
    """Import a survey, or draft the mapping for it."""
    from precursor.elicitation.imports.assemble import export_files
    from precursor.inference.surveys import open_reader

    reader = open_reader(arguments.root)
    files = export_files(arguments.exports)
    if not arguments.mapping.exists():
        return _draft(files, arguments.mapping, reader)
    if arguments.out is None:
        raise InputError(Problem("There is nowhere to write the survey to.", "--out FOLDER"))
    return _import(files, arguments.mapping, arguments.out, reader)


def _draft(files: tuple[Path, ...], mapping: Path, reader: SurveyReader) -> Outcome:
    from precursor.elicitation.imports.assemble import draft_mapping
    from precursor.elicitation.imports.mapping_text import mapping_text
    from precursor.writing import write_file

    draft = draft_mapping(files, _setting("draft", reader))
    write_file(mapping, mapping_text(draft).encode(), new=True)
    matched = [{"question": a.question, "form": list(a.forms), "unit": a.unit} for a in draft.mapping.answers]
    document = {
        "drafted": str(mapping),
        "survey": None,
        "layout": draft.mapping.layout,
        "answers": matched,
        "undecided": list(draft.undecided),
        "notes": list(draft.notes),
    }
    lines = (
        f"Drafted {mapping}: complete it and run the command again. Nothing was imported.",
        f"  questions found: {len(matched)}; columns undecided: {len(draft.undecided)}",
        *(f"  Undecided: {name}" for name in draft.undecided),
        *(f"  {note}" for note in draft.notes),
    )
    return Outcome(document, lines)


def _import(files: tuple[Path, ...], mapping: Path, out: Path, reader: SurveyReader) -> Outcome:
    from precursor.elicitation.imports.assemble import import_survey

    imported = import_survey(files, mapping, out, _setting(out.name, reader), reader.read)
    document = {
        "drafted": None,
        "survey": out.absolute().name,
        "folder": str(out),
        "answers": imported.answers,
        "experts": imported.experts,
        "questions": imported.questions,
        "warnings": [warning.as_json() for warning in imported.warnings],
    }
    lines = (
        f"{out.absolute().name}: written to {out}",
        f"  answers: {imported.answers}; experts: {imported.experts}; questions: {imported.questions}",
        *(f"  Warning: {warning}" for warning in imported.warnings),
        f"  Next: precursor check {out}",
    )
    return Outcome(document, lines)


def _setting(id_: str, reader: SurveyReader) -> Setting:
    from precursor.elicitation.responses import Setting

    return Setting(id_, reader.shared, None, reader.vocabulary, reader.lexicon)
