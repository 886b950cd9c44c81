"""What stays open however many people answer: only the errors that all of them share are left, one a question.

Of infinitely many people's answers the average on a question is known: ``y_q = theta_q + d_q``, ``d_q ~ Normal(0,
omega)``, with omega at the median of its prior (biases, slopes and loadings, whose means the decisions fix, have
averaged out).  With standard-normal latents x the posterior is proportional to

    exp(-|x|^2 / 2 - |y - theta(x)|^2 / (2 omega^2)),

whose mode Gauss-Newton steps find, and whose spread at the mode is ``(I + J'J / omega^2)^-1``, J the derivatives of
theta (Laplace's approximation; Tierney and Kadane 1986, doi 10.1080/01621459.1986.10478240).  No sampler is involved:
the floor under every interval in `recovery`, from the network's quantities alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from precursor.argument.answer import record_odds
from precursor.argument.parameters import ParameterSpace
from precursor.campaigns.campaign import Campaign, Result
from precursor.exact.circuit import Circuit
from precursor.inference.decisions import SCALES
from precursor.inference.fits.headline import DECEPTIVE, HEADLINE
from precursor.inference.plan import Plan, plan_model
from precursor.inference.scenarios import open_scenario
from precursor.inference.simulation import unconstrained_near
from precursor.inference.surveys import open_reader
from precursor.network.grammar import parse_query
from precursor.validation.crowds import core_crowd, lumped_crowd
from precursor.validation.recovery import LEVELS, PRIOR

SEED, TRUTHS = 20_261_126, 40
SCENARIOS = ("argument", "critic", PRIOR)
SURVEYS = ("lumped_chain", "core")
SHARED_ERROR = SCALES["shared_error"].median
_SPREAD = 0.3
_STEP, _MOST_STEPS, _ENOUGH = 1e-4, 25, 1e-3
Values = Callable[[np.ndarray], np.ndarray]


def campaign(survey: str, scenario: str, truths: int = TRUTHS, seed: int = SEED) -> Campaign:
    """Return the campaign of one survey's questions, truths drawn around a scenario or from the prior."""
    settings = {"survey": survey, "scenario": scenario, "shared_error": [1.0, 1.0], "people": "all"}
    return Campaign(f"many-people-{survey}-{scenario}", f"{__name__}:many_people", seed, settings, truths)


@dataclass(frozen=True)
class Asked:
    """The quantities that a survey asks about, one for each shared error, and the headline; no answers."""

    plan: Plan
    headline_query: str

    @property
    def space(self) -> ParameterSpace:
        """The parameters."""
        return self.plan.space

    @cached_property
    def position(self) -> np.ndarray:
        """Positions of the quantities, (asked,); orders, which have errors of their own kind, are left out."""
        rows = self.plan.observations.rows
        first = {row.asked: self.plan.facing.position[i] for i, row in enumerate(rows) if row.quantity is not None}
        return np.array([*first.values()], dtype=np.int64)

    @cached_property
    def circuit(self) -> Circuit:
        """The headline's masses, yes and no."""
        return record_odds([parse_query(self.headline_query)], self.space, self.plan.observations.indicators)

    def quantities(self, latent: np.ndarray) -> np.ndarray:
        """Return log-odds (log ratios, contrasts), (draw, asked), at latents, (draw, latent)."""
        return self.plan.quantities.over(self.space.mean + latent @ self.space.loadings.T)[:, self.position]

    def headline(self, latent: np.ndarray) -> np.ndarray:
        """Return log-odds of the headline, (draw, 1)."""
        masses = self.circuit.evaluate(self.space.mean + latent @ self.space.loadings.T)
        return np.asarray(np.log(masses[:, :1]) - np.log(masses[:, 1:2]))


@cache
def asked_of(survey: str) -> Asked:
    """Return what the core questionnaire, or the small one with every assumption set, asks about."""
    reader = open_reader()
    near = open_scenario(reader.data, "argument")
    if survey == "core":
        return Asked(plan_model([core_crowd(reader, 2, near, 1)]), DECEPTIVE)
    return Asked(plan_model([lumped_crowd(reader, 2, near)]), HEADLINE[1])


def many_people(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return the headline's truth and what the posterior says of it, as `recovery` does; ``settings`` of `campaign`."""
    asked, rng = asked_of(settings["survey"]), np.random.default_rng(seed)
    truth = rng.standard_normal(len(asked.space.latents))
    if settings["scenario"] != PRIOR:
        near = open_scenario(open_reader().data, settings["scenario"], asked.plan.observations.indicators)
        place = unconstrained_near(asked.space, near, spread=_SPREAD, seed=seed)
        truth = np.linalg.lstsq(asked.space.loadings, place - asked.space.mean, rcond=None)[0]
    told, believed = (times * SHARED_ERROR for times in settings["shared_error"])
    exact = asked.quantities(truth[None])[0]
    stated = exact + told * rng.standard_normal(len(exact))
    mode = mode_of(asked.quantities, stated, believed, len(truth))
    mean, sd = asked.headline(mode[None])[0, 0], spread_at(asked, mode, believed)
    return {
        "truth": asked.headline(truth[None])[0],
        "mean": np.array([mean]),
        "sd": np.array([sd]),
        "quantiles": mean + sd * _normal_scores()[None, :],
        "divergences": np.array(0),
    }


def mode_of(quantities: Values, stated: np.ndarray, error: float, size: int) -> np.ndarray:
    """Return the posterior's mode, (latent,), given what was stated, (asked,), with errors of a given scale."""

    def loss(x: np.ndarray) -> float:
        return float(0.5 * x @ x + 0.5 * (((stated - quantities(x[None])[0]) / error) ** 2).sum())

    x = np.zeros(size)
    now = loss(x)
    for _ in range(_MOST_STEPS):
        slopes = derivatives(quantities, x)
        uphill = x - slopes.T @ (stated - quantities(x[None])[0]) / error**2
        step = np.linalg.solve(np.eye(size) + slopes.T @ slopes / error**2, uphill)
        times = 1.0
        while (then := loss(x - times * step)) > now and times > _ENOUGH:
            times /= 2
        if then > now:
            break
        x, before, now = x - times * step, now, then
        if before - now < _ENOUGH:
            break
    return x


def spread_at(asked: Asked, mode: np.ndarray, error: float) -> float:
    """Return the standard deviation of the headline's log-odds, to first order at the mode."""
    slopes, along = derivatives(asked.quantities, mode), derivatives(asked.headline, mode)[0]
    precision = np.eye(len(mode)) + slopes.T @ slopes / error**2
    return float(np.sqrt(along @ np.linalg.solve(precision, along)))


def derivatives(values: Values, at: np.ndarray) -> np.ndarray:
    """Return central differences, (value, latent)."""
    moves = _STEP * np.eye(len(at))
    found = values(np.vstack([at + moves, at - moves]))
    return ((found[: len(at)] - found[len(at) :]) / (2 * _STEP)).T


@cache
def _normal_scores() -> np.ndarray:
    from scipy.stats import norm

    return np.asarray(norm.ppf(LEVELS))
