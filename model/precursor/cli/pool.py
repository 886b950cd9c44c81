"""``precursor pool FORECASTS OUTCOMES``: pooling methods on resolved forecasts, each question left out in turn."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from precursor.cli.outcome import Outcome, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("forecasts", metavar="FORECASTS", help="CSV: question, expert, probability; perhaps round")
    parser.add_argument("outcomes", metavar="OUTCOMES", help="CSV: question, outcome (0 or 1; blank: not known yet)")
    parser.add_argument("--group", metavar="COLUMN", help="leave out whole groups of questions: a column of OUTCOMES")
    parser.add_argument("--round", metavar="N", help="the round to take (default: everyone's latest answer)")
    parser.add_argument("--seed", metavar="N", help="seed of the sampler and of the resampling")


def run(arguments: argparse.Namespace) -> Outcome:
    """Score every method on every question."""
    from precursor.calibration.columns import refuse_round
    from precursor.calibration.expert_model import Settings
    from precursor.calibration.forecast_files import read_forecasts
    from precursor.calibration.quantities import is_of_quantities
    from precursor.calibration.scoreboard import as_document, score_methods
    from precursor.cli.main import progress

    seed = _seed(arguments)
    round_ = refuse_round(arguments.round)
    files = Path(arguments.forecasts), Path(arguments.outcomes)
    if is_of_quantities(files[0]):
        return _of_quantities(files, arguments.group, round_, Settings().seed if seed is None else seed)
    forecasts = read_forecasts(*files, group=arguments.group, round_=round_)
    for warning in forecasts.warnings:
        progress(f"Warning: {warning}")
    settings = Settings() if seed is None else Settings(seed=seed)
    document = as_document(score_methods(forecasts, settings, progress))
    return Outcome(document, _lines(document), passed=document["passed"])


def _of_quantities(files: tuple[Path, Path], group: str | None, round_: int | None, seed: int) -> Outcome:
    """Score the methods that pool quantiles."""
    from precursor.calibration.quantities import read_quantities
    from precursor.calibration.quantity_scoreboard import as_document, pool_quantities
    from precursor.cli.main import progress

    quantities = read_quantities(*files, group=group, round_=round_)
    for warning in quantities.warnings:
        progress(f"Warning: {warning}")
    document = as_document(pool_quantities(quantities, seed))
    data = document["data"]
    rows = [("method", "quantile score", "coverage", "difference to mean", "", "questions")]
    for method in document["methods"]:
        gap = method["minus_mean"]
        shown = (f"{gap['mean']:+.4g}", f"({gap['low']:+.4g}, {gap['high']:+.4g})")
        same = ("", "") if method["method"] == "mean" else shown
        score, covered = f"{method['quantile_score']:.4g}", f"{method['coverage']:.0%}"
        rows.append((method["method"], score, covered, *same, str(method["questions"])))
    low, high = data["interval"]
    lines = (
        f"{data['questions']} quantities, {data['experts']} experts, {data['answers']} answers; "
        f"{data['left_out']}s left out, {data['groups']} in all; {data['scale']} scale.",
        f"A single expert's interval from {low:g} to {high:g} holds {data['individual_coverage']:.0%}.",
        "",
        *table(rows),
        "",
        "Lower quantile scores are better.  The expert model pools probabilities only: no row for precursor.",
    )
    return Outcome(document, lines)


def _seed(arguments: argparse.Namespace) -> int | None:
    from precursor.cli.options import BOUNDS, whole_numbers
    from precursor.problems import InputError

    found, problems = whole_numbers(arguments, {"seed": BOUNDS["seed"]})
    if problems:
        raise InputError(problems)
    return found.get("seed")


def _lines(document: Mapping[str, Any]) -> tuple[str, ...]:
    data, fits = document["data"], document["fits"]
    failed = () if document["passed"] else (_failure(fits), "")
    return (
        *failed,
        f"{data['questions']} questions, {data['experts']} experts, {data['answers']} answers; "
        f"{data['left_out']}s left out, {data['groups']} in all; it happened in {data['base_rate']:.0%}.",
        f"A single answer scores {data['individual_brier']:.3f} (Brier) on the average.",
        "",
        *table([_HEADER, *(_row(method) for method in document["methods"])]),
        "",
        f"Lower is better. Log score: natural log, no probability nearer to 0 or 1 than {document['log_score_floor']}.",
        "Differences are to precursor (above zero: worse than it), with 90 % intervals over questions or groups.",
        f"Expert model: {fits['scheme']} at a time, {fits['fits']} fits; R-hat at most {fits['r_hat_max']:.3f}.",
    )


_HEADER: Sequence[str] = ("method", "Brier", "difference", "", "log score", "difference", "")


def _row(method: Mapping[str, Any]) -> tuple[str, ...]:
    cells = [str(method["method"])]
    for score in ("brier", "log_score"):
        difference = method["minus_precursor"][score]
        spread = f"({difference['low']:+.4f}, {difference['high']:+.4f})"
        ours = method["method"] == "precursor"
        cells += [f"{method[score]:.4f}", "" if ours else f"{difference['mean']:+.4f}", "" if ours else spread]
    return tuple(cells)


def _failure(fits: Mapping[str, Any]) -> str:
    return (
        f"FAILED CHECKS: {fits['failed_fits']} of {fits['fits']} fits of the expert model did not converge (R-hat "
        f"{fits['r_hat_max']:.3f}, {fits['r_hat_threshold']} at most). Do not rely on the row of precursor."
    )
