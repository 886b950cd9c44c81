"""A plan with parameters held at a value: another structure, as a transformation of the plan.

``unconstrained = mean + loadings @ latent``: a held parameter's row of loadings is zero and its mean the value, so that
no draw moves it.  Latents that moved nothing else keep their prior, and the others' priors are as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from precursor.argument.parameters import ParameterSpace
from precursor.inference.plan import Plan

# A probability at the end of its scale is a limit: at log-odds of 30 it is within 1e-13 of it, and gradients exist.
END = 30.0


def holding(plan: Plan, values: Mapping[str, float]) -> Plan:
    """Return the plan with parameters held at unconstrained values; with nothing held, the very same density.

    A name stands for itself and for every parameter that begins with it and a dot.  Infinite values are taken to the
    limit `END`.  How bad news acts on a question (``orientation``) stays that of the shipped structure.

    Raises ``ValueError`` for a name that no parameter has.
    """
    return replace(plan, space=held_space(plan.space, values))


def held_space(space: ParameterSpace, values: Mapping[str, float]) -> ParameterSpace:
    """Return the parameter space with parameters held (see `holding`)."""
    mean, loadings = np.array(space.mean), np.array(space.loadings)
    for start, value in values.items():
        rows = [i for i, name in enumerate(space.names) if name == start or name.startswith(f"{start}.")]
        if not rows:
            raise ValueError(f"There is no parameter {start!r} to be held.")
        mean[rows] = np.clip(value, -END, END)
        loadings[rows] = 0.0
    return replace(space, mean=mean, loadings=loadings)
