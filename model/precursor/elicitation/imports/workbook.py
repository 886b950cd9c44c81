"""A sheet of an Excel workbook as rows of texts: within bounds, and without running anything.

A workbook is a zip archive that a stranger made: how much it unpacks to is looked at before it is unpacked.  Dates and
formulas without a result stay recognisable, so that whoever reads an answer refuses them in the same words as in a
CSV file.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Protocol

from precursor.elicitation.files import read_bytes
from precursor.elicitation.findings import Place
from precursor.elicitation.imports.grid import MOST_ROWS, Grid, Row, even, fits
from precursor.elicitation.sheet_names import ANSWERS, INSTRUCTIONS
from precursor.problems import InputError, Problem, did_you_mean

MOST_UNPACKED = 200_000_000
MOST_PARTS = 2_000


class _Cell(Protocol):
    value: object
    data_type: str
    number_format: str | None


class _Sheet(Protocol):
    title: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self) -> Iterator[tuple[_Cell, ...]]: ...


class _Workbook(Protocol):
    worksheets: list[_Sheet]


def read_workbook(path: Path, place: Place, sheet: str | None = None) -> Grid | None:
    """Return the rows of one sheet, or None after noting at ``place`` why there are none."""
    grid = None
    with place.noting():
        content = read_bytes(path)
        _check_size(content)
        grid = _read(path, content, place, sheet)
    return grid


def _check_size(content: bytes) -> None:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(
            Problem("This is an old or encrypted workbook.", "a workbook saved as .xlsx, without password")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError(Problem(f"This is no workbook: {error}.", "a workbook saved as .xlsx")) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise InputError(Problem("The workbook unpacks to too much.", f"up to {MOST_UNPACKED // 1_000_000} MB"))


def _read(path: Path, content: bytes, place: Place, sheet: str | None) -> Grid | None:
    # Heavy, and needed for workbooks only.
    import openpyxl  # noqa: PLC0415

    try:
        values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    # openpyxl lets whatever goes wrong in a broken archive through: KeyError, ValueError, ParseError, TypeError, ...
    except Exception as error:
        raise InputError(Problem(f"The workbook cannot be read ({type(error).__name__}).", "save it again")) from error
    try:
        visible = [s.title for s in values.worksheets if s.sheet_state == "visible"]
        rows = {name: _rows(values[name], formulas[name], place) for name in _chosen(values, visible, sheet)}
    except InputError:
        raise
    except Exception as error:
        raise InputError(Problem(f"A sheet cannot be read ({type(error).__name__}).", "save it again")) from error
    finally:
        values.close()
        formulas.close()
    filled = {name: found for name, found in rows.items() if found}
    if sheet is None and {ANSWERS, INSTRUCTIONS} <= set(filled):
        filled = {ANSWERS: filled[ANSWERS]}
    if sheet is None and len(filled) > 1:
        named = ", ".join(repr(name) for name in filled)
        place.error(f"Several sheets hold something: {named}.", 'the sheet, named in the mapping: sheet = "..."')
        return None
    name = next(iter(filled or rows), None)
    if name is None:
        place.error("The workbook has no visible sheet.", "a sheet that is shown, or one named in the mapping")
        return None
    return Grid(path.name, hashlib.sha256(content).hexdigest(), even(rows[name]), name, tuple(visible))


def _chosen(workbook: _Workbook, visible: list[str], sheet: str | None) -> list[str]:
    if sheet is None:
        return visible
    names = [s.title for s in workbook.worksheets]
    if sheet not in names:
        raise InputError(Problem(f"There is no sheet {sheet!r}.", did_you_mean(sheet, names)))
    return [sheet]


def _rows(values: _Sheet, formulas: _Sheet, place: Place) -> list[Row]:
    rows: list[Row] = []
    for line, (cells, sources) in enumerate(zip(_cells(values), _cells(formulas), strict=False), start=1):
        # A single cell at the end of a sheet makes a million blank rows before it.
        if line > MOST_ROWS:
            place.at(row=line).error(
                "The sheet goes on too far.", f"up to row {MOST_ROWS}: delete the blank rows below"
            )
            return []
        texts = tuple(_text(cell, source) for cell, source in zip(cells, sources, strict=False))
        if not any(texts):
            continue
        end = max(number for number, text in enumerate(texts, 1) if text)
        if not fits(end, max(map(len, texts)), place.at(row=line)):
            return []
        rows.append(Row(line, texts[:end]))
    return rows


def _cells(sheet: _Sheet) -> Iterator[tuple[_Cell, ...]]:
    # What a sheet says of its own size is often wrong, and may be meant to be.
    sheet.reset_dimensions()
    return sheet.iter_rows()


def _text(cell: _Cell, source: _Cell) -> str:
    value = cell.value
    if value is None:
        return str(source.value) if source.data_type == "f" else ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, "%" in (cell.number_format or ""))
    # As text, each of these is something that the parsers of answers know to be a date or a time.
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}:00"
    return str(value).partition(".")[0] if isinstance(value, date | time) else str(value)


def _number(value: float, percent: bool) -> str:
    """Return a number as the spreadsheet has it, to 15 digits; one shown with a percent sign keeps it."""
    if percent:
        return f"{value * 100:.13g}%"
    return f"{value:.15g}"
