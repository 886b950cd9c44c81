"""From a run to ``report.pdf``, ``report.html`` and ``report.json``: the same pages, linted, set twice.

The same run gives the same bytes: no clock, no system fonts, nothing fetched.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from precursor.analysis.answers import RunLike
from precursor.analysis.document.report_data import report_data
from precursor.figures.pictures import pictures
from precursor.figures.style import svg
from precursor.report.document import document
from precursor.report.html import page
from precursor.report.letters import printable
from precursor.report.lint import require_supported
from precursor.report.typeset import typeset
from precursor.writing import write_file

STEM = "report"


def write_report(run: RunLike, folder: Path, analyses: Mapping[str, Any] | None = None) -> tuple[Path, ...]:
    """Write ``report.pdf``, ``report.html`` and ``report.json`` into an existing folder, and return their paths.

    Each replaces an older one at once or not at all.  Raises `precursor.report.lint.UnsupportedClaimError` if the pages
    would claim what the run's checks do not allow; then nothing is written.

    Parameters
    ----------
    analyses
        What `precursor.analysis.document.report_analyses.analyses` found; without them their sections say so.
    """
    return write_document(report_data(run, analyses), folder)


def write_document(data: Mapping[str, Any], folder: Path) -> tuple[Path, ...]:
    """Write the report of a document of numbers (see `precursor.analysis.document.report_data`)."""
    made = document(data)
    require_supported(data, made)
    shown = printable(dict(data))
    drawings = {picture.name: svg(picture.figure) for picture in pictures(shown)}
    return write_pages({**data, "document": made}, drawings, folder, STEM)


def write_pages(data: Mapping[str, Any], drawings: Mapping[str, str], folder: Path, stem: str) -> tuple[Path, ...]:
    """Write pages (``data["document"]``) as PDF, HTML and JSON with the same name.

    Parameters
    ----------
    drawings
        By its name, every figure as SVG.
    """
    made = printable(data["document"])
    text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=False, allow_nan=False) + "\n"
    with tempfile.TemporaryDirectory() as workshop:
        pdf = typeset(made, drawings, Path(workshop))
    files = {"pdf": pdf, "html": page(made, drawings).encode(), "json": text.encode()}
    return tuple(write_file(folder / f"{stem}.{suffix}", content) for suffix, content in files.items())
