"""Every answer against what the fit implies: one row an answer, one question's rows together, over several pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from precursor.figures.intervals import Place
from precursor.figures.style import (
    ACCENT,
    FAINT,
    INK,
    WARM,
    Document,
    fixed_axes,
    log_odds,
    new_figure,
    probability_axis,
    ratio,
    span,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROWS_ON_A_PAGE = 62
_GROUPS = ("authors", "forecasters")
_MARKS = {"skeptical": "s", "concerned": "^"}
_LEAST, _MOST = 1e-9, 1e9
_RATIO_TICKS = (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)


def page_rows(data: Document) -> list[list[Document]]:
    """Return the answers in the order shown, by page: a page holds one scale and whole questions where they fit."""
    pages: list[list[Document]] = []
    for scale in ("probability", "ratio"):
        page: list[Document] = []
        for question in _questions([row for row in data["judgements"] if row.get("scale", "probability") == scale]):
            if page and len(page) + len(question) > ROWS_ON_A_PAGE:
                pages.append(page)
                page = []
            while len(question) > ROWS_ON_A_PAGE:
                pages.append(question[:ROWS_ON_A_PAGE])
                question = question[ROWS_ON_A_PAGE:]  # noqa: PLW2901
            page = [*page, *question]
        if page:
            pages.append(page)
    return pages


def _questions(rows: Sequence[Document]) -> list[list[Document]]:
    def rank(row: Document) -> tuple[int, str, str]:
        known = row["group"] in _GROUPS
        return (_GROUPS.index(row["group"]) if known else len(_GROUPS), row["group"], row["question"])

    ordered = sorted(rows, key=lambda row: (*rank(row), row["label"]))
    found: dict[tuple[int, str, str], list[Document]] = {}
    for row in ordered:
        found.setdefault(rank(row), []).append(row)
    return list(found.values())


@styled
def draw(rows: Sequence[Document]) -> Figure:
    """Draw one page of answers: what was said, what the fit implies of the quantity, and of such an answer."""
    figure = new_figure(0.68 + 0.134 * len(rows), fitted=False)
    axes = fixed_axes(figure, left=3.45, right=0.15)
    on_odds = rows[0].get("scale", "probability") == "probability"
    place: Place = log_odds if on_odds else _log
    for y, row in enumerate(rows):
        _row(axes, y, row, place)
    _label_rows(axes, rows)
    _scale(axes, rows, on_odds)
    _key(figure)
    return figure


def _row(axes: Axes, y: int, row: Document, place: Place) -> None:
    if _known(row, "predicted_low", "predicted_high"):
        axes.plot(
            [place(row["predicted_low"]), place(row["predicted_high"])],
            [y, y],
            color="#b5b5b5",
            linewidth=0.8,
            zorder=2,
        )
    if _known(row, "implied_low", "implied_high"):
        axes.plot(
            [place(row["implied_low"]), place(row["implied_high"])],
            [y, y],
            color=WARM,
            linewidth=4.2,
            solid_capstyle="butt",
            zorder=3,
        )
    low, high = (row["stated_low"], row["stated_high"])
    if low is not None or high is not None:
        ends = [place(_LEAST if low is None else low), place(_MOST if high is None else high)]
        axes.plot(ends, [y, y], color=INK, linewidth=1.0, zorder=4)
    if row["stated"] is not None:
        odd = row.get("surprise") is not None and row["surprise"] < 0.05  # noqa: PLR2004
        axes.plot(
            place(row["stated"]),
            y,
            marker=_MARKS.get(row.get("camp") or "", "o"),
            markersize=3.6,
            zorder=5,
            color=ACCENT if odd else INK,
            markerfacecolor="white" if odd else INK,
            markeredgewidth=1.1,
        )


def _known(row: Document, *names: str) -> bool:
    return all(row.get(name) is not None for name in names)


def _log(value: float) -> float:
    return float(np.log(np.clip(value, _LEAST, _MOST)))


def _label_rows(axes: Axes, rows: Sequence[Document]) -> None:
    axes.set_yticks(range(len(rows)), [who(row) for row in rows], fontsize=6.8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    before = None
    for y, row in enumerate(rows):
        if row["question"] != before:
            axes.axhline(y - 0.5, color="#c4c4c4", linewidth=0.5, xmin=-0.9, clip_on=False, zorder=1)
            axes.annotate(
                _short(row["question"]),
                (0.0, y),
                (-104, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=6.8,
                annotation_clip=False,
            )
        before = row["question"]


def who(row: Document) -> str:
    """Return whose answer a row is: an author's is our reading, never the author's own."""
    return f"our reading of {row['label']}" if row["our_reading"] else str(row["label"])


def _short(question: str, most: int = 40) -> str:
    text = question.replace("_", " ")
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _scale(axes: Axes, rows: Sequence[Document], on_odds: bool) -> None:
    names = ("stated", "implied_low", "implied_high", "predicted_low", "predicted_high")
    ends = [row[name] for row in rows for name in names if row.get(name) is not None]
    if on_odds:
        probability_axis(axes, *span(ends, 0.001, 0.99), most=6)
        # An answer of one in a billion leaves little room between 10 and 50 %.
        axes.tick_params(axis="x", labelsize=7.3)
        return
    low, high = min([0.5, *ends]), max([2.0, *ends])
    ticks = [tick for tick in _RATIO_TICKS if low / 2 <= tick <= high * 2]
    axes.set_xticks([_log(tick) for tick in ticks], [ratio(tick) for tick in ticks])
    axes.set_xlim(_log(low / 2), _log(high * 2))
    axes.grid(axis="x", color=FAINT, linewidth=0.5)


def _key(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=INK, linewidth=1.0, marker="o", markersize=3.6),
        Line2D(
            [], [], color=ACCENT, linewidth=0, marker="o", markersize=3.6, markerfacecolor="white", markeredgewidth=1.1
        ),
        Line2D([], [], color=WARM, linewidth=4.2),
        Line2D([], [], color="#b5b5b5", linewidth=0.8),
    ]
    texts = [
        "answer (square: sceptical, triangle: concerned)",
        "outside its prediction (5 %)",
        "the quantity, 90 %",
        "such an answer, 90 %",
    ]
    figure.legend(marks, texts, loc="lower center", ncols=4, fontsize=7.3, handlelength=1.8, columnspacing=1.0)


def alt_text(rows: Sequence[Document]) -> str:
    """Say what one page shows."""
    questions = list(dict.fromkeys(row["question"].replace("_", " ") for row in rows))
    odd = [f"{who(row)} on {row['question'].replace('_', ' ')}" for row in rows if (row.get("surprise") or 1) < 0.05]  # noqa: PLR2004
    tail = f" Outside their prediction: {'; '.join(odd[:6])}." if odd else ""
    what = f"{len(questions)} questions, from {questions[0]} to {questions[-1]}"
    return f"{len(rows)} answers to {what}, against the fit.{tail}"
