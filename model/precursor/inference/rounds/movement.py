r"""Movement between rounds of an IDEA or Delphi survey, by expert and question.

With y an answer's location before and y' after, in log-odds (`rounds.location`), and m the median before of *everybody
else* who answered in both rounds,

    moved = y' - y,    share of the gap closed = (y' - y) / (m - y),

so that 1 is going all the way to the others and more is going past them.  The median is the others' own, because one's
own answer is part of the group's and would be moved towards for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.inference.rounds.location import is_censored, locations_of, scale_of

Direction = Literal["towards", "away", "past", "unchanged", "no_others", "from_the_median"]
SAME = 1e-9
# Preferred where one person answered a question in several forms in one round.
_FORMS = ("point", "quantiles", "chips", "likelihood_ratio", "distribution", "bound", "verbal")


@dataclass(frozen=True)
class Movement:
    """One expert's answers to one question (of a distribution, to one state) in two rounds one after the other.

    Attributes
    ----------
    part
        The state of a distribution; empty of one number.
    scale
        ``probability`` (locations in log-odds), ``ratio``, ``log`` (logs) or ``linear``.
    before, after
        Locations.
    others
        Median before of everybody else who answered in both rounds; ``None`` if nobody did.
    """

    question: str
    part: str
    expert: str
    scale: str
    first: Judgement
    second: Judgement
    before: float
    after: float
    others: float | None

    @property
    def moved(self) -> float:
        """How far, on the location's scale."""
        return self.after - self.before

    @property
    def form_changed(self) -> bool:
        """Whether the two answers have different forms, so that they were compared by location only."""
        return self.first.form != self.second.form

    @property
    def censored(self) -> bool:
        """Whether either answer is a limit rather than a number."""
        return is_censored(self.first) or is_censored(self.second)

    @property
    def gap_closed(self) -> float | None:
        """Share of the distance to the others' median that was covered; ``None`` if there was none."""
        if self.others is None or abs(self.others - self.before) <= SAME:
            return None
        return self.moved / (self.others - self.before)

    @property
    def direction(self) -> Direction:
        """Towards the others' median, past it to the other side, away from it, off it, or not at all."""
        if abs(self.moved) <= SAME:
            return "unchanged"
        if self.others is None:
            return "no_others"
        closed = self.gap_closed
        if closed is None:
            return "from_the_median"
        return "away" if closed < 0 else "towards" if closed <= 1 + SAME else "past"


@dataclass(frozen=True)
class Spread:
    """How far apart people stand, on the location's scale; of those who answered in both rounds."""

    experts: int
    sd_before: float
    sd_after: float
    quartiles_before: float
    quartiles_after: float
    median_before: float
    median_after: float

    @property
    def ratio(self) -> float | None:
        """Standard deviation after over before: below one the group converges; ``None`` if all agreed before."""
        return self.sd_after / self.sd_before if self.sd_before > SAME else None


def movements(survey: Survey) -> tuple[Movement, ...]:
    """Return every movement from one round to the next in which the expert answered the question again."""
    placed = _placed(survey)
    by_pair: dict[tuple[str, str, int, int], list[tuple[str, Judgement, Judgement, float, float]]] = {}
    for (question, part, expert), rounds in placed.items():
        for first, second in pairwise(sorted(rounds)):
            (one, before), (other, after) = rounds[first], rounds[second]
            by_pair.setdefault((question, part, first, second), []).append((expert, one, other, before, after))
    found = []
    for (question, part, _, _), moved in by_pair.items():
        start = np.array([before for *_, before, _ in moved])
        for i, (expert, one, other, before, after) in enumerate(moved):
            rest = np.delete(start, i)
            others = float(np.median(rest)) if len(rest) else None
            scale = scale_of(survey, one)
            found.append(Movement(question, part, expert, scale, one, other, before, after, others))
    return tuple(found)


def spread_of(moved: Sequence[Movement]) -> Spread | None:
    """Return the spread of one question before and after; ``None`` of fewer than two experts."""
    if len(moved) < 2:  # noqa: PLR2004 - one person has no spread
        return None
    before, after = (np.array([getattr(one, name) for one in moved]) for name in ("before", "after"))
    return Spread(
        experts=len(moved),
        sd_before=float(before.std(ddof=1)),
        sd_after=float(after.std(ddof=1)),
        quartiles_before=_quartile_range(before),
        quartiles_after=_quartile_range(after),
        median_before=float(np.median(before)),
        median_after=float(np.median(after)),
    )


def _quartile_range(values: np.ndarray) -> float:
    low, high = np.quantile(values, [0.25, 0.75])
    return float(high - low)


def share_unchanged(moved: Sequence[Movement]) -> float:
    """Return the share of movements that are none; not a number without any."""
    return sum(one.direction == "unchanged" for one in moved) / len(moved) if moved else math.nan


def _placed(survey: Survey) -> Mapping[tuple[str, str, str], dict[int, tuple[Judgement, float]]]:
    """Return each expert's answer and its location by (question, part, expert), then by round."""
    found: dict[tuple[str, str, str], dict[int, tuple[Judgement, float]]] = {}
    order = sorted(survey.judgements, key=lambda j: _FORMS.index(j.form) if j.form in _FORMS else len(_FORMS))
    for judgement in order:
        for part, location in locations_of(survey, judgement).items():
            rounds = found.setdefault((judgement.question, part, judgement.expert), {})
            rounds.setdefault(judgement.round, (judgement, location))
    return found
