"""Simulated people: each with a bias, a slope, a place between the camps and a width factor (model.md, section 4)."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from precursor.inference.decisions import (
    CAMP_SIDES,
    CAMP_SPREAD,
    LOADING_MEAN,
    LOADING_MEAN_SD,
    NOISE,
    SCALES,
    UNPLACED_SPREAD,
    ScalePrior,
)

# How wide people's own intervals are is nowhere modelled: an interval is data.  For making some up:
STATED_WIDTH = ScalePrior(0.6, 0.5, "a central 90 % interval from a third of the odds to three times them")
_CAMPS = ("skeptical", "concerned")


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """What a population's answers have in common; every scale is in log-odds, or logs for ratios.

    Attributes
    ----------
    extremity
        Mean of the slopes b: 1 leaves odds as they are, below 1 states them nearer to even.
    person_bias, person_slope, target_residual
        Standard deviations between people of a, b, u.
    shared_error
        Standard deviation of d, the error that all make on one question.
    loading_mean, loading_spread
        Of w, how far a question parts optimists and pessimists.
    noise
        Scale s of Student's t with four degrees of freedom.
    width_factor, width_spread
        Median of k, and spread of its logarithm between people.
    ranking_sharpness
        The power to which the network's probabilities of the orders are raised.
    """

    extremity: float = 1.0
    person_bias: float = SCALES["person_bias"].median
    person_slope: float = SCALES["person_slope"].median
    target_residual: float = SCALES["target_residual"].median
    shared_error: float = SCALES["shared_error"].median
    loading_mean: float = LOADING_MEAN
    loading_spread: float = SCALES["loading_spread"].median
    noise: float = NOISE.median
    width_factor: float = SCALES["width_factor"].median
    width_spread: float = SCALES["width_spread"].median
    ranking_sharpness: float = SCALES["ranking_sharpness"].median

    @classmethod
    def drawn(cls, seed: int) -> Population:
        """Return a population drawn from the priors of `inference.decisions`; the default one is their medians."""
        rng = np.random.default_rng(seed)
        priors = {**SCALES, "noise": NOISE}
        scales = {
            field.name: float(priors[field.name].median * np.exp(priors[field.name].log_sd * rng.standard_normal()))
            for field in fields(cls)
            if field.name in priors
        }
        return cls(loading_mean=float(rng.normal(LOADING_MEAN, LOADING_MEAN_SD)), **scales)


@dataclass(frozen=True, slots=True)
class Person:
    """One simulated person: a, b, z and k of the expert model; ``camp`` is empty if nobody said where they stand."""

    id: str
    camp: str
    bias: float
    slope: float
    worldview: float
    width_factor: float


def people_of(population: Population, count: int, rng: np.random.Generator, *, camps: bool) -> tuple[Person, ...]:
    """Return people of a population.

    With ``camps`` they are sceptical and concerned in turn, worldviews about -1 and +1; else worldviews are about zero.
    """
    return tuple(_person(population, i, count, rng, camps=camps) for i in range(count))


def _person(population: Population, i: int, count: int, rng: np.random.Generator, *, camps: bool) -> Person:
    camp = _CAMPS[i % len(_CAMPS)] if camps else ""
    place = (CAMP_SIDES[camp], CAMP_SPREAD) if camp else (0.0, UNPLACED_SPREAD)
    return Person(
        id=f"synthetic_{i + 1:0{len(str(count))}d}",
        camp=camp,
        bias=float(rng.normal(0.0, population.person_bias)),
        slope=float(rng.normal(population.extremity, population.person_slope)),
        worldview=float(rng.normal(*place)),
        width_factor=float(population.width_factor * np.exp(population.width_spread * rng.standard_normal())),
    )
