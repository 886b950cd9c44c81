"""`build_model`: surveys in, ``pm.Model`` out.

The parameters of the argument are drawn from their priors (`argument.parameters`), the network turns them into the
quantities that were asked about (`quantities`), and the experts' answers are observations on those (`likelihood`).

A person's own effects are integrated out; `person_effects` recovers them.  This differs from effects that are sampled
one by one in three ways: the heavy tail belongs to the person rather than to the answer, slopes b are normal, and the
scale of the noise is common to a group (a person's own scale is the Student's mixture).  ``tests/oracles`` has the
density written out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from precursor.inference.decisions import Decisions
from precursor.inference.density.arrays import Tensors
from precursor.inference.density.likelihood import Terms, terms
from precursor.inference.density.shared_questions import ERRORS_CENTRED, LOADINGS_CENTRED
from precursor.inference.plan import Plan, plan_model

if TYPE_CHECKING:
    import pymc as pm
    from pytensor.tensor.variable import TensorVariable

    from precursor.elicitation.survey import Survey


def build_model(surveys: Sequence[Survey], decisions: Decisions | None = None) -> pm.Model:
    """Return the model of the argument fitted to surveys; without surveys, its prior.

    The free variable is ``standard_normal`` (dim ``latent``); ``unconstrained`` holds the argument's parameters (dim
    ``parameter``) on their unconstrained scales; ``network_quantity`` (dim ``quantity``) what answers are compared with
    (`quantities`); ``expected_answer``, ``answer_variance`` (dim ``row``) are location and squared scale of each
    answer, oriented, before the same person's other answers are known.  ``answer_active`` (data, one for each row and
    then each ranking) switches answers off without compiling anew, and what is
    decided (`decided_data`) is data too, and so is where the answers stand (`Stated.data`).
    """
    return model_of(plan_model(surveys, decisions))


def model_of(plan: Plan) -> pm.Model:
    """Return the PyMC model of a plan."""
    import pymc as pm

    from precursor.inference.density.operations import times

    observations = plan.observations
    coords = {
        "latent": list(plan.layout.names),
        "parameter": list(plan.space.names),
        "quantity": list(plan.quantities.names),
        "row": list(range(len(observations.rows))),
    }
    with pm.Model(coords=coords) as model:
        latent = pm.Normal("standard_normal", 0.0, 1.0, dims="latent")
        unconstrained = plan.space.mean + times(plan.space.loadings, latent[plan.layout.parameters])
        unconstrained = pm.Deterministic("unconstrained", unconstrained, dims="parameter")
        if observations.answers:
            quantities = _quantities(plan, unconstrained)
            active = pm.Data("answer_active", np.ones(len(observations.answers)))
            decided = {name: pm.Data(name, value) for name, value in decided_data(plan).items()}
            given = {name: pm.Data(name, array) for name, array in plan.stated.data.items()}
            found = terms(plan, Tensors(), latent, quantities, decided, plan.stated.with_data(given))
            if observations.rows:
                pm.Deterministic("expected_answer", found.expected, dims="row")
                pm.Deterministic("answer_variance", spread_of(plan, found, times), dims="row")
            pm.Potential("answers", _log_density(plan, found, active))
    return model


def decided_data(plan: Plan) -> dict[str, np.ndarray]:
    """Return what is decided as data of the compiled model: `Decisions.values`, and which questions are centred."""
    centred = {
        ERRORS_CENTRED: plan.shared_centres.well_answered,
        LOADINGS_CENTRED: plan.placed_centres.well_answered,
    }
    numbers = {name: np.asarray(value, dtype=float) for name, value in plan.decisions.values.items()}
    return numbers | {name: array for name, array in centred.items() if len(array)}


def _quantities(plan: Plan, unconstrained: TensorVariable) -> TensorVariable:
    import pymc as pm
    import pytensor.tensor as pt

    from precursor.inference.density.operations import NetworkQuantities, quantity_tables

    if not plan.quantities.names:
        return pt.zeros(0)
    tables = [pm.Data(f"circuit_{name}", table) for name, table in quantity_tables(plan.quantities).items()]
    return pm.Deterministic("network_quantity", NetworkQuantities()(unconstrained, *tables)[0], dims="quantity")


def spread_of(plan: Plan, found: Terms, times: object) -> TensorVariable:
    """Return each row's whole variance: what it shares with the person's other rows, and its own."""
    sharing = plan.sharing
    shape = (len(plan.observations.rows), len(sharing.rows))
    membership = csr_array((np.ones(len(sharing.rows)), (sharing.rows, np.arange(len(sharing.rows)))), shape=shape)
    return found.variance + times(membership, found.entries**2)  # type: ignore[operator]


def _log_density(plan: Plan, found: Terms, active: TensorVariable) -> TensorVariable:
    import pytensor.tensor as pt

    from precursor.inference.density.operations import PersonsLogDensity

    sharing, n_rows = plan.sharing, len(plan.observations.rows)
    density = found.gain + pt.sum(found.outcomes)
    if n_rows:
        total, *_ = PersonsLogDensity()(
            found.residual,
            found.variance,
            found.entries,
            active[:n_rows],
            sharing.first_row,
            sharing.first_entry,
            sharing.rows,
            sharing.columns,
            sharing.n_columns,
        )
        density = density + total
    for own, which in (
        (found.bounds, plan.columns.bounded),
        (found.quartiles, plan.columns.with_quartiles),
        (found.rankings, n_rows + np.arange(len(plan.observations.ranked))),
    ):
        if len(which):
            density = density + pt.sum(active[which] * own)
    return density
