"""`build_model`: surveys in, ``pm.Model`` out.

The parameters of the argument are drawn from their priors (`argument.parameters`), the network turns them into the
log-odds of every question that was asked, and the experts' answers are observations on those:

    stated[e, q] = a[e] + b[e] logit(theta[q]) + z[e] w[q] + d[q] + u[e, target] + noise,

oriented towards bad news.  A person's own effects a, b, z, u are integrated out, which makes a person's answers jointly
Student-t with four degrees of freedom (`person_kernel`); they can be recovered by `person_effects`.  This differs from
effects that are sampled one by one in three ways: the heavy tail belongs to the person rather than to the answer,
slopes b are normal, and the scale of the noise is common to a group (a person's own scale is the Student's mixture).
``tests/oracles`` has the explicit version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from precursor.argument.answer import record_odds
from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.exact.circuit import Circuit
from precursor.inference.decisions import (
    GROUP_BIAS_SD,
    GROUP_SLOPE_SD,
    NOISE,
    QUARTILE_ERROR,
    SCALES,
    Decisions,
)
from precursor.inference.layout import Layout, layout_of
from precursor.inference.observations import QUARTILES_TO_SCALE, Observations, observe
from precursor.inference.orientation import orientations
from precursor.inference.shared_questions import offsets_of, padded, position_among, shared_questions
from precursor.inference.sharing import KINDS, Sharing, sharing_of

if TYPE_CHECKING:
    import pymc as pm
    from pytensor.tensor.variable import TensorVariable

    from precursor.elicitation.survey import Survey

BOUND_SPREAD = 2.0


@dataclass(frozen=True)
class Plan:
    """Everything about a model that is known before PyMC is imported."""

    observations: Observations
    decisions: Decisions
    space: ParameterSpace
    circuit: Circuit
    sharing: Sharing
    layout: Layout
    orientation: np.ndarray


def plan_model(surveys: Sequence[Survey], decisions: Decisions | None = None) -> Plan:
    """Return the plan of a model: observations, circuit of all their queries, latents; no PyMC needed."""
    observations = observe(surveys)
    space = parameter_space(tuple(observations.indicators))
    queries = [observations.query_of[name] for name in observations.queries]
    circuit = record_odds(queries, space, observations.indicators)
    return Plan(
        observations,
        decisions or Decisions(),
        space,
        circuit,
        sharing_of(observations),
        layout_of(space, observations),
        orientations(queries, space, observations.indicators),
    )


def build_model(surveys: Sequence[Survey], decisions: Decisions | None = None) -> pm.Model:
    """Return the model of the argument fitted to surveys; without surveys, its prior.

    The free variable is ``standard_normal`` (dim ``latent``); ``unconstrained`` holds the argument's parameters (dim
    ``parameter``) on their unconstrained scales; ``question_logit`` (dim
    ``query``) is the network's answer to every query asked; ``expected_answer``, ``answer_variance`` (dim ``answer``)
    are location and squared scale of each answer, oriented, before the same person's other answers are known.
    ``answer_active`` (data, one per row) switches answers off without compiling anew.
    """
    return model_of(plan_model(surveys, decisions))


def model_of(plan: Plan) -> pm.Model:
    """Return the PyMC model of a plan."""
    import pymc as pm

    from precursor.inference.operations import times

    coords = {
        "latent": list(plan.layout.names),
        "parameter": list(plan.space.names),
        "query": list(plan.observations.queries),
        "answer": list(range(len(plan.observations.rows))),
    }
    with pm.Model(coords=coords) as model:
        latent = pm.Normal("standard_normal", 0.0, 1.0, dims="latent")
        unconstrained = plan.space.mean + times(plan.space.loadings, latent[plan.layout.parameters])
        unconstrained = pm.Deterministic("unconstrained", unconstrained, dims="parameter")
        if plan.observations.rows:
            logits = pm.Deterministic("question_logit", _question_logits(plan, unconstrained), dims="query")
            active = pm.Data("answer_active", np.ones(len(plan.observations.rows)))
            density, expected, variance = _log_density(plan, latent, logits, active)
            pm.Deterministic("expected_answer", expected, dims="answer")
            pm.Deterministic("answer_variance", variance, dims="answer")
            pm.Potential("answers", density)
    return model


def _question_logits(plan: Plan, unconstrained: TensorVariable) -> TensorVariable:
    import pymc as pm

    from precursor.inference.operations import QuestionLogits, circuit_tables

    tables = [pm.Data(f"circuit_{name}", table) for name, table in circuit_tables(plan.circuit).items()]
    return QuestionLogits()(unconstrained, *tables)[0]


@dataclass(frozen=True)
class _Rows:
    """Constant arrays over the rows (answers) of a plan."""

    query: np.ndarray
    sign: np.ndarray
    side: np.ndarray
    person: np.ndarray
    location: np.ndarray
    width: np.ndarray


def _rows(plan: Plan) -> _Rows:
    rows, observations = plan.observations.rows, plan.observations
    query = observations.index(observations.queries, (str(row.question.query) for row in rows))
    sign = plan.orientation[query]
    return _Rows(
        query=query,
        sign=sign,
        side=np.array([row.unit.side for row in rows]),
        person=np.array([float(not row.unit.is_group) for row in rows]),
        location=sign * np.array([row.statement.location for row in rows]),
        width=np.array([row.statement.width for row in rows]),
    )


def _log_density(
    plan: Plan, latent: TensorVariable, logits: TensorVariable, active: TensorVariable
) -> tuple[TensorVariable, TensorVariable, TensorVariable]:
    """Return the log-density of all answers (a scalar), and each answer's own location and squared scale."""
    import pytensor.tensor as pt

    from precursor.inference.operations import PersonsLogDensity, times

    layout, sharing, rows = plan.layout, plan.sharing, _rows(plan)
    decided = np.array([plan.decisions.shared_error if name == "shared_error" else 1.0 for name in SCALES])
    scale = decided * pt.exp(_scale_medians() + _scale_spreads() * latent[layout.scales])
    named = {name: scale[i] for i, name in enumerate(SCALES)}
    omega = named["shared_error"]
    oriented = rows.sign * (logits[rows.query] + _offsets(plan, latent))
    questions = shared_questions(plan, latent, logits, named["loading_spread"], omega)
    asked = [row.question.id for row in plan.observations.rows]
    shared, placed = plan.observations.shared_questions, plan.observations.placed_questions
    loading = questions.loading_mean + padded(questions.loading, position_among(placed, asked))
    shared_error = padded(questions.shared_error, position_among(shared, asked))
    expected = plan.decisions.extremity * oriented + rows.side * loading + shared_error + _group_biases(plan, latent)
    variance = sharing.own_variance + _noise_variances(plan, latent) + sharing.own_question * omega**2
    variance = variance + sharing.own_target * named["target_residual"] ** 2 + (named["width_factor"] * rows.width) ** 2
    entries = _entries(plan, scale, oriented, loading)
    stated, jacobian = _stated(plan, latent, rows.location, active)
    total, *_ = PersonsLogDensity()(
        stated - expected,
        variance,
        entries,
        active,
        sharing.first_row,
        sharing.first_entry,
        sharing.rows,
        sharing.columns,
        sharing.n_columns,
    )
    density = total + jacobian + questions.correction + _quartiles(plan, latent, named, oriented, loading, active)
    membership = np.zeros((len(plan.observations.rows), len(sharing.rows)))
    membership[sharing.rows, range(len(sharing.rows))] = 1.0
    return density, expected, variance + times(membership, entries**2)


def _scale_medians() -> np.ndarray:
    return np.array([prior.log_median for prior in SCALES.values()])


def _scale_spreads() -> np.ndarray:
    return np.array([prior.log_sd for prior in SCALES.values()])


def _offsets(plan: Plan, latent: TensorVariable) -> TensorVariable:
    return offsets_of(plan, latent, [row.question.offset for row in plan.observations.rows])


def _group_biases(plan: Plan, latent: TensorVariable) -> TensorVariable:
    index = position_among(plan.observations.groups, [row.unit.group for row in plan.observations.rows])
    return padded(GROUP_BIAS_SD * latent[plan.layout.group_bias], index)


def _noise_variances(plan: Plan, latent: TensorVariable) -> TensorVariable:
    import pytensor.tensor as pt

    variances = pt.exp(2 * (NOISE.log_median + NOISE.log_sd * latent[plan.layout.noise]))
    index = position_among(plan.observations.noise_groups, [row.unit.noise_group for row in plan.observations.rows])
    return padded(variances, index)


def _entries(plan: Plan, scale: TensorVariable, oriented: TensorVariable, loading: TensorVariable) -> TensorVariable:
    """Return the values of all loading-matrix entries, in the order of the pattern."""
    import pytensor.tensor as pt

    # A vector of scales is indexed as it is: stacked scalars would be unrolled, entry by entry, by a graph rewrite.
    constants = np.array([1.0, GROUP_BIAS_SD, GROUP_SLOPE_SD])
    scales = pt.concatenate([scale, constants])
    named = [*SCALES, "one", "group_bias", "group_slope"]
    source = {"bias": "person_bias", "slope": "person_slope", "target": "target_residual", "question": "shared_error"}
    position = np.array([named.index(source.get(kind, kind if kind in named else "one")) for kind in KINDS])
    kinds, rows = plan.sharing.kinds, plan.sharing.rows
    # What an entry is multiplied by on its row: the question's log-odds, its loading, or nothing.
    variants = pt.concatenate([oriented, loading, np.ones(1)])
    n_rows = len(plan.observations.rows)
    slopes = [KINDS.index("slope"), KINDS.index("group_slope")]
    which = np.where(np.isin(kinds, slopes), rows, np.where(kinds == KINDS.index("loading"), n_rows + rows, 2 * n_rows))
    return plan.sharing.factors * scales[position[kinds]] * variants[which]


def _stated(
    plan: Plan, latent: TensorVariable, location: np.ndarray, active: TensorVariable
) -> tuple[TensorVariable, TensorVariable]:
    """Return the stated values, those of bounds being latent, and the log-Jacobian of the latter.

    A bound's value lies at ``limit -/+ softplus(spread x)``; its density is that of the answers alone, so the standard
    normal that ``x`` has as a latent is divided out.  Switched off, ``x`` is left to it.
    """
    import pytensor.tensor as pt

    from precursor.inference.operations import times

    censored = [i for i, row in enumerate(plan.observations.rows) if row.statement.censored != "none"]
    if not censored:
        return pt.as_tensor_variable(location), pt.as_tensor_variable(0.0)
    x = latent[plan.layout.bound]
    slack = pt.softplus(BOUND_SPREAD * x)
    outward = np.zeros((len(location), len(censored)))
    outward[censored, range(len(censored))] = [_outward(plan, i) for i in censored]
    stated = location + times(outward, slack)
    log_derivative = np.log(BOUND_SPREAD) - pt.softplus(-BOUND_SPREAD * x)
    jacobian = pt.sum(active[np.array(censored)] * (log_derivative + 0.5 * x**2 + 0.5 * np.log(2 * np.pi)))
    return stated, jacobian


def _outward(plan: Plan, row: int) -> float:
    """Return the direction, oriented, in which a bounded answer may lie from its limit."""
    observed = plan.observations.rows[row]
    query = plan.observations.queries.index(str(observed.question.query))
    return float(plan.orientation[query]) * (-1.0 if observed.statement.censored == "below" else 1.0)


def _quartiles(
    plan: Plan,
    latent: TensorVariable,
    scale: dict[str, TensorVariable],
    oriented: TensorVariable,
    loading: TensorVariable,
    active: TensorVariable,
) -> TensorVariable:
    """Return the log-density of published interquartile ranges: they speak to the spread of a population."""
    import pytensor.tensor as pt

    rows = [i for i, row in enumerate(plan.observations.rows) if row.quartile_range > 0]
    if not rows or not plan.observations.noise_groups:
        return pt.as_tensor_variable(0.0)
    noise = pt.mean(pt.exp(2 * (NOISE.log_median + NOISE.log_sd * latent[plan.layout.noise])))
    spread = (
        noise
        + scale["person_bias"] ** 2
        + (scale["person_slope"] * oriented[rows]) ** 2
        + loading[rows] ** 2
        + scale["target_residual"] ** 2
    )
    expected = np.log(QUARTILES_TO_SCALE) + 0.5 * pt.log(spread)
    stated = np.log([plan.observations.rows[i].quartile_range for i in rows])
    return pt.sum(
        active[rows]
        * (-0.5 * ((stated - expected) / QUARTILE_ERROR) ** 2 - np.log(QUARTILE_ERROR * np.sqrt(2 * np.pi)))
    )
