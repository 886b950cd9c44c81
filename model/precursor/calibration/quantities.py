"""FORECASTS and OUTCOMES of quantities: quantiles that experts stated, and what was realised.

FORECASTS has ``question`` (or ``claim``), ``expert``, ``quantile`` (a level such as 0.05), ``value`` and perhaps
``round``; OUTCOMES has ``question`` and ``realised`` (or ``realised_original``; blank: not known yet).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from precursor.calibration.columns import QUESTION, first_of, header_of, read_round
from precursor.elicitation.files import read_text
from precursor.elicitation.findings import Findings, Place, in_reading_order
from precursor.elicitation.tables import Columns, Row, read_rows
from precursor.problems import InputError, Problem, did_you_mean

REALISED = ("realised", "realised_original", "outcome")
MEDIAN = 0.5
Key = tuple[str, str]


@dataclass(frozen=True, eq=False, kw_only=True)
class ResolvedQuantities:
    """Quantiles, (answer, level), of quantities whose value, ``realised`` (question,), became known."""

    questions: tuple[str, ...]
    experts: tuple[str, ...]
    levels: tuple[float, ...]
    question: np.ndarray
    expert: np.ndarray
    quantiles: np.ndarray
    realised: np.ndarray
    group: tuple[str, ...]
    attributes: Mapping[str, Mapping[str, str]]
    warnings: tuple[Problem, ...] = ()

    @property
    def positive(self) -> bool:
        """Whether every number is above zero, so that logarithms can be taken."""
        return bool((self.quantiles > 0).all() and (self.realised > 0).all())


@dataclass(frozen=True, slots=True)
class _Known:
    value: float | None
    group: str
    attributes: Mapping[str, str]


def is_of_quantities(forecasts: Path) -> bool:
    """Return whether a FORECASTS file states quantiles."""
    source = read_text(forecasts, Place(Findings(), forecasts.name))
    return source is not None and "quantile" in header_of(source)


def read_quantities(
    forecasts: Path, outcomes: Path, *, group: str | None = None, round_: int | None = None
) -> ResolvedQuantities:
    """Return the quantiles of the quantities that are known; raise `InputError` with every problem of both files."""
    findings = Findings()
    here, there = Place(findings, forecasts.name), Place(findings, outcomes.name)
    known = _read_realised(outcomes, there, group)
    stated = _read_stated(forecasts, here, round_)
    if known is not None:
        _check_questions(stated, known, here)
    complete = _complete(stated, here)
    findings.raise_errors()
    assert known is not None
    usable = {key: values for key, values in complete.items() if known[key[0]].value is not None}
    if len({known[question].group for question, _ in usable}) < 2:  # noqa: PLR2004 - one left out, one to learn from
        there.error("Nothing can be left out: there are forecasts for fewer than two groups of known quantities.")
    findings.raise_errors()
    return _arrays(usable, known, findings)


def _read_realised(path: Path, place: Place, group: str | None) -> dict[str, _Known] | None:
    source = read_text(path, place)
    if source is None:
        return None
    names = header_of(source)
    question, realised = first_of(QUESTION, names), first_of(REALISED, names)
    if group is not None and group not in names:
        place.at(row=1, column=group).error(
            f"There is no column '{group}' to group questions by.", did_you_mean(group, names)
        )
        return None
    found: dict[str, _Known] = {}
    for row in read_rows(source, Columns((question, realised), free=True), place):
        name, here = row.cells[question], place.at(row=row.line)
        if name in found or not name:
            here.at(column=question).error(f"The question '{name}' stands there twice, or has no name.")
        value = _number(row.cells[realised], here.at(column=realised)) if row.cells[realised] else None
        found.setdefault(name, _Known(value, name if group is None else row.cells[group], row.cells))
    return found


def _read_stated(path: Path, place: Place, round_: int | None) -> dict[Key, dict[float, tuple[float, int]]]:
    source = read_text(path, place)
    if source is None:
        return {}
    question = first_of(QUESTION, header_of(source))
    rounds: dict[Key, dict[int, dict[float, tuple[float, int]]]] = {}
    for row in read_rows(source, Columns((question, "expert", "quantile", "value"), ("round",), free=True), place):
        _read_quantile(row, row.cells[question], rounds, place.at(row=row.line))
    every = sorted({number for of_key in rounds.values() for number in of_key})
    if round_ is not None and round_ not in every:
        place.at(column="round").error(f"There is no round {round_}.", ", ".join(map(str, every)))
    chosen = {key: of_key.get(max(of_key) if round_ is None else round_) for key, of_key in rounds.items()}
    return {key: values for key, values in chosen.items() if values}


def _read_quantile(
    row: Row, question: str, rounds: dict[Key, dict[int, dict[float, tuple[float, int]]]], place: Place
) -> None:
    if not row.cells["value"]:
        return
    level = _number(row.cells["quantile"], place.at(column="quantile"))
    value = _number(row.cells["value"], place.at(column="value"))
    number = read_round(row.cells.get("round", ""), place.at(column="round"))
    if level is not None and not 0 < level < 1:
        place.at(column="quantile").error(f"{level:g} is no level of a quantile.", "between 0 and 1, such as 0.05")
        level = None
    if level is None or value is None:
        return
    values = rounds.setdefault((question, row.cells["expert"]), {}).setdefault(number, {})
    if level in values:
        place.error(f"A second value for the quantile {level:g}: the first is in row {values[level][1]}.")
    values.setdefault(level, (value, row.line))


def _number(text: str, place: Place) -> float | None:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if np.isfinite(value):
        return value
    place.error(f"{text!r} is no number.", "a number such as 120, 0.5 or 1e6")
    return None


def _check_questions(
    stated: Mapping[Key, Mapping[float, tuple[float, int]]], known: Mapping[str, _Known], place: Place
) -> None:
    first: dict[str, int] = {}
    for (name, _), values in stated.items():
        first.setdefault(name, min(line for _, line in values.values()))
    for name, line in first.items():
        if name not in known:
            place.at(row=line, column="question").error(
                f"The question '{name}' is not in OUTCOMES.", did_you_mean(name, known)
            )


def _complete(
    stated: Mapping[Key, Mapping[float, tuple[float, int]]], place: Place
) -> dict[Key, dict[float, tuple[float, int]]]:
    """Return the answers that state all the levels of the file; note falling quantiles."""
    levels = {level for values in stated.values() for level in values}
    if stated and MEDIAN not in levels:
        place.at(column="quantile").error("Nobody states the median.", "the quantile 0.5 among others")
    found = {}
    for key, values in stated.items():
        rising = dict(sorted(values.items()))
        for (_, (before, _)), (_, (after, line)) in pairwise(rising.items()):
            if after < before:
                place.at(row=line, column="value").error(f"The quantiles fall: {after:g} after {before:g}.")
        if set(rising) == levels:
            found[key] = rising
        else:
            place.at(row=next(iter(values.values()))[1]).warn(f"'{key[1]}' left quantiles of '{key[0]}' out: not used.")
    return found


def _arrays(
    answers: Mapping[Key, Mapping[float, tuple[float, int]]], known: Mapping[str, _Known], findings: Findings
) -> ResolvedQuantities:
    answered = {question for question, _ in answers}
    questions = tuple(name for name in known if name in answered)
    experts = tuple(dict.fromkeys(expert for _, expert in answers))
    place_q, place_e = (_numbered(questions), _numbered(experts))
    return ResolvedQuantities(
        questions=questions,
        experts=experts,
        levels=tuple(next(iter(answers.values()))),
        question=np.array([place_q[question] for question, _ in answers], dtype=int),
        expert=np.array([place_e[expert] for _, expert in answers], dtype=int),
        quantiles=np.array([[value for value, _ in values.values()] for values in answers.values()]),
        realised=np.array([known[name].value for name in questions], dtype=float),
        group=tuple(known[name].group for name in questions),
        attributes={name: known[name].attributes for name in questions},
        warnings=in_reading_order(findings.warnings),
    )


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def take(quantities: ResolvedQuantities, rows: np.ndarray) -> ResolvedQuantities:
    """Return the same for some answers (boolean, one each); questions and experts left without any are dropped."""
    if not rows.any():
        raise InputError("No answer is left.")
    questions, question = np.unique(quantities.question[rows], return_inverse=True)
    experts, expert = np.unique(quantities.expert[rows], return_inverse=True)
    return replace(
        quantities,
        questions=tuple(quantities.questions[q] for q in questions),
        group=tuple(quantities.group[q] for q in questions),
        experts=tuple(quantities.experts[e] for e in experts),
        question=question,
        expert=expert,
        quantiles=quantities.quantiles[rows],
        realised=quantities.realised[questions],
    )
