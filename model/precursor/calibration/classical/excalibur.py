"""Studies in EXCALIBUR's format: a ``.dtt`` file (what experts said) and, beside it, a ``.rls`` file (what is known).

The format is that of the TU Delft expert judgment data base.  Numbers from -1000 to -990 stand for "no answer" and "not
known".  Names are matched between the two files first by their text, then by their number.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from precursor.calibration.classical.excalibur_lines import (
    HEADER_EXAMPLE,
    Assessment,
    Realisation,
    read_assessment,
    read_levels,
    read_realisation,
)
from precursor.calibration.classical.study import Background, Study, shown_level, value_problems
from precursor.elicitation.files import LARGEST_FILE
from precursor.elicitation.findings import Findings, Place, in_reading_order
from precursor.problems import InputError, Problem

ASSESSMENTS, REALISATIONS = ".dtt", ".rls"
_MISSING = (-1000.0, -990.0)
# Fields are told apart by trying where each ends, which takes long on a long line.
_LONGEST_LINE = 2_000
# What ends a DOS text file, and blanks.
_BLANK = " \t\x1a\0\f\v"


def is_study_file(path: Path) -> bool:
    """Return whether a path is named as a file of assessments: ``.dtt`` in any case."""
    return path.suffix.lower() == ASSESSMENTS


def read_study(path: str | Path) -> Study:
    """Return the study in a ``.dtt`` file and the ``.rls`` file beside it.

    Raises
    ------
    InputError
        With everything that is wrong in both files: file, line and quantile.
    """
    path, findings = Path(path), Findings()
    levels: tuple[float, ...] | None = None
    assessments: list[Assessment] = []
    if not is_study_file(path):
        raise InputError(Problem("This is not a file of assessments.", "a .dtt file", file=path.name))
    lines = _lines(path, Place(findings, path.name))
    if lines:
        levels = read_levels(lines[0][1], Place(findings, path.name, row=lines[0][0]))
        if levels:
            assessments = _assessments(lines[1:], levels, Place(findings, path.name))
    beside = _beside(path)
    if beside is None:
        name = f"{path.stem}{REALISATIONS}"
        findings.errors.append(Problem("The file of realisations is missing.", f"{name} beside it", file=path.name))
    known = _known(beside, Place(findings, beside.name)) if beside else []
    findings.raise_errors()
    assert levels is not None
    assert beside is not None
    return _study(_Sources(path.name, levels, assessments, known, beside.name), findings)


@dataclass(frozen=True, slots=True)
class _Sources:
    file: str
    levels: tuple[float, ...]
    assessments: list[Assessment]
    known: list[Realisation]
    known_file: str


def _assessments(lines: list[tuple[int, str]], levels: tuple[float, ...], place: Place) -> list[Assessment]:
    found = _read(lines, place, lambda line, at: read_assessment(line, levels, at))
    if not lines:
        place.error("The file holds no assessments.")
    for entry in found:
        at = place.at(row=entry.row)
        blank = [_is_missing(value) for value in entry.values]
        if all(blank):
            continue
        if any(blank):
            at.warn(f"{entry.name}, {entry.item}: not every quantile is stated; taken as not answered.")
            continue
        by_level = [value for _, value in sorted(zip(levels, entry.values, strict=True))]
        at.note(value_problems(by_level, sorted(levels), entry.scale))
    _check_once(found, place, lambda entry: (entry.expert, entry.number), "This expert has answered this item")
    return found


def _known(path: Path, place: Place) -> list[Realisation]:
    found = _read(_lines(path, place), place, read_realisation)
    for entry in found:
        if entry.scale == "log" and entry.value <= 0 and not _is_missing(entry.value):
            place.at(row=entry.row).error(f"{entry.value:g} has no logarithm.", "a value above zero on a log scale")
    _check_once(found, place, lambda entry: (entry.number, entry.item), "This item is known")
    return found


def _read[Entry](lines: list[tuple[int, str]], place: Place, read: Callable[[str, Place], Entry | None]) -> list[Entry]:
    entries = (read(line, place.at(row=row)) for row, line in lines)
    return [entry for entry in entries if entry is not None]


def _check_once[Entry: (Assessment, Realisation)](
    entries: list[Entry], place: Place, key: Callable[[Entry], object], what: str
) -> None:
    first: dict[object, int] = {}
    for entry in entries:
        if (row := first.setdefault(key(entry), entry.row)) != entry.row:
            place.at(row=entry.row).error(f"{what} already in row {row}.", "once")


def _study(sources: _Sources, findings: Findings) -> Study:
    place = Place(findings, sources.file)
    order = np.argsort(sources.levels)
    people = _named(
        {entry.expert: entry.name for entry in reversed(sources.assessments)}, sources.assessments, "expert"
    )
    first = {entry.number: entry for entry in reversed(sources.assessments)}
    items = _named({number: entry.item for number, entry in first.items()}, sources.assessments, "number")
    quantiles = np.full((len(people), len(items), len(order)), np.nan)
    row_of, column_of = ({key: i for i, key in enumerate(names)} for names in (people, items))
    for entry in sources.assessments:
        if entry.scale != first[entry.number].scale:
            at = place.at(row=entry.row)
            at.warn(f"Another background measure than in row {first[entry.number].row}, which holds.")
        if not any(_is_missing(value) for value in entry.values):
            quantiles[row_of[entry.expert], column_of[entry.number]] = np.array(entry.values)[order]
    scales: tuple[Background, ...] = tuple(first[number].scale for number in items)
    realisations = _realisations(sources, first, column_of, Place(findings, sources.known_file))
    findings.raise_errors()
    _warn_of_ties(sources, place)
    levels = tuple(sources.levels[i] for i in order)
    warnings = in_reading_order(findings.warnings)
    return Study(tuple(people.values()), tuple(items.values()), levels, quantiles, realisations, scales, warnings)


def _named(names: dict[int, str], entries: Sequence[Assessment], key: str) -> dict[int, str]:
    """Return names by number, in order of appearance; one that two numbers share has the number added."""
    ordered = {number: names[number] for number in dict.fromkeys(getattr(entry, key) for entry in entries)}
    shared = {name for name, count in Counter(ordered.values()).items() if count > 1}
    return {number: f"{name} ({number})" if name in shared else name for number, name in ordered.items()}


def _realisations(
    sources: _Sources, first: dict[int, Assessment], column_of: dict[int, int], place: Place
) -> np.ndarray:
    values = np.full(len(column_of), np.nan)
    numbers: dict[str, list[int]] = {}
    for number, entry in first.items():
        numbers.setdefault(entry.item, []).append(number)
    for known in sources.known:
        at, same = place.at(row=known.row), numbers.get(known.item, [])
        number = known.number if known.number in same or len(same) != 1 else same[0]
        if _is_missing(known.value):
            continue
        if number not in first:
            at.warn(f"Nobody was asked about '{known.item}'.")
            continue
        entry = first[number]
        if not same:
            at.warn(f"'{known.item}' is taken to be item {number}, '{entry.item}'.")
        if entry.scale == "log" and known.value <= 0 and known.scale != "log":
            at.error(f"{known.value:g} has no logarithm.", f"a value above zero: {sources.file} has a log scale here")
        elif known.scale not in (None, entry.scale):
            at.warn(f"Another background measure than in {sources.file}, which holds.")
        values[column_of[number]] = known.value
    return values


def _warn_of_ties(sources: _Sources, place: Place) -> None:
    for entry in sources.assessments:
        stated = sorted(zip(sources.levels, entry.values, strict=True))
        for (low, before), (high, after) in pairwise(stated):
            if before == after and not _is_missing(before):
                levels = f"{shown_level(low)} and {shown_level(high)}"
                place.at(row=entry.row).warn(f"{entry.name}, {entry.item}: the quantiles {levels} are equal.")


def _is_missing(value: float) -> bool:
    return _MISSING[0] <= value <= _MISSING[1] or math.isnan(value)


def _beside(path: Path) -> Path | None:
    """Return the file of realisations with the same name, whatever the case; that of the same case first."""
    folder = path.parent
    candidates: Iterable[Path] = sorted(folder.iterdir()) if folder.is_dir() else ()
    named = [p for p in candidates if p.suffix.lower() == REALISATIONS and p.stem.lower() == path.stem.lower()]
    return min(named, key=lambda p: p.stem != path.stem, default=None)


def _lines(path: Path, place: Place) -> list[tuple[int, str]]:
    """Return the lines that are not blank, with their numbers; the comments after the first line left out."""
    with place.noting():
        text = _text(path)
        lines = [(row, line.rstrip(_BLANK)) for row, line in enumerate(re.split(r"\r\n|\r|\n", text), 1)]
        kept = [(row, line) for row, line in lines if line.strip(_BLANK)]
        if long := [row for row, line in kept if len(line) > _LONGEST_LINE]:
            raise InputError(Problem("The line is too long.", f"up to {_LONGEST_LINE} characters", row=long[0]))
        if path.suffix.lower() == ASSESSMENTS:
            return [*kept[:1], *(entry for entry in kept[1:] if not entry[1].lstrip().startswith("*"))]
        return [entry for entry in kept if not entry[1].lstrip().startswith("*")]
    return []


def _text(path: Path) -> str:
    """Return a file's text: UTF-8 if it is that, else as Windows wrote it."""
    if not path.is_file():
        raise InputError("This is not a file." if path.exists() else "The file is missing.")
    if path.stat().st_size > LARGEST_FILE:
        raise InputError(Problem("The file is too large.", f"up to {LARGEST_FILE // 1_000_000} MB"))
    content = path.read_bytes()
    if not content.strip():
        raise InputError(Problem("The file is empty.", HEADER_EXAMPLE))
    if b"\0" in content.rstrip(b"\0\x1a"):
        raise InputError(Problem("The file is binary, or UTF-16.", "plain text"))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
