"""Answers of one person to one question, in several forms or wordings, that cannot all be meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from precursor.elicitation.answers import LikelihoodRatio
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.questions import Question
from precursor.elicitation.survey import Survey
from precursor.elicitation.suspicions.stated import Stated, stated, warning
from precursor.problems import Problem

_REMEDY = "ask again, or leave out the one that is mistyped"
_APART = 2.0


def contradicted_answers(survey: Survey) -> Iterator[Problem]:
    """Yield each answer that is on the wrong side of another of the same person, in the same round.

    Two bounds, or a bound and a number, contradict each other if no number within both resolutions is left; two
    numbers if, besides, their odds differ by more than a factor of two (a wording asked twice is not a typing error).
    """
    held: dict[tuple[str, int, object], list[Stated]] = {}
    for judgement in survey.judgements:
        said = stated(judgement)
        if said is not None:
            key = (judgement.expert, judgement.round, _quantity(survey.questions[judgement.question]))
            held.setdefault(key, []).append(said)
    for answers in held.values():
        for first, second in combinations(answers, 2):
            if apart(first, second):
                earlier, later = sorted((first, second), key=lambda said: said.judgement.row)
                yield warning(later.judgement, _message(earlier.judgement, later.judgement), _REMEDY)


def _quantity(question: Question) -> object:
    return question.id if question.query is None else (question.query, question.offset)


def apart(first: Stated, second: Stated) -> bool:
    """Return whether two answers on one number contradict each other (see `contradicted_answers`)."""
    if max(first.low, second.low) <= min(first.high, second.high):
        return False
    if first.value is None or second.value is None:
        return True
    ends = (first, second) if first.high < second.low else (second, first)
    return _odds(ends[1].low, ends[1]) > _APART * _odds(ends[0].high, ends[0])


def _odds(value: float, said: Stated) -> float:
    answer = said.judgement.answer
    ratio = isinstance(answer, LikelihoodRatio) or getattr(answer, "scale", "probability") != "probability"
    return value if ratio or value >= 1 else value / (1 - value)


def _message(earlier: Judgement, later: Judgement) -> str:
    bound = "bound" in (earlier.form, later.form)
    what = "is on the wrong side of" if bound else "does not fit"
    same = "the same question" if earlier.question == later.question else f"'{earlier.question}', which asks the same"
    return f"'{later.expert}' says {later.text!r}, which {what} {earlier.text!r} in row {earlier.row} ({same})."
