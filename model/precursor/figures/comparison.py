"""Who moved a number: the parts of a move by expert and by question, as steps from the number before to after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from precursor.figures.style import ACCENT, FAINT, INK, POSTERIOR, PRIOR, Document, new_figure, percent, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Step = tuple[str, float, float, bool]
_MOST = 8
_ROW, _FRAME = 0.22, 1.2


@styled
def draw(data: Document, move: int = 0, heading: str = "") -> Figure:
    """Draw a waterfall of one move of a comparison's document: by expert, and below it by question.

    ``data`` is what `analysis.comparison.comparison.comparison_document` returns.  Bars to the right raised the number
    (dark), to the left lowered it (hatched); what is no answer's is grey; lines are plus and minus one standard error.
    ``heading`` names the number that moved; synthetic surveys are said to be so above everything.
    """
    found = data["moves"][move]
    columns = [_steps(found, name) for name in ("experts", "questions")]
    rows = [len(steps) for steps in columns]
    figure = new_figure(_FRAME + _ROW * sum(rows))
    panels = figure.subplots(2, 1, sharex=True, height_ratios=rows)
    for axes, steps, title in zip(panels, columns, ("By expert", "By question"), strict=True):
        _waterfall(axes, steps, found)
        axes.set_title(title)
    stamp = "SYNTHETIC answers.  " if data.get("synthetic") else ""
    if stamp or heading:
        figure.suptitle(f"{stamp}{heading}", fontsize=9)
    panels[-1].set_xlim(*_limits(columns, found))
    panels[-1].set_xlabel("per cent; dashed: before, solid: after")
    return figure


def alt_text(data: Document, move: int = 0) -> str:
    """Say what the figure shows."""
    found = data["moves"][move]
    parts = [f"{label} {100 * part:+.2f}" for label, part, _, _ in _steps(found, "experts")]
    return (
        f"{found['query']} moved from {percent(found['before'])} to {percent(found['after'])}.  "
        f"Parts by expert, in percentage points: {'; '.join(parts)}."
    )


def _steps(found: dict[str, Any], name: str) -> list[Step]:
    """Return label, part, standard error, and whether it is an answer's: the largest, then the rest together."""
    entries = found.get(name, [])
    steps = [
        (str(e.get("label", e.get("question"))), float(e["part"]), float(e["error"]), True) for e in entries[:_MOST]
    ]
    if rest := entries[_MOST:]:
        error = sum(e["error"] ** 2 for e in rest) ** 0.5
        steps.append((f"{len(rest)} others", sum(e["part"] for e in rest), error, True))
    for key, label in (("sharing", "sharing, decisions"), ("remainder", "Monte Carlo, settings")):
        if key in found:
            steps.append((label, float(found[key]["part"]), float(found[key]["error"]), False))
    return steps


def _waterfall(axes: Axes, steps: list[Step], found: dict[str, Any]) -> None:
    at = 100 * found["before"]
    axes.axvline(at, color=PRIOR, linewidth=0.8, linestyle=(0, (3, 2)))
    axes.axvline(100 * found["after"], color=INK, linewidth=0.8)
    for y, (_, part, error, answers) in enumerate(steps):
        width = 100 * part
        colour = (POSTERIOR if part >= 0 else ACCENT) if answers else FAINT
        axes.barh(
            y,
            width,
            left=at,
            height=0.62,
            color=colour,
            edgecolor=INK,
            linewidth=0.4,
            hatch="////" if answers and part < 0 else None,
        )
        reach = 100 * error
        axes.errorbar(at + width, y, xerr=reach, color=INK, linewidth=0.7, capsize=1.5, capthick=0.7)
        end = max(at, at + width + reach)
        axes.annotate(
            f"{width:+.2f}", (end, y), (4, 0), textcoords="offset points", va="center", fontsize=7.5, color=INK
        )
        at += width
    axes.set_yticks(range(len(steps)), [_shortened(label) for label, *_ in steps])
    axes.set_ylim(len(steps) - 0.4, -0.6)
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)


def _limits(columns: Sequence[list[Step]], found: dict[str, Any]) -> tuple[float, float]:
    """Return an axis that holds every step with its error, and the numbers before and after."""
    reached = [found["before"], found["after"]]
    for steps in columns:
        at = found["before"]
        for _, part, error, _ in steps:
            at += part
            reached += [at - error, at + error]
    low, high = 100 * min(reached), 100 * max(reached)
    room = max(high - low, 0.01)
    return low - 0.04 * room, high + 0.12 * room


def _shortened(label: str, most: int = 28) -> str:
    """Return a label cut in its middle: questions are told apart by both ends."""
    half = (most - 1) // 2
    return label if len(label) <= most else f"{label[:half]}…{label[-half:]}"
