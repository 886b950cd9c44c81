"""Answers that look ticked off rather than thought about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from precursor.elicitation.judgements import Judgement
from precursor.elicitation.survey import Survey
from precursor.elicitation.suspicions.stated import rows, stated, warning
from precursor.problems import Problem

FEWEST = 8
NEARLY_ALL = 0.9
MOSTLY = 0.6
_REMEDY = "ask whether they were meant; leave the person out if not"
_STEP = 1e-9


def monotonous_answers(survey: Survey) -> Iterator[Problem]:
    """Yield people who gave nearly the same answer throughout, mostly the middle of the scale, or steps of one size.

    Only people with eight answers or more to different questions in one round are looked at.
    """
    people: dict[tuple[str, int], dict[str, Judgement]] = {}
    for judgement in survey.judgements:
        people.setdefault((judgement.expert, judgement.round), {}).setdefault(judgement.question, judgement)
    for (expert, _), by_question in people.items():
        judgements = tuple(by_question.values())
        if len(judgements) >= FEWEST:
            yield from _one(expert, judgements)


def _one(expert: str, judgements: Sequence[Judgement]) -> Iterator[Problem]:
    said = [(_same(judgement), judgement) for judgement in judgements]
    (answer, count), *_ = Counter(key for key, _ in said).most_common(1)
    alike = [judgement for key, judgement in said if key == answer]
    middle = [judgement for judgement in judgements if _is_middle(judgement)]
    values = [value for judgement in judgements if (value := _value(judgement)) is not None]
    if count >= NEARLY_ALL * len(judgements):
        message = f"'{expert}' answers {alike[0].text!r} to {count} of {len(judgements)} questions ({rows(alike)})."
        yield warning(alike[0], message, _REMEDY)
    elif len(middle) >= MOSTLY * len(judgements):
        message = f"'{expert}' answers {len(middle)} of {len(judgements)} questions with the middle of the scale"
        yield warning(middle[0], f"{message} ({rows(middle)}).", _REMEDY)
    elif len(values) >= FEWEST and len(values) == len(judgements) and _steps(values):
        message = f"The answers of '{expert}' rise or fall by equal steps from question to question"
        yield warning(judgements[0], f"{message} ({rows(judgements)}).", _REMEDY)


def _same(judgement: Judgement) -> object:
    value = _value(judgement)
    return (judgement.form, judgement.text) if value is None else value


def _value(judgement: Judgement) -> float | None:
    said = stated(judgement)
    return None if said is None else said.value


def _is_middle(judgement: Judgement) -> bool:
    scale = getattr(judgement.answer, "scale", None)
    return scale == "probability" and _value(judgement) == 0.5  # noqa: PLR2004


def _steps(values: Sequence[float]) -> bool:
    steps = [after - before for before, after in pairwise(values)]
    return abs(steps[0]) > _STEP and all(abs(step - steps[0]) < _STEP for step in steps)
