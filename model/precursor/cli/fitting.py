"""What ``run`` and ``fit`` share: options, surveys, fitting, writing, and the words that report it."""

from __future__ import annotations

import argparse
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from precursor.cli.options import BOUNDS, whole_numbers
from precursor.cli.outcome import Outcome
from precursor.problems import InputError

if TYPE_CHECKING:
    from precursor.elicitation.survey import Survey
    from precursor.inference.fits.fit import Settings
    from precursor.inference.runs.run import Run


def add_sampling_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``--seed --draws --chains --round --name --quick``."""
    parser.add_argument("--seed", metavar="N", help="seed of the sampler; the same seed gives the same draws")
    parser.add_argument("--draws", metavar="N", help="draws of each chain")
    parser.add_argument("--chains", metavar="N", help="number of chains")
    parser.add_argument("--round", metavar="N", help="answers as they stood after round N (default: the latest)")
    parser.add_argument("--name", metavar="NAME", help="name of the run (default: time and seed)")
    parser.add_argument("--quick", action="store_true", help="fewer draws, which the report says on page one")


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Return the settings that the options ask for; every bad number at once, that of ``--round`` included."""
    from precursor.inference.fits.fit import QUICK, Settings

    values, problems = whole_numbers(arguments, BOUNDS)
    if problems:
        raise InputError(problems)
    values.pop("round", None)
    return replace(QUICK if arguments.quick else Settings(), **values)


def round_of(arguments: argparse.Namespace) -> int | None:
    """Return the round up to which answers are fitted, ``None`` for all; `settings_of` has checked it."""
    typed = getattr(arguments, "round", None)
    return None if typed is None else int(typed)


def read_surveys(names: Sequence[str], root: str | None) -> list[Survey]:
    """Return surveys by id or folder; what is wrong with any of them is reported at once."""
    from precursor.inference.surveys import open_reader

    reader = open_reader(root)
    return _all(reader.read, names)


def default_surveys(root: str | None) -> tuple[list[Survey], list[Survey]]:
    """Return the surveys that are fitted by default, and those of bottom lines that are held out."""
    from precursor.inference.surveys import open_reader

    reader = open_reader(root)
    surveys = _all(reader.read, reader.ids)
    return [s for s in surveys if s.fit_by_default], [s for s in surveys if s.id == "authors_bottom_lines"]


def _all(read: Callable[[str], Survey], names: Sequence[str]) -> list[Survey]:
    surveys, problems = [], []
    for name in dict.fromkeys(names):
        try:
            surveys.append(read(name))
        except InputError as error:
            problems += [
                replace(p, file=p.file if len(names) == 1 else f"{name}/{p.file}" if p.file else name)
                for p in error.problems
            ]
    if problems:
        raise InputError(problems)
    return surveys


def make_run(
    surveys: Sequence[Survey],
    held_out: Sequence[Survey],
    arguments: argparse.Namespace,
    *,
    with_report: bool,
    say: Callable[[str], None],
) -> Run:
    """Fit, summarise and write a run; nothing is left behind if it is interrupted."""
    from precursor.analysis.audit.audit import audit_document
    from precursor.analysis.audit.digest import audit_digest
    from precursor.elicitation.store import find_root
    from precursor.inference.fits.fit import Sampler, duration, prior_fit
    from precursor.inference.fits.other_decisions import fit_other_decisions
    from precursor.inference.fits.stances import fit_stances
    from precursor.inference.plan import plan_model
    from precursor.inference.runs.run import (
        check_room,
        checked_name,
        default_name,
        free_name,
        provenance_of,
        reports_folder,
        shared_hashes,
        write_run,
    )
    from precursor.inference.runs.summary import summarise

    settings = settings_of(arguments)
    reports = reports_folder(arguments.root)
    # A clock may say the same second twice; a name of one's own must be free.
    named = checked_name(arguments.name, reports) if arguments.name else None
    target = named or free_name(reports / default_name(settings.seed))
    start = time.monotonic()
    plan = plan_model(surveys, up_to_round=round_of(arguments))
    shared = shared_hashes(find_root(arguments.root))
    check_room(target, settings.chains * settings.draws * len(plan.layout.names))
    if plan.observations.answers:
        sampler = Sampler.compiled_from(plan, say)
        fitted = sampler.sample(settings, say)
        whole = with_report and not arguments.quick
        stances = fit_stances(sampler, settings.seed, say) if whole else []
        others = fit_other_decisions(sampler, settings.seed, say) if whole else []
    else:
        fitted, stances, others = prior_fit(plan, settings), [], []
    say("Summarising ...")
    summary = summarise(fitted, stances, held_out, quick=arguments.quick, other_decisions=others)
    if plan.observations.rows and with_report and not arguments.quick:
        say("Auditing ...")
        summary["audit"] = audit_digest(audit_document(fitted, surveys))
    provenance = provenance_of(fitted, shlex.join(["precursor", *sys.argv[1:]]), shared)
    report = _reporter(arguments.root, say) if with_report else None
    run = write_run(target, fitted, summary, provenance, report, stances)
    if run.name != target.name:
        say(f"Another run took the name {target.name} meanwhile: this one is {run.name}.")
    say(f"Done in {duration(time.monotonic() - start)}: {run.folder}")
    return run


def _reporter(root: str | None, say: Callable[[str], None]) -> Callable[[Run], object]:
    def report(run: Run) -> object:
        from precursor.cli.report import refused, written

        paths, problems = written(run, root, say)
        # A report that claims too much is not written; the fit is not lost for it.
        for line in refused(problems):
            say(line)
        return paths

    return report


def outcome_of(run: Run, *, with_report: bool = False) -> Outcome:
    """Return what a finished run prints: failed checks first, then the headline.

    A run that should have a report and has none did not pass.
    """
    summary = run.summary
    document: dict[str, Any] = {"run": run.name, "folder": str(run.folder), **summary}
    unsupported = with_report and not (run.folder / "report.pdf").is_file()
    return Outcome(document, tuple(_lines(run, summary)), passed=bool(summary["converged"]) and not unsupported)


def _lines(run: Run, summary: dict[str, Any]) -> list[str]:
    lines, untouched = [], len(summary["untouched_parameters"])
    if not summary["converged"]:
        failed = [
            f"{c['name']} {c['value']:.4g} (wanted {c['threshold']:g})" for c in summary["checks"] if not c["passed"]
        ]
        lines.append(f"NOT CONVERGED, not a result: {'; '.join(failed)}.")
    if summary["quick"]:
        lines.append("Quick run: fewer draws.")
    if any(survey["synthetic"] for survey in summary["surveys"]):
        lines.append("Holds SYNTHETIC answers.")
    lines += ["", "probability   5-95 %              next expert 5-95 %   quantity"]
    for item in summary["headline"]:
        found, expert = item["posterior"], item["next_expert"]
        lines.append(
            f"{_percent(found['mean']):>11}   {_percent(found['low']):>7} to {_percent(found['high']):<8} "
            f"{_percent(expert['low']):>9} to {_percent(expert['high']):<8}  {item['query']}"
        )
    lines += [
        "",
        f"Intervals are uncertainty of the model, not frequencies.  {untouched} parameters are as in the prior.",
    ]
    lines.append(f"Run: {run.folder}")
    return lines


def _percent(value: float) -> str:
    return f"{100 * value:.3g} %" if value >= 1e-4 else "<0.01 %"  # noqa: PLR2004 - the least that is worth telling apart
