"""``precursor retract ID``: remove a survey's answers and leave a tombstone."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from precursor.cli.outcome import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("survey", metavar="SURVEY", help="the id of a survey of the store")
    parser.add_argument("--reason", metavar="TEXT", help="why, for the tombstone")


def run(arguments: argparse.Namespace) -> Outcome:
    """Remove the files of a survey of the store; what is left says that there was one."""
    from precursor.elicitation.retraction import retract
    from precursor.elicitation.store import own_root, stored_survey

    folder = stored_survey(own_root(arguments.root), arguments.survey)
    stone = retract(folder, reason=arguments.reason)
    lines = (
        str(stone),
        f"  removed: everything in {folder}, except the tombstone; SHA-256 of what was there: {stone.sha256}",
        "  Runs that were made with it keep what they learned: make them again.",
    )
    return Outcome({"survey": stone.id, "retracted": asdict(stone)}, lines)
