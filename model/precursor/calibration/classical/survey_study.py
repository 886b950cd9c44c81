"""A study from one of our surveys: answers in the form ``quantiles``.

Seed questions with a realised value are the seeds, on the scale that they state.  Other questions answered by quantiles
are items whose answer is not known: probabilities on a linear background, ratios on a log one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from precursor.calibration.classical.study import Background, Study, shown_level, value_problems
from precursor.elicitation.answers import Quantiles, Scale
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.questions import Question
from precursor.elicitation.survey import Survey
from precursor.elicitation.survey_names import RESPONSES
from precursor.problems import InputError, Problem

_BACKGROUND: Mapping[Scale, Background] = {"probability": "linear", "linear": "linear", "ratio": "log", "log": "log"}
_FEWEST_LEVELS = 2


def study_of(survey: Survey) -> Study:
    """Return the study in a survey; of an expert's answers to a question in several rounds the last one counts.

    Experts who gave different levels are compared at the levels that all of them gave, with a warning.

    Raises
    ------
    InputError
        If there are no quantiles, the answers have fewer than two levels in common, or a quantity on a log scale is
        not above zero.
    """
    answers = _last_answers(survey)
    if not answers:
        raise InputError(Problem("Nobody answered in quantiles.", "answers of the form 'quantiles'", file=RESPONSES))
    levels, warnings = _common_levels(list(answers.values()))
    experts = tuple(expert for expert in survey.answering if any(who == expert for who, _ in answers))
    asked = {question for _, question in answers}
    questions = [survey.questions[id_] for id_ in survey.answered if id_ in asked]
    quantiles = np.full((len(experts), len(questions), len(levels)), np.nan)
    problems: list[Problem] = []
    for column, question in enumerate(questions):
        for row, expert in enumerate(experts):
            if (judgement := answers.get((expert, question.id))) is not None:
                values = _at(judgement, levels)
                quantiles[row, column] = values
                problems += [
                    Problem(
                        f"{expert}, {question.id}, {p.column}: {p.message}",
                        p.allowed,
                        RESPONSES,
                        judgement.row,
                        "answer",
                    )
                    for p in value_problems(values, levels, _BACKGROUND[question.scale])
                ]
    if problems:
        raise InputError(problems)
    known = np.array([_known(question) for question in questions])
    scales: tuple[Background, ...] = tuple(_BACKGROUND[question.scale] for question in questions)
    items = tuple(question.id for question in questions)
    return Study(experts, items, levels, quantiles, known, scales, (*warnings, *_ties(answers, levels)))


def _last_answers(survey: Survey) -> dict[tuple[str, str], Judgement]:
    """Return the answers in quantiles by expert and question, but those to seeds that are events."""
    answers: dict[tuple[str, str], Judgement] = {}
    for judgement in sorted(survey.judgements, key=lambda judgement: judgement.round):
        question = survey.questions[judgement.question]
        if isinstance(judgement.answer, Quantiles) and question.outcome is None:
            answers[judgement.expert, judgement.question] = judgement
    return answers


def _common_levels(answers: Sequence[Judgement]) -> tuple[tuple[float, ...], list[Problem]]:
    """Return the levels that all answers have, with a warning if some have others too."""
    by_levels: dict[tuple[float, ...], list[str]] = {}
    for judgement in answers:
        experts = by_levels.setdefault(_levels(judgement), [])
        if judgement.expert not in experts:
            experts.append(judgement.expert)
    if len(by_levels) == 1:
        return next(iter(by_levels)), []
    common = tuple(level for level in next(iter(by_levels)) if all(level in levels for levels in by_levels))
    who = "; ".join(f"{_shown(levels)}: {', '.join(experts)}" for levels, experts in by_levels.items())
    if len(common) < _FEWEST_LEVELS:
        message = f"The experts gave different levels ({who})."
        raise InputError(Problem(message, "two levels or more that every answer has", file=RESPONSES))
    message = f"The experts gave different levels ({who}); compared at those in common: {_shown(common)}."
    return common, [Problem(message, file=RESPONSES)]


def _ties(answers: Mapping[tuple[str, str], Judgement], levels: tuple[float, ...]) -> list[Problem]:
    return [
        Problem(f"{expert}, {question}: quantiles are equal.", file=RESPONSES, row=judgement.row)
        for (expert, question), judgement in answers.items()
        if len(set(_at(judgement, levels))) < len(levels)
    ]


def _levels(judgement: Judgement) -> tuple[float, ...]:
    assert isinstance(judgement.answer, Quantiles)
    return tuple(round(level, 12) for level in judgement.answer.levels)


def _at(judgement: Judgement, levels: tuple[float, ...]) -> list[float]:
    assert isinstance(judgement.answer, Quantiles)
    values = dict(zip(_levels(judgement), judgement.answer.values, strict=True))
    return [values[level] for level in levels]


def _known(question: Question) -> float:
    return np.nan if question.realised is None else question.realised


def _shown(levels: Sequence[float]) -> str:
    return ", ".join(shown_level(level) for level in levels)
