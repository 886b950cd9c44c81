"""Everything about a model that is known before PyMC is imported: answers, decisions, quantities, sharing, latents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.inference.decisions import Decisions
from precursor.inference.facing import Facing, facing_of
from precursor.inference.layout import Layout, layout_of
from precursor.inference.observations import Observations, Round, observe
from precursor.inference.orientation import orientations
from precursor.inference.quantities import Quantities, quantities_of
from precursor.inference.sharing import Sharing, sharing_of

if TYPE_CHECKING:
    from precursor.elicitation.survey import Survey


@dataclass(frozen=True)
class Plan:
    """A model before it is a PyMC model; ``orientation`` says how bad news acts on every quantity."""

    observations: Observations
    decisions: Decisions
    space: ParameterSpace
    quantities: Quantities
    orientation: np.ndarray
    facing: Facing
    sharing: Sharing
    layout: Layout


def plan_model(
    surveys: Sequence[Survey], decisions: Decisions | None = None, *, up_to_round: Round = None
) -> Plan:
    """Return the plan of a model; no PyMC needed.  Rounds after ``up_to_round`` count as not held yet."""
    return plan_of(observe(surveys, up_to_round), decisions)


def plan_of(observations: Observations, decisions: Decisions | None = None) -> Plan:
    """Return the plan of a model of given observations."""
    space = parameter_space(tuple(observations.indicators))
    queries = [observations.query_of[name] for name in observations.queries]
    quantities = quantities_of(queries, space, observations.indicators)
    orientation = orientations(queries, space, observations.indicators)
    facing = facing_of(observations, quantities, orientation)
    return Plan(
        observations,
        decisions or Decisions(),
        space,
        quantities,
        orientation,
        facing,
        sharing_of(observations, facing),
        layout_of(space, observations),
    )
