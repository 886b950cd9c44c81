"""Lines for a terminal of 80 columns: tables whose first column gives way, and text that is wrapped."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from precursor.cli.outcome import table, visible

WIDTH = 80
_LEAST = 12
_CUT = "..."


def narrow(rows: Sequence[Sequence[str]], indent: int = 2) -> tuple[str, ...]:
    """Return rows as indented lines with aligned columns; names in the first column are cut in the middle to fit."""
    if not rows:
        return ()
    safe = [[visible(cell) for cell in row] for row in rows]
    others = [max(map(len, column)) for column in list(zip(*safe, strict=True))[1:]]
    room = max(_LEAST, WIDTH - indent - sum(others) - 2 * len(others))
    return tuple(" " * indent + line for line in table([[shortened(row[0], room), *row[1:]] for row in safe]))


def shortened(text: str, room: int) -> str:
    """Return the text, its middle cut out if it is longer than ``room``: names differ at both ends."""
    if len(text) <= room:
        return text
    head = (room - len(_CUT) + 1) // 2
    tail = room - len(_CUT) - head
    return text[:head] + _CUT + text[len(text) - tail :]


def wrapped(text: str, indent: int = 0) -> tuple[str, ...]:
    """Return a text as lines of at most 80 columns, each indented."""
    space = " " * indent
    return tuple(textwrap.wrap(visible(text), WIDTH, initial_indent=space, subsequent_indent=space)) or ("",)


def percent(value: float | None) -> str:
    """Return a probability or a share in percent, to two significant digits and no more than one decimal above 1 %."""
    if value is None:
        return "-"
    number = 100.0 * value
    return f"{number:.1f} %" if abs(number) >= 1 or number == 0 else f"{number:.2g} %"


def span(estimate: dict[str, float]) -> str:
    """Return the 5-95 % of an estimate."""
    return f"{percent(estimate['low'])[:-2]} to {percent(estimate['high'])}"


def points(value: float) -> str:
    """Return a difference of probabilities in percentage points, with its sign; what rounds to nothing has none."""
    text = f"{100.0 * value:+.1f}"
    return "0.0" if float(text) == 0 else text


def share(value: float | None) -> str:
    """Return a share in per cent without its sign: a tenth is the least that is told from nothing."""
    return "-" if value is None else points(value).removeprefix("+")
