"""What a survey holds: one expert's answer to one question, and what was published of a whole group's."""

from __future__ import annotations

from dataclasses import dataclass

from precursor.elicitation.answers import Answer, Point


@dataclass(frozen=True, slots=True)
class Judgement:
    """One answer of one expert; ``person`` is the same for one person in several surveys.

    ``text`` is the answer as typed and ``row`` the line of ``responses.csv`` on which it starts.
    """

    survey: str
    expert: str
    person: str
    question: str
    form: str
    answer: Answer
    text: str
    row: int
    round: int = 1
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """The published answer of ``n`` people: their median, quartiles or 95 % interval, each at its resolution."""

    survey: str
    group: str
    question: str
    n: int
    median: Point
    q25: Point | None = None
    q75: Point | None = None
    ci95_low: Point | None = None
    ci95_high: Point | None = None
    row: int = 0
