"""``precursor accept FOLDER``: make a survey part of the store, hashed and read-only."""

from __future__ import annotations

import argparse

from precursor.cli.outcome import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("survey", metavar="FOLDER", help="the folder of a survey; its name becomes the id")


def run(arguments: argparse.Namespace) -> Outcome:
    """Copy a survey under ``data/surveys/`` and record the hash of each of its files."""
    from precursor.elicitation.acceptance import accept
    from precursor.elicitation.store import own_root
    from precursor.inference.surveys import open_reader

    data = own_root(arguments.root)
    survey = open_reader(data.data).read(arguments.survey)
    accepted = accept(survey, data.surveys)
    warnings = [warning.as_json() for warning in survey.warnings]
    document = {
        "survey": accepted.id,
        "folder": str(accepted.folder),
        "sha256": accepted.sha256,
        "files": dict(accepted.files),
        "warnings": warnings,
    }
    lines = (
        f"{accepted.id}: accepted as {accepted.folder}",
        f"  files: {', '.join(accepted.files)}; SHA-256 of all: {accepted.sha256}",
        *(f"  Warning: {warning}" for warning in survey.warnings),
        "  It is read-only from now on; precursor retract takes it back.",
    )
    return Outcome(document, lines)
