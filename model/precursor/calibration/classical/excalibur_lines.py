"""Lines of EXCALIBUR's files: ``.dtt`` (who said what) and ``.rls`` (what is known).

A line of a ``.dtt`` file holds expert number, expert, item number, item, background measure (``UNI`` or ``LOG``), a
value for each quantile, and perhaps the question; of a ``.rls`` file item number, item, value, background measure, and
perhaps the question.  Names may hold spaces; they stand in columns of fixed width, which are tried first.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from precursor.calibration.classical.study import Background, level_problems, shown_level
from precursor.elicitation.findings import Place

HEADER_EXAMPLE = "a first line such as '* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95'"
LINE_EXAMPLE = "'    1     Exp1    1           Item UNI  1.00000E+0000  2.00000E+0000  3.00000E+0000'"
KNOWN_EXAMPLE = "'    1           Item  2.00000E+0000 UNI'"

_NUMBER = r"[-+]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eEdD][-+]?[0-9]+)?"
_IS_NUMBER = re.compile(_NUMBER)
_SCALE = re.compile(r"\s(uni|log)(?=\s|$)", re.IGNORECASE)
_COLUMNS = re.compile(r"(?P<expert>[ 0-9]{5})(?P<name>.{9})(?P<number>[ 0-9]{5})\s(?P<item>.*)")
_FREE = re.compile(r"\s*(?P<expert>[0-9]{1,9})\s+(?P<name>\S.*?)\s+(?P<number>[0-9]{1,9})\s+(?P<item>\S.*)")
_KNOWN = re.compile(
    rf"\s*(?P<number>[0-9]{{1,9}})\s+(?P<item>.*?)\s+(?P<value>{_NUMBER})\s+(?P<scale>uni|log)(?:\s|$)", re.I
)
_KNOWN_BARE = re.compile(rf"\s*(?P<number>[0-9]{{1,9}})\s+(?P<item>\S+)\s+(?P<value>{_NUMBER})(?:\s|$)")
_LEVELS = re.compile(r"QU\s*=(.*)", re.IGNORECASE)
_COUNT = re.compile(r"NQ\s*=\s*([0-9]{1,9})", re.IGNORECASE)
# Question texts stand far to the right; a number this near to the last value is one value too many.
_NEAR = 4


@dataclass(frozen=True, slots=True)
class Assessment:
    """One expert's quantiles of one item, in the order of the file's levels; ``row`` is the line."""

    row: int
    expert: int
    name: str
    number: int
    item: str
    scale: Background
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Realisation:
    """What is known of one item; ``scale`` is None where the line does not say."""

    row: int
    number: int
    item: str
    value: float
    scale: Background | None


def read_levels(line: str, place: Place) -> tuple[float, ...] | None:
    """Return the quantile levels that a header states, as it orders them; None after noting why there are none."""
    match = _LEVELS.search(line)
    tokens = re.split(r"[\s;]+", match[1].strip()) if match else []
    numbers = [read_number(token.rstrip("%,")) for token in tokens if token]
    levels = [number for number in numbers if number is not None]
    if not levels or len(levels) < len(numbers):
        place.error("The header states no quantile levels.", HEADER_EXAMPLE)
        return None
    count = _COUNT.search(line)
    if count and int(count[1]) != len(levels):
        place.error(f"The header announces {count[1]} quantiles and states {len(levels)} levels.", HEADER_EXAMPLE)
        return None
    # Levels are in percent; some programs write shares.
    found = tuple(levels) if max(levels) < 1 else tuple(level / 100 for level in levels)
    problems = level_problems(sorted(found))
    place.note(problems)
    return None if problems else found


def read_assessment(line: str, levels: tuple[float, ...], place: Place) -> Assessment | None:
    """Return what a line of a ``.dtt`` file states; None after noting at ``place`` why it cannot be read."""
    candidates = [(head, match) for match in _SCALE.finditer(line) if (head := _head(line[: match.start()]))]
    if not candidates:
        what = "expert and item" if _SCALE.search(line) else "background measure (UNI or LOG)"
        place.error(f"The line has no {what}.", LINE_EXAMPLE)
        return None
    texts = [line[match.end() :] for _, match in candidates]
    # 'log' may be a word of an item's name: the measure is the one that the values follow.
    chosen = next((i for i, text in enumerate(texts) if None not in _values(text, len(levels))), len(texts) - 1)
    head, match = candidates[chosen]
    values = _values(texts[chosen], len(levels))
    assert place.row is not None
    if not _complete(values, texts[chosen], levels, place):
        return None
    numbers = tuple(value for value in values if value is not None)
    return Assessment(place.row, *head, _background(match[1]), numbers)


def read_realisation(line: str, place: Place) -> Realisation | None:
    """Return what a line of a ``.rls`` file states; None after noting at ``place`` why it cannot be read."""
    match = _KNOWN.match(line) or _KNOWN_BARE.match(line)
    value = read_number(match["value"]) if match else None
    if match is None or value is None:
        place.error("The line has no item number, item and value.", KNOWN_EXAMPLE)
        return None
    assert place.row is not None
    scale = _background(match["scale"]) if "scale" in match.groupdict() else None
    return Realisation(place.row, int(match["number"]), match["item"].strip(), value, scale)


def read_number(text: str) -> float | None:
    """Return a number with a decimal point or comma, perhaps with an exponent; None if it is none, or infinite."""
    if not _IS_NUMBER.fullmatch(text):
        return None
    value = float(text.replace(",", ".").replace("d", "e").replace("D", "E"))
    return value if math.isfinite(value) else None


def _head(text: str) -> tuple[int, str, int, str] | None:
    """Return expert number, expert, item number and item."""
    for pattern in (_COLUMNS, _FREE):
        match = pattern.fullmatch(text)
        if match and match["expert"].strip().isdigit() and match["number"].strip().isdigit() and match["item"].strip():
            number = int(match["expert"])
            return number, match["name"].strip() or str(number), int(match["number"]), match["item"].strip()
    return None


def _tokens(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"[^\s;]+", text))


def _values(text: str, count: int) -> list[float | None]:
    found = [read_number(token[0].rstrip(",")) for token in _tokens(text)[:count]]
    return found + [None] * (count - len(found))


def _complete(values: list[float | None], text: str, levels: tuple[float, ...], place: Place) -> bool:
    """Return whether there is a number for each level and none to spare; note what is wrong."""
    tokens = _tokens(text)
    for level, value, position in zip(levels, values, range(len(values)), strict=True):
        if value is None:
            found = f"{tokens[position][0][:40]!r} is no number" if position < len(tokens) else "The value is missing"
            place.at(column=shown_level(level)).error(f"{found}.", f"{len(levels)} values: {LINE_EXAMPLE}")
    spare = tokens[len(levels) :]
    numeric = spare and all(read_number(token[0].rstrip(",")) is not None for token in spare)
    near = spare and spare[0].start() - tokens[len(levels) - 1].end() <= _NEAR
    if numeric and near and None not in values:
        place.error(f"The line has {len(tokens)} values for {len(levels)} levels.", f"{len(levels)} values")
        return False
    return None not in values


def _background(text: str) -> Background:
    return "log" if text.lower() == "log" else "linear"
