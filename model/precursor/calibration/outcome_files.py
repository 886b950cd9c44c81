"""OUTCOMES: what happened, and the groups questions belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from precursor.calibration.columns import QUESTION, first_of, header_of
from precursor.elicitation.files import read_text
from precursor.elicitation.findings import Place
from precursor.elicitation.tables import Columns, read_rows
from precursor.problems import did_you_mean


@dataclass(frozen=True, slots=True)
class Outcome:
    """A row of OUTCOMES: what happened (None: not resolved yet), and the group the question belongs to."""

    value: int | None
    group: str
    row: int


def read_outcomes(path: Path, place: Place, group: str | None) -> Mapping[str, Outcome] | None:
    """Return the rows of OUTCOMES by question, each problem noted; None if nothing could be read."""
    source = read_text(path, place)
    if source is None:
        return None
    names = header_of(source)
    question = first_of(QUESTION, names)
    if group is not None and group not in names:
        place.at(row=1, column=group).error(
            f"There is no column '{group}' to group questions by.", did_you_mean(group, names)
        )
        return None
    found: dict[str, Outcome] = {}
    for row in read_rows(source, Columns((question, "outcome"), free=True), place):
        name, here = row.cells[question], place.at(row=row.line)
        value = _outcome(row.cells["outcome"], here.at(column="outcome"))
        label = name if group is None else row.cells[group]
        if group is not None and not label:
            here.at(column=group).error("The question is in no group.", f"a word in the column '{group}'")
        _note_question(name, found, here.at(column=question))
        found.setdefault(name, Outcome(value, label, row.line))
    return found


def _note_question(name: str, found: Mapping[str, Outcome], place: Place) -> None:
    if not name:
        place.error("No question is named.", "a name, as in FORECASTS")
    elif name in found:
        place.error(f"The question '{name}' stands there twice: first in row {found[name].row}.", "one row a question")


def _outcome(text: str, place: Place) -> int | None:
    if not text:
        return None
    if text in ("0", "1", "0.0", "1.0"):
        return int(float(text))
    place.error(f"{text!r} is no outcome.", "1 (it happened), 0 (it did not), or blank (not known yet)")
    return None
