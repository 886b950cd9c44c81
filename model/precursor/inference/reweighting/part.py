"""Part of a plan: only some units, but standing as they stand in the whole.

What a change of answers does to the density is a matter of the units it touches.  Their part of a plan is quick to
make and to evaluate, because the network is asked their questions only.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from precursor.inference.answers.centres import CENTRED_FROM_UNITS
from precursor.inference.answers.observations import Observations
from precursor.inference.answers.rows import Ranked, Row, Unit
from precursor.inference.decisions import Decisions
from precursor.inference.plan import Plan, plan_of

UnitKey = tuple[bool, str]


def unit_key(unit: Unit) -> UnitKey:
    """Return what tells a unit from every other: whether it is a published group, and its id."""
    return unit.is_group, unit.id


@dataclass(frozen=True)
class Part:
    """A part of a plan, and which rows and rankings of the whole its own are."""

    plan: Plan
    rows: tuple[int, ...]
    ranked: tuple[int, ...]


def part_of(whole: Observations, decisions: Decisions, units: Collection[UnitKey]) -> Part:
    """Return the part of some units.

    One row of each noise group comes along where a published group's quartiles are compared with the noise of all.
    """
    wanted = {i for i, row in enumerate(whole.rows) if unit_key(row.unit) in units}
    if any(whole.rows[i].quartile_range > 0 for i in wanted):
        wanted |= set(_one_of_each([row.noise_group for row in whole.rows], whole.rows))
        wanted |= set([i for i, row in enumerate(whole.rows) if row.kind == "quantity" and not row.unit.is_group][:1])
    ranked = [i for i, ranking in enumerate(whole.ranked) if unit_key(ranking.unit) in units]
    return _part(whole, decisions, wanted, ranked)


def centred_part(whole: Observations, decisions: Decisions, asked: Collection[str]) -> Part:
    """Return the part that says how the latents of well-answered questions among ``asked`` place their effects.

    That depends on all answers to them and to others on the same targets, and on which groups there are.
    """
    many = {question for question in whole.shared_questions if _units(whole, question) >= CENTRED_FROM_UNITS}
    targets = {row.target for row in whole.rows if row.asked in many and row.asked in asked}
    wanted = {
        i
        for i, row in enumerate(whole.rows)
        if row.asked in many and (row.asked in asked or (row.target is not None and row.target in targets))
    }
    if wanted:
        wanted |= set(_one_of_each([row.unit.group for row in whole.rows], whole.rows))
    return _part(whole, decisions, wanted, [])


def _units(whole: Observations, question: str) -> int:
    return len({row.unit for row in whole.rows if row.asked == question})


def _one_of_each(names: list[str], rows: tuple[Row, ...]) -> list[int]:
    """Return the last row of a person for each name: what comes last settles a group's side."""
    persons = [(name, i) for i, (name, row) in enumerate(zip(names, rows, strict=True)) if not row.unit.is_group]
    return list(dict(persons).values())


def _part(whole: Observations, decisions: Decisions, rows: Collection[int], ranked: Collection[int]) -> Part:
    kept, rankings = sorted(rows), sorted(ranked)
    own = [whole.rows[i] for i in kept]
    answers: list[Row | Ranked] = [*own, *(whole.ranked[i] for i in rankings)]
    queries = sorted({str(answer.question.query) for answer in answers if answer.question.query is not None})
    asked, people = {row.asked for row in own}, {row.unit.id for row in own}
    offsets = {answer.question.offset for answer in answers}
    observations = replace(
        whole,
        rows=tuple(own),
        ranked=tuple(whole.ranked[i] for i in rankings),
        questions=tuple(sorted({answer.key for answer in answers})),
        queries=tuple(queries),
        query_of={text: whole.query_of[text] for text in queries},
        shared_questions=tuple(name for name in whole.shared_questions if name in asked),
        placed_questions=tuple(name for name in whole.placed_questions if name in asked),
        seeds=tuple(key for key in whole.seeds if any(row.key == key for row in own)),
        widths=tuple(name for name in whole.widths if name in people),
        offsets=tuple(offset for offset in whole.offsets if offset.id in offsets),
    )
    plan = plan_of(observations, decisions)
    # A plan leaves out rankings that turn out to say nothing.
    left = [(ranking.unit, ranking.key, ranking.judgement) for ranking in plan.observations.ranked]
    asked_of = [i for i in rankings if (whole.ranked[i].unit, whole.ranked[i].key, whole.ranked[i].judgement) in left]
    return Part(plan, tuple(kept), tuple(asked_of))
