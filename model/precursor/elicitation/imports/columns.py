"""The header of an export: how many rows it takes, which tool wrote it, and the column that a name means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from precursor.elicitation.findings import Place
from precursor.elicitation.imports.grid import Grid, Row
from precursor.elicitation.imports.texts import folded, heading
from precursor.problems import did_you_mean

Tool = Literal["limesurvey", "qualtrics", "google_forms", "plain"]

_LIMESURVEY = frozenset(
    {"responseid", "id", "submitdate", "datesubmitted", "lastpage", "startlanguage", "startdate", "seed", "datestamp"}
)
_FEWEST_SIGNS = 3
_IMPORT_ID = '{"importid"'
_QUALTRICS_ROWS = 3
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where it stands, its name in the first header row, and the wording below it, if there is one."""

    index: int
    name: str
    wording: str = ""

    @property
    def letter(self) -> str:
        """The letters by which spreadsheets call it, after ``#``: the name of a column that has no other."""
        return f"#{letters(self.index)}"

    @property
    def shown(self) -> str:
        """What to call it in a message."""
        return self.name or self.letter


@dataclass(frozen=True, slots=True)
class Table:
    """An export with its header read."""

    file: str
    tool: Tool
    header_rows: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def find(self, reference: str) -> list[Column]:
        """Return the columns that a name may mean: none, one, or several of the same name."""
        if reference.startswith("#"):
            found = [column for column in self.columns if column.letter == reference.upper()]
            if found:
                return found
        exact = [column for column in self.columns if column.name and column.name == heading(reference)]
        return exact or [c for c in self.columns if c.name and folded(c.name) == folded(reference) != ""]

    def column(self, reference: str, place: Place) -> Column | None:
        """Return the one column that a name means; None after noting at ``place`` that there is none, or several."""
        found = self.find(reference)
        if len(found) == 1:
            return found[0]
        if found:
            named = " and ".join(column.letter for column in found)
            place.error(f"Several columns are called {reference!r}: {named}.", f"one of them by its letter: {named}")
        else:
            names = [column.shown for column in self.columns]
            place.error(f"The export has no column {reference!r}.", did_you_mean(reference, names))
        return None

    def cell(self, row: Row, column: Column) -> str:
        """Return what stands in a column of a row."""
        return row.cells[column.index]

    def reference(self, column: Column) -> str:
        """Return the name by which `find` finds this column and no other."""
        return column.name if column.name and len(self.find(column.name)) == 1 else column.letter


def letters(index: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text, rest = "", index + 1
    while rest:
        rest, letter = divmod(rest - 1, _LETTERS)
        text = chr(ord("A") + letter) + text
    return text


def read_table(grid: Grid, header_rows: int | None = None) -> Table:
    """Return an export with its header read; ``header_rows`` says how many rows it takes, where that is known."""
    rows = grid.rows
    if header_rows is None:
        header_rows = _QUALTRICS_ROWS if _is_qualtrics(rows) else 1
    names = rows[0].cells if rows else ()
    wordings: Sequence[str] = rows[1].cells if header_rows > 1 and len(rows) > 1 else [""] * len(names)
    columns = tuple(Column(n, heading(a), heading(b)) for n, (a, b) in enumerate(zip(names, wordings, strict=True)))
    tool = _tool(columns, _is_qualtrics(rows))
    return Table(grid.file, tool, header_rows, columns, rows[header_rows:])


def _is_qualtrics(rows: Sequence[Row]) -> bool:
    third = rows[2].cells if len(rows) > 2 else ()  # noqa: PLR2004
    marked = [cell for cell in third if "".join(cell.split()).casefold().startswith(_IMPORT_ID)]
    return bool(marked) and len(marked) >= sum(1 for cell in third if cell.strip()) / 2


def _tool(columns: tuple[Column, ...], qualtrics: bool) -> Tool:
    if qualtrics:
        return "qualtrics"
    if columns and folded(columns[0].name) == "timestamp":
        return "google_forms"
    names = {folded(column.name) for column in columns}
    return "limesurvey" if len(names & _LIMESURVEY) >= _FEWEST_SIGNS else "plain"
