"""How well experts did: calibration (is it borne out?) and information (does it say anything?)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, xlogy

from precursor.calibration.classical.background import OVERSHOOT, Range, intrinsic_range
from precursor.calibration.classical.study import Study
from precursor.problems import InputError, Problem

# A realisation that is a quantile belongs to the bin below it; rounding (of a weighted quantile, of a logarithm) within
# this part of the intrinsic range must not move it to the bin above.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The scores of experts, or of decision makers as virtual experts; nan where there is nothing to score.

    ``calibration[expert]``, ``information[expert, item]`` in nats, its means over the seeds and over all items that the
    expert answered, and how many ``seeds_answered``.
    """

    calibration: np.ndarray
    information: np.ndarray
    information_seed: np.ndarray
    information_all: np.ndarray
    seeds_answered: np.ndarray

    def weight(self, significance: float = 0.0) -> np.ndarray:
        """Return ``[expert]``: calibration times information on the seeds; 0 if calibration is below significance."""
        return np.where(self.reach(significance), np.nan_to_num(self.calibration * self.information_seed), 0.0)

    def reach(self, significance: float) -> np.ndarray:
        """Return ``[expert]``: whether calibration reaches ``significance``, but for rounding."""
        return self.calibration >= significance * (1 - 1e-9)


def scores(study: Study, overshoot: float = OVERSHOOT, power: float = 1.0) -> Scores:
    """Return the scores of a study's experts.

    ``power`` (0 to 1) multiplies the number of seeds in the calibration score.  Raises `InputError` if nobody answered
    a seed, or for an impossible ``overshoot`` or ``power``.
    """
    ranged = intrinsic_range(study, overshoot)
    return scores_of(ranged.quantiles, ranged, effective_seeds(study, power))


def effective_seeds(study: Study, power: float = 1.0) -> float:
    """Return the number of seeds in everyone's calibration score: the fewest that any expert answered, times power.

    A test with more seeds finds more fault.  So that nobody is punished for having answered more, all are tested as if
    they had answered as many as the one who answered fewest (experts who answered none are not counted).
    """
    if not 0 < power <= 1:
        raise InputError(Problem(f"The calibration power is {power:g}.", "above 0, up to 1"))
    answered = (study.answered & study.seeds).sum(axis=1)
    if not answered.any():
        raise InputError(Problem("Nobody answered a question whose answer is known.", "at least one seed question"))
    return power * float(answered[answered > 0].min())


def scores_of(quantiles: np.ndarray, ranged: Range, seeds: float) -> Scores:
    """Return the scores of ``quantiles[expert, item, level]`` on the background measure, tested as with ``seeds``."""
    study = ranged.study
    counts = bin_counts(quantiles, ranged)
    values = information(quantiles, ranged)
    return Scores(
        calibration=calibration(counts, study.bins, seeds),
        information=values,
        information_seed=_mean(values[:, study.seeds]),
        information_all=_mean(values),
        seeds_answered=counts.sum(axis=1),
    )


def bin_counts(quantiles: np.ndarray, ranged: Range) -> np.ndarray:
    """Return ``[expert, bin]``: how many realisations fell between which quantiles; one equal to a quantile, below."""
    seeds = ranged.study.seeds
    stated = quantiles[:, seeds]
    rounding = _ROUNDING * ranged.width[seeds]
    above = ranged.realisations[seeds][:, None] > stated + rounding[:, None]
    bins = np.where(np.isnan(stated[..., 0]), -1, above.sum(axis=-1))
    return (bins[..., None] == np.arange(stated.shape[-1] + 1)).sum(axis=1)


def calibration(counts: np.ndarray, bins: np.ndarray, seeds: float) -> np.ndarray:
    r"""Return ``[expert]``: the probability of a fit as bad as this or worse, if the expert's quantiles are right.

    Of 2 N I(s, p), with s the share of realisations by bin, p the probability of the bins, N = ``seeds`` and
    I = sum s ln(s / p), which is asymptotically chi-square with (bins - 1) degrees of freedom (Cooke 1991, chapter 8).
    """
    answered = counts.sum(axis=-1, keepdims=True)
    share = counts / np.where(answered > 0, answered, 1)
    statistic = 2 * seeds * np.maximum(xlogy(share, share / bins).sum(axis=-1), 0.0)
    return np.where(answered[..., 0] > 0, chdtrc(len(bins) - 1, statistic), np.nan)


def information(quantiles: np.ndarray, ranged: Range) -> np.ndarray:
    """Return ``[expert, item]``, in nats: the information of the density through the quantiles over the background.

    The density is the one of least information that has these quantiles: uniform between them on the background
    measure, so that it is ln(range) + sum p ln(p / width), over the bins (Cooke 1991, chapter 8).
    """
    apart = ranged.apart(quantiles)
    ends = np.broadcast_to(ranged.lower, apart.shape[:-1]), np.broadcast_to(ranged.upper, apart.shape[:-1])
    edges = np.concatenate([ends[0][..., None], apart, ends[1][..., None]], axis=-1)
    bins = ranged.study.bins
    return np.log(ranged.width) + (bins * np.log(bins / np.diff(edges))).sum(axis=-1)


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean over items of those that are not nan; nan if there are none."""
    count = (~np.isnan(values)).sum(axis=-1)
    return np.where(count > 0, np.nansum(values, axis=-1) / np.maximum(count, 1), np.nan)
