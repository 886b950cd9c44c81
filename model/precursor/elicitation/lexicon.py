"""What verbal probabilities mean: a phrase's place and spread in log-odds.

Three sources.  *responses*: how thousands of people read the phrase; its spread is theirs, widened by the spread
between what official scales and those people take it to mean.  *scales*: found on official scales only; their widest
range is its central 90 %.  *survey*: what a survey says its own phrases mean, which overrides the carried meaning.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np

from precursor.elicitation.answers.numbers import read_number
from precursor.elicitation.answers.verbal import fold
from precursor.elicitation.files import read_text
from precursor.elicitation.findings import Findings, Place
from precursor.elicitation.tables import Columns, Row, read_rows

# From the centre of a normal distribution to its 95 % quantile.
Z_95 = 1.645
HALF_A_PERCENT = 0.005

LEXICON_FILES = ("responses.csv", "scales.csv")

RESPONSES = Columns(("phrase", "q05", "q50", "q95"), ("n", "mean", "sd", "q25", "q75"))
SCALES = Columns(("scale", "phrase", "low", "high"))
SURVEY = Columns(("phrase", "low", "median", "high", "reason"))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: ``location`` and ``sd`` in log-odds, and who says so."""

    phrase: str
    location: float
    sd: float
    source: Literal["responses", "scales", "survey"]


Lexicon = Mapping[str, Meaning]


def log_odds(probability: float) -> float:
    """Return the log-odds; 0 and 1 are taken at half a percent from the end."""
    inside = {0.0: HALF_A_PERCENT, 1.0: 1 - HALF_A_PERCENT}.get(probability, probability)
    return math.log(inside) - math.log1p(-inside)


def load_lexicon(folder: Path) -> Lexicon:
    """Return the carried lexicon, from ``responses.csv`` and ``scales.csv`` in a folder."""
    findings = Findings()
    ranges: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for phrase, place, row in _rows(folder / "scales.csv", SCALES, Place(findings, "scales.csv")):
        if ends := _probabilities(row, ("low", "high"), place):
            ranges[phrase].append((ends[0], ends[1]))
    meanings = {phrase: _from_scales(phrase, found) for phrase, found in ranges.items()}
    for phrase, place, row in _rows(folder / "responses.csv", RESPONSES, Place(findings, "responses.csv")):
        if quantiles := _probabilities(row, ("q05", "q50", "q95"), place):
            meanings[phrase] = _from_responses(phrase, quantiles, ranges[phrase])
    findings.raise_errors()
    return MappingProxyType(meanings)


def read_survey_lexicon(path: Path, place: Place) -> tuple[dict[str, Meaning], str | None]:
    """Return a survey's own phrases, and the SHA-256 of their file; what is wrong is noted at ``place``."""
    source = read_text(path, place)
    if source is None:
        return {}, None
    meanings: dict[str, Meaning] = {}
    for row in read_rows(source, SURVEY, place):
        here = place.at(row=row.line)
        phrase = fold(row.cells["phrase"])
        if not phrase or phrase in meanings:
            here.at(column="phrase").error(f"The phrase {phrase!r} stands there twice." if phrase else "No phrase.")
        if not row.cells["reason"]:
            here.at(column="reason").error("No reason is given for this meaning.", "why it is taken to mean this")
        if interval := _probabilities(row, ("low", "median", "high"), here):
            meanings[phrase] = _from_survey(phrase, interval, here)
    return meanings, source.sha256


def _from_responses(phrase: str, readings: tuple[float, ...], ranges: list[tuple[float, float]]) -> Meaning:
    low, location, high = (log_odds(reading) for reading in readings)
    within = (high - low) / (2 * Z_95)
    middles = [log_odds((bottom + top) / 2) for bottom, top in ranges]
    between = float(np.std([location, *middles], ddof=1)) if middles else 0.0
    return Meaning(phrase, location, math.hypot(within, between), "responses")


def _from_scales(phrase: str, ranges: list[tuple[float, float]]) -> Meaning:
    low, high = log_odds(min(low for low, _ in ranges)), log_odds(max(high for _, high in ranges))
    return Meaning(phrase, (low + high) / 2, (high - low) / (2 * Z_95), "scales")


def _from_survey(phrase: str, readings: tuple[float, ...], place: Place) -> Meaning:
    low, location, high = (log_odds(reading) for reading in readings)
    if not low <= location <= high or low == high:
        place.error(
            "The interval is empty or upside down (0 and 1 are taken at half a percent from the end).",
            "low <= median <= high, low below high",
        )
    return Meaning(phrase, location, (high - low) / (2 * Z_95), "survey")


def _rows(path: Path, columns: Columns, place: Place) -> Iterator[tuple[str, Place, Row]]:
    source = read_text(path, place)
    for row in read_rows(source, columns, place) if source else ():
        yield fold(row.cells["phrase"]), place.at(row=row.line), row


def _probabilities(row: Row, columns: tuple[str, ...], place: Place) -> tuple[float, ...]:
    """Return one probability per column, or nothing after noting every cell that holds none."""
    values = []
    for column in columns:
        with place.at(column=column).noting():
            values.append(read_number(row.cells[column], "probability").value)
    return tuple(values) if len(values) == len(columns) else ()
