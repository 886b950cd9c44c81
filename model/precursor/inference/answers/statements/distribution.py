"""Distributions over a node's states: their contrasts (log-ratios), and what rounding adds to each.

The stated shares are compared with the network's on their contrasts (`quantities.contrasts`), in which the answer's sum
does not matter.  A share typed to a resolution moves every contrast at once, so rounding is one common term a state.  A
stated zero is a share below half a percent: the logarithm is taken to lie evenly between that and a twentieth of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from precursor.elicitation.answers import Distribution
from precursor.elicitation.lexicon import HALF_A_PERCENT
from precursor.inference.quantities import contrasts

ZERO_REACHES = 20.0


@dataclass(frozen=True)
class StatedContrasts:
    """Contrasts of a stated distribution, (states - 1,), and what rounding of each state adds, (states - 1, states)."""

    locations: np.ndarray
    rounding: np.ndarray


def stated_contrasts(answer: Distribution) -> StatedContrasts:
    """Return the contrasts that a distribution states."""
    lows = answer.lows or answer.probabilities
    highs = answer.highs or answer.probabilities
    ends = [_log_ends(low, value, high) for low, value, high in zip(lows, answer.probabilities, highs, strict=True)]
    centre = np.array([(low + high) / 2 for low, high in ends])
    spread = np.array([(high - low) / math.sqrt(12) for low, high in ends])
    combination = contrasts(len(centre))
    return StatedContrasts(combination @ centre, combination * spread)


def _log_ends(low: float, value: float, high: float) -> tuple[float, float]:
    """Return the ends, in logs, of what a share may be given its resolution."""
    if value <= 0 or low <= 0:
        top = max(high, HALF_A_PERCENT)
        return math.log(top / ZERO_REACHES), math.log(top)
    return math.log(low), math.log(min(high, 1.0))
