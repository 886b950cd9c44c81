"""What an exported file holds: rows of texts, each with the line on which it starts, and how large they may be."""

from __future__ import annotations

from dataclasses import dataclass

from precursor.elicitation.findings import Place

MOST_ROWS = 100_000
MOST_COLUMNS = 5_000
LONGEST_CELL = 20_000


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


def even(rows: list[Row]) -> tuple[Row, ...]:
    """Return the rows that are not blank, all of one width, without the blank columns at the end."""
    filled = [(row, max((n for n, cell in enumerate(row.cells, 1) if cell.strip()), default=0)) for row in rows]
    width = max((end for _, end in filled), default=0)
    return tuple(Row(row.line, (*row.cells[:width], *[""] * (width - len(row.cells)))) for row, end in filled if end)


def fits(columns: int, longest: int, place: Place) -> bool:
    """Return whether a row is of a size that is read; if not, note it."""
    if columns > MOST_COLUMNS:
        place.error(f"The row has {columns} cells.", f"up to {MOST_COLUMNS}")
    elif longest > LONGEST_CELL:
        place.error("A cell is too long.", f"up to {LONGEST_CELL} characters")
    return columns <= MOST_COLUMNS and longest <= LONGEST_CELL
