"""The log-density of all answers, written once for PyTensor's vectors and for NumPy's draws (`arrays`).

    stated[e, q] = a[e] + b[e] logit(theta[q]) + z[e] w[q] + d[q] + u[e, target] + noise,

oriented towards bad news.  A person's own effects a, b, z, u are integrated out, which makes a person's answers jointly
Student-t with four degrees of freedom (`person_kernel`).  How strongly each effect acts depends on what is answered
(`rows.PULLS`): a likelihood ratio has no bias, a known quantity neither bias nor slope, the contrasts of a distribution
(`statements.distribution`) have bias and worldview along the direction of bad news.

Rankings have a Boltzmann density: the network's mass of every order, times exp of the order's shared error, to the
power of a common sharpness beta; a stated ranking is the union of the orders in which it holds::

    P(stated) = (1 - slip) sum_(r in stated) P(r)^beta exp(d[r]) / sum_r P(r)^beta exp(d[r]) + slip |stated| / |orders|.

Seed questions with an outcome: ``outcome ~ Bernoulli(expit(t))``, ``t ~ Normal``, and t stands for logit(theta).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from precursor.inference.arrays import Namespace
from precursor.inference.decisions import (
    GROUP_BIAS_SD,
    GROUP_SLOPE_SD,
    NOISE,
    QUARTILE_ERROR,
    RANKING_SLIP,
    SCALES,
    SEED_LOGIT_MEAN,
    SEED_LOGIT_SD,
)
from precursor.inference.observations import QUARTILES_TO_SCALE
from precursor.inference.plan import Plan
from precursor.inference.rows import KNOWN_QUANTITIES, LIKELIHOOD_RATIOS
from precursor.inference.shared_questions import offsets_of, padded, position_among, shared_questions
from precursor.inference.sharing import KINDS

BOUND_SPREAD = 2.0


@dataclass(frozen=True)
class Terms:
    """The parts of the log-density; arrays end in the axis named, before which there may be draws.

    Attributes
    ----------
    residual, expected, variance
        Of every row (row): stated less expected, expected, variance of what no other row shares.
    entries
        Values of the loading matrices (entry), in the order of the plan's `Sharing`.
    bounds
        Log-Jacobian of every bounded row's latent value, less that latent's own density (bounded row).
    quartiles
        Log-density of published interquartile ranges (row with one).
    rankings
        Log-probability of every ranking (ranking).
    outcomes
        Log-probability of every seed question's outcome (seed).
    gain
        What exchanging the densities of centred latents adds (no axis).
    """

    residual: Any
    expected: Any
    variance: Any
    entries: Any
    bounds: Any
    quartiles: Any
    rankings: Any
    outcomes: Any
    gain: Any


def bounded_rows(plan: Plan) -> np.ndarray:
    """Return the positions of the rows that state a bound."""
    return np.array([i for i, r in enumerate(plan.observations.rows) if r.statement.censored != "none"], dtype=np.int64)


def quartile_rows(plan: Plan) -> np.ndarray:
    """Return the positions of the published groups with quartiles, where there are persons whose spread they show."""
    persons = any(row.kind == "quantity" and not row.unit.is_group for row in plan.observations.rows)
    found = [i for i, row in enumerate(plan.observations.rows) if row.quartile_range > 0 and persons]
    return np.array(found, dtype=np.int64)


def terms(plan: Plan, xp: Namespace, latent: Any, quantities: Any) -> Terms:
    """Return the parts of the log-density at latents (latent) and the network's quantities there (quantity)."""
    layout, sharing, facing = plan.layout, plan.sharing, plan.facing
    rows = plan.observations.rows
    scales = _decided(plan) * xp.exp(_MEDIANS + _SPREADS * xp.take(latent, layout.scales))
    scale = {name: xp.pick(scales, i) for i, name in enumerate(SCALES)}
    events = SEED_LOGIT_MEAN + SEED_LOGIT_SD * xp.take(latent, layout.seed)
    compared = xp.join([quantities, events, np.zeros(1)])
    offsets = offsets_of(plan, xp, latent, [row.question.offset for row in rows])
    oriented = facing.turn * (xp.take(compared, facing.position) + offsets)
    questions = shared_questions(plan, xp, latent, compared, scale)
    asked = [row.asked for row in rows]
    shared, placed = plan.observations.shared_questions, plan.observations.placed_questions
    loading = questions.loading_mean + padded(xp, questions.loading, position_among(placed, asked))
    bias, slope, worldview = (
        np.array([getattr(row.pull, name) for row in rows]) for name in ("bias", "slope", "worldview")
    )
    side = np.array([row.unit.side for row in rows])
    expected = (
        plan.decisions.extremity * slope * oriented
        + side * worldview * facing.push * loading
        + padded(xp, questions.shared_error, position_among(shared, asked))
        + bias * facing.push * _group_biases(plan, xp, latent)
    )
    return Terms(
        residual=_stated(plan, xp, latent) - expected,
        expected=expected,
        variance=_variances(plan, xp, latent, scale),
        entries=_entries(plan, xp, scales, oriented, loading),
        bounds=_bounds(plan, xp, latent),
        quartiles=_quartiles(plan, xp, latent, scale, xp.take(oriented, quartile_rows(plan)), loading),
        rankings=_rankings(plan, xp, latent, scale, quantities),
        outcomes=_outcomes(plan, xp, events),
        gain=questions.gain,
    )


_MEDIANS = np.array([prior.log_median for prior in SCALES.values()])
_SPREADS = np.array([prior.log_sd for prior in SCALES.values()])


def _decided(plan: Plan) -> np.ndarray:
    return np.array([plan.decisions.shared_error if name == "shared_error" else 1.0 for name in SCALES])


def _group_biases(plan: Plan, xp: Namespace, latent: Any) -> Any:
    index = position_among(plan.observations.groups, [row.unit.group for row in plan.observations.rows])
    return padded(xp, GROUP_BIAS_SD * xp.take(latent, plan.layout.group_bias), index)


def _noises(plan: Plan, xp: Namespace, latent: Any) -> Any:
    """Return the variance of every noise group."""
    return xp.exp(2 * (NOISE.log_median + NOISE.log_sd * xp.take(latent, plan.layout.noise)))


def _variances(plan: Plan, xp: Namespace, latent: Any, scale: Mapping[str, Any]) -> Any:
    rows, sharing = plan.observations.rows, plan.sharing
    index = position_among(plan.observations.noise_groups, [row.noise_group for row in rows])
    variance = sharing.own_variance + padded(xp, _noises(plan, xp, latent), index)
    variance = variance + sharing.own_question * scale["shared_error"] ** 2
    variance = variance + sharing.own_known_question * scale["known_shared_error"] ** 2
    variance = variance + sharing.own_target * scale["target_residual"] ** 2
    own = xp.exp(scale["width_spread"] * xp.take(latent, plan.layout.width))
    whose = position_among(plan.observations.widths, [row.unit.id for row in rows])
    factor = scale["width_factor"] * (padded(xp, own - 1.0, whose) + 1.0)
    return variance + (factor * np.array([row.statement.width for row in rows])) ** 2


def _entries(plan: Plan, xp: Namespace, scales: Any, oriented: Any, loading: Any) -> Any:
    """Return the values of all loading-matrix entries, in the order of the pattern."""
    # A vector of scales is indexed as it is: stacked scalars would be unrolled, entry by entry, by a graph rewrite.
    every = xp.join([scales, np.array([1.0, GROUP_BIAS_SD, GROUP_SLOPE_SD])])
    named = [*SCALES, "one", "group_bias", "group_slope"]
    source = {
        "bias": "person_bias", "slope": "person_slope", "target": "target_residual", "question": "shared_error",
        "known_question": "known_shared_error", "group_bias": "group_bias", "group_slope": "group_slope",
    }  # fmt: skip
    position = np.array([named.index(source.get(kind, "one")) for kind in KINDS])
    kinds, rows = plan.sharing.kinds, plan.sharing.rows
    # What an entry is multiplied by on its row: the question's log-odds, its loading, or nothing.
    variants = xp.join([oriented, loading, np.ones(1)])
    n_rows = len(plan.observations.rows)
    slopes = [KINDS.index("slope"), KINDS.index("group_slope")]
    which = np.where(np.isin(kinds, slopes), rows, np.where(kinds == KINDS.index("loading"), n_rows + rows, 2 * n_rows))
    return plan.sharing.factors * xp.take(every, position[kinds]) * xp.take(variants, which)


def _stated(plan: Plan, xp: Namespace, latent: Any) -> Any:
    """Return the stated values, oriented; those of bounds lie at ``limit -/+ softplus(spread x)``, x being a latent."""
    rows, turn = plan.observations.rows, plan.facing.turn
    location = turn * np.array([row.statement.location for row in rows])
    bounded = bounded_rows(plan)
    if not len(bounded):
        return location
    outward = np.array([-1.0 if rows[i].statement.censored == "below" else 1.0 for i in bounded]) * turn[bounded]
    spread = csr_array((outward, (bounded, np.arange(len(bounded)))), shape=(len(rows), len(bounded)))
    return location + xp.times(spread, xp.softplus(BOUND_SPREAD * xp.take(latent, plan.layout.bound)))


def _bounds(plan: Plan, xp: Namespace, latent: Any) -> Any:
    """Return log-Jacobians of the bounds' stated values; the standard normal of their latents is divided out."""
    if plan.layout.bound.start == plan.layout.bound.stop:
        return np.zeros(0)
    x = xp.take(latent, plan.layout.bound)
    return np.log(BOUND_SPREAD) - xp.softplus(-BOUND_SPREAD * x) + 0.5 * x**2 + 0.5 * np.log(2 * np.pi)


def _quartiles(
    plan: Plan, xp: Namespace, latent: Any, scale: Mapping[str, Any], oriented: Any, loading: Any
) -> Any:
    """Return the log-density of published interquartile ranges: they speak to the spread of a population."""
    rows = quartile_rows(plan)
    if not len(rows):
        return np.zeros(0)
    groups = plan.observations.noise_groups
    people = np.array([float(name not in (LIKELIHOOD_RATIOS, KNOWN_QUANTITIES)) for name in groups])
    noise = xp.pick(xp.times((people / max(people.sum(), 1.0))[None, :], _noises(plan, xp, latent)), 0)
    spread = (
        noise
        + scale["person_bias"] ** 2
        + (scale["person_slope"] * oriented) ** 2
        + xp.take(loading, rows) ** 2
        + scale["target_residual"] ** 2
    )
    expected = np.log(QUARTILES_TO_SCALE) + 0.5 * xp.log(spread)
    stated = np.log([plan.observations.rows[i].quartile_range for i in rows])
    return -0.5 * ((stated - expected) / QUARTILE_ERROR) ** 2 - np.log(QUARTILE_ERROR * np.sqrt(2 * np.pi))


def _outcomes(plan: Plan, xp: Namespace, events: Any) -> Any:
    if not plan.observations.seeds:
        return np.zeros(0)
    outcome = {row.key: row.question.outcome for row in plan.observations.rows if row.kind == "event_seed"}
    sign = np.array([1.0 if outcome[key] else -1.0 for key in plan.observations.seeds])
    return -xp.softplus(-sign * events)


def _rankings(plan: Plan, xp: Namespace, latent: Any, scale: Mapping[str, Any], quantities: Any) -> Any:
    ranked = plan.observations.ranked
    if not ranked:
        return np.zeros(0)
    every = tuple(dict.fromkeys(order for ranking in ranked for order in ranking.orders))
    questions = list(dict.fromkeys(ranking.orders for ranking in ranked))
    at = {order: i for i, order in enumerate(every)}
    position = position_among(plan.quantities.names, every)
    # An order that the question's own conditions rule out has no quantity, and no weight.
    there = (position >= 0).astype(float)
    of_question = _indicator([[at[order] for order in orders] for orders in questions], there)
    which = np.array([next(i for i, orders in enumerate(questions) if order in orders) for order in every])
    masses = padded(xp, quantities, position)
    totals = xp.times(of_question, xp.exp(masses))
    probability = masses - xp.take(xp.log(totals), which)
    error = scale["shared_error"] * xp.take(latent, plan.layout.order_error)
    weight = xp.exp(scale["ranking_sharpness"] * probability + error)
    stated = _indicator([[at[order] for order in ranking.stated] for ranking in ranked], there)
    asked = np.array([questions.index(ranking.orders) for ranking in ranked], dtype=np.int64)
    share = xp.times(stated, weight) / xp.take(xp.times(of_question, weight), asked)
    slips = np.array([len(ranking.stated) / len(ranking.orders) for ranking in ranked])
    return xp.log((1 - RANKING_SLIP) * share + RANKING_SLIP * slips)


def _indicator(members: list[list[int]], weight: np.ndarray) -> csr_array:
    """Return the matrix, (list, member), that holds the weight of each list's members."""
    rows = [i for i, found in enumerate(members) for _ in found]
    columns = [j for found in members for j in found]
    return csr_array((weight[columns], (rows, columns)), shape=(len(members), len(weight)))
