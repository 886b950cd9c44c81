"""Decision makers: the experts' densities mixed by weight, and the mixture's own quantiles and scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from precursor.calibration.classical.background import OVERSHOOT, Range, intrinsic_range
from precursor.calibration.classical.scores import Scores, effective_seeds, scores_of
from precursor.calibration.classical.study import Study
from precursor.problems import InputError, Problem

Scheme = Literal["equal", "global", "item"]
# Calibrations that differ by rounding are one significance level.
_SAME = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class DecisionMaker:
    """A weighted mixture of the experts, scored as a virtual expert; nan where there is nothing to score.

    ``weights[expert, item]`` sum to one over the experts who answered the item (all 0 if none of them has weight, and
    then ``quantiles[item, level]``, in the item's unit, are nan); experts whose calibration is below ``significance``
    have none.
    """

    name: str
    significance: float
    weights: np.ndarray
    quantiles: np.ndarray
    calibration: float
    information_seed: float
    information_all: float

    @property
    def weight(self) -> float:
        """Calibration times information on the seeds."""
        return self.calibration * self.information_seed


@dataclass(frozen=True, slots=True, eq=False)
class Mixtures:
    """The experts' distributions, item by item, at every point where any of them bends.

    ``knots[item][knot]`` are the points on the background measure and ``cdf[item][expert, knot]`` the distributions;
    the row of an expert who did not answer is 0.
    """

    ranged: Range
    knots: tuple[np.ndarray, ...]
    cdf: tuple[np.ndarray, ...]

    def shares(self, weights: np.ndarray) -> np.ndarray:
        """Return ``[expert, item]``: ``weights`` of those who answered each item, as shares."""
        given = np.where(self.ranged.study.answered, weights, 0.0)
        total = given.sum(axis=0)
        return given / np.where(total > 0, total, 1.0)

    def quantiles(self, shares: np.ndarray, levels: tuple[float, ...]) -> np.ndarray:
        """Return ``[item, level]`` on the background measure: the mixture's quantiles; nan where nobody has weight."""
        values = np.full((len(self.knots), len(levels)), np.nan)
        for item in np.flatnonzero(shares.any(axis=0)):
            values[item] = np.interp(levels, shares[:, item] @ self.cdf[item], self.knots[item])
        return values


def mixtures(ranged: Range) -> Mixtures:
    """Return the experts' distributions: linear between their quantiles and the ends of the intrinsic range."""
    study = ranged.study
    stated, heights = ranged.apart(ranged.quantiles), np.array([0.0, *study.levels, 1.0])
    knots, cdf = [], []
    for item, answered in enumerate(study.answered.T):
        ends = ranged.lower[item], ranged.upper[item]
        points = np.unique(np.concatenate([stated[answered, item].ravel(), ends]))
        rows = np.zeros((len(study.experts), len(points)))
        for expert in np.flatnonzero(answered):
            rows[expert] = np.interp(points, [ends[0], *stated[expert, item], ends[1]], heights)
        knots.append(points)
        cdf.append(rows)
    return Mixtures(ranged, tuple(knots), tuple(cdf))


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A study with what every decision maker needs of it, computed once."""

    study: Study
    ranged: Range
    mixed: Mixtures
    seeds: float
    scores: Scores

    def decide(self, name: str, weights: np.ndarray, significance: float = 0.0) -> DecisionMaker:
        """Return the mixture by ``weights[expert, item]`` and its scores, tested with as many seeds as the experts."""
        shares = self.mixed.shares(weights)
        quantiles = self.mixed.quantiles(shares, self.study.levels)
        own = scores_of(quantiles[None], self.ranged, self.seeds)
        return DecisionMaker(
            name=name,
            significance=significance,
            weights=shares,
            quantiles=self.ranged.natural(quantiles),
            calibration=float(own.calibration[0]),
            information_seed=float(own.information_seed[0]),
            information_all=float(own.information_all[0]),
        )

    def weights(self, scheme: Scheme, significance: float = 0.0) -> np.ndarray:
        """Return the weights ``[expert, item]`` of a scheme, before they are made shares.

        ``equal``: 1.  ``global``: calibration times mean information on the seeds.  ``item``: calibration times the
        information on the item itself.  The last two are 0 where calibration is below ``significance``.
        """
        shape = self.study.answered.shape
        if scheme == "equal":
            return np.ones(shape)
        if scheme == "global":
            return np.broadcast_to(self.scores.weight(significance)[:, None], shape)
        calibrated = np.where(self.scores.reach(significance), np.nan_to_num(self.scores.calibration), 0.0)
        return calibrated[:, None] * np.nan_to_num(self.scores.information)

    def optimise(self, scheme: Scheme = "global", name: str = "optimised") -> DecisionMaker:
        """Return the decision maker whose significance level makes its own weight largest.

        Every expert's calibration is tried as the level; of equals the lowest is taken, and so the most experts.  The
        decision maker itself need not reach the level: so it is in what EXCALIBUR published (in the study of
        haemophilia of the TU Delft data base the chosen level is 0.85, the decision maker's calibration 0.31).
        """
        levels = significance_levels(self.scores.calibration)
        made = [self.decide(name, self.weights(scheme, level), level) for level in levels]
        return made[int(np.argmax([np.nan_to_num(one.weight) for one in made]))]


def panel(study: Study, overshoot: float = OVERSHOOT, power: float = 1.0) -> Panel:
    """Return what decision makers need of a study; raises as `scores` does."""
    ranged, seeds = intrinsic_range(study, overshoot), effective_seeds(study, power)
    return Panel(study, ranged, mixtures(ranged), seeds, scores_of(ranged.quantiles, ranged, seeds))


def significance_levels(calibration: np.ndarray) -> list[float]:
    """Return the experts' calibrations, rising, those that differ by rounding alone taken once (the lowest)."""
    levels: list[float] = []
    for value in np.sort(calibration[~np.isnan(calibration)]).tolist():
        if not levels or value > levels[-1] * (1 + _SAME):
            levels.append(value)
    return levels


def decision_maker(
    study: Study, weights: np.ndarray, *, name: str = "weighted", overshoot: float = OVERSHOOT, power: float = 1.0
) -> DecisionMaker:
    """Return the mixture of a study's experts by weights of one's own, ``[expert]`` or ``[expert, item]``.

    Weights need not sum to one.  Raises `InputError` for weights of another shape, negative or not finite.
    """
    shape = study.answered.shape
    if weights.shape not in (shape[:1], shape):
        raise InputError(Problem(f"The weights have the shape {weights.shape}.", f"{shape[:1]} or {shape}"))
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise InputError(Problem("Weights are negative or not finite.", "numbers, 0 or more"))
    spread = np.broadcast_to(weights if weights.ndim > 1 else weights[:, None], shape)
    return panel(study, overshoot, power).decide(name, spread)
