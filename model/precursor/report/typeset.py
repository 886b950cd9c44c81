"""Pages set by Typst into an accessible PDF.

Everything that people typed reaches Typst as strings in a JSON file and is set as strings, so that nothing in it can
be read as markup.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from precursor.report.letters import font_folder


def typeset(made: Mapping[str, Any], drawings: Mapping[str, str], workshop: Path, **options: Any) -> Any:  # noqa: ANN401 - a page, or pages, as bytes
    """Return the pages as bytes, built in an empty folder; ``options`` go to Typst (``format="png"`` for pictures)."""
    import typst

    lay_out(made, drawings, workshop)
    chosen = options or {"pdf_standards": "ua-1"}
    return typst.compile(
        str(workshop / "template.typ"), root=str(workshop), font_paths=[str(font_folder())], ignore_system_fonts=True,
        timestamp=0, **chosen,
    )  # fmt: skip


def lay_out(made: Mapping[str, Any], drawings: Mapping[str, str], workshop: Path) -> None:
    """Put the template, the pages and the figures into a folder."""
    with as_file(files("precursor.report")) as package:
        for source in sorted(package.rglob("*.typ")):
            shutil.copyfile(source, workshop / source.name)
    folder = workshop / "figures"
    folder.mkdir(exist_ok=True)
    for name, drawing in drawings.items():
        (folder / f"{name}.svg").write_text(drawing, encoding="utf-8")
    printed = {**made, "sections": [section for section in made["sections"] if section["place"] == "both"]}
    (workshop / "document.json").write_text(json.dumps(printed, ensure_ascii=False, allow_nan=False), encoding="utf-8")
