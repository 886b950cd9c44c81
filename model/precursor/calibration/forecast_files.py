"""FORECASTS and OUTCOMES: two CSV files into resolved forecasts, with every problem in both reported at once.

FORECASTS has a column ``question`` (or ``claim``), ``expert``, and one of ``probability``, ``forecast``, ``value``,
``best``; if wanted ``round`` and ``element`` (``lower``, ``best``, ``upper``: a row for each).  OUTCOMES has
``question`` (or ``claim``), ``outcome`` (0 or 1; blank: not resolved), and columns of one's own to group questions by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from precursor.calibration.columns import QUESTION, first_of, header_of, read_round
from precursor.calibration.forecasts import ResolvedForecasts
from precursor.calibration.outcome_files import Outcome, read_outcomes
from precursor.elicitation.answers.numbers import Reading, read_number
from precursor.elicitation.files import read_text
from precursor.elicitation.findings import Findings, Place, in_reading_order
from precursor.elicitation.tables import Columns, Row, read_rows
from precursor.problems import did_you_mean

VALUE = ("probability", "forecast", "value", "best")
ELEMENTS = ("lower", "best", "upper")
_MOSTLY, _SEVERAL = 0.5, 3
_PERCENT = 100

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of FORECASTS that could be read, and the row it stands in."""

    question: str
    expert: str
    round: int
    element: str
    reading: Reading
    row: int


def read_forecasts(
    forecasts: Path, outcomes: Path, *, group: str | None = None, round_: int | None = None
) -> ResolvedForecasts:
    """Return the forecasts of the questions that are resolved.

    Parameters
    ----------
    forecasts, outcomes
        The two files.
    group
        A column of OUTCOMES; without it every question is a group of its own.
    round_
        The round to take; without it, the latest answer of each expert to each question.

    Raises
    ------
    InputError
        With every problem of both files, each with file, row and column.
    """
    findings = Findings()
    here, there = Place(findings, forecasts.name), Place(findings, outcomes.name)
    happened = read_outcomes(outcomes, there, group)
    cells = _read_cells(forecasts, here)
    if happened is not None:
        _check_known(cells, happened, here)
    findings.raise_errors()
    assert happened is not None
    chosen = _of_round(cells, round_, here)
    resolved = _assembled(chosen, happened, here, there)
    findings.raise_errors()
    return _arrays(resolved, happened, findings)


# --- forecasts ---------------------------------------------------------------------------------------------------


def _read_cells(path: Path, place: Place) -> list[Cell]:
    source = read_text(path, place)
    if source is None:
        return []
    names = header_of(source)
    question, value = first_of(QUESTION, names), first_of(VALUE, names)
    rows = read_rows(source, Columns((question, "expert", value), ("round", "element"), free=True), place)
    in_percent = _in_percent([row.cells[value] for row in rows])
    if in_percent:
        place.at(column=value).error(
            "Most values lie above 1: they look like percent, typed as plain numbers.", "0.4 or 40%"
        )
    cells: list[Cell] = []
    first: dict[tuple[str, str, int, str], int] = {}
    for row in rows:
        cell = _cell(row, question, value, place.at(row=row.line), in_percent=in_percent)
        if cell is None:
            continue
        key = (cell.question, cell.expert, cell.round, cell.element)
        if key in first:
            place.at(row=row.line, column=value).error(
                f"A second value of '{cell.expert}' for '{cell.question}', round {cell.round}, {cell.element}: "
                f"the first is in row {first[key]}.",
                "one value for each expert, question, round and element",
            )
        first.setdefault(key, row.line)
        cells.append(cell)
    return cells


def _cell(row: Row, question: str, value: str, place: Place, *, in_percent: bool) -> Cell | None:
    name, expert, text = row.cells[question], row.cells["expert"], row.cells[value]
    element = row.cells.get("element") or "best"
    for column, word in ((question, name), ("expert", expert)):
        if not word:
            place.at(column=column).error(f"No {column} is named.", "a name or alias")
    if element not in ELEMENTS:
        place.at(column="element").error(f"Unknown element '{element}'.", ", ".join(ELEMENTS))
    round_ = read_round(row.cells.get("round", ""), place.at(column="round"))
    if not text:
        return None
    reading = Reading(0.0, 0.0, 0.0)
    if not in_percent:
        with place.at(column=value).noting():
            reading = read_number(text, "probability")
    return Cell(name, expert, round_, element, reading, row.line) if name and expert else None


def _in_percent(texts: Sequence[str]) -> bool:
    """Whether most of a column is numbers from 1 to 100 without a percent sign."""
    plain = [float(text) for text in texts if text.replace(".", "", 1).isdigit() and text.isascii()]
    above = sum(1 < number <= _PERCENT for number in plain)
    return above >= _SEVERAL and above > _MOSTLY * len(plain)


def _check_known(cells: Sequence[Cell], happened: Mapping[str, Outcome], place: Place) -> None:
    told: set[str] = set()
    for cell in cells:
        if cell.question not in happened and cell.question not in told:
            told.add(cell.question)
            place.at(row=cell.row, column="question").error(
                f"The question '{cell.question}' is not in OUTCOMES (not resolved yet: a row with a blank outcome).",
                did_you_mean(cell.question, happened),
            )


def _of_round(cells: Sequence[Cell], round_: int | None, place: Place) -> list[Cell]:
    """Return the cells of one round; without one, of the latest round of each expert and question."""
    rounds = sorted({cell.round for cell in cells})
    if round_ is not None:
        if round_ not in rounds:
            place.at(column="round").error(f"There is no round {round_}.", ", ".join(map(str, rounds)))
            place.findings.raise_errors()
        return [cell for cell in cells if cell.round == round_]
    latest: dict[Key, int] = {}
    for cell in cells:
        if cell.element == "best":
            latest[cell.question, cell.expert] = max(cell.round, latest.get((cell.question, cell.expert), 0))
    chosen = [cell for cell in cells if latest.get((cell.question, cell.expert)) == cell.round]
    earlier = sum(cell.element == "best" and cell.round != rounds[-1] for cell in chosen)
    if earlier:
        place.at(column="round").warn(f"{earlier} answers were not given again in round {rounds[-1]}: taken as given.")
    return chosen


# --- together ----------------------------------------------------------------------------------------------------


def _assembled(
    cells: Sequence[Cell], happened: Mapping[str, Outcome], here: Place, there: Place
) -> dict[Key, dict[str, Cell]]:
    """Return the answers to resolved questions, each with its elements; say what is left out."""
    answers: dict[Key, dict[str, Cell]] = {}
    for cell in cells:
        if happened[cell.question].value is not None:
            answers.setdefault((cell.question, cell.expert), {})[cell.element] = cell
    for key in [key for key, elements in answers.items() if "best" not in elements]:
        first = next(iter(answers.pop(key).values()))
        here.at(row=first.row).warn(f"'{key[1]}' gave '{key[0]}' an interval without a best value: left out.")
    _warn_of_crossed(answers, here)
    answered = {question for question, _ in answers}
    for name in {cell.question: None for cell in cells if happened[cell.question].value is None}:
        there.at(row=happened[name].row, column="outcome").warn(f"'{name}' has forecasts but no outcome yet: left out.")
    for name, outcome in happened.items():
        if outcome.value is not None and name not in answered:
            there.at(row=outcome.row).warn(f"Nobody forecast '{name}': left out.")
    if len({happened[question].group for question in answered}) < 2:  # noqa: PLR2004 - one left out, one to learn from
        there.error("Nothing can be left out: there are forecasts for fewer than two groups of resolved questions.")
    return answers


def _warn_of_crossed(answers: Mapping[Key, Mapping[str, Cell]], place: Place) -> None:
    for elements in answers.values():
        values = [elements[name].reading.value for name in ELEMENTS if name in elements]
        if values != sorted(values):
            best = elements["best"]
            place.at(row=best.row).warn(
                f"'{best.expert}' on '{best.question}': the best value lies outside lower to upper. Taken as it stands."
            )


def _arrays(
    answers: Mapping[Key, Mapping[str, Cell]], happened: Mapping[str, Outcome], findings: Findings
) -> ResolvedForecasts:
    answered = {question for question, _ in answers}
    questions = tuple(name for name in happened if name in answered)
    experts = tuple(dict.fromkeys(expert for _, expert in answers))
    number_q, number_e = ({name: i for i, name in enumerate(names)} for names in (questions, experts))
    readings = [elements["best"].reading for elements in answers.values()]
    ends = {
        name: np.array(
            [elements[name].reading.value if name in elements else np.nan for elements in answers.values()], dtype=float
        )
        for name in ("lower", "upper")
    }
    return ResolvedForecasts(
        questions=questions,
        experts=experts,
        question=np.array([number_q[question] for question, _ in answers], dtype=int),
        expert=np.array([number_e[expert] for _, expert in answers], dtype=int),
        probability=np.array([reading.value for reading in readings]),
        low=np.array([reading.low for reading in readings]),
        high=np.array([reading.high for reading in readings]),
        outcome=np.array([happened[name].value for name in questions], dtype=int),
        group=tuple(happened[name].group for name in questions),
        warnings=in_reading_order(findings.warnings),
        **ends,
    )
