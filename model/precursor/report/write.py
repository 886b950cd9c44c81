"""From a run to ``report.pdf`` and ``report.json``: pictures, texts and numbers laid out by Typst.

Everything that people typed reaches Typst as strings in a JSON file and is set as strings, so that nothing in it can
be read as markup.  The same run gives the same bytes: no clock, no system fonts.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from precursor.analysis.answers import RunLike
from precursor.analysis.report_data import report_data
from precursor.figures.pictures import pictures
from precursor.figures.style import svg
from precursor.report.letters import font_folder, printable

PDF, DATA = "report.pdf", "report.json"


def write_report(run: RunLike, folder: Path) -> tuple[Path, Path]:
    """Write ``report.pdf`` and ``report.json`` into an existing folder, and return their paths.

    Each replaces an older one at once or not at all.
    """
    return write_document(report_data(run), folder)


def write_document(data: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Write the report of a document of numbers (see `precursor.analysis.report_data`)."""
    text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=False, allow_nan=False) + "\n"
    with tempfile.TemporaryDirectory() as workshop:
        pdf = typeset(dict(data), Path(workshop))
    return _put(pdf, folder / PDF), _put(text.encode(), folder / DATA)


def typeset(data: dict[str, Any], workshop: Path, **options: Any) -> Any:  # noqa: ANN401 - a page, or pages, as bytes
    """Return the report as bytes, built in an empty folder; ``options`` go to Typst (``format="png"`` for pictures)."""
    import typst

    lay_out(data, workshop)
    chosen = options or {"pdf_standards": "ua-1"}
    return typst.compile(
        str(workshop / "template.typ"), root=str(workshop), font_paths=[str(font_folder())], ignore_system_fonts=True,
        timestamp=0, **chosen,
    )  # fmt: skip


def lay_out(data: dict[str, Any], workshop: Path) -> None:
    """Put the template, the numbers, the pictures and their alternative texts into a folder."""
    with as_file(files("precursor.report")) as package:
        for source in sorted(package.rglob("*.typ")):
            target = workshop / source.relative_to(package)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    shown = printable(data)
    drawn = workshop / "figures"
    drawn.mkdir(exist_ok=True)
    texts = {}
    for picture in pictures(shown):
        (drawn / f"{picture.name}.svg").write_text(svg(picture.figure), encoding="utf-8")
        texts[picture.name] = picture.alt
    (workshop / DATA).write_text(json.dumps(shown, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    (workshop / "figures.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")


def _put(content: bytes, target: Path) -> Path:
    """Write a file beside its place, then move it there: it is whole, or as it was."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target
