"""``summaries.csv``: what was published of a group's answers; it speaks of the group, never as one expert."""

from __future__ import annotations

from itertools import pairwise

from precursor.elicitation.answers.context import AnswerContext
from precursor.elicitation.answers.numbers import whole_number
from precursor.elicitation.answers.point import Point, parse_point
from precursor.elicitation.files import SourceText
from precursor.elicitation.findings import Place
from precursor.elicitation.judgements import GroupSummary
from precursor.elicitation.questions import Question
from precursor.elicitation.responses import Setting
from precursor.elicitation.tables import Columns, Row, read_rows

INTERVALS = ("q25", "q75", "ci95_low", "ci95_high")
COLUMNS = Columns(("group", "question", "n", "median"), INTERVALS)
_RISING = (("q25", "median", "q75"), ("ci95_low", "median", "ci95_high"))


def read_summaries(source: SourceText, setting: Setting, place: Place) -> tuple[GroupSummary, ...]:
    """Return the published groups; what is wrong is noted at ``place``."""
    first_rows: dict[tuple[str, str], int] = {}
    read = [_summary(row, setting, first_rows, place.at(row=row.line)) for row in read_rows(source, COLUMNS, place)]
    summaries = tuple(summary for summary in read if summary is not None)
    if not summaries and not place.findings.errors:
        place.warn("There is no group in the file.")
    return summaries


def _summary(row: Row, setting: Setting, first_rows: dict[tuple[str, str], int], place: Place) -> GroupSummary | None:
    group, id_ = row.cells["group"], row.cells["question"]
    if not group:
        place.at(column="group").error("No group is named.", "a name")
    question = setting.question(id_, place.at(column="question"))
    if (group, id_) in first_rows:
        place.error(
            f"A second row on '{group}' and '{id_}': the first is row {first_rows[group, id_]}.",
            "one row for each group and question",
        )
    first_rows.setdefault((group, id_), row.line)
    n = _count(row.cells["n"], place.at(column="n"))
    if question is None or not _has_a_median(question, place):
        return None
    points = {key: _point(row, key, question, place) for key in ("median", *INTERVALS)}
    _check_rising(points, place)
    median = points.pop("median")
    if median is None or not n:
        return None
    return GroupSummary(setting.survey, group, id_, n, median, row=row.line, **points)


def _count(text: str, place: Place) -> int:
    if (number := whole_number(text, 1, 999_999_999)) is not None:
        return number
    place.error(f"{text!r} is no number of people." if text else "'n' is blank.", "a whole number from 1")
    return 0


def _has_a_median(question: Question, place: Place) -> bool:
    if {"point", "quantiles"} & set(question.forms):
        return True
    place.at(column="question").error(f"The answers to '{question.id}' have no median.", "a question for a number")
    return False


def _point(row: Row, key: str, question: Question, place: Place) -> Point | None:
    here, text = place.at(column=key), row.cells.get(key, "")
    if not text:
        if key == "median":
            here.error("'median' is blank.", "a number")
        return None
    with here.noting():
        return parse_point(text, AnswerContext(question.scale))
    return None


def _check_rising(points: dict[str, Point | None], place: Place) -> None:
    for keys in _RISING:
        stated = [(key, point.value) for key in keys if (point := points[key]) is not None]
        for (lower, before), (upper, after) in pairwise(stated):
            if after < before:
                place.at(column=upper).error(f"'{upper}' is below '{lower}'.", f"{' <= '.join(keys)}")
