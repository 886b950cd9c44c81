"""A CSV file or a sheet of a workbook as rows of texts, each with the line on which it starts."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from precursor.elicitation.files import read_text
from precursor.elicitation.findings import Place

WORKBOOKS = (".xlsx", ".xlsm")
TEXTS = (".csv", ".tsv", ".txt")
MOST_ROWS = 100_000
MOST_COLUMNS = 5_000
LONGEST_CELL = 20_000
_DELIMITERS = ",;\t|"
_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line on which it starts (of a sheet: its row), and its cells as text, "" where blank."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """What a file holds: rows that are not blank, of one width; ``sheet`` is the one read, of a workbook."""

    file: str
    sha256: str
    rows: tuple[Row, ...]
    sheet: str | None = None
    sheets: tuple[str, ...] = ()


def read_grid(path: Path, place: Place, sheet: str | None = None) -> Grid | None:
    """Return the rows of an export, or None after noting at ``place`` why there are none.

    ``sheet`` names the sheet of a workbook; without it the only visible one that holds anything is read.
    """
    suffix = path.suffix.lower()
    if suffix in WORKBOOKS:
        # It reads by way of this module.
        from precursor.elicitation.imports.workbook import read_workbook  # noqa: PLC0415

        return read_workbook(path, place, sheet)
    if suffix not in TEXTS:
        place.error(f"A file that ends in '{path.suffix}' is not read.", ", ".join((*TEXTS, *WORKBOOKS)))
        return None
    source = read_text(path, place)
    if source is None:
        return None
    rows = _records(source.text, place)
    return None if rows is None else Grid(path.name, source.sha256, even(rows))


def even(rows: list[Row]) -> tuple[Row, ...]:
    """Return the rows that are not blank, all of one width, without the blank columns at the end."""
    filled = [(row, max((n for n, cell in enumerate(row.cells, 1) if cell.strip()), default=0)) for row in rows]
    width = max((end for _, end in filled), default=0)
    return tuple(Row(row.line, (*row.cells[:width], *[""] * (width - len(row.cells)))) for row, end in filled if end)


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


def fits(columns: int, longest: int, place: Place) -> bool:
    """Return whether a row is of a size that is read; if not, note it."""
    if columns > MOST_COLUMNS:
        place.error(f"The row has {columns} cells.", f"up to {MOST_COLUMNS}")
    elif longest > LONGEST_CELL:
        place.error("A cell is too long.", f"up to {LONGEST_CELL} characters")
    return columns <= MOST_COLUMNS and longest <= LONGEST_CELL


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
