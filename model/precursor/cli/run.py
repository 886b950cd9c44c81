"""``precursor run``: fit every default survey, print the headline, write the run with its PDF."""

from __future__ import annotations

import argparse

from precursor.cli.fitting import add_sampling_arguments, default_surveys, make_run, outcome_of, settings_of
from precursor.cli.outcome import Outcome


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_sampling_arguments(parser)


def run(arguments: argparse.Namespace) -> Outcome:
    """Fit the default surveys."""
    from precursor.cli.main import progress

    settings_of(arguments)
    surveys, held_out = default_surveys(arguments.root)
    return outcome_of(make_run(surveys, held_out, arguments, with_report=True, say=progress), with_report=True)
