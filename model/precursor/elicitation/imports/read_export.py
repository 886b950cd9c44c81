"""A CSV file, or a sheet of a workbook, read as a grid."""

from __future__ import annotations

import csv
import io
from itertools import islice
from pathlib import Path

from precursor.elicitation.files import read_text
from precursor.elicitation.findings import Place
from precursor.elicitation.imports.grid import MOST_ROWS, Grid, Row, even, fits
from precursor.elicitation.imports.workbook import read_workbook

WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")
_DELIMITERS = ",;\t|"
_LOOKED_AT = 5


def read_grid(path: Path, place: Place, sheet: str | None = None) -> Grid | None:
    """Return the rows of an export, or None after noting at ``place`` why there are none.

    ``sheet`` names the sheet of a workbook; without it the only visible one that holds anything is read.
    """
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        return read_workbook(path, place, sheet)
    if suffix not in TEXTS:
        place.error(f"A file that ends in '{path.suffix}' is not read.", ", ".join((*TEXTS, *WORKBOOKS)))
        return None
    source = read_text(path, place)
    if source is None:
        return None
    rows = _records(source.text, place)
    return None if rows is None else Grid(path.name, source.sha256, even(rows))


def _records(text: str, place: Place) -> list[Row] | None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True, strict=True)
    rows: list[Row] = []
    while len(rows) <= MOST_ROWS:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error as error:
            message = f"The record cannot be read: {error}. The rest of the file was not looked at."
            place.at(row=start).error(message, "a cell in double quotes, quotes inside it doubled")
            return None
        if not fits(len(cells), max(map(len, cells), default=0), place.at(row=start)):
            return None
        rows.append(Row(start, tuple(cells)))
    place.error("There are too many rows.", f"up to {MOST_ROWS}")
    return None


def _delimiter(text: str) -> str:
    """Return the delimiter that splits each of the first records into the most cells."""

    def cells(delimiter: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        try:
            counts = [len(record) for record in islice((record for record in reader if record), _LOOKED_AT)]
        except csv.Error:
            return (0, 0)
        # A wording may hold commas that a row of answers has not.
        return (min(counts), max(counts)) if counts else (0, 0)

    return max(_DELIMITERS, key=cells)
