"""``precursor fit [SURVEY ...]``: the posterior from the named surveys; from none, the prior."""

from __future__ import annotations

import argparse

from precursor.cli.fitting import add_sampling_arguments, make_run, outcome_of, read_surveys, settings_of
from precursor.cli.outcome import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("surveys", metavar="SURVEY", nargs="*", help="ids or folders; none: the prior")
    add_sampling_arguments(parser)


def run(arguments: argparse.Namespace) -> Outcome:
    """Fit the named surveys, without a report."""
    from precursor.cli.main import progress

    settings_of(arguments)
    surveys = read_surveys(arguments.surveys, arguments.root)
    return outcome_of(make_run(surveys, (), arguments, with_report=False, say=progress))
