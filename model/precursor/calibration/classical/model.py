"""The classical model as a whole: experts scored, the usual decision makers, and quantities held out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from precursor.calibration.classical.background import OVERSHOOT
from precursor.calibration.classical.decision_maker import DecisionMaker, Panel, Scheme, panel
from precursor.calibration.classical.scores import Scores
from precursor.calibration.classical.study import Study, positions
from precursor.problems import InputError, Problem

Method = Literal[Scheme, "optimised", "item_optimised"]
METHODS: tuple[Method, ...] = get_args(Method)


@dataclass(frozen=True, slots=True, eq=False)
class ClassicalResult:
    """A study's scores and decision makers (``equal``, ``global``, ``item``, ``optimised``, ``item_optimised``).

    ``seeds`` is the number of seeds in everyone's calibration score (`scores.effective_seeds`).
    """

    study: Study
    scores: Scores
    seeds: float
    decision_makers: tuple[DecisionMaker, ...]

    def __getitem__(self, name: str) -> DecisionMaker:
        """Return a decision maker by its name."""
        return next(made for made in self.decision_makers if made.name == name)


def classical_model(
    study: Study, *, overshoot: float = OVERSHOOT, power: float = 1.0, significance: float = 0.0
) -> ClassicalResult:
    """Return the scores of the experts and of the usual decision makers.

    Parameters
    ----------
    study
        With at least one seed that somebody answered.
    overshoot
        By how much of its length the intrinsic range is lengthened at either end.
    power
        Multiplies the number of seeds in calibration scores: above 0, up to 1.
    significance
        For ``global`` and ``item``: whose calibration is below it has no weight.  ``optimised`` finds its own, with
        global weights, and ``item_optimised`` with item weights.

    Raises
    ------
    InputError
        If nobody answered a seed, or a number is impossible.
    """
    used = panel(study, overshoot, power)
    highest = np.nanmax(used.scores.calibration)
    if not 0 <= significance <= highest:
        raise InputError(
            Problem(f"The significance level is {significance:g}.", f"0 to {highest:g}, the highest calibration")
        )
    made = tuple(_make(used, method, significance) for method in METHODS)
    return ClassicalResult(study, used.scores, used.seeds, made)


def held_out(
    study: Study,
    items: Sequence[str],
    *,
    method: Method = "optimised",
    levels: Sequence[float] | None = None,
    overshoot: float = OVERSHOOT,
    power: float = 1.0,
) -> np.ndarray:
    """Return the decision maker's quantiles ``[item, level]`` for ``items``, as if their answers were not known.

    Their realisations are used for nothing: not for weights, not for the intrinsic range.  ``levels``: those of the
    study, unless given.  An item is nan where none of those who answered it has weight.  Raises `InputError` if no
    other seed was answered, or an item is unknown.
    """
    used = panel(study.forgetting(items), overshoot, power)
    weights = _make(used, method, 0.0).weights
    quantiles = used.mixed.quantiles(weights, tuple(study.levels if levels is None else levels))
    return used.ranged.natural(quantiles)[positions(items, study.items, "item")]


def _make(used: Panel, method: Method, significance: float) -> DecisionMaker:
    if method == "optimised":
        return used.optimise("global", method)
    if method == "item_optimised":
        return used.optimise("item", method)
    level = 0.0 if method == "equal" else significance
    return used.decide(method, used.weights(method, level), level)
