"""What the data said of each parameter: prior against posterior, and how many bits were learnt."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from precursor.analysis.answers import Answers
from precursor.analysis.estimates import LEAST_BITS, estimate
from precursor.analysis.words.parameter_words import parameter_words
from precursor.argument.parameters import Parameter, ParameterSpace


def parameters(answers: Answers, unconstrained: np.ndarray, untouched: Collection[str]) -> list[dict[str, Any]]:
    """Return one entry per parameter, in the order of declaration.

    ``bits`` is the divergence of posterior from prior, both taken as Normal on the parameter's unconstrained scale
    (the prior is; of the posterior only mean and spread enter).  It is ``None`` for the first state of a simplex,
    which has no value of its own.

    Parameters
    ----------
    unconstrained
        Posterior draws, (draws, parameters).
    untouched
        Names of the parameters on which no answer bears.
    """
    bits = bits_learnt(answers.space, unconstrained)
    return [
        {
            "name": parameter.name,
            "words": parameter_words(parameter.name),
            "scale": "ratio" if parameter.scale == "log" else "probability",
            "reason": parameter.reason,
            "prior": estimate(answers.prior_parameters[:, i]),
            "posterior": estimate(answers.posterior_parameters[:, i]),
            "bits": None if _is_reference(parameter) else float(bits[i]),
            "untouched": parameter.name in untouched,
            "prior_dominated": parameter.name in untouched or (not _is_reference(parameter) and bits[i] < LEAST_BITS),
        }
        for i, parameter in enumerate(answers.space.parameters)
    ]


def bits_learnt(space: ParameterSpace, unconstrained: np.ndarray) -> np.ndarray:
    """Return the divergence from prior to posterior in bits, (parameters,), zero where the prior has no spread."""
    before = np.sqrt(np.square(space.loadings).sum(axis=1))
    spread = np.where(before > 0, before, 1.0)
    shift = (unconstrained.mean(axis=0) - space.mean) / spread
    ratio = np.where(before > 0, np.maximum(unconstrained.std(axis=0), 1e-12) / spread, 1.0)
    return np.where(before > 0, (0.5 * (ratio**2 + shift**2 - 1.0) - np.log(ratio)) / np.log(2.0), 0.0)


def _is_reference(parameter: Parameter) -> bool:
    return parameter.scale == "simplex" and parameter.sd == 0
