"""``precursor validate``: whether the fits themselves are right, by simulated answers fitted again many times."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from precursor.cli.options import BOUNDS, add_scheduler, whole_numbers
from precursor.cli.outcome import Outcome, table
from precursor.problems import InputError, Problem, did_you_mean

_ALL = "all"
_FEWEST, _MOST = 5, 100_000
_SHOWN = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--what", metavar="CHECK", default=_ALL, help="one check instead of all; `--what list` lists them"
    )
    parser.add_argument("--fits", metavar="N", help="how many simulated fits (default: the check's own)")
    parser.add_argument("--seed", metavar="N", help="seed of the campaign")
    add_scheduler(parser)
    parser.add_argument(
        "--out", metavar="DIR", help="folder of the results, one a check; a campaign there goes on (reports/validation)"
    )


def run(arguments: argparse.Namespace) -> Outcome:
    """Run the checks, write what they found, and say whether they passed."""
    from precursor.campaigns.schedulers import scheduler_of
    from precursor.cli.main import progress
    from precursor.figures.rank_uniformity import rank_uniformity_figure
    from precursor.figures.recovery import misspecified_figure, recovery_figure
    from precursor.figures.style import svg
    from precursor.inference.runs.run import reports_folder
    from precursor.validation.checks import CHECKS, Request, write_document
    from precursor.writing import write_file

    if arguments.what == "list":
        return Outcome(
            {name: check.asks for name, check in CHECKS.items()},
            table([(name, check.asks) for name, check in CHECKS.items()]),
        )
    numbers = _numbers(arguments, [_ALL, "list", *CHECKS])
    scheduler = scheduler_of(arguments.scheduler)
    out = Path(arguments.out) if arguments.out else reports_folder(arguments.root) / "validation"
    figures = {"recovery": recovery_figure, "misspecified": misspecified_figure}
    documents: dict[str, Any] = {}
    for name in CHECKS if arguments.what == _ALL else [arguments.what]:
        progress(f"{name}: {CHECKS[name].asks}")
        request = Request(out / name, scheduler, progress, numbers.get("fits"), numbers.get("seed"), arguments.root)
        documents[name] = CHECKS[name].run(request)
        write_document(request.folder, documents[name])
        if "band" in documents[name]:
            write_file(request.folder / "ranks.svg", svg(rank_uniformity_figure(documents[name])).encode())
        if name in figures:
            write_file(request.folder / f"{name}.svg", svg(figures[name](documents[name])).encode())
    lines = [line for name, document in documents.items() for line in (*_lines(name, document), "")]
    passed = all(document["passed"] for document in documents.values())
    return Outcome(documents, (*lines, f"Results: {out}"), passed=passed)


def _numbers(arguments: argparse.Namespace, known: list[str]) -> dict[str, int]:
    found, problems = whole_numbers(arguments, {"fits": (_FEWEST, _MOST), "seed": BOUNDS["seed"]})
    if arguments.what not in known:
        problems.insert(0, Problem(f"--what {arguments.what!r} is no check.", did_you_mean(arguments.what, known)))
    if problems:
        raise InputError(problems)
    return found


def _lines(name: str, document: Mapping[str, Any]) -> list[str]:
    """Return a check's verdict for people, failed or not first."""
    lines = [f"{'PASSED' if document['passed'] else 'FAILED'}: {name}"]
    if "quantities" not in document:
        return lines + [f"  {line}" for line in document.get("lines", [])]
    rows = [
        ("p-value", "mean", "spread", "lag", "", "quantity"),
        *(
            (
                f"{entry['p_value']:.2g}",
                *(f"{entry[name]:.2f}" for name in ("mean", "spread", "lag")),
                "" if entry["passed"] else "FAILED",
                entry["name"],
            )
            for entry in document["quantities"][:_SHOWN]
        ),
    ]
    return [
        *lines,
        f"  {document['fits']} fits, {document['quantities_tested']} quantities; least p-value "
        f"{document['least_p_value']:.2g}, wanted at least {document['threshold']:.2g}.",
        f"  Outside their own 95 % band: {document['outside_band']}, where chance gives "
        f"{document['expected_outside_band']:.0f}.  Divergent draws: {document['divergent_draws']}.",
        f"  Largest mean autocorrelation of thinned draws: {document['largest_mean_lag']:.2f}, wanted below "
        f"{document['lag_below']:g}.",
        "  The least p-values (mean of ranks .5 and spread 1 if uniform; lag: autocorrelation of thinned draws):",
        *(f"    {line}" for line in table(rows)),
    ]
