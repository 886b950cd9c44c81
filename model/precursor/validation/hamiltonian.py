"""One Hamiltonian transition at a given step size: the least that is honest where a sampler cannot be asked for one.

nutpie tunes itself and starts from a jittered point, so it cannot be asked for a single transition from where a chain
stands.  This is plain Hamiltonian Monte Carlo (Neal 2011, MCMC using Hamiltonian dynamics, section 5.3.3) with unit
masses on the standard-normal latents.  Step size and number of steps are drawn anew, apart from the position, so that
the transition leaves the density as it is whatever their values.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Log-density and gradient, (latent,), at latents, (latent,).
Density = Callable[[np.ndarray], tuple[float, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Steps:
    """How far a transition goes: the step size is up to a fifth off ``size``, the steps are 1 to ``most``."""

    size: float
    most: int


def transition(
    density: Density, position: np.ndarray, steps: Steps, rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """Return the next position, (latent,), and the probability with which the proposal was accepted.

    The law: if ``position`` has the density, so has what is returned.
    """
    size = steps.size * rng.uniform(0.8, 1.2)
    momentum = rng.standard_normal(len(position))
    before, gradient = density(position)
    energy = before - 0.5 * momentum @ momentum
    there = position.copy()
    for _ in range(int(rng.integers(1, steps.most + 1))):
        momentum = momentum + 0.5 * size * gradient
        there = there + size * momentum
        after, gradient = density(there)
        momentum = momentum + 0.5 * size * gradient
        if not np.isfinite(after):
            return position, 0.0
    accepted = math.exp(min(0.0, float(after - 0.5 * momentum @ momentum - energy)))
    return (there, accepted) if rng.random() < accepted else (position, accepted)
