"""What changed between two sets of answers: whose answers, to which questions, were added, removed or replaced.

All answers of both stand in one union, in which each set is some of them switched on.  What the same answers are worth
may differ besides, because of what surrounds them: a question that one person alone answered has its error integrated
out with that person's, one that two answered shares it.  Such differences are counted apart from the answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from precursor.elicitation.survey import Survey
from precursor.inference.answers.observations import Observations, observe
from precursor.inference.answers.rows import Ranked, Row
from precursor.inference.decisions import Decisions
from precursor.inference.reweighting.part import UnitKey, unit_key


@dataclass(frozen=True, order=True)
class Player:
    """One unit's answers to one question, as far as they changed: what a part of the move is credited to."""

    unit: UnitKey
    question: str


@dataclass(frozen=True)
class Answered:
    """Answers, the decisions under which they were fitted, and which of the union's answers they are."""

    observations: Observations
    decisions: Decisions
    rows: np.ndarray
    ranked: np.ndarray


@dataclass(frozen=True)
class Changes:
    """Two sets of answers within their union; ``decided`` are the decisions of the later."""

    before: Answered
    after: Answered
    union: Observations

    @property
    def decided(self) -> Decisions:
        """The decisions under which the union is evaluated: the later ones."""
        return self.after.decisions

    @cached_property
    def players(self) -> tuple[Player, ...]:
        """All changes of answers, sorted."""
        rows = np.flatnonzero(self.before.rows != self.after.rows)
        ranked = np.flatnonzero(self.before.ranked != self.after.ranked)
        changed = [self.union.rows[i] for i in rows] + [self.union.ranked[i] for i in ranked]
        return tuple(sorted({Player(unit_key(answer.unit), answer.key) for answer in changed}))

    @cached_property
    def units(self) -> frozenset[UnitKey]:
        """The units whose answers changed."""
        return frozenset(player.unit for player in self.players)

    def restructured(self, side: Answered) -> frozenset[UnitKey]:
        """Return the units whose answers are worth something else in a set than the same answers in the union."""
        kept = {unit_key(self.union.rows[i].unit) for i in np.flatnonzero(side.rows)}
        if side.decisions != self.decided:
            return frozenset(kept | {unit_key(self.union.ranked[i].unit) for i in np.flatnonzero(side.ranked)})
        here, there = _standings(side.observations, None), _standings(self.union, side.rows)
        return frozenset(unit for unit in kept if here.get(unit) != there.get(unit))


def changes_between(
    before: Sequence[Survey], after: Sequence[Survey], decisions: tuple[Decisions, Decisions] | None = None
) -> Changes:
    """Return what changed from one list of surveys to another.

    A survey that stands in both lists with the same files is one; with other files its two versions are compared
    answer by answer, and an answer that is the same in both has not changed.
    """
    known = [(survey.id, tuple(sorted(survey.hashes.items()))) for survey in before]
    added = [survey for survey in after if (survey.id, tuple(sorted(survey.hashes.items()))) not in known]
    union = observe([*before, *added])
    old, new = decisions or (Decisions(), Decisions())
    return Changes(_answered(union, observe(before), old), _answered(union, observe(after), new), union)


def _answered(union: Observations, own: Observations, decisions: Decisions) -> Answered:
    return Answered(
        own,
        decisions,
        _among([_content(row) for row in union.rows], [_content(row) for row in own.rows]),
        _among([_ranking(r) for r in union.ranked], [_ranking(r) for r in own.ranked]),
    )


def _among(union: Sequence[Hashable], own: Sequence[Hashable]) -> np.ndarray:
    """Return which of the union's answers are one's own, (answer,); of equal ones the first."""
    left: dict[Hashable, int] = defaultdict(int)
    for name in own:
        left[name] += 1
    found = np.zeros(len(union), dtype=bool)
    for i, name in enumerate(union):
        if left[name]:
            left[name] -= 1
            found[i] = True
    return found


def _content(row: Row) -> Hashable:
    return (unit_key(row.unit), row.survey, row.question.id, row.question.meaning, row.kind, row.contrast,
            row.statement, row.rounding, row.quartile_range)  # fmt: skip


def _ranking(ranked: Ranked) -> Hashable:
    return (unit_key(ranked.unit), ranked.survey, ranked.question.id, ranked.question.meaning, ranked.stated)


def _standings(observations: Observations, active: np.ndarray | None) -> dict[UnitKey, tuple[str, ...]]:
    """Return, by unit, what its active rows' density depends on besides the effects."""
    shared, placed = set(observations.shared_questions), set(observations.placed_questions)
    noises, widths = observations.noise_groups, set(observations.widths)
    found: dict[UnitKey, list[Hashable]] = defaultdict(list)
    for i, row in enumerate(observations.rows):
        if active is not None and not active[i]:
            continue
        around = noises if row.quartile_range > 0 else ()
        stands = row.asked in shared, row.asked in placed, row.unit.id in widths
        found[unit_key(row.unit)].append((_content(row), row.asked, row.unit, stands, around))
    return {unit: tuple(sorted(map(repr, rows))) for unit, rows in found.items()}
