r"""The expert model of the argument's surveys, on forecasts whose outcome is known.

Expert e states log-odds on question q whose own log-odds are t.  With ``c``, the consensus (what these experts say on
the average: population bias + slope t + shared error d), ``StudentT(4, a[e] + b[e] t[q] + d[q], s[e])`` is::

    l[e, q] = c[q] + a[e] + (b[e] - 1) (c[q] - centre) + s'[e] StudentT(4),    c[q] ~ Normal(average, spread)
    t[q] = centre + eta + slope (c*[q] - centre),    outcome[q] ~ Bernoulli(expit(t[q]))

Given outcomes that are 0 or 1, the population's bias, its extremity and the variances of t and d are not identified
one by one; what is identified is the recalibration ``P(outcome | consensus)``, ``eta`` and ``slope``.  ``c*`` is the
consensus when the weight of expert e, ``b^2 / s^2`` by the answers alone, is ``exp(trust[e])`` times as large, with
``trust ~ Normal(0, tau)``: who knows more than agreement with the others tells.  To first order in trust this is a
logistic regression of the outcome on consensus and residuals; as a weighted mean it stays within the answers.

Biases and extremities are partially pooled and sum to zero over experts, log s is partially pooled.  With experts who
cannot be told apart (all spreads at 0) this is the recalibrated log-odds pool, with a mean that resists outliers.

It is fitted in two parts, the second given the posterior means of the first: what answers say of experts, and what
outcomes say of consensus and trust.  Outcomes are cut off from bias, extremity and noise (M. Plummer 2015, Cuts in
Bayesian graphical models, Statistics and Computing 25, 37-43).  Fitted together, a camp that sees the world otherwise
and a camp that knows more explain the same answers, and chains settle on one or the other; the two parts do not
compete, and each is sampled in a fraction of a second.

Rounding adds its variance to ``s^2``, and so does `RETEST_NOISE`: ``s'^2 = s^2 + rounding + RETEST_NOISE^2``.  Without
it the likelihood has no maximum: a consensus that follows one person makes this person's noise nil.  Answers of 0 and
1 are censored at the end of their resolution.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy.special import expit

from precursor.calibration.forecasts import ResolvedForecasts

# A. Vehtari, A. Gelman, D. Simpson, B. Carpenter, P.-C. Buerkner (2021) ask for 1.01 of every quantity; these are
# averages over chains of a few fits among many, of which the worst is compared.
R_HAT_BELOW = 1.05
# In log-odds: asked again, nobody repeats an answer more closely than about a quarter in the odds.
RETEST_NOISE = 0.25
EFFECTS = ("bias", "extremity", "log_noise")


@dataclass(frozen=True, slots=True)
class Prior:
    """Location and scale of a prior, and the reason.

    Normal, of the logarithm for scales; eta and slope have Student's t(4), which gives way to many outcomes.
    """

    location: float
    scale: float
    reason: str


ANSWER_PRIORS: Mapping[str, Prior] = MappingProxyType(
    {
        "average": Prior(0.0, 3.0, "questions may be about rare events, one in a thousand"),
        "spread": Prior(0.0, 0.7, "typical answers to different questions differ by a factor of e in the odds"),
        "sd_bias": Prior(log(0.4), 0.6, "people differ by a factor of 1.5 in their odds, perhaps by next to nothing"),
        "sd_extremity": Prior(log(0.25), 0.6, "extremity differs by a quarter"),
        "log_typical_noise": Prior(log(0.7), 0.6, "the same person asked again answers within a factor of two"),
        "sd_noise": Prior(log(0.3), 0.6, "some people are half as reliable as others"),
    }
)
OUTCOME_PRIORS: Mapping[str, Prior] = MappingProxyType(
    {
        "eta": Prior(0.0, 0.4, "a crowd may be off by a factor of 1.5 in the odds, on the average"),
        "slope": Prior(1.8, 1.0, "1 is calibrated; pooled log-odds were too timid by 1.2 to 3.9 (Satopaa et al. 2014)"),
        "log_tau": Prior(log(0.4), 1.0, "who knows weighs up to half as much again, or far more"),
    }
)


@dataclass(frozen=True, slots=True)
class Settings:
    """How long to sample each fit: draws kept and thrown away by each chain."""

    draws: int = 1000
    tune: int = 500
    chains: int = 4
    seed: int = 20_261_121
    cores: int = 2


@dataclass(frozen=True, eq=False)
class AnswerFit:
    """What the answers say of the experts.

    Draws of scalars, (chain, draw) each, in the order of `ANSWER_PRIORS`; of ``effects``, (chain, draw, expert) each,
    ``extremity`` being ``b - 1``; of the ``consensus``, (chain, draw, question).  Posterior means, (answer,), of the
    ``pull`` of each answer on its consensus, ``p b (l - fitted)``, and of its ``weight``, ``p b^2``, with p its
    precision; ``prior_weight`` that of ``1 / spread^2``.
    """

    centre: float
    scalars: Mapping[str, np.ndarray]
    effects: Mapping[str, np.ndarray]
    consensus: np.ndarray
    pull: np.ndarray
    weight: np.ndarray
    prior_weight: float
    r_hat: float


@dataclass(frozen=True, eq=False)
class OutcomeFit:
    """What outcomes say: draws of scalars, (chain, draw); of t, (chain, draw, question); of trust, (..., expert)."""

    scalars: Mapping[str, np.ndarray]
    log_odds: np.ndarray
    trust: np.ndarray
    r_hat: float

    @property
    def probability(self) -> np.ndarray:
        """P(outcome = 1) of every question, (question,)."""
        return expit(self.log_odds).mean(axis=(0, 1))


def fit_answers(
    forecasts: ResolvedForecasts, counted: np.ndarray, settings: Settings, *, retest_noise: float = RETEST_NOISE
) -> AnswerFit:
    """Return what is learned of the experts from the answers to some questions (boolean, one each).

    The consensus of the other questions is drawn given what was learned, but teaches nothing.
    """
    from precursor.calibration.answer_kernel import sample

    learned = counted[forecasts.question]
    centre = float(forecasts.log_odds[learned].mean())
    priors, variance = _table(ANSWER_PRIORS), forecasts.rounding**2 + retest_noise**2

    def chain(random: np.random.Generator) -> tuple[Any, ...]:
        return sample(
            random, forecasts.log_odds, forecasts.side.astype(float), variance, forecasts.expert, forecasts.question,
            counted, centre, priors, len(forecasts.experts), settings.tune, settings.draws,
        )  # fmt: skip

    scalars, effects, consensus, pull, weight, shrinkage = map(np.stack, zip(*_run(chain, settings, 1), strict=True))
    return AnswerFit(
        centre,
        {name: scalars[..., k] for k, name in enumerate(ANSWER_PRIORS)},
        {name: effects[:, :, k] for k, name in enumerate(EFFECTS)},
        consensus,
        pull.mean(axis=0),
        weight.mean(axis=0),
        float(shrinkage.mean()),
        r_hat(scalars),
    )


def fit_outcomes(forecasts: ResolvedForecasts, answers: AnswerFit, known: np.ndarray, settings: Settings) -> OutcomeFit:
    """Return what is learned from the outcomes of some questions (boolean, one each), and what it says of all."""
    from precursor.calibration.outcome_kernel import sample

    order = np.argsort(forecasts.expert, kind="stable")
    expert, question = forecasts.expert[order], forecasts.question[order]
    first = np.searchsorted(expert, np.arange(len(forecasts.experts) + 1))
    at = answers.consensus.mean(axis=(0, 1)) - answers.centre
    priors = _table(OUTCOME_PRIORS) + np.array([[answers.centre, 0.0], [0.0, 0.0], [0.0, 0.0]])
    sign = 2.0 * forecasts.outcome - 1.0

    def chain(random: np.random.Generator) -> tuple[Any, ...]:
        return sample(
            random, at, answers.pull[order], answers.weight[order], answers.prior_weight, first, expert, question,
            sign, known, priors, settings.tune, settings.draws,
        )  # fmt: skip

    scalars, log_odds, trust = map(np.stack, zip(*_run(chain, settings, 2), strict=True))
    named = {"eta": scalars[..., 0] - answers.centre, "slope": scalars[..., 1], "log_tau": scalars[..., 2]}
    return OutcomeFit(named, log_odds, trust, r_hat(np.concatenate([scalars, log_odds], axis=2)))


def _table(priors: Mapping[str, Prior]) -> np.ndarray:
    return np.array([[prior.location, prior.scale] for prior in priors.values()])


def _run(
    chain: Callable[[np.random.Generator], tuple[Any, ...]], settings: Settings, part: int
) -> Sequence[tuple[Any, ...]]:
    """Return the chains; each has a generator of its own, so that the number of cores changes nothing."""
    generators = [np.random.default_rng([settings.seed, part, number]) for number in range(settings.chains)]
    with ThreadPoolExecutor(settings.cores) as pool:
        return list(pool.map(chain, generators))


def r_hat(draws: np.ndarray) -> float:
    """Return the worst split R-hat over the last axis of (chain, draw, quantity).

    A. Gelman, J. B. Carlin, H. S. Stern, D. B. Dunson, A. Vehtari, D. B. Rubin (2013), Bayesian Data Analysis, 3rd
    edition, equations 11.1 to 11.4: each chain is halved.
    """
    half = draws.shape[1] // 2
    halves = np.concatenate([draws[:, :half], draws[:, half : 2 * half]])
    within = halves.var(axis=1, ddof=1).mean(axis=0)
    between = halves.mean(axis=1).var(axis=0, ddof=1)
    varying = within > 0
    return float(np.sqrt((half - 1) / half + between[varying] / within[varying]).max(initial=1.0))
