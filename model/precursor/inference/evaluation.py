"""Quantities of a model at given draws of its latents, computed by the model itself, not by a copy of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from precursor.inference.model import Plan, model_of


def evaluate(plan: Plan, latent: np.ndarray, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return named deterministic quantities of the model, (draws, ...), at latents (draws, latent).

    Runs in Python's reach, node by node: nothing is compiled but the kernels that sampling compiled already.
    """
    import pytensor

    model = model_of(plan)
    inputs = [model["standard_normal"]]
    function = pytensor.function(inputs, [model[name] for name in names], mode="FAST_COMPILE")
    drawn = [function(draw) for draw in np.ascontiguousarray(latent, dtype=float)]
    return {name: np.stack([values[i] for values in drawn]) for i, name in enumerate(names)}
