"""``precursor sweep [SURVEY ...]``: the headline over whom one listens to, what is decided, and seeds."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

from precursor.cli.options import BOUNDS, add_scheduler, whole_numbers
from precursor.cli.outcome import Outcome, table
from precursor.problems import InputError, Problem

_MOST_FITS = 1000
# By option: the least and the largest value that a decision may have.
_DECIDED = {
    "extremity": (0.05, 20.0),
    "shared_error": (0.0, 20.0),
    "amplified_error": (0.0, 1.0),
    "transfer": (0.05, 20.0),
}
_COUNTS = {**{name: BOUNDS[name] for name in ("draws", "chains", "seed")}, "repeats": (1, _MOST_FITS)}
_HELP = {
    "extremity": "the population's slope",
    "shared_error": "times the error that all share",
    "amplified_error": "share of it that a person's own extremity stretches, 0 to 1",
    "transfer": "times the spreads learned from resolved forecasts",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "surveys", metavar="SURVEY", nargs="*", help="ids or folders (default: those fitted by default)"
    )
    parser.add_argument("--each", action="store_true", help="also a fit of every survey alone")
    parser.add_argument("--without", action="store_true", help="also a fit without each survey")
    for name, what in _HELP.items():
        parser.add_argument(f"--{name.replace('_', '-')}", metavar="X,Y,...", help=f"values of a decision: {what}")
    parser.add_argument("--repeats", metavar="N", help="fits of every point, with seeds of their own (1)")
    parser.add_argument("--seed", metavar="N", help="seed of the sweep")
    parser.add_argument("--draws", metavar="N", help="draws of each chain (400)")
    parser.add_argument("--chains", metavar="N", help="chains of each fit (2)")
    add_scheduler(parser)
    parser.add_argument("--keep", metavar="DIR", help="folder that keeps the fits, so that a sweep can go on")


def run(arguments: argparse.Namespace) -> Outcome:
    """Fit every point, and show the headline at each."""
    from precursor.campaigns import ResultsFolder, run, scheduler_of
    from precursor.campaigns.sweep import campaign, listening_ways, points_of, sweep_document
    from precursor.cli.fitting import default_surveys, read_surveys
    from precursor.cli.main import progress
    from precursor.inference.fits.stances import STANCE_SETTINGS
    from precursor.inference.plan import plan_model

    decided, counts = _numbers(arguments)
    scheduler = scheduler_of(arguments.scheduler)
    surveys = (
        read_surveys(arguments.surveys, arguments.root) if arguments.surveys else default_surveys(arguments.root)[0]
    )
    plan = plan_model(surveys)
    answered = {answer.survey for answer in plan.observations.answers}
    ways = listening_ways([s.id for s in surveys if s.id in answered], each=arguments.each, without=arguments.without)
    points = points_of(ways, decided, counts.pop("repeats", 1))
    _refuse(answered, len(points))
    settings = replace(STANCE_SETTINGS, **counts)
    with ExitStack() as stack:
        kept = arguments.keep or stack.enter_context(tempfile.TemporaryDirectory())
        progress(f"{len(points)} fits of {settings.chains} x {settings.draws} draws.")
        planned = campaign(plan, points, settings, arguments.root)
        found = run(planned, ResultsFolder(Path(kept)), scheduler, say=progress)
    document = sweep_document(plan, points, planned, found)
    return Outcome(document, tuple(_lines(document)), passed=document["converged"])


def _numbers(arguments: argparse.Namespace) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Return the values of every decision and the counts that were typed; what is wrong with any is said at once."""
    problems: list[Problem] = []
    decided: dict[str, list[float]] = {}
    for name, (least, most) in _DECIDED.items():
        typed = getattr(arguments, name)
        if typed is None:
            continue
        values = [_number(part, least, most) for part in typed.split(",")]
        if None in values:
            allowed = f"numbers from {least:g} to {most:g}, commas between them"
            problems.append(Problem(f"--{name.replace('_', '-')} {typed!r} cannot be used.", allowed))
        decided[name] = list(dict.fromkeys(value for value in values if value is not None))
    counts, wrong = whole_numbers(arguments, _COUNTS)
    problems += wrong
    if problems:
        raise InputError(problems)
    return decided, counts


def _number(text: str, least: float, most: float) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if least <= number <= most else None


def _refuse(answered: set[str], fits: int) -> None:
    """Refuse what is no sweep: without answers, or of one fit, or of too many."""
    if not answered:
        raise InputError(Problem("These surveys hold no answers.", "surveys with answers"))
    if fits == 1:
        raise InputError(
            Problem("Nothing varies.", "--each, --without, several values of a decision, or --repeats of at least 2")
        )
    if fits > _MOST_FITS:
        raise InputError(Problem(f"{fits:,} fits are too many.", f"at most {_MOST_FITS:,}"))


def _lines(document: Mapping[str, Any]) -> list[str]:
    fits = document["fits"]
    lines = []
    failed = sum(not fit["converged"] for fit in fits)
    if failed:
        lines.append(f"NOT CONVERGED, no results: {failed} of {len(fits)} fits, marked below.")
    if document["synthetic"]:
        lines.append(f"Holds SYNTHETIC answers: {', '.join(document['synthetic'])}.")
    varied = [name for name in fits[0]["decisions"] if len({fit["decisions"][name] for fit in fits}) > 1]
    repeated = any(fit["repeat"] for fit in fits)
    head = ["listens to", *(name.replace("_", " ") for name in varied), *(["repeat"] if repeated else [])]
    rows = [(*head, "P(deceptive)", "5-95 %", "P(catastrophe)", "5-95 %", "")]
    for fit in fits:
        shown = [fit["listens"], *(f"{fit['decisions'][name]:g}" for name in varied)]
        shown += [str(fit["repeat"] + 1)] if repeated else []
        cells = [cell for i in (0, 2) for cell in _probability(fit["headline"][i]["posterior"])]
        rows.append((*shown, *cells, "" if fit["converged"] else "NOT CONVERGED"))
    prior = fits[0]["headline"]
    blank = [""] * (len(head) - 1)
    rows.append(("the prior", *blank, "", _interval(prior[0]["prior"]), "", _interval(prior[2]["prior"]), ""))
    return [*lines, *table(rows), "", "Shorter runs, read to two digits.  Intervals are uncertainty of the model."]


def _probability(found: Mapping[str, float]) -> tuple[str, str]:
    return _percent(found["mean"]), _interval(found)


def _interval(found: Mapping[str, float]) -> str:
    return f"{_percent(found['low'])} to {_percent(found['high'])}"


def _percent(value: float) -> str:
    return f"{100 * value:.2g} %" if value >= 1e-4 else "<0.01 %"  # noqa: PLR2004 - the least that is worth telling apart
