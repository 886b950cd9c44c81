"""Who answered: a person with a camp, or a published group that speaks to the population."""

from __future__ import annotations

import math
from dataclasses import replace

from precursor.elicitation.answers import Point
from precursor.elicitation.judgements import GroupSummary, Judgement
from precursor.elicitation.survey import Survey
from precursor.inference.answers.rows import Row, Unit
from precursor.inference.answers.statements import statement
from precursor.inference.answers.statements.statement import on_scale
from precursor.inference.decisions import CAMP_SIDES, CAMP_SPREAD, UNPLACED_SPREAD

_MEDIAN_ERROR = 1.25  # standard error of a median over that of a mean, for bell-shaped answers
QUARTILES_TO_SCALE = 1.4814  # interquartile range of Student's t with four degrees of freedom
_UNSTATED_SPREAD = 1.5
_Z975 = 1.96


def person_of(survey: Survey, judgement: Judgement) -> Unit:
    """Return the person who gave an answer, as the survey describes them."""
    attributes = survey.experts.get(judgement.expert, {})
    camp = attributes.get("camp", "").strip().lower()
    noise_group = attributes.get("group") or survey.id
    side = CAMP_SIDES.get(camp)
    return Unit(
        id=judgement.person,
        label=attributes.get("name") or judgement.expert,
        group=f"{noise_group}/{camp}" if camp else noise_group,
        noise_group=noise_group,
        is_group=False,
        side=side or 0.0,
        side_spread=UNPLACED_SPREAD if side is None else CAMP_SPREAD,
        camp=camp,
    )


def group_row(survey: Survey, summary: GroupSummary, key: str) -> Row | None:
    """Return a published group's median as a row of its own unit: it speaks to the population, not as one expert.

    Its error is that of a median of ``n`` answers, from the published interval or quartiles, and its rounding.  A
    median of 0 or 1 is censored like anybody's; ``None`` for one that says nothing.
    """
    said = statement(summary.median, survey.lexicon)
    if said is None:
        return None
    quartiles = _span(summary.q25, summary.q75)
    interval = _span(summary.ci95_low, summary.ci95_high)
    if interval > 0:
        error = interval / (2 * _Z975)
    else:
        spread = quartiles / QUARTILES_TO_SCALE if quartiles > 0 else _UNSTATED_SPREAD
        error = _MEDIAN_ERROR * spread / summary.n**0.5
    name = f"{survey.id}/{summary.group}"
    unit = Unit(name, summary.group.replace("_", " "), name, "", True, 0.0, UNPLACED_SPREAD)
    with_error = replace(said, variance=said.variance + error**2)
    question = survey.questions[summary.question]
    return Row(unit, survey.id, question, key, with_error, summary, quartile_range=quartiles)


def _span(low: Point | None, high: Point | None) -> float:
    """Return the distance of two published points, on their scale; zero if one is missing or at an end."""
    if low is None or high is None:
        return 0.0
    ends = [on_scale(point.value, point.scale) for point in (low, high)]
    return ends[1] - ends[0] if all(map(math.isfinite, ends)) else 0.0
