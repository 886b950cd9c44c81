"""Forecasts of events whose outcome is known: who said what, how finely, and what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from precursor.problems import Problem

CENSORED_WITHIN = 0.005


@dataclass(frozen=True, eq=False, kw_only=True)
class ResolvedForecasts:
    """Probabilities stated for events that did (1) or did not (0) happen.

    One entry of ``probability``, ``low``, ``high``, ``expert``, ``question`` for each answer.  ``low`` and ``high`` are
    the ends of what the resolution of the typed number leaves open; ``lower``, ``upper`` the expert's own interval, nan
    where none was given.  ``outcome`` and ``group`` have one entry for each question.
    """

    questions: tuple[str, ...]
    experts: tuple[str, ...]
    question: np.ndarray
    expert: np.ndarray
    probability: np.ndarray
    low: np.ndarray
    high: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    outcome: np.ndarray
    group: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def by_question(self) -> tuple[np.ndarray, ...]:
        """The positions of the answers to each question."""
        order = np.argsort(self.question, kind="stable")
        ends = np.cumsum(np.bincount(self.question, minlength=len(self.questions)))
        return tuple(np.split(order, ends[:-1]))

    @property
    def log_odds(self) -> np.ndarray:
        """Log-odds of every answer; a stated 0 or 1 counts as the end of its resolution (0 typed plainly: 0.005)."""
        p = np.where(self.probability <= 0, self.high, np.where(self.probability >= 1, self.low, self.probability))
        return np.log(p) - np.log1p(-p)

    @property
    def side(self) -> np.ndarray:
        """-1 for an answer of 0 (somewhere below ``high``), 1 for an answer of 1 (somewhere above ``low``), else 0."""
        return np.where(self.probability <= 0, -1, np.where(self.probability >= 1, 1, 0))

    @property
    def rounding(self) -> np.ndarray:
        """Standard deviation, in log-odds, of what the resolution leaves open; 0 for answers of 0 and 1.

        A number typed with two decimals is uniform over one hundredth, to first order ``(high - low) / sqrt(12)``
        divided by ``p (1 - p)``; never more than a factor of e in the odds.
        """
        p = self.probability
        inside = (p > 0) & (p < 1)
        width = np.divide(self.high - self.low, p * (1 - p), out=np.zeros_like(p), where=inside)
        return np.minimum(width / np.sqrt(12.0), 1.0)

    def of_questions(self, chosen: np.ndarray) -> ResolvedForecasts:
        """Return the same for some questions (boolean, one for each); all experts keep their numbers."""
        answers = chosen[self.question]
        return replace(
            self,
            questions=tuple(name for name, keep in zip(self.questions, chosen, strict=True) if keep),
            group=tuple(name for name, keep in zip(self.group, chosen, strict=True) if keep),
            outcome=self.outcome[chosen],
            question=(np.cumsum(chosen) - 1)[self.question[answers]],
            **{name: getattr(self, name)[answers] for name in _OF_ANSWERS},
        )


_OF_ANSWERS = ("expert", "probability", "low", "high", "lower", "upper")


def resolved(
    answers: Mapping[tuple[str, str], float],
    outcomes: Mapping[str, int],
    groups: Mapping[str, str] | None = None,
    *,
    unit: float = 0.01,
) -> ResolvedForecasts:
    """Return forecasts given as ``{(question, expert): probability}``, stated to the nearest ``unit``.

    Questions stand in the order of ``outcomes``, experts in the order in which they answer.
    """
    questions = tuple(name for name in outcomes if any(question == name for question, _ in answers))
    experts = tuple(dict.fromkeys(expert for _, expert in answers))
    place_q, place_e = ({name: i for i, name in enumerate(names)} for names in (questions, experts))
    p = np.array(list(answers.values()), dtype=float)
    half = np.where((p <= 0) | (p >= 1), min(unit / 2, CENSORED_WITHIN), unit / 2)
    half = np.minimum(half, np.where((p > 0) & (p < 1), np.minimum(p, 1 - p), half))
    empty = np.full(len(p), np.nan)
    return ResolvedForecasts(
        questions=questions,
        experts=experts,
        question=np.array([place_q[question] for question, _ in answers], dtype=int),
        expert=np.array([place_e[expert] for _, expert in answers], dtype=int),
        probability=p,
        low=np.clip(p - half, 0, 1),
        high=np.clip(p + half, 0, 1),
        lower=empty,
        upper=empty,
        outcome=np.array([outcomes[name] for name in questions], dtype=int),
        group=tuple((groups or {}).get(name, name) for name in questions),
    )
