"""Numbers in words, the same on every page: two significant digits, the per cent sign once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.figures.style import percent, ratio

NONE = "–"
_ABBREVIATIONS = frozenset({"ai", "fri", "rl", "tai"})
_RARE = 0.1
_LEAST_ODDS = 1e-9


def pct(probability: float | None) -> str:
    """Return a probability in per cent, or a dash."""
    return NONE if probability is None else percent(probability)


def one_in(probability: float) -> str:
    """Return ``1 in 16`` beside a small percentage, nothing beside others.

    >>> one_in(0.0625), one_in(0.4)
    ('1 in 16', '')
    """
    if not _LEAST_ODDS < probability < _RARE:
        return ""
    return f"1 in {float(f'{1 / probability:.2g}'):,.0f}"


def between(estimate: Mapping[str, Any] | None) -> str:
    """Return ``2.1–12 %``: an interval of a probability."""
    if estimate is None:
        return NONE
    low, high = pct(estimate["low"]), pct(estimate["high"])
    return low if low == high else f"{low.removesuffix('\u00a0%')}–{high}"


def points(difference: float, digits: int | None = None) -> str:
    """Return a difference of probabilities in percentage points, signed, two significant digits."""
    size = 100 * abs(difference)
    places = digits if digits is not None else 0 if size >= 9.95 else 1 if size >= 0.95 else 2  # noqa: PLR2004
    text = f"{size:.{places}f}"
    return text if float(text) == 0 else f"{'+' if difference > 0 else '−'}{text}"


def points_between(estimate: Mapping[str, Any]) -> str:
    """Return ``−1.2 to +3.4``."""
    return f"{points(estimate['low'])} to {points(estimate['high'])}"


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign."""
    text = f"{abs(value):.{digits}f}"
    return text if float(text) == 0 else f"{'+' if value > 0 else '−'}{text}"


def value(scale: str, number: float | None) -> str:
    """Return a parameter's or answer's value on its own scale."""
    if number is None:
        return NONE
    return f"{ratio(number)}×" if scale == "ratio" else pct(number)


def values_between(scale: str, estimate: Mapping[str, Any]) -> str:
    """Return an interval on a parameter's own scale."""
    if scale != "ratio":
        return between(estimate)
    return f"{ratio(estimate['low'])}–{ratio(estimate['high'])}×"


def plural(count: int, one: str, many: str) -> str:
    """Return ``1 answer``, ``2 answers``."""
    return f"{count:,} {one if count == 1 else many}"


def words(name: str) -> str:
    """Return a name with spaces, abbreviations in capitals.

    >>> words("alignment_faking_after_rl")
    'alignment faking after RL'
    """
    return " ".join(part.upper() if part in _ABBREVIATIONS else part for part in name.replace("_", " ").split(" "))


def upper_first(text: str) -> str:
    """Return a text with a capital."""
    return text[:1].upper() + text[1:]


def who(row: Mapping[str, Any]) -> str:
    """Return whose answer a row is: an author's is our reading, never the author's own."""
    return f"our reading of {row['label']}" if row.get("our_reading") else str(row["label"])
