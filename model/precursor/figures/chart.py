"""One chart for notebooks: rows of probabilities, differences or plain numbers, with their 90 % where they have one.

A mark is a number (a dot, or a bar from zero), an estimate with ``mean``, ``low`` and ``high``, or the draws
themselves.  A row has one mark, or one for each of a few series, told apart by shape as well as by colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.figures.intervals import rows_axis
from precursor.figures.style import (
    ACCENT,
    FAINT,
    INK,
    POSTERIOR,
    PRIOR,
    WARM,
    house_style,
    log_odds,
    new_figure,
    percent,
    svg,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Mark = Any
UNITS: Mapping[str, str] = {
    "probability": "probability",
    "points": "percentage points",
    "log-odds": "log-odds",
    "bits": "bits",
    "share": "per cent",
}
_LOOKS = ((POSTERIOR, "o"), (ACCENT, "D"), (PRIOR, "s"), (WARM, "^"), (INK, "v"), ("#009e73", "P"))
# Coarse where the axis is long, finer where it is short.
_TICKS = (
    (1e-9, 1e-6, 1e-4, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999),
    (1e-4, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99),
    (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98),
)
_FEWEST, _ROOM = 4, 0.35
_ROW, _SERIES, _MARGINS = 0.26, 0.13, 0.75


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn figure with its alternative text; a notebook shows it."""

    figure: Figure
    alt: str

    def _repr_svg_(self) -> str:
        # A page has other fonts than the ones that were measured: letters as outlines are as wide everywhere.
        return svg(self.figure, outlines=True).replace("<svg ", '<svg style="max-width: 100%; height: auto" ', 1)

    def __repr__(self) -> str:
        """Return what the figure shows, in words."""
        return self.alt


def chart(
    rows: Mapping[str, Mark | Mapping[str, Mark]],
    *,
    unit: str = "probability",
    title: str = "",
    now: float | None = None,
    joined: bool = False,
) -> Chart:
    """Draw rows of marks, the first on top.

    Parameters
    ----------
    rows
        By label, a mark, or marks by series.
    unit
        ``probability`` (on an axis of log-odds), ``points`` (differences of probabilities), ``share`` (of one, in per
        cent), ``log-odds`` or ``bits``.
    now
        A value of the same unit to which all are to be compared: a dashed line.
    joined
        Whether the marks of a row are joined by a line: how far something goes.

    Raises
    ------
    ValueError
        For an unknown unit, or without rows.
    """
    if unit not in UNITS:
        raise ValueError(f"There is no unit {unit!r}: {', '.join(UNITS)}.")
    if not rows:
        raise ValueError("A chart needs rows.")
    marks = {row: {name: _three(mark, unit) for name, mark in _series(found).items()} for row, found in rows.items()}
    names = list(dict.fromkeys(name for found in marks.values() for name in found))
    with house_style():
        figure = new_figure(_MARGINS + len(rows) * (_ROW if joined else _ROW + _SERIES * (len(names) - 1)))
        axes = figure.subplots()
        for y, found in enumerate(marks.values()):
            _row(axes, y, found, names, unit, joined)
        _axis(axes, [value for found in marks.values() for three in found.values() for value in three], unit)
        rows_axis(axes, [row.replace("_", " ") for row in rows])
        axes.set_title(title)
        if now is not None:
            axes.axvline(_place(now, unit), color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
        if len(names) > 1:
            _key(figure, names)
    said = [f"{row}: {', '.join(_said(*mark, unit) for mark in found.items())}" for row, found in marks.items()]
    return Chart(figure, f"{title or 'Chart'}. {'; '.join(said)}.")


def _series(found: Any) -> dict[str, Any]:  # noqa: ANN401 - a mark of any kind
    several = isinstance(found, Mapping) and "low" not in found
    return {str(name): mark for name, mark in found.items()} if several else {"": found}


def _three(mark: Mark, unit: str) -> tuple[float, float, float]:
    """Return low, middle and high of a mark, in the unit of the axis; all equal for a single number."""
    scale = 100.0 if unit in {"points", "share"} else 1.0
    if isinstance(mark, Mapping):
        middle = mark["mean"] if mark.get("mean") is not None else mark["median"]
        return scale * mark["low"], scale * middle, scale * mark["high"]
    values = scale * np.asarray(mark, dtype=float)
    if values.ndim == 0:
        return float(values), float(values), float(values)
    low, high = np.quantile(values, (0.05, 0.95))
    return float(low), float(values.mean()), float(high)


def _place(value: float, unit: str) -> float:
    if unit == "probability":
        return float(log_odds(value))
    return 100.0 * value if unit in {"points", "share"} else value


def _row(
    axes: Axes, y: float, found: Mapping[str, tuple[float, float, float]], names: list[str], unit: str, joined: bool
) -> None:
    place = log_odds if unit == "probability" else float
    if joined:
        middles = [place(middle) for _, middle, _ in found.values()]
        axes.plot([min(middles), max(middles)], [y, y], color=PRIOR, linewidth=1.2, zorder=2)
    for name, (low, middle, high) in found.items():
        i = names.index(name)
        colour, shape = _LOOKS[i % len(_LOOKS)]
        at = y if joined else y + 0.62 * ((i + 0.5) / len(names) - 0.5)
        if unit != "probability" and low == high and not joined:
            axes.barh(at, middle, height=0.62 / len(names), color=colour, zorder=2)
            continue
        axes.plot([place(low), place(high)], [at, at], color=colour, linewidth=2.4, solid_capstyle="butt", zorder=3)
        axes.plot(
            place(middle), at, marker=shape, color=colour, markersize=5.5, markeredgecolor="white", markeredgewidth=0.6,
            zorder=4,
        )  # fmt: skip
        if unit == "probability" and len(names) == 1:
            axes.annotate(
                percent(middle), (1.0, at), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                va="center", fontsize=8, color=INK,
            )  # fmt: skip


def _axis(axes: Axes, values: list[float], unit: str) -> None:
    if unit == "probability":
        _odds_axis(axes, [log_odds(value) for value in values if 0.0 < value < 1.0] or [0.0])
        return
    axes.axvline(0.0, color=INK, linewidth=0.7, zorder=1)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel(UNITS[unit], fontsize=8)
    axes.margins(x=0.05)


def _odds_axis(axes: Axes, places: list[float]) -> None:
    low, high = min(places) - _ROOM, max(places) + _ROOM
    for ticks in _TICKS:
        inside = [tick for tick in ticks if low <= log_odds(tick) <= high]
        if len(inside) >= _FEWEST:
            break
    axes.set_xlim(low, high)
    axes.set_xticks([log_odds(tick) for tick in inside], [f"{100 * tick:.6g}\u00a0%" for tick in inside])
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)


def _key(figure: Figure, names: list[str]) -> None:
    from matplotlib.lines import Line2D

    shown = [
        Line2D([], [], color=_LOOKS[i % len(_LOOKS)][0], marker=_LOOKS[i % len(_LOOKS)][1], linewidth=2.4,
               markersize=5.5, markeredgecolor="white")
        for i in range(len(names))
    ]  # fmt: skip
    columns = min(len(names), 4)
    figure.legend(shown, names, loc="outside lower center", ncols=columns, handlelength=2.4, fontsize=8.5)


def _said(name: str, three: tuple[float, float, float], unit: str) -> str:
    low, middle, high = three
    shown = percent if unit == "probability" else (lambda value: f"{value:.3g}")
    interval = "" if low == high else f" ({shown(low)} to {shown(high)})"
    return f"{name} {shown(middle)}{interval}".strip()
