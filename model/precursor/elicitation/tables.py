"""From a CSV file to rows of named cells, each with the line on which its record starts (the header is line 1)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from precursor.elicitation.files import SourceText
from precursor.elicitation.findings import Place
from precursor.problems import did_you_mean

LONGEST_CELL = 2_000
MOST_COLUMNS = 1_000
# Columns that say something to people only: allowed beside any others, and not read.
REMARKS = ("comment", "source", "reason", "note", "wording", "how_to_answer")


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its cells by column, stripped of white space, and the line on which it starts."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a file must have, those it may have, and whether any other is welcome too."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    free: bool = False


def read_rows(source: SourceText, columns: Columns, place: Place) -> tuple[Row, ...]:
    """Return the records of a CSV file, none if a required column is missing; what is wrong is noted at ``place``.

    The delimiter, comma or semicolon, is seen from the header; blank lines and the empty cells that spreadsheets leave
    at the end of a line are passed over.
    """
    records = _records(source.text, place)
    line, header = next(records, (1, []))
    names = [name.strip() for name in _without_trailing_blanks(header)]
    if len(names) > MOST_COLUMNS:
        place.at(row=line).error(f"There are {len(names)} columns.", f"up to {MOST_COLUMNS:,}")
        return ()
    if not _check_header(names, columns, place.at(row=line)):
        return ()
    rows = (_row(start, names, cells, place.at(row=start)) for start, cells in records)
    return tuple(row for row in rows if row is not None)


def delimiter(text: str) -> str:
    """Return the delimiter that the header uses."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    return ";" if header.count(";") > header.count(",") else ","


def _records(text: str, place: Place) -> Iterator[tuple[int, list[str]]]:
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter(text), skipinitialspace=True, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"The record cannot be read: {error}. The rest of the file was not looked at."
            place.at(row=start).error(message, "a cell in double quotes, quotes inside it doubled")
            return
        if any(cell.strip() for cell in cells):
            yield start, cells


def _without_trailing_blanks(cells: Sequence[str], keep: int = 0) -> list[str]:
    end = len(cells)
    while end > keep and not cells[end - 1].strip():
        end -= 1
    return list(cells[:end])


def _check_header(names: list[str], columns: Columns, place: Place) -> bool:
    known = (*columns.required, *columns.optional)
    unknown = [name for name in names if name not in known]
    for name in {name: None for name in names if names.count(name) > 1}:
        place.at(column=name).error(f"The column '{name}' stands there more than once.")
    missing = [name for name in columns.required if name not in names]
    for name in missing:
        found = f"; found {', '.join(repr(n) for n in names)}" if names else "; the header is empty"
        place.at(column=name).error(f"The column '{name}' is missing{found}.", ", ".join(known))
    for name in unknown:
        if not name:
            place.error("A column has no name.", ", ".join(known))
        elif not columns.free and name not in REMARKS:
            place.at(column=name).warn(f"The column '{name}' is not read.", did_you_mean(name, known))
    return not missing and "" not in names and len(set(names)) == len(names)


def _row(line: int, names: list[str], cells: list[str], place: Place) -> Row | None:
    cells = _without_trailing_blanks(cells, keep=len(names))
    if len(cells) != len(names):
        few_or_many = "few" if len(cells) < len(names) else "many"
        hint = "; a cell that contains the delimiter must be quoted" if few_or_many == "many" else ""
        place.error(f"Too {few_or_many} cells: {len(cells)} where the header has {len(names)}{hint}.")
        return None
    too_long = [
        name for name, cell in zip(names, cells, strict=True) if len(cell) > LONGEST_CELL and name not in REMARKS[1:]
    ]
    for name in too_long:
        place.at(column=name).error("The cell is too long.", f"up to {LONGEST_CELL} characters")
    return None if too_long else Row(line, {n: c.strip() for n, c in zip(names, cells, strict=True)})
