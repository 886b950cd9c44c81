"""One look for every figure: a context, a palette that survives greyscale, and axes in log-odds labelled in per cent.

Text stays text in the SVG, and the same data give the same bytes: no dates, a fixed salt, no system fonts, and no
state outside the context.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Document = dict[str, Any]

# Okabe and Ito's, ordered from dark to light so that grey tones keep them apart.
INK, POSTERIOR, ACCENT, WARM, PRIOR, FAINT = "#1a1a1a", "#00507a", "#c24a00", "#e69f00", "#8a8a8a", "#d9d9d9"
WIDTH = 6.5  # inches: the measure of the page's text

FONT = ("STIXGeneral", "DejaVu Sans")
_RC: dict[str, Any] = {
    "font.family": list(FONT),
    "font.size": 9.0,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": "#666666",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": "#444444",
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0.0,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "precursor",
    "text.parse_math": False,
    "figure.dpi": 100,
}
_TICKS = (1e-9, 1e-6, 1e-4, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
_RARE = {1e-9: "1 in a billion", 1e-6: "1 in a million"}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style, whatever the user's own settings are; nothing outside is changed."""
    import matplotlib.style

    with matplotlib.style.context(["default", _RC]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing")  # a name in a script without a font here
        yield


def styled(draw: Callable[..., Any]) -> Callable[..., Any]:
    """Return the same function, drawing in the house style."""

    @wraps(draw)
    def wrapped(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        with house_style():
            return draw(*args, **kwargs)

    return wrapped


def svg(figure: Figure, *, outlines: bool = False) -> str:
    """Return a figure as SVG text: the same figure gives the same bytes; ``outlines`` draws letters as shapes."""
    import matplotlib

    target = StringIO()
    with house_style(), matplotlib.rc_context({"svg.fonttype": "path" if outlines else "none"}):
        figure.savefig(target, format="svg", metadata={"Date": None})
    return target.getvalue()


def new_figure(height: float, width: float = WIDTH, *, fitted: bool = True) -> Figure:
    """Return an empty figure, in inches; ``fitted`` leaves the margins to matplotlib."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained" if fitted else None)


def fixed_axes(figure: Figure, *, left: float, right: float, top: float = 0.08, bottom: float = 0.6) -> Axes:
    """Return axes with the given margins, in inches."""
    width, height = figure.get_size_inches()
    return figure.add_axes((left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height))


def percent(probability: float) -> str:
    """Return a probability as a reader wants it: 0.3 %, 4.2 %, 12 %, <0.01 %, 99.7 %."""
    if probability == 0.0 or abs(probability - 1.0) < 1e-9:  # noqa: PLR2004
        return f"{100 * probability:.0f}\u00a0%"
    if probability < 1e-4:  # noqa: PLR2004
        return "<0.01\u00a0%"
    if probability > 1 - 1e-4:
        return ">99.99\u00a0%"
    return f"{_digits(100 * probability)}\u00a0%"


def _digits(value: float) -> str:
    end = 100 - value if value > 99 else value  # noqa: PLR2004
    places = 0 if 9.95 <= value <= 99 else 1 if end >= 0.0995 else 2  # noqa: PLR2004
    return f"{value:.{places}f}"


def ratio(value: float) -> str:
    """Return a ratio or hazard to two significant digits."""
    return f"{value:.2g}" if value < 100 else f"{value:.0f}"  # noqa: PLR2004


def log_odds(probability: float | Sequence[float] | np.ndarray, least: float = 1e-12) -> Any:  # noqa: ANN401
    """Return natural log-odds; 0 and 1 are moved to ``least`` from the end so that they can be drawn."""
    clipped = np.clip(np.asarray(probability, dtype=float), least, 1 - least)
    found = np.log(clipped) - np.log1p(-clipped)
    return float(found) if found.ndim == 0 else found


def probability_axis(axes: Axes, low: float, high: float, most: int = 9) -> None:
    """Make the x axis one of log-odds, from ``low`` to ``high``, with at most ``most`` probabilities as its labels."""
    ticks = [tick for tick in _TICKS if low * 0.999 <= tick <= 1 - (1 - high) * 0.999]
    for dispensable in (0.999, 0.001, 0.9, 1e-4):
        if len(ticks) > most and dispensable in ticks:
            ticks.remove(dispensable)
    axes.set_xlim(log_odds(low), log_odds(high))
    axes.set_xticks([log_odds(tick) for tick in ticks], [_tick(tick) for tick in ticks])
    axes.grid(axis="x", color=FAINT, linewidth=0.5)
    axes.set_axisbelow(True)


def _tick(tick: float) -> str:
    return _RARE.get(tick, f"{100 * tick:.6g}\u00a0%")


def span(values: Sequence[float], least: float = 1e-4, most: float = 0.99) -> tuple[float, float]:
    """Return limits for a probability axis that show all values, at least ``least`` to ``most`` wide."""
    shown = [value for value in values if value is not None and np.isfinite(value)]
    low = min([least, *(value / 1.5 for value in shown if value > 0)])
    high = max([most, *(1 - (1 - value) / 1.5 for value in shown if value < 1)])
    return max(low, 1e-10), min(high, 1 - 1e-6)
