"""The marks of an estimate: a bar for its 90 %, a dot for its probability, paler and open for the prior."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from precursor.figures.style import INK, POSTERIOR, PRIOR, log_odds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Place = Callable[[float], float]


def posterior_mark(
    axes: Axes, y: float, estimate: Mapping[str, Any], *, place: Place = log_odds, colour: str = POSTERIOR
) -> None:
    """Draw an estimate at height ``y``: thick bar, filled dot at the mean, white tick at the median."""
    axes.plot(
        [place(estimate["low"]), place(estimate["high"])], [y, y], color=colour, linewidth=3.2, solid_capstyle="butt"
    )
    if "median" in estimate:
        axes.plot(place(estimate["median"]), y, marker="|", color="white", markersize=4.5, markeredgewidth=1.0)
    if "mean" in estimate:
        axes.plot(
            place(estimate["mean"]),
            y,
            marker="o",
            color=colour,
            markersize=5.5,
            markeredgecolor="white",
            markeredgewidth=0.7,
        )


def prior_mark(axes: Axes, y: float, estimate: Mapping[str, Any], *, place: Place = log_odds) -> None:
    """Draw the prior's estimate: a thin grey line with an open dot."""
    middle = estimate.get("mean", estimate["median"])
    axes.plot([place(estimate["low"]), place(estimate["high"])], [y, y], color=PRIOR, linewidth=1.0)
    axes.plot(place(middle), y, marker="o", markersize=4.0, color=PRIOR, markerfacecolor="white", markeredgewidth=0.9)


def expert_mark(axes: Axes, y: float, estimate: Mapping[str, Any], *, place: Place = log_odds) -> None:
    """Draw where the next expert's answer is expected: a dotted line with a diamond at its median."""
    axes.plot(
        [place(estimate["low"]), place(estimate["high"])], [y, y], color=INK, linewidth=0.9, linestyle=(0, (1.2, 1.6))
    )
    axes.plot(place(estimate["median"]), y, marker="D", markersize=3.6, color=INK)


def rows_axis(axes: Axes, labels: Sequence[str]) -> None:
    """Give the y axis one row per label, the first on top."""
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)


def key(figure: Any, entries: Sequence[tuple[str, str]], columns: int | None = None) -> None:  # noqa: ANN401
    """Put a key below a figure; an entry is a mark (posterior, prior, expert) and what it stands for."""
    from matplotlib.lines import Line2D

    made = {
        "posterior": Line2D(
            [], [], color=POSTERIOR, linewidth=3.2, marker="o", markersize=5.5, markeredgecolor="white"
        ),
        "prior": Line2D([], [], color=PRIOR, linewidth=1.0, marker="o", markersize=4.0, markerfacecolor="white"),
        "expert": Line2D([], [], color=INK, linewidth=0.9, linestyle=(0, (1.2, 1.6)), marker="D", markersize=3.6),
    }
    figure.legend(
        [made[mark] for mark, _ in entries],
        [text for _, text in entries],
        loc="outside lower center",
        ncols=columns or len(entries),
        handlelength=3.0,
        fontsize=8.5,
    )
