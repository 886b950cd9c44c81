"""Which runs there are, and what each found: one row a run, a broken one with what is wrong with it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from precursor.inference.runs.run import SUMMARY, Run, reports_folder
from precursor.problems import InputError, Problem


def run_rows(root: str | Path | None = None) -> list[dict[str, Any]]:
    """Return, by name, every run under ``reports/``: name, when it was made, whether it converged, headline medians.

    A run that cannot be used has its name and ``errors``; of the others ``errors`` is empty.
    """
    reports = reports_folder(root)
    folders = sorted(reports.iterdir()) if reports.is_dir() else []
    return [_row(folder) for folder in folders if folder.is_dir() and not folder.name.startswith(".")]


def _row(folder: Path) -> dict[str, Any]:
    try:
        if not (folder / SUMMARY).is_file():
            raise InputError(Problem(f"The run {folder.name} is not whole: {SUMMARY} is missing.", "make it again"))
        return _described(Run.open(folder))
    except InputError as error:
        problems = error.problems
    except (KeyError, TypeError, ValueError) as error:
        problems = (Problem(f"The summary of run {folder.name} is not one: {error!r}.", "make the run again"),)
    return {"name": folder.name, "errors": [problem.as_json() for problem in problems]}


def _described(run: Run) -> dict[str, Any]:
    return {
        "name": run.name,
        "made": _text(run.provenance["made"]),
        "converged": run.summary["converged"] is True,
        "quick": run.summary.get("quick") is True,
        "headline": [_item(item) for item in run.summary["headline"]],
        "errors": [],
    }


def _item(item: dict[str, Any]) -> dict[str, Any]:
    median = float(item["posterior"]["median"])
    if not math.isfinite(median):
        raise ValueError("a headline without a median")
    return {"query": _text(item["query"]), "median": median}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
