"""The background measure: where information is measured from, and the range on which densities live."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from precursor.calibration.classical.study import Study, shown_level
from precursor.problems import InputError, Problem

OVERSHOOT = 0.1
SMALLEST_OVERSHOOT = 0.001
# Equal quantiles would make a density, and so the information, infinite: they are held this part of the range apart.
NARROWEST = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """A study on its background measure: everything linear in the quantity or, for items on a log scale, in its log.

    ``quantiles[expert, item, level]`` are those stated, ``realisations[item]`` those known, and the intrinsic range of
    an item is ``lower[item]`` to ``upper[item]``.
    """

    study: Study
    quantiles: np.ndarray
    realisations: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @property
    def width(self) -> np.ndarray:
        """``[item]``: the length of the intrinsic range."""
        return self.upper - self.lower

    def apart(self, quantiles: np.ndarray) -> np.ndarray:
        """Return quantiles ``[..., item, level]`` with equal ones held `NARROWEST` of the range apart."""
        gap = NARROWEST * self.width
        apart = quantiles.copy()
        for level in range(1, quantiles.shape[-1]):
            apart[..., level] = np.maximum(apart[..., level], apart[..., level - 1] + gap)
        return apart

    def natural(self, quantiles: np.ndarray) -> np.ndarray:
        """Return ``[item, ...]`` on the background measure in the items' units."""
        values = quantiles.copy()
        logs = _on_log_scale(self.study)
        values[logs] = np.exp(values[logs])
        return values


def intrinsic_range(study: Study, overshoot: float = OVERSHOOT) -> Range:
    """Put a study on its background measure.

    The range of an item runs from the smallest to the largest of all experts' quantiles and, if it is known, the
    realisation, lengthened at either end by ``overshoot`` times its length (on a log scale: all in logs).

    Raises
    ------
    InputError
        If ``overshoot`` is too small, all that is said of an item is one and the same number, or its range is so wide
        that floating-point numbers do not hold it.
    """
    if not SMALLEST_OVERSHOOT <= overshoot < np.inf:
        raise InputError(Problem(f"The overshoot is {overshoot:g}.", f"a number, {SMALLEST_OVERSHOOT} or more"))
    logs = _on_log_scale(study)
    quantiles, realisations = study.quantiles.astype(float), study.realisations.astype(float)
    quantiles[:, logs], realisations[logs] = np.log(quantiles[:, logs]), np.log(realisations[logs])
    # fmin and fmax pass over nan, and are silent about an item of which nothing is said.
    lower = np.fmin(np.fmin.reduce(quantiles, axis=(0, 2)), realisations)
    upper = np.fmax(np.fmax.reduce(quantiles, axis=(0, 2)), realisations)
    flat = [item for item, same in zip(study.items, study.answered.any(axis=0) & (lower == upper), strict=True) if same]
    if flat:
        levels = " and ".join(shown_level(study.levels[i]) for i in (0, -1))
        raise InputError(
            Problem(
                f"{item}: everything said of it is one number: there is no range.", f"quantiles {levels} that differ"
            )
            for item in flat
        )
    with np.errstate(over="ignore"):
        beyond = overshoot * (upper - lower)
        found = Range(study, quantiles, realisations, lower - beyond, upper + beyond)
        endless = np.isinf(found.width) | np.isinf(found.natural(found.upper))
    if endless.any():
        raise InputError(
            Problem(f"{item}: its range is too wide to compute with.", "a smaller overshoot, or numbers less far apart")
            for item, out in zip(study.items, endless, strict=True)
            if out
        )
    return found


def _on_log_scale(study: Study) -> np.ndarray:
    return np.array([scale == "log" for scale in study.scales])
