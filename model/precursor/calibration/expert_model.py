r"""The expert model of the argument's surveys, on forecasts whose outcome is known.

Expert e states log-odds on question q whose own log-odds are t::

    l[e, q] = a[e] + c[q] + (b[e] - 1) spread u[q] + s[e] StudentT(4)
    t[q]    = kappa (average + eta) + sd_t u[q],    sd_t u[q] = kappa slope (c[q] - average) + nu xi[q]
    outcome[q] ~ Bernoulli(expit(t[q])),    c[q] ~ Normal(average, spread),    xi[q] ~ Normal(0, 1)

which is ``StudentT(4, a[e] + b[e] t[q] + d[q], s[e])`` with normal t and d, in other coordinates. ``c``, the
consensus, is what these experts say on the average: population bias + slope t + shared error d. Given outcomes that
are 0 or 1, the population's bias, its extremity, the spread of t and that of d are not identified one by one; what is
identified is the recalibration ``P(outcome | c)``, so that is what is drawn: ``eta`` its intercept where forecasts
lie on the average, ``slope``, and ``nu``, how much there is to know beyond the consensus. ``kappa = sqrt(1 + 0.346
nu^2)`` undoes the flattening by nu (S. L. Zeger, K.-Y. Liang, P. S. Albert 1988, Biometrics 44, 1049-1060).

Many answers and few outcomes can leave two explanations of who departs from the others: knows more, or sees the world
otherwise.  Then chains that learn nu settle on one or the other and R-hat says so; with nu held at `NU_HELD`, where the
second explanation prevails, they agree.  `held_out` falls back to that, and says so.

Biases a, extremities b and log s are partially pooled, not centred, and sum to zero over the experts, as the
consensus is theirs. With experts who cannot be told apart (all three spreads at 0) this is the recalibrated log-odds
pool, with a mean that resists outliers. Who knows more than the others shows in b: such answers go with what the
consensus misses.

Rounding adds its variance to ``s^2``; answers of 0 and 1 are censored at the end of their resolution.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, pi, sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.calibration.forecasts import ResolvedForecasts

if TYPE_CHECKING:
    import pymc as pm
    from pytensor.tensor.variable import TensorVariable

DEGREES_OF_FREEDOM = 4.0
# Zeger, Liang and Albert (1988), equation 4.1: what a normal effect of variance one flattens a logistic curve by.
FLATTENING = (16.0 * sqrt(3.0) / (15.0 * pi)) ** 2
# Predictions average over chains, which is good enough where Gelman and Rubin's (1992) limit is kept.
R_HAT_BELOW = 1.1
NU_HELD = 0.5
# At most 2^8 - 1 leapfrog steps a draw: a chain in a corner must not stop everything.
DEEPEST = 8
EFFECTS = ("bias", "extremity", "noise")


@dataclass(frozen=True, slots=True)
class Prior:
    """Location and scale of a prior, on the logarithm for scales, and the reason."""

    location: float
    scale: float
    reason: str


PRIORS: Mapping[str, Prior] = MappingProxyType(
    {
        "average": Prior(0.0, 3.0, "normal: questions may be about rare events, one in a thousand"),
        "log_spread": Prior(0.0, 0.7, "typical answers to different questions differ by a factor of e in the odds"),
        "eta": Prior(0.0, 1.0, "Student t: a crowd may be off by a factor of e in the odds, on the average"),
        "log_nu": Prior(0.0, 0.5, "some of what decides an outcome is known to some experts only"),
        "slope": Prior(
            1.5, 1.5, "Student t: 1 is calibrated; pooled log-odds were too timid by 1.2 to 3.9 (Satopaa et al. 2014)"
        ),
        "log_bias": Prior(log(0.4), 0.6, "people differ by a factor of 1.5 in their odds, perhaps by next to nothing"),
        "log_extremity": Prior(log(0.25), 0.6, "extremity differs by a quarter"),
        "log_typical_noise": Prior(log(0.7), 0.6, "the same person asked again answers within a factor of two"),
        "log_noise": Prior(log(0.3), 0.6, "some people are half as reliable as others"),
    }
)
_SCALARS = ("average", "spread", "eta", "slope", "nu", "sd_bias", "sd_extremity", "log_typical_noise", "sd_noise")


@dataclass(frozen=True, slots=True)
class Settings:
    """How long to sample each fit."""

    draws: int = 400
    tune: int = 400
    chains: int = 4
    seed: int = 20_261_121
    target_accept: float = 0.85
    cores: int = 2


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of what was learned: scalars, (draw,); effects of experts, (draw, expert).

    ``extremity`` is ``b - 1``; ``noise`` is s; ``log_odds`` the t of every question, (draw, question).  ``r_hat`` is
    the worst over scalars and ``log_odds``.
    """

    scalars: Mapping[str, np.ndarray]
    effects: Mapping[str, np.ndarray]
    log_odds: np.ndarray
    r_hat: float
    divergences: int

    @property
    def passed(self) -> bool:
        """Whether the chains agree and none diverged."""
        return self.r_hat < R_HAT_BELOW and self.divergences == 0

    def of_experts(self, experts: np.ndarray) -> Mapping[str, np.ndarray]:
        """Return the effects of some experts, (draw, answer)."""
        return {name: values[:, experts] for name, values in self.effects.items()}


def model_of(forecasts: ResolvedForecasts) -> pm.Model:
    """Return the PyMC model.

    ``answer_active`` (one for each answer) and ``outcome_active`` (one for each question) are data that switch what is
    held out off without compiling anew.
    """
    import pymc as pm
    import pytensor.tensor as pt

    experts, questions = len(forecasts.experts), len(forecasts.questions)
    with pm.Model() as model:
        answer_active = pm.Data("answer_active", np.ones(forecasts.question.size))
        outcome_active = pm.Data("outcome_active", np.ones(questions))
        s = _scalars()
        consensus = pm.Normal("consensus", s["average"], s["spread"], shape=questions)
        beyond = pm.Normal("beyond", 0.0, 1.0, shape=questions)
        raw = {name: _around_zero(f"raw_{name}", experts) for name in EFFECTS}
        bias = pm.Deterministic("bias", s["sd_bias"] * raw["bias"])
        extremity = pm.Deterministic("extremity", s["sd_extremity"] * raw["extremity"])
        noise = pm.Deterministic("noise", pt.exp(s["log_typical_noise"] + s["sd_noise"] * raw["noise"]))
        kappa = pt.sqrt(1.0 + FLATTENING * s["nu"] ** 2)
        moved = kappa * s["slope"] * (consensus - s["average"]) + s["nu"] * beyond
        t = pm.Deterministic("log_odds", kappa * (s["average"] + s["eta"]) + moved)
        spread_t = pt.sqrt((kappa * s["slope"] * s["spread"]) ** 2 + s["nu"] ** 2)
        e, q = forecasts.expert, forecasts.question
        location = consensus[q] + bias[e] + extremity[e] * (s["spread"] * moved / spread_t)[q]
        pm.Potential("answers", _log_density(forecasts, location, noise[e], answer_active))
        sign = 2.0 * forecasts.outcome - 1.0
        pm.Potential("outcomes", -(outcome_active * pt.softplus(-sign * t)).sum())
    return model


def _around_zero(name: str, experts: int) -> TensorVariable:
    """Return standard normal effects that sum to zero; of a single expert, nothing can be told apart."""
    import pymc as pm

    if experts == 1:
        return pm.Normal(name, 0.0, 1.0, shape=1)
    return pm.ZeroSumNormal(name, 1.0, shape=experts)


def _scalars() -> dict[str, TensorVariable]:
    import pymc as pm

    def student(name: str) -> TensorVariable:
        prior = PRIORS[name]
        return pm.StudentT(name, nu=DEGREES_OF_FREEDOM, mu=prior.location, sigma=prior.scale)

    def scale(name: str, prior_name: str) -> TensorVariable:
        return pm.LogNormal(name, PRIORS[prior_name].location, PRIORS[prior_name].scale)

    def normal(name: str) -> TensorVariable:
        return pm.Normal(name, PRIORS[name].location, PRIORS[name].scale)

    return {
        "average": normal("average"),
        "spread": scale("spread", "log_spread"),
        "eta": student("eta"),
        "slope": student("slope"),
        "nu": _beyond(),
        "sd_bias": scale("sd_bias", "log_bias"),
        "sd_extremity": scale("sd_extremity", "log_extremity"),
        "log_typical_noise": normal("log_typical_noise"),
        "sd_noise": scale("sd_noise", "log_noise"),
    }


def _beyond() -> TensorVariable:
    """Return nu; ``nu_log_location`` and ``nu_log_scale`` are data, so that it can be held (scale 0)."""
    import pymc as pm
    import pytensor.tensor as pt

    location = pm.Data("nu_log_location", PRIORS["log_nu"].location)
    scale = pm.Data("nu_log_scale", PRIORS["log_nu"].scale)
    return pm.Deterministic("nu", pt.exp(location + scale * pm.Normal("raw_nu", 0.0, 1.0)))


def _log_density(
    forecasts: ResolvedForecasts, location: TensorVariable, noise: TensorVariable, active: TensorVariable
) -> TensorVariable:
    """Return the sum over answers of their log-density, or log-probability where the answer was 0 or 1."""
    import pytensor.tensor as pt

    side, logit = forecasts.side, forecasts.log_odds
    stated, ends = np.flatnonzero(side == 0), np.flatnonzero(side)
    squared = noise[stated] ** 2 + forecasts.rounding[stated] ** 2
    misfit = (logit[stated] - location[stated]) ** 2 / squared
    half = (DEGREES_OF_FREEDOM + 1) / 2
    density = active[stated] * (-0.5 * pt.log(squared) - half * pt.log1p(misfit / DEGREES_OF_FREEDOM))
    if not ends.size:
        return density.sum()
    z = side[ends] * (location[ends] - logit[ends]) / noise[ends]
    root = pt.sqrt(DEGREES_OF_FREEDOM + z**2)
    # F(z) = (1 + u)^2 (2 - u) / 4 with u = z / root, four degrees of freedom; root + z without cancellation.
    sum_ = root + pt.abs(z)
    one_plus_u = pt.switch(z < 0, DEGREES_OF_FREEDOM / sum_, sum_) / root
    below = 2 * pt.log(one_plus_u) + pt.log(3.0 - one_plus_u) - log(4.0)
    return density.sum() + (active[ends] * below).sum()


@dataclass(frozen=True)
class Sampler:
    """The compiled model of one set of forecasts, to be fitted as often as there are folds."""

    forecasts: ResolvedForecasts
    compiled: Any

    @classmethod
    def compiled_from(cls, forecasts: ResolvedForecasts) -> Sampler:
        """Compile (some seconds)."""
        import nutpie
        import pytensor

        # Order-dependent rewrites would give other draws from a cold than from a warm cache.
        pytensor.config.numba__fastmath = False
        return cls(forecasts, nutpie.compile_pymc_model(model_of(forecasts)))

    def fit(self, answers: np.ndarray, outcomes: np.ndarray, settings: Settings, *, nu_held: bool = False) -> Posterior:
        """Return what is learned from some answers and some outcomes (boolean, one each).

        ``nu_held``: nu is `NU_HELD` instead of learned.
        """
        import nutpie

        prior = Prior(log(NU_HELD), 0.0, "held") if nu_held else PRIORS["log_nu"]
        compiled = self.compiled.with_data(
            answer_active=answers.astype(float), outcome_active=outcomes.astype(float),
            nu_log_location=np.array(prior.location), nu_log_scale=np.array(prior.scale),
        )  # fmt: skip
        tree = nutpie.sample(
            compiled,
            draws=settings.draws, tune=settings.tune, chains=settings.chains, cores=settings.cores, seed=settings.seed,
            target_accept=settings.target_accept, progress_bar=False, save_warmup=False,
            maxdepth=DEEPEST,
        )  # fmt: skip
        posterior = tree["posterior"]

        def flat(name: str) -> np.ndarray:
            values = posterior[name].values
            return values.reshape(-1, *values.shape[2:])

        return Posterior(
            {name: flat(name) for name in _SCALARS},
            {name: flat(name) for name in EFFECTS},
            flat("log_odds"),
            _worst_r_hat([posterior[name].values for name in (*_SCALARS, "log_odds")]),
            int(tree["sample_stats"]["diverging"].values.sum()),
        )


def _worst_r_hat(values: list[np.ndarray]) -> float:
    import xarray as xr
    from arviz import rhat

    stacked = np.concatenate([v.reshape(*v.shape[:2], -1) for v in values], axis=-1)
    varying = stacked[..., stacked.std(axis=(0, 1)) > 0]
    return float(rhat(xr.Dataset({"x": (("chain", "draw", "quantity"), varying)}))["x"].max())
