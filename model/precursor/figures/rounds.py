"""Movement between two rounds on one question: an arrow for each expert, and the group's median before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from precursor.figures.style import (
    ACCENT,
    FAINT,
    INK,
    PRIOR,
    Document,
    fixed_axes,
    log_odds,
    new_figure,
    percent,
    probability_axis,
    span,
    styled,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Told apart by shape and weight as well as by colour.
_Line = Literal["-", "--", ":"]
_STYLES: dict[str, tuple[str, _Line, str]] = {
    "towards": (INK, "-", "moved towards the others"),
    "past": (INK, "--", "past them"),
    "away": (ACCENT, ":", "moved away"),
}
# Where all answers are far from the ends.
_EVEN = (0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95)
_AWAY = ("away", "from_the_median", "no_others")


@styled
def draw(data: Document, question: str, part: str = "", rounds: tuple[int, int] | None = None) -> Figure:
    """Draw each expert's answer before and after, ordered by the answer before; ``data`` is `rounds_document`'s."""
    rows = _rows(data, question, part, rounds)
    figure = new_figure(1.05 + 0.17 * len(rows), fitted=False)
    axes = fixed_axes(figure, left=1.7, right=0.2, top=0.3, bottom=0.72)
    on_odds = rows[0]["scale"] == "probability"
    for y, row in enumerate(rows):
        _arrow(axes, y, row)
    _medians(axes, rows)
    axes.set_yticks(range(len(rows)), [row["label"] for row in rows], fontsize=7.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_title(f"{question.replace('_', ' ')} {part}".strip())
    _scale(axes, rows, on_odds)
    _key(figure)
    return figure


def _rows(data: Document, question: str, part: str, rounds: tuple[int, int] | None) -> list[dict[str, Any]]:
    pairs = [
        (row["first"]["round"], row["second"]["round"])
        for row in data["movements"]
        if row["question"] == question and row["part"] == part
    ]
    if not pairs:
        # A distribution has no answer without a part: the first state stands for it.
        parts = [row["part"] for row in data["movements"] if row["question"] == question]
        if part or not parts:
            raise ValueError(f"Nobody answered {question} {part} in two rounds.")
        return _rows(data, question, parts[0], rounds)
    chosen = rounds or min(pairs)
    return sorted(
        (
            row
            for row in data["movements"]
            if row["question"] == question
            and row["part"] == part
            and (row["first"]["round"], row["second"]["round"]) == chosen
        ),
        key=lambda row: (row["before"], row["label"]),
    )


def _arrow(axes: Axes, y: int, row: dict[str, Any]) -> None:
    if row["direction"] == "unchanged":
        axes.plot(row["before"], y, marker="s", markersize=3.4, color=PRIOR, zorder=4)
        return
    colour, line, _ = _STYLES["away" if row["direction"] in _AWAY else row["direction"]]
    axes.plot(row["before"], y, marker="o", markersize=3.6, color=colour, markerfacecolor="white", zorder=4)
    axes.annotate(
        "",
        (row["after"], y),
        (row["before"], y),
        arrowprops={
            "arrowstyle": "-|>",
            "color": colour,
            "linestyle": line,
            "linewidth": 1.1,
            "shrinkA": 2,
            "shrinkB": 0,
        },
        zorder=3,
    )
    axes.plot(row["after"], y, alpha=0.0)  # an annotation does not widen the axes


def _medians(axes: Axes, rows: list[dict[str, Any]]) -> None:
    for name, style in (("before", (0, (1, 2))), ("after", "-")):
        values = sorted(row[name] for row in rows)
        middle = 0.5 * (values[(len(values) - 1) // 2] + values[len(values) // 2])
        axes.axvline(middle, color=PRIOR, linestyle=style, linewidth=0.9, zorder=1)


def _scale(axes: Axes, rows: list[dict[str, Any]], on_odds: bool) -> None:
    if on_odds:
        ends = [row[name] for row in rows for name in ("natural_before", "natural_after")]
        low, high = min(ends), max(ends)
        low, high = span(ends, min(0.2, low), max(0.8, high))
        probability_axis(axes, low, high, most=6)
        ticks = [tick for tick in _EVEN if low <= tick <= high]
        if low > 0.5 * _EVEN[0]:
            axes.set_xticks([log_odds(tick) for tick in ticks], [percent(tick) for tick in ticks])
        return
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_xlabel("logarithm" if rows[0]["scale"] in ("ratio", "log") else "value")


def _key(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    marks = [
        Line2D([], [], color=colour, linestyle=line, linewidth=1.1, marker=">", markersize=4)
        for colour, line, _ in _STYLES.values()
    ]
    marks += [Line2D([], [], color=PRIOR, linewidth=0, marker="s", markersize=3.4)]
    marks += [Line2D([], [], color=PRIOR, linestyle=line, linewidth=0.9) for line in ((0, (1, 2)), "solid")]
    texts = [*(text for *_, text in _STYLES.values()), "unchanged", "median before", "median after"]
    figure.legend(marks, texts, loc="lower center", ncols=3, fontsize=7.3, handlelength=2.0, columnspacing=1.2)


def alt_text(data: Document, question: str, part: str = "", rounds: tuple[int, int] | None = None) -> str:
    """Say what the figure shows."""
    rows = _rows(data, question, part, rounds)
    moved = [row for row in rows if row["direction"] != "unchanged"]
    closer = sum(row["direction"] in ("towards", "past") for row in moved)
    furthest = max(rows, key=lambda row: abs(row["moved"]))
    said = f"{len(rows)} experts on {question.replace('_', ' ')}, before and after: {len(moved)} moved, "
    said += f"{closer} of them towards the others' median."
    if moved:
        before, after = (_shown(furthest, name) for name in ("before", "after"))
        said += f" Furthest: {furthest['label']}, from {before} to {after}."
    return said


def _shown(row: dict[str, Any], name: str) -> str:
    value = row[f"natural_{name}"]
    return percent(value) if row["scale"] == "probability" else f"{value:.3g}"
