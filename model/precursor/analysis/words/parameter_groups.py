"""The beliefs that people disagree about: parameters in a dozen groups, named as the debate names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from precursor.argument.nodes import ASSUMPTIONS
from precursor.argument.parameters import ParameterSpace

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "emergence of goal_directed": "how readily goal-directedness emerges",
        "emergence of long_term_goals": "how readily long-term goals emerge, in deployment too",
        "emergence of base_goal_understood": "how readily the base goal is understood",
        "emergence of situationally_aware": "how readily situational awareness emerges, in deployment too",
        "pointing": "whether a goal that forms points at the base goal",
        "correction": "whether training re-points a wrong goal, guarding included",
        "couplings": "how one property hastens another",
        "goal shift": "whether goals change between phases, with a revised aim or under drift",
        "plays along": "whether a schemer in fact plays along",
        "training": "how systems are trained and deployed, and what that changes",
        "timing and paradigm": "whether transformative AI comes in time, and by gradients",
        "downstream": "from the model's outcome to catastrophe",
        "indicators": "what observations tell",
    }
)

_FIRST_PARTS = {
    "point_base": "pointing",
    "correction": "correction",
    "guard": "correction",
    "hr_objective_on_correction": "correction",
    "hr_long_term_goals_given_awareness": "couplings",
    "hr_awareness_given_long_term_goals": "couplings",
    "hr_understanding_given_awareness": "couplings",
    "p_goal_shift": "goal shift",
    "p_pointer_outdated": "goal shift",
    "drift": "goal shift",
    "p_plays_along": "plays along",
    "hr_data_poor_on_understanding": "training",
    "hr_no_prompting_on_understanding": "training",
    "hr_objective_on_understanding": "training",
    "hr_no_long_horizon_on_long_term_goals": "training",
    "hr_wild_on_awareness": "training",
    "deployment_exposure": "training",
    "p_tai_by_2100": "timing and paradigm",
    "p_prosaic_paradigm": "timing and paradigm",
    "p_model_outcome_not_prosaic": "timing and paradigm",
    "p_indicator": "indicators",
    "p_indicator_relevance": "indicators",
}


def group_of(parameter: str) -> str:
    """Return the group of a parameter, by its dotted name."""
    first, _, rest = parameter.partition(".")
    if first in {"emergence", "emergence_in_context"}:
        return f"emergence of {rest.rpartition('.')[2]}"
    if first in _FIRST_PARTS:
        return _FIRST_PARTS[first]
    return "training" if first.removeprefix("p_") in ASSUMPTIONS else "downstream"


def groups_of(space: ParameterSpace) -> dict[str, np.ndarray]:
    """Return the positions of each group's parameters; groups without any are left out."""
    of = [group_of(name) for name in space.names]
    found = {group: np.array([i for i, own in enumerate(of) if own == group], dtype=int) for group in GROUPS}
    return {group: positions for group, positions in found.items() if len(positions)}


def beliefs_of(space: ParameterSpace) -> dict[str, np.ndarray]:
    """Return the positions of single beliefs: a parameter each, the states of one distribution together."""
    found: dict[str, list[int]] = {}
    for i, parameter in enumerate(space.parameters):
        found.setdefault(parameter.group if parameter.scale == "simplex" else parameter.name, []).append(i)
    return {name: np.array(positions, dtype=int) for name, positions in found.items()}


def latent_groups(space: ParameterSpace) -> dict[str, np.ndarray]:
    """Return the positions of the standard-normal latents by group; a level that several groups share is its own."""
    found: dict[str, list[int]] = {}
    for latent in range(len(space.latents)):
        moved = {group_of(space.names[i]) for i in np.flatnonzero(space.loadings[:, latent])}
        name = moved.pop() if len(moved) == 1 else f"{space.latents[latent]} (shared)"
        found.setdefault(name, []).append(latent)
    order = [*GROUPS, *(name for name in found if name not in GROUPS)]
    return {name: np.array(found[name], dtype=int) for name in order if name in found}


def union_of(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return positions together, sorted."""
    return np.unique(np.concatenate([np.zeros(0, dtype=int), *parts]))
