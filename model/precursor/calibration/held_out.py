"""What the expert model says of questions it has not learned from.

Let D be all that may be learned from.  The probability of a held-out outcome given the answers to its question is
``E_w[P(outcome | answers, draw)]`` over draws of the posterior, with weights that depend on what the draws have seen:

* the answers but not the outcome: 1;
* neither (a whole group is left out): how probable the draw makes the answers, ``m_0 + m_1``;
* both (one fit serves all questions): one over how probable it makes the outcome, ``(m_0 + m_1) / m_outcome``.

All three give the same posterior predictive.  Weights are Pareto-smoothed (A. Vehtari, D. Simpson, A. Gelman, Y. Yao,
J. Gabry 2024, JMLR 25(72)); where the Pareto k says that they cannot be trusted the question gets a fit of its own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from precursor.calibration.expert_model import Posterior, Sampler, Settings
from precursor.calibration.forecasts import ResolvedForecasts
from precursor.calibration.predictive import Evidence, evidence

Progress = Callable[[str], None]

PARETO_K_BELOW = 0.7
MOST_FITS = 60
_SECONDS_BETWEEN_MESSAGES = 5.0
_LONGER = 3
_CAREFUL = 0.98


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Predictions, (question,), and how they came about.

    ``scheme`` is ``fit per question``, ``one fit, reweighted`` or ``fit per group``; ``pareto_k`` is nan where no
    weights were needed; ``refitted`` says which questions got a fit of their own because their weights were bad;
    ``nu_held`` whether some fits held nu (`expert_model`) because chains that learned it disagreed.
    """

    probability: np.ndarray
    scheme: str
    pareto_k: np.ndarray
    refitted: np.ndarray
    fits: int
    r_hat: float
    divergences: int
    failed_fits: int
    nu_held: bool

    @property
    def passed(self) -> bool:
        """Whether every fit converged and all weights that were used can be trusted."""
        trusted = self.refitted | np.isnan(self.pareto_k) | (self.pareto_k < PARETO_K_BELOW)
        return self.failed_fits == 0 and bool(trusted.all())


class _Fitter:
    """Fits one model again and again, and remembers how that went."""

    def __init__(self, forecasts: ResolvedForecasts, settings: Settings) -> None:
        self.forecasts = forecasts
        self.settings = settings
        self.sampler = Sampler.compiled_from(forecasts)
        self.nu_held = False
        self.posteriors = 0
        self.failed = 0
        self.divergences = 0
        self.r_hat = 0.0

    def fit(self, answers: np.ndarray, outcomes: np.ndarray) -> Posterior:
        """Return a posterior; where chains disagree, nu is held from now on, and then sampled longer if need be."""
        posterior = self.sampler.fit(answers, outcomes, self.settings, nu_held=self.nu_held)
        if not posterior.passed and not self.nu_held:
            self.nu_held = True
            posterior = self.sampler.fit(answers, outcomes, self.settings, nu_held=True)
        if not posterior.passed:
            s = self.settings
            careful = _CAREFUL if posterior.divergences else s.target_accept
            longer = replace(s, draws=_LONGER * s.draws, tune=_LONGER * s.tune, target_accept=careful)
            posterior = self.sampler.fit(answers, outcomes, longer, nu_held=True)
        self.posteriors += 1
        self.failed += not posterior.passed
        self.divergences += posterior.divergences
        self.r_hat = max(self.r_hat, posterior.r_hat)
        return posterior

    def without_outcome(self, question: int, answers: np.ndarray, outcomes: np.ndarray) -> float:
        """Return P(outcome) of a question whose answers, but not whose outcome, are learned from as well."""
        rows = self.forecasts.question == question
        known = outcomes & (np.arange(outcomes.size) != question)
        posterior = self.fit(answers | rows, known)
        return float(evidence(posterior, self.forecasts, np.flatnonzero(rows)).probability.mean())


def predict_held_out(forecasts: ResolvedForecasts, settings: Settings, progress: Progress) -> HeldOut:
    """Return P(outcome) of every question, learned from the questions of the other groups only."""
    progress(f"Compiling the expert model: {forecasts.question.size} answers of {len(forecasts.experts)} experts ...")
    fitter = _Fitter(forecasts, settings)
    groups = list(dict.fromkeys(forecasts.group))
    if len(groups) < len(forecasts.questions):
        return _by_group(fitter, groups, progress)
    return _by_question(fitter, progress) if len(groups) <= MOST_FITS else _reweighted(fitter, progress)


def _by_question(fitter: _Fitter, progress: Progress) -> HeldOut:
    """Fit once for each question, its outcome unknown: nothing to weight."""
    count = len(fitter.forecasts.questions)
    everything = np.ones(fitter.forecasts.question.size, dtype=bool)
    known = np.ones(count, dtype=bool)
    probability = np.array(
        [
            fitter.without_outcome(question, everything, known)
            for question in _counted(list(range(count)), "Questions left out", progress)
        ]
    )
    nothing = np.full(count, np.nan)
    return _held_out(fitter, probability, "fit per question", nothing, np.zeros(count, dtype=bool))


def _reweighted(fitter: _Fitter, progress: Progress) -> HeldOut:
    """Fit once with all outcomes, and take each question's out again by its weights."""
    forecasts = fitter.forecasts
    everything, known = np.ones(forecasts.question.size, dtype=bool), np.ones(len(forecasts.questions), dtype=bool)
    progress("Fitting all questions at once ...")
    posterior = fitter.fit(everything, known)
    probability, k = np.zeros(known.size), np.zeros(known.size)
    rows = forecasts.by_question
    for question in _counted(list(range(known.size)), "Questions left out", progress):
        found = evidence(posterior, forecasts, rows[question])
        happened = found.log_yes if forecasts.outcome[question] else found.log_no
        probability[question], k[question] = _weighted(found, found.log_answers - happened)
    refitted = _worst(k)
    for question in _counted(np.flatnonzero(refitted).tolist(), "Fits of their own", progress):
        probability[question] = fitter.without_outcome(question, everything, known)
    return _held_out(fitter, probability, "one fit, reweighted", k, refitted)


def _by_group(fitter: _Fitter, groups: Sequence[str], progress: Progress) -> HeldOut:
    """Fit once for each group, answers and outcomes of the whole group unknown."""
    forecasts = fitter.forecasts
    group = np.array(forecasts.group)
    probability, k = np.zeros(group.size), np.zeros(group.size)
    rows = forecasts.by_question
    for name in _counted(groups, "Groups left out", progress):
        known = group != name
        posterior = fitter.fit(known[forecasts.question], known)
        for question in np.flatnonzero(~known).tolist():
            found = evidence(posterior, forecasts, rows[question])
            probability[question], k[question] = _weighted(found, found.log_answers)
    refitted = _worst(k)
    for question in _counted(np.flatnonzero(refitted).tolist(), "Fits of their own", progress):
        known = group != group[question]
        probability[question] = fitter.without_outcome(question, known[forecasts.question], known)
    return _held_out(fitter, probability, "fit per group", k, refitted)


def _weighted(found: Evidence, log_weight: np.ndarray) -> tuple[float, float]:
    """Return the weighted mean of a question's probability, and the Pareto k of the weights."""
    from arviz_stats.base.array import BaseArray

    if np.ptp(log_weight) < 1e-9:  # noqa: PLR2004 - all alike: nothing to smooth
        return float(found.probability.mean()), 0.0
    smoothed, k = BaseArray().psislw(log_weight)
    weight = np.exp(smoothed - smoothed.max())
    return float((weight * found.probability).sum() / weight.sum()), float(k)


def _worst(pareto_k: np.ndarray) -> np.ndarray:
    """Return which questions need a fit of their own, the worst first and no more than can be afforded."""
    bad = ~(pareto_k < PARETO_K_BELOW)
    worst = np.argsort(-np.nan_to_num(pareto_k, nan=np.inf), kind="stable")[:MOST_FITS]
    return bad & np.isin(np.arange(pareto_k.size), worst)


def _held_out(
    fitter: _Fitter, probability: np.ndarray, scheme: str, pareto_k: np.ndarray, refitted: np.ndarray
) -> HeldOut:
    return HeldOut(
        probability=probability,
        scheme=scheme,
        pareto_k=pareto_k,
        refitted=refitted,
        fits=fitter.posteriors,
        r_hat=fitter.r_hat,
        divergences=fitter.divergences,
        failed_fits=fitter.failed,
        nu_held=fitter.nu_held,
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
