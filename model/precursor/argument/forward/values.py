"""Parameter values as a simulator reads them: natural values and hazards, one a world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from precursor.argument.parameters import ParameterSpace
from precursor.argument.scenario import Scenario

# Products of four ratios and a hazard stay finite; no system tells such a rate from an infinite one.
_LARGEST_RATIO = 1e60


@dataclass(frozen=True, slots=True)
class Values:
    """Parameters by dotted name, (worlds,): ``natural`` values, and ``hazards`` of the probabilities that mean one.

    A probability *p* of emergence or correction means the cumulative hazard ``-log(1 - p)``.
    """

    natural: Mapping[str, np.ndarray]
    hazards: Mapping[str, np.ndarray]

    @property
    def worlds(self) -> int:
        """How many worlds there are values for."""
        return len(next(iter(self.natural.values())))


def values_of_draws(space: ParameterSpace, unconstrained: np.ndarray) -> Values:
    """Return the values of draws on their unconstrained scales, (worlds, parameter); a draw is a world."""
    natural = dict(zip(space.names, np.minimum(space.natural(unconstrained), _LARGEST_RATIO).T, strict=True))
    # log(1 + e^x) is -log(1 - p) of x = logit(p), and stays finite where p rounds to one.
    hazards = {p.name: np.logaddexp(0.0, unconstrained[:, i]) for i, p in enumerate(space.parameters) if p.hazard}
    return Values(natural, hazards)


def values_of_scenario(space: ParameterSpace, scenario: Scenario, worlds: int) -> Values:
    """Return a scenario's values, the same in every world."""
    natural = {name: np.full(worlds, min(scenario.parameters[name], _LARGEST_RATIO)) for name in space.names}
    hazards = {p.name: -np.log1p(-natural[p.name]) for p in space.parameters if p.hazard}
    return Values(natural, hazards)
