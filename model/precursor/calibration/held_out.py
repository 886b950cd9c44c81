"""What the expert model says of questions it has not learned from.

Questions left out one by one: the experts are learned from all answers, those to the question itself among them, and
consensus and trust from all outcomes but its own: the posterior predictive of that outcome given everything else.

Questions left out by groups: neither the answers nor the outcomes of the group teach anything; the consensus of each of
its questions is drawn from its own answers given what the other groups taught.

Every fold is a fit of its own: no weights have to be trusted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from precursor.calibration.expert_model import R_HAT_BELOW, AnswerFit, Settings, fit_answers, fit_outcomes
from precursor.calibration.forecasts import ResolvedForecasts

Progress = Callable[[str], None]

_SECONDS_BETWEEN_MESSAGES = 5.0
_LONGER = 4


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Predictions, (question,), and how they came about.

    ``scheme`` is ``one question left out`` or ``one group left out``; ``r_hat`` the worst over the folds of what was
    learned of experts in general, of the outcome curve and of the log-odds predicted; ``failed_fits`` counts the folds
    where it stayed too high after sampling longer.
    """

    probability: np.ndarray
    scheme: str
    fits: int
    r_hat: float
    failed_fits: int

    @property
    def passed(self) -> bool:
        """Whether every fit converged."""
        return self.failed_fits == 0


class _Fitter:
    """Fits fold after fold, and remembers how that went."""

    def __init__(self, forecasts: ResolvedForecasts, settings: Settings) -> None:
        self.forecasts = forecasts
        self.settings = settings
        self.fits = 0
        self.failed = 0
        self.r_hat = 0.0

    def answers(self, counted: np.ndarray) -> AnswerFit:
        """Return what the answers to some questions teach; sampled longer where chains disagree."""
        fit = fit_answers(self.forecasts, counted, self.settings)
        if fit.r_hat >= R_HAT_BELOW:
            fit = fit_answers(self.forecasts, counted, self._longer)
        self._note(fit.r_hat)
        return fit

    def outcomes(self, answers: AnswerFit, known: np.ndarray) -> np.ndarray:
        """Return P(outcome) of all questions given the outcomes of some; sampled longer where chains disagree."""
        fit = fit_outcomes(self.forecasts, answers, known, self.settings)
        if fit.r_hat >= R_HAT_BELOW:
            fit = fit_outcomes(self.forecasts, answers, known, self._longer)
        self._note(fit.r_hat)
        return fit.probability

    @property
    def _longer(self) -> Settings:
        return replace(self.settings, draws=_LONGER * self.settings.draws, tune=_LONGER * self.settings.tune)

    def _note(self, r_hat: float) -> None:
        self.fits += 1
        self.failed += r_hat >= R_HAT_BELOW
        self.r_hat = max(self.r_hat, r_hat)


def predict_held_out(forecasts: ResolvedForecasts, settings: Settings, progress: Progress) -> HeldOut:
    """Return P(outcome) of every question, learned from the questions of the other groups only."""
    progress(f"Fitting the expert model: {forecasts.question.size} answers of {len(forecasts.experts)} experts ...")
    fitter = _Fitter(forecasts, settings)
    group = np.array(forecasts.group)
    names = list(dict.fromkeys(forecasts.group))
    by_question = len(names) == group.size
    everything = fitter.answers(np.ones(group.size, dtype=bool)) if by_question else None
    probability = np.zeros(group.size)
    what = "Questions left out" if by_question else "Groups left out"
    for name in _counted(names, what, progress):
        known = group != name
        answers = fitter.answers(known) if everything is None else everything
        probability[~known] = fitter.outcomes(answers, known)[~known]
    return HeldOut(
        probability=probability,
        scheme="one question left out" if by_question else "one group left out",
        fits=fitter.fits,
        r_hat=fitter.r_hat,
        failed_fits=fitter.failed,
    )


def _counted[T](things: Sequence[T], what: str, progress: Progress) -> Iterator[T]:
    """Yield things, saying now and then how many are done and how long the rest will take."""
    start = last = time.monotonic()
    for done, thing in enumerate(things):
        now = time.monotonic()
        if done and now - last >= _SECONDS_BETWEEN_MESSAGES:
            last = now
            left = (now - start) / done * (len(things) - done)
            progress(f"{what}: {done} of {len(things)}, about {_rounded(left)} left.")
        yield thing


def _rounded(seconds: float) -> str:
    """Return seconds as ``40 s``, or ``3 min`` from a minute on."""
    return f"{seconds:.0f} s" if seconds < 60 else f"{seconds / 60:.0f} min"  # noqa: PLR2004 - a minute
