"""All parameters together: their order, and how they follow from what is sampled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from precursor.argument.priors import Parameter, parameters
from precursor.exact.leaf import Leaf
from precursor.network.grammar import Event


@dataclass(frozen=True)
class ParameterSpace:
    """All parameters in order, and the affine map from standard-normal latents to unconstrained values.

    Attributes
    ----------
    parameters
        In the order of the unconstrained vector.
    latents
        Names of the standard-normal latents: shared levels, then each parameter's own.
    mean, loadings
        ``unconstrained = mean + loadings @ latent``; (parameter,), (parameter, latent).
    """

    parameters: tuple[Parameter, ...]
    latents: tuple[str, ...]
    mean: np.ndarray
    loadings: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """Dotted names in order."""
        return tuple(parameter.name for parameter in self.parameters)

    def leaves(self) -> dict[str, Leaf]:
        """Return how the circuit reads every parameter from the unconstrained vector."""
        spans = _simplex_spans(self.parameters)
        return {
            p.name: Leaf(p.scale, i, *(spans[p.group] if p.scale == "simplex" else (0, 0)))
            for i, p in enumerate(self.parameters)
        }

    def medians(self) -> dict[str, float]:
        """Return the prior median of every parameter on its natural scale."""
        return dict(zip(self.names, self.natural(self.mean[None, :])[0].tolist(), strict=True))

    def natural(self, unconstrained: np.ndarray) -> np.ndarray:
        """Return natural values of unconstrained ones; any leading shape, last axis parameters."""
        values = np.empty_like(unconstrained)
        scales = np.array([parameter.scale for parameter in self.parameters])
        logit, log = scales == "logit", scales == "log"
        values[..., logit] = 0.5 * (1.0 + np.tanh(0.5 * unconstrained[..., logit]))
        values[..., log] = np.exp(unconstrained[..., log])
        for start, size in _simplex_spans(self.parameters).values():
            part = unconstrained[..., start : start + size]
            weight = np.exp(part - part.max(axis=-1, keepdims=True))
            values[..., start : start + size] = weight / weight.sum(axis=-1, keepdims=True)
        return values

    def prior_draws(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Return independent prior draws of the unconstrained vector, (draws, parameters)."""
        return self.mean + rng.standard_normal((draws, len(self.latents))) @ self.loadings.T

    def prior_spread(self, points: int, seed: int) -> np.ndarray:
        """Return the unconstrained vector at points spread evenly over the prior, (points, parameters).

        A scrambled Sobol sequence (Owen 1998): means over it have a fraction of the error of independent draws.
        ``points`` is a power of two.
        """
        from scipy.special import ndtri  # noqa: PLC0415  (a query at a scenario starts without SciPy's statistics)
        from scipy.stats import qmc  # noqa: PLC0415

        even = qmc.Sobol(len(self.latents), seed=seed).random(points)
        smallest = np.finfo(float).eps
        return self.mean + ndtri(np.clip(even, smallest, 1 - smallest)) @ self.loadings.T


def parameter_space(indicators: Mapping[str, Event] | None = None) -> ParameterSpace:
    """Return the parameter space of the argument with the given indicators, each with the event it bears on."""
    return _space_of(parameters(indicators))


@cache
def _space_of(declared: tuple[Parameter, ...]) -> ParameterSpace:
    levels = list(dict.fromkeys(level for parameter in declared for level, _ in parameter.levels))
    own = [parameter.name for parameter in declared if parameter.sd > 0]
    position = {name: i for i, name in enumerate([*levels, *own])}
    loadings = np.zeros((len(declared), len(position)))
    for row, parameter in enumerate(declared):
        if parameter.sd > 0:
            loadings[row, position[parameter.name]] = parameter.sd
        for level, weight in parameter.levels:
            loadings[row, position[level]] = weight
    return ParameterSpace(declared, tuple(position), np.array([parameter.mean for parameter in declared]), loadings)


def _simplex_spans(declared: Sequence[Parameter]) -> dict[str, tuple[int, int]]:
    """Return, by simplex, where its states start in the unconstrained vector and how many they are."""
    spans: dict[str, tuple[int, int]] = {}
    for i, parameter in enumerate(declared):
        if parameter.scale == "simplex":
            start, size = spans.get(parameter.group, (i, 0))
            spans[parameter.group] = (start, size + 1)
    return spans


__all__ = ["Parameter", "ParameterSpace", "parameter_space", "parameters"]
