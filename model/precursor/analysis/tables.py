"""Rows of a document as a small table for people, one column for each thing that is wanted of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from precursor.analysis.labels import LABELS

if TYPE_CHECKING:
    import pandas as pd


def table(
    rows: Iterable[Mapping[str, Any]],
    columns: Mapping[str, str],
    *,
    percent: Collection[str] = (),
    points: Collection[str] = (),
) -> pd.DataFrame:
    """Return rows as a table of texts.

    An estimate becomes ``mean (low to high)`` in per cent, or in percentage points if its heading is among ``points``;
    a number has two significant digits, or is in per cent if its heading is among ``percent``; a node or a state has
    its plain words; nothing is a dash.

    Parameters
    ----------
    columns
        By heading, the key of a row; dots lead inwards (``fall.mean``).
    percent, points
        Headings.

    Raises
    ------
    KeyError
        For a key that a row has not.
    """
    import pandas as pd  # noqa: PLC0415

    cells = [
        {head: _shown(_inner(row, key), head in percent, head in points) for head, key in columns.items()}
        for row in rows
    ]
    found = pd.DataFrame(cells, columns=list(columns))
    return found.set_index(next(iter(columns)))


def _inner(row: Mapping[str, Any], key: str) -> Any:  # noqa: ANN401 - whatever a document holds
    if key in row:
        return row[key]
    outer, dot, rest = key.partition(".")
    if not dot or outer not in row:
        raise KeyError(key)
    return None if row[outer] is None else _inner(row[outer], rest)


def _shown(value: Any, percent: bool, points: bool) -> str:  # noqa: ANN401
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return _estimate(value, points)
    if isinstance(value, str):
        return LABELS.get(value, value)
    if isinstance(value, list | tuple):
        return ", ".join(_shown(one, percent, points) for one in value)
    if points:
        return f"{100 * value:+.1f}"
    return _percent(value) if percent else f"{value:.2g}"


def _estimate(found: Mapping[str, Any], points: bool) -> str:
    if points:
        return f"{100 * found['mean']:+.1f} ({100 * found['low']:+.1f} to {100 * found['high']:+.1f})"
    return f"{_percent(found['mean'])} ({_percent(found['low'])[:-2]} to {_percent(found['high'])})"


def _percent(value: float) -> str:
    number = 100.0 * value
    return f"{number:.1f} %" if abs(number) >= 1 or number == 0 else f"{number:.2g} %"
