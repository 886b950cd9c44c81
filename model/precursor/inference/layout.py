"""The flat vector of standard-normal latents: which stretch of it is what.

Everything that is sampled is a standard normal, scaled afterwards: the sampler then starts near the right scale, and
the graph has one free variable instead of a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass

from precursor.argument.parameters import ParameterSpace
from precursor.inference.answers.observations import Observations
from precursor.inference.decisions import SCALES


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of all latents, and the slice of each family."""

    names: tuple[str, ...]
    parameters: slice
    scales: slice
    noise: slice
    loading_mean: slice
    group_bias: slice
    offset: slice
    shared_error: slice
    loading: slice
    bound: slice
    seed: slice
    width: slice
    order_error: slice


def layout_of(space: ParameterSpace, observations: Observations) -> Layout:
    """Return the layout for a parameter space and the observations to be fitted."""
    bounds = [i for i, row in enumerate(observations.rows) if row.statement.censored != "none"]
    orders = dict.fromkeys(order for ranking in observations.ranked for order in ranking.asked)
    families = [
        [f"parameter: {name}" for name in space.latents],
        [f"scale: {name}" for name in SCALES],
        [f"noise: {name}" for name in observations.noise_groups],
        ["loading mean"],
        [f"group bias: {name}" for name in observations.groups],
        [f"offset: {offset.id}" for offset in observations.offsets],
        [f"shared error: {question}" for question in observations.shared_questions],
        [f"loading: {question}" for question in observations.placed_questions],
        [f"bound: row {i}" for i in bounds],
        [f"seed: {key}" for key in observations.seeds],
        [f"width: {person}" for person in observations.widths],
        [f"order error: {order}" for order in orders],
    ]
    if not observations.answers:
        families = [families[0], *([] for _ in families[1:])]
    names: list[str] = []
    slices = []
    for family in families:
        slices.append(slice(len(names), len(names) + len(family)))
        names += family
    return Layout(tuple(names), *slices)
