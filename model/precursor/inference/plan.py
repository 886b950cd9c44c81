"""Everything about a model that is known before PyMC is imported: answers, decisions, quantities, sharing, latents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.inference.answers.centres import Centres, centres_of, still_centred
from precursor.inference.answers.columns import Columns, columns_of
from precursor.inference.answers.facing import Facing, facing_of
from precursor.inference.answers.observations import Observations, Round, observe, with_possible_orders
from precursor.inference.answers.ranking_tables import RankingTables, ranking_tables
from precursor.inference.answers.sharing import Sharing, sharing_of
from precursor.inference.answers.stated import Stated, stated_of
from precursor.inference.decisions import Decisions
from precursor.inference.layout import Layout, layout_of
from precursor.inference.orientation import orientations
from precursor.inference.quantities import Quantities, quantities_of

if TYPE_CHECKING:
    from precursor.elicitation.survey import Survey


@dataclass(frozen=True)
class Plan:
    """A model before it is a PyMC model.

    Attributes
    ----------
    orientation
        How bad news acts on every quantity, (quantity,).
    columns, facing, sharing, rankings
        Constant tables of the likelihood.
    stated
        Where the answers stand.  Whatever else depends on that (`shared_centres`, `placed_centres`) does not change the
        posterior.
    shared_centres, placed_centres
        Where the answers to shared questions stand, for their errors and for their loadings.
    layout
        What the latents are.
    """

    observations: Observations
    decisions: Decisions
    space: ParameterSpace
    quantities: Quantities
    orientation: np.ndarray
    columns: Columns
    facing: Facing
    sharing: Sharing
    rankings: RankingTables
    stated: Stated
    shared_centres: Centres
    placed_centres: Centres
    layout: Layout


def plan_model(surveys: Sequence[Survey], decisions: Decisions | None = None, *, up_to_round: Round = None) -> Plan:
    """Return the plan of a model; no PyMC needed.  Rounds after ``up_to_round`` count as not held yet."""
    return plan_of(observe(surveys, up_to_round), decisions)


def plan_of(observations: Observations, decisions: Decisions | None = None) -> Plan:
    """Return the plan of a model of given observations."""
    space = parameter_space(observations.indicators)
    queries = [observations.query_of[name] for name in observations.queries]
    quantities = quantities_of(queries, space, observations.indicators)
    observations = with_possible_orders(observations, set(quantities.names))
    orientation = orientations(queries, space, observations.indicators)
    columns = columns_of(observations)
    facing = facing_of(observations, quantities, orientation)
    rankings = ranking_tables(observations, quantities)
    stated = stated_of(observations, columns, rankings)
    return Plan(
        observations=observations,
        decisions=decisions or Decisions(),
        space=space,
        quantities=quantities,
        orientation=orientation,
        columns=columns,
        facing=facing,
        sharing=sharing_of(observations, facing),
        rankings=rankings,
        stated=stated,
        shared_centres=centres_of(observations, stated, facing, observations.shared_questions, of_camps=False),
        placed_centres=centres_of(observations, stated, facing, observations.placed_questions, of_camps=True),
        layout=layout_of(space, observations),
    )


def listening(plan: Plan, active: np.ndarray, decisions: Decisions) -> Plan:
    """Return the plan as a compiled model samples it that listens to some answers only (`Sampler.listening`)."""
    found, rows = plan.observations, active[: len(plan.observations.rows)].astype(bool)
    apart = rows & (not decisions.camp)
    return replace(
        plan,
        decisions=decisions,
        shared_centres=still_centred(plan.shared_centres, found, found.shared_questions, rows, of_camps=False),
        placed_centres=still_centred(plan.placed_centres, found, found.placed_questions, apart, of_camps=True),
    )
