"""Rows of a document as a small table for people, one column for each thing that is wanted of them."""

from __future__ import annotations

import html
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from precursor.analysis.words.labels import LABELS

_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows of texts; a notebook shows it as a table, a terminal as aligned columns."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, heading: str) -> list[str]:
        """Return the texts below a heading."""
        place = self.headings.index(heading)
        return [row[place] for row in self.rows]

    def __repr__(self) -> str:
        """Return aligned columns."""
        lines = [self.headings, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
        return "\n".join(line.rstrip() for line in padded)

    def _repr_html_(self) -> str:
        head = _line("th", self.headings)
        return f"<table><thead>{head}</thead><tbody>{''.join(_line('td', row) for row in self.rows)}</tbody></table>"


def _line(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag} style="text-align: left">{html.escape(cell)}</{tag}>' for cell in cells)}</tr>"


def table(
    rows: Iterable[Any],
    columns: Mapping[str, str],
    *,
    percent: Collection[str] | bool = (),
    points: Collection[str] = (),
    digits: int = 2,
) -> Table:
    """Return rows as a table of texts.

    An estimate becomes ``mean (low to high)`` in per cent, or in percentage points if its heading is among ``points``;
    a number has ``digits`` significant digits, or is in per cent if its heading is among ``percent``; a node or a state
    has its plain words; yes and no are said; nothing, or no number, is a dash.

    Parameters
    ----------
    rows
        Mappings, or objects with attributes (a survey's judgements).
    columns
        By heading, the key of a row; dots lead inwards (``fall.mean``).
    percent, points
        Headings; ``percent=True`` is all.

    Raises
    ------
    KeyError
        For a key that a row has not (`AttributeError` for an attribute).
    """
    in_percent = columns.keys() if percent is True else percent or ()
    cells = (
        tuple(_shown(_inner(row, key), head in in_percent, head in points, digits) for head, key in columns.items())
        for row in rows
    )
    return Table(tuple(columns), tuple(cells))


def _inner(row: Any, key: str) -> Any:  # noqa: ANN401 - whatever a document holds
    if not isinstance(row, Mapping):
        return getattr(row, key)
    if key in row:
        return row[key]
    outer, dot, rest = key.partition(".")
    if not dot or outer not in row:
        raise KeyError(key)
    return None if row[outer] is None else _inner(row[outer], rest)


def _shown(value: Any, percent: bool, points: bool, digits: int) -> str:  # noqa: ANN401
    match value:
        case None:
            return _NOTHING
        case bool():
            return "yes" if value else "no"
        case str():
            return LABELS.get(value, value)
        case list() | tuple():
            return ", ".join(_shown(one, percent, points, digits) for one in value)
        case Mapping():
            return _estimate(value, points)
    return _number(value, percent, points, digits)


def _number(value: float, percent: bool, points: bool, digits: int) -> str:
    if math.isnan(value):
        return _NOTHING
    if points:
        return _points(value)
    return _percent(value) if percent else f"{value:.{digits}g}"


def _estimate(found: Mapping[str, Any], points: bool) -> str:
    low, high, middle = found["low"], found["high"], found.get("mean")
    if points:
        ends = f"{_points(low)} to {_points(high)}"
        return ends if middle is None else f"{_points(middle)} ({ends})"
    ends = f"{_percent(low)[:-2]} to {_percent(high)}"
    return ends if middle is None else f"{_percent(middle)} ({ends})"


def _points(value: float) -> str:
    text = f"{100 * value:+.1f}"
    return "0.0" if float(text) == 0 else text


def _percent(value: float) -> str:
    number = 100.0 * value
    return f"{number:.1f} %" if abs(number) >= 1 or number == 0 else f"{number:.2g} %"
