"""The mapping file: what each column of an export is, in TOML.

::

    layout = "wide"                  # or "filled": sheets made by `precursor template`
    sheet = "Sheet1"                 # of a workbook, if it has several
    header_rows = 1                  # names; second row, if any, wordings
    decimal_comma = false            # what a comma in a number is, if there is one
    declined = ["n/a", "no answer"]  # besides blank cells
    ignore = ["submitdate"]          # columns
    undecided = []                   # columns that the draft could not place: must be empty
    drop_rows = [7]                  # lines of the export

    [survey]                         # the keys of survey.toml, without `id`: that is the folder's name
    title = "..."

    [expert]
    column = "id"                    # none: people are numbered
    pseudonyms = false               # true: p1, p2, ... in place of what the column holds
    keep_identities = false          # true: e-mail and IP addresses may be copied
    round = "wave"                   # a column that holds the round

    [attributes]                     # columns of experts.csv
    camp = "Which camp?"

    [drop]                           # rows in which a column holds one of these values
    Status = ["Survey Preview"]

    [[answer]]
    question = "deceptive_by_default"
    form = "point"                   # or several: the first in which a cell can be read
    unit = "percent"                 # probability, percent, odds, odds_against, one_in, number
    column = "Q1"
    round = 1
    comment = "Q1_comment"
    sure = false                     # true: 0.5 in a column of percent is half a percent
    labels = { "Very low" = "very unlikely" }

    [[answer]]
    question = "..."
    form = "quantiles"               # also distribution (by state), chips (by bin), ranking (the rank, by property)
    parts = { "5%" = "Q2_low", "95%" = "Q2_high" }

    [[answer]]
    question = "..."
    form = "ranking"
    slots = ["Q3[1]", "Q3[2]"]       # columns that name what comes first, second, ...
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DECLINED = (
    "n/a", "na", "-", "--", "---", "?", "none", "no answer", "no opinion", "not applicable", "prefer not to say",
    "prefer not to answer", "i prefer not to say", "i prefer not to answer", "rather not say", "don't know",
    "do not know", "i don't know", "dk", "skip", "skipped", "-99", "-9999",
)  # fmt: skip
HEADER_KEYS = (
    "title", "population", "protocol", "elicited", "source", "licence", "synthetic", "fit_by_default",
)  # fmt: skip
IN_PARTS = ("quantiles", "distribution", "chips", "ranking")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerColumns:
    """The column, or the columns, that hold the answers to one question."""

    question: str
    forms: tuple[str, ...]
    unit: str | None = None
    column: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    slots: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    round: int = 1
    comment: str | None = None
    sure: bool = False
    line: int | None = None

    @property
    def references(self) -> tuple[str, ...]:
        """The names of the columns that hold the answer."""
        return (*((self.column,) if self.column else ()), *self.parts.values(), *self.slots)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Which column names the expert, and what may be copied of it."""

    column: str | None = None
    pseudonyms: bool = False
    keep_identities: bool = False
    round: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportMapping:
    """A mapping file as read."""

    layout: Literal["wide", "filled"] = "wide"
    sheet: str | None = None
    header_rows: int | None = None
    decimal_comma: bool | None = None
    declined: tuple[str, ...] = DECLINED
    ignore: tuple[str, ...] = ()
    drop_rows: tuple[int, ...] = ()
    survey: Mapping[str, object] = field(default_factory=dict)
    people: People = field(default_factory=People)
    attributes: Mapping[str, str] = field(default_factory=dict)
    drop: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: tuple[AnswerColumns, ...] = ()
    sha256: str = ""
    file: str = ""
