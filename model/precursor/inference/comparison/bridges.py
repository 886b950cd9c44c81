r"""Populations between two posteriors that hardly overlap, so that the path between them can be followed.

The densities in between are ``p_s = p_0 (p_1 / p_0)^s``.  Starting at either end, the furthest s that the draws at
hand still reach is taken; draws are resampled there by weight, and moved by Metropolis steps that leave p_s as it is:
an autoregressive proposal about a normal distribution with mean m and covariance C (Rudolf, Sprungk 2018, doi
10.1007/s10208-016-9340-x),

    x' = m + sqrt(1 - b^2) (x - m) + b xi,    xi ~ N(0, C),

whose acceptance depends only on how far p_s is from normal.  C and m interpolate the ends in precision, as tempering
does for normal densities.  The moved draws join the pool, until neighbours overlap (sequential Monte Carlo: Del Moral,
Doucet, Jasra 2006, doi 10.1111/j.1467-9868.2006.00553.x).  After finitely many steps they are draws of p_s only
approximately; the ends' own draws are untouched, and what the path misses of the difference of the means stands in the
remainder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from precursor.inference.comparison.path import pooled_log_weights
from precursor.inference.comparison.sides import Bridge, difference_at
from precursor.inference.decisions import SEED_LOGIT_MEAN, SEED_LOGIT_SD
from precursor.inference.plan import Plan, plan_of
from precursor.inference.reweighting.density import densities
from precursor.inference.reweighting.effects import Effects, quantities_at, seed_outcomes

ENOUGH = 100.0
MOST_STATES = 24
_POPULATION, _STEPS = 400, 12
_SHRINKAGE = 0.1
_FIRST_STEP = 0.3
_GRID = np.concatenate([[0.0], np.geomspace(1e-4, 0.1, 25), np.linspace(0.125, 1.0, 36)])
Say = Callable[[str], None]


@dataclass(frozen=True)
class Population:
    """Pooled draws of all states: effects, the later density's log-ratio to the earlier (draw,), source (draw,).

    ``states`` are the s of the densities, the two ends first.
    """

    effects: Effects
    log_ratio: np.ndarray
    source: np.ndarray
    states: np.ndarray

    @cached_property
    def _base(self) -> np.ndarray:
        return pooled_log_weights(self.log_densities, self.source)

    @property
    def log_densities(self) -> np.ndarray:
        """Log-densities of all states, up to the earlier end's, (state, draw)."""
        return np.outer(self.states, self.log_ratio)

    def effective_at(self, states: np.ndarray) -> np.ndarray:
        """Return the effective number of pooled draws at given s, (s,)."""
        log_weights = self._base + np.outer(states, self.log_ratio)
        weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
        return np.asarray(weights.sum(axis=1) ** 2 / (weights**2).sum(axis=1))

    def weights_at(self, state: float) -> np.ndarray:
        """Return the weights, (draw,), under which pooled draws are draws of p_s; they sum to one."""
        log_weights = self._base + state * self.log_ratio
        weights = np.exp(log_weights - log_weights.max())
        return np.asarray(weights / weights.sum())

    def joined(self, effects: Effects, log_ratio: np.ndarray, state: float) -> Population:
        """Return the population with draws of one more state."""
        return Population(
            self.effects.joined(effects),
            np.concatenate([self.log_ratio, log_ratio]),
            np.concatenate([self.source, np.full(effects.draws, len(self.states))]),
            np.append(self.states, state),
        )


def bridged(bridge: Bridge, ends: Population, rng: np.random.Generator, say: Say) -> Population:
    """Return the population of the two ends with as many in between as are needed, up to `MOST_STATES`."""
    found, target, from_left = ends, None, True
    while len(found.states) < MOST_STATES:
        effective = found.effective_at(_GRID)
        if effective.min() >= ENOUGH:
            break
        if target is None:
            target = _Target.of(bridge, ends)
        state = _front(found, effective, from_left=from_left)
        say(f"The posteriors lie far apart: population {len(found.states) - 1} in between, at {state:.2g} of the way.")
        effects, log_ratio = target.moved(found, state, rng)
        found = found.joined(effects, log_ratio, state)
        from_left = not from_left
    return found


def _front(found: Population, effective: np.ndarray, *, from_left: bool) -> float:
    """Return the furthest s, from the left or from the right, that the draws still reach; found by bisection."""
    short = np.flatnonzero(effective < ENOUGH)
    reached, beyond = (short[0] - 1, short[0]) if from_left else (short[-1] + 1, short[-1])
    if not 0 <= reached < len(_GRID):
        return float(_GRID[np.argmin(effective)])
    low, high = _GRID[reached], _GRID[beyond]
    for _ in range(20):
        middle = 0.5 * (low + high)
        if found.effective_at(np.array([middle]))[0] >= ENOUGH:
            low = middle
        else:
            high = middle
    return float(low)


@dataclass(frozen=True)
class _Target:
    """The densities in between, and normal approximations to their ends by precision and shift."""

    bridge: Bridge
    earlier: Plan
    names: tuple[str, ...]
    outcomes: dict[int, bool]
    precisions: tuple[np.ndarray, np.ndarray]
    shifts: tuple[np.ndarray, np.ndarray]

    @classmethod
    def of(cls, bridge: Bridge, ends: Population) -> _Target:
        names = tuple(ends.effects.values)
        draws = np.stack([ends.effects.values[name] for name in names], axis=1)
        precisions, shifts = [], []
        for k in (0, 1):
            own = draws[ends.source == k]
            covariance = np.cov(own, rowvar=False)
            covariance = (1 - _SHRINKAGE) * covariance + _SHRINKAGE * np.diag(np.diag(covariance))
            precision = np.linalg.inv(covariance)
            precisions.append(precision)
            shifts.append(precision @ own.mean(axis=0))
        side = bridge.changes.before
        outcomes = seed_outcomes(bridge.changes.union)
        return cls(
            bridge,
            plan_of(side.observations, side.decisions),
            names,
            {i: outcomes[name] for i, name in enumerate(names) if name in outcomes},
            (precisions[0], precisions[1]),
            (shifts[0], shifts[1]),
        )

    def at(self, draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the earlier log-density and the later one's log-ratio to it, at draws (draw, effect)."""
        effects = Effects(len(draws), dict(zip(self.names, draws.T, strict=True)))
        log_density = -0.5 * (draws**2).sum(axis=1)
        for i, outcome in self.outcomes.items():
            log_odds = SEED_LOGIT_MEAN + SEED_LOGIT_SD * draws[:, i]
            log_density -= np.logaddexp(0.0, -log_odds if outcome else log_odds)
        if self.earlier.observations.answers:
            found = densities(self.earlier, effects, quantities_at(self.earlier, effects))
            log_density += found.unit_log_densities(np.ones(len(self.earlier.observations.rows))).sum(axis=1)
            log_density += found.rankings.sum(axis=1)
        difference = difference_at(self.bridge, effects, self.bridge.quantities(effects), divided=False)
        return log_density, difference.total

    def moved(self, found: Population, state: float, rng: np.random.Generator) -> tuple[Effects, np.ndarray]:
        """Return draws of a state: resampled from the population by weight, then moved."""
        weights = found.weights_at(state)
        chosen = rng.choice(len(weights), _POPULATION, p=weights)
        draws = np.stack([found.effects.values[name][chosen] for name in self.names], axis=1)
        precision, shift = ((1 - state) * ends[0] + state * ends[1] for ends in (self.precisions, self.shifts))
        mean = np.linalg.solve(precision, shift)
        root = np.linalg.inv(np.linalg.cholesky(precision)).T
        log_density, log_ratio = self.at(draws)
        step = _FIRST_STEP
        for _ in range(_STEPS):
            noise = rng.standard_normal(draws.shape) @ root.T
            proposed = mean + np.sqrt(1 - step**2) * (draws - mean) + step * noise
            new_density, new_ratio = self.at(proposed)
            gain = new_density + state * new_ratio - log_density - state * log_ratio
            gain += _half_distance(proposed - mean, precision) - _half_distance(draws - mean, precision)
            accepted = np.log(rng.random(len(draws))) < gain
            draws[accepted], log_density[accepted], log_ratio[accepted] = (
                proposed[accepted], new_density[accepted], new_ratio[accepted],
            )  # fmt: skip
            step = min(step * np.exp(accepted.mean() - 0.3), 1.0)
        return Effects(len(draws), dict(zip(self.names, draws.T, strict=True))), log_ratio


def _half_distance(centred: np.ndarray, precision: np.ndarray) -> np.ndarray:
    return 0.5 * np.asarray(np.einsum("di,ij,dj->d", centred, precision, centred, optimize=True))
