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

import numpy as np
from scipy.sparse import csr_array

from precursor.inference.answers.rows import KNOWN_QUANTITIES, LIKELIHOOD_RATIOS
from precursor.inference.answers.sharing import KINDS
from precursor.inference.answers.stated import Array, Stated
from precursor.inference.answers.units import QUARTILES_TO_SCALE
from precursor.inference.decisions import (
    GROUP_BIAS_SD,
    GROUP_SLOPE_SD,
    MULTIPLIED,
    NOISE,
    QUARTILE_ERROR,
    RANKING_SLIP,
    SCALES,
    SEED_LOGIT_MEAN,
    SEED_LOGIT_SD,
)
from precursor.inference.density.arrays import Namespace
from precursor.inference.density.shared_questions import shared_questions
from precursor.inference.plan import Plan

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

    residual: Array
    expected: Array
    variance: Array
    entries: Array
    bounds: Array
    quartiles: Array
    rankings: Array
    outcomes: Array
    gain: Array


def terms(
    plan: Plan,
    xp: Namespace,
    latent: Array,
    quantities: Array,
    decided: Mapping[str, Array] | None = None,
    stated: Stated | None = None,
) -> Terms:
    """Return the parts of the log-density at latents (latent) and the network's quantities there (quantity).

    ``decided`` (`Decisions.values`) and ``stated`` may hold variables; without them, they are the plan's.
    """
    columns, layout, facing = plan.columns, plan.layout, plan.facing
    decided = plan.decisions.values if decided is None else decided
    stated = plan.stated if stated is None else stated
    scales = scales_of(plan, xp, latent, decided)
    scale = {name: xp.pick(scales, i) for i, name in enumerate(SCALES)}
    noises = _noises(plan, xp, latent, decided)
    events = SEED_LOGIT_MEAN + SEED_LOGIT_SD * xp.take(latent, layout.seed)
    compared = xp.join([quantities, events, np.zeros(1)])
    oriented = facing.turn * (
        xp.take(compared, facing.position) + padded(xp, _offsets(plan, xp, latent), columns.offset)
    )
    questions = shared_questions(plan, xp, latent, oriented, scale, decided)
    # Within one camp a question's own loading has no sign that anything identifies: the mean loading stands in.
    loading = questions.loading_mean + decided["camps_apart"] * padded(xp, questions.loading, columns.placed)
    shared_error = padded(xp, questions.shared_error, columns.shared)
    # What a person's own extremity, where it differs from the population's, multiplies.
    leant_on = oriented + decided["amplified_error"] * shared_error
    expected = (
        decided["extremity"] * columns.slope * oriented
        + decided["camps_apart"] * columns.side * columns.worldview * facing.push * loading
        + shared_error
        + columns.bias * facing.push * padded(xp, GROUP_BIAS_SD * xp.take(latent, layout.group_bias), columns.group)
    )
    return Terms(
        residual=_stated(plan, xp, latent, stated) - expected,
        expected=expected,
        variance=_variances(plan, xp, latent, scale, noises),
        entries=_entries(plan, xp, scales, leant_on, loading),
        bounds=_bounds(plan, xp, latent),
        quartiles=_log_ranges(xp, stated.quartile_range, _spreads(plan, xp, scale, leant_on, loading, noises)),
        rankings=_rankings(plan, xp, latent, scale, quantities, stated.orders),
        outcomes=_outcomes(plan, xp, events, stated.outcome),
        gain=questions.gain,
    )


_MEDIANS = np.array([prior.log_median for prior in SCALES.values()])
_SPREADS = np.array([prior.log_sd for prior in SCALES.values()])
# By decision, which scales it multiplies, (scale,).
_MULTIPLIES = {
    decision: np.array([float(MULTIPLIED.get(name) == decision) for name in SCALES])
    for decision in ("shared_error", "transfer")
}


def scales_of(plan: Plan, xp: Namespace, latent: Array, decided: Mapping[str, Array] | None = None) -> Array:
    """Return the scales of the expert model, in the order of `decisions.SCALES`, times what is decided of them."""
    decided = plan.decisions.values if decided is None else decided
    shared, transferred = (_MULTIPLIES[value] for value in ("shared_error", "transfer"))
    times = 1.0 - shared - transferred + shared * decided["shared_error"] + transferred * decided["transfer"]
    return times * xp.exp(_MEDIANS + _SPREADS * xp.take(latent, plan.layout.scales))


def _offsets(plan: Plan, xp: Namespace, latent: Array) -> Array:
    """Return by how much what was asked differs from the query, by offset."""
    means, sds = (np.array([getattr(offset, part) for offset in plan.observations.offsets]) for part in ("mean", "sd"))
    return means + sds * xp.take(latent, plan.layout.offset)


def _noises(plan: Plan, xp: Namespace, latent: Array, decided: Mapping[str, Array]) -> Array:
    """Return the variance of every noise group."""
    return decided[MULTIPLIED["noise"]] ** 2 * xp.exp(
        2 * (NOISE.log_median + NOISE.log_sd * xp.take(latent, plan.layout.noise))
    )


def _variances(plan: Plan, xp: Namespace, latent: Array, scale: Mapping[str, Array], noises: Array) -> Array:
    columns, sharing = plan.columns, plan.sharing
    variance = sharing.own_variance + padded(xp, noises, columns.noise_group)
    variance = variance + sharing.own_question * scale["shared_error"] ** 2
    variance = variance + sharing.own_known_question * scale["known_shared_error"] ** 2
    variance = variance + sharing.own_target * scale["target_residual"] ** 2
    own = xp.exp(scale["width_spread"] * xp.take(latent, plan.layout.width))
    factor = scale["width_factor"] * (padded(xp, own - 1.0, columns.whose_width) + 1.0)
    return variance + (factor * columns.width) ** 2


def _entries(plan: Plan, xp: Namespace, scales: Array, leant_on: Array, loading: Array) -> Array:
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
    # What an entry is multiplied by on its row: what extremity multiplies, the question's loading, or nothing.
    variants = xp.join([leant_on, loading, np.ones(1)])
    n_rows = len(plan.observations.rows)
    slopes = [KINDS.index("slope"), KINDS.index("group_slope")]
    which = np.where(np.isin(kinds, slopes), rows, np.where(kinds == KINDS.index("loading"), n_rows + rows, 2 * n_rows))
    return plan.sharing.factors * xp.take(every, position[kinds]) * xp.take(variants, which)


def _stated(plan: Plan, xp: Namespace, latent: Array, stated: Stated) -> Array:
    """Return the stated values, oriented; those of bounds lie at ``limit -/+ softplus(spread x)``, x being a latent."""
    columns, turn = plan.columns, plan.facing.turn
    location, bounded = turn * stated.location, columns.bounded
    if not len(bounded):
        return location
    shape = (len(turn), len(bounded))
    onto_rows = csr_array((turn[bounded], (bounded, np.arange(len(bounded)))), shape=shape)
    beyond = xp.softplus(BOUND_SPREAD * xp.take(latent, plan.layout.bound))
    return location + xp.times(onto_rows, stated.outward * beyond)


def _bounds(plan: Plan, xp: Namespace, latent: Array) -> Array:
    """Return log-Jacobians of the bounds' stated values; the standard normal of their latents is divided out."""
    if not len(plan.columns.bounded):
        return np.zeros(0)
    x = xp.take(latent, plan.layout.bound)
    return np.log(BOUND_SPREAD) - xp.softplus(-BOUND_SPREAD * x) + 0.5 * x**2 + 0.5 * np.log(2 * np.pi)


def _spreads(
    plan: Plan, xp: Namespace, scale: Mapping[str, Array], leant_on: Array, loading: Array, noises: Array
) -> Array:
    """Return the variance of persons' answers to the questions of which published groups gave quartiles."""
    rows = plan.columns.with_quartiles
    if not len(rows):
        return np.zeros(0)
    groups = plan.observations.noise_groups
    people = np.array([float(name not in (LIKELIHOOD_RATIOS, KNOWN_QUANTITIES)) for name in groups])
    noise = xp.pick(xp.times((people / max(people.sum(), 1.0))[None, :], noises), 0)
    return (
        noise
        + scale["person_bias"] ** 2
        + (scale["person_slope"] * xp.take(leant_on, rows)) ** 2
        + xp.take(loading, rows) ** 2
        + scale["target_residual"] ** 2
    )


def _log_ranges(xp: Namespace, stated: Array, spread: Array) -> Array:
    """Return the log-density of published interquartile ranges: they speak to the spread of a population."""
    error = xp.log(stated) - np.log(QUARTILES_TO_SCALE) - 0.5 * xp.log(spread)
    return -0.5 * (error / QUARTILE_ERROR) ** 2 - np.log(QUARTILE_ERROR * np.sqrt(2 * np.pi))


def _outcomes(plan: Plan, xp: Namespace, events: Array, outcome: Array) -> Array:
    return -xp.softplus(-outcome * events) if plan.observations.seeds else np.zeros(0)


def _rankings(
    plan: Plan, xp: Namespace, latent: Array, scale: Mapping[str, Array], quantities: Array, stated: Array
) -> Array:
    tables = plan.rankings
    if not len(tables.asked):
        return np.zeros(0)
    masses = xp.take(quantities, tables.quantity)
    totals = xp.times(tables.of_question, xp.exp(masses))
    probability = masses - xp.take(xp.log(totals), tables.question)
    error = scale["shared_error"] * xp.take(latent, plan.layout.order_error)
    weight = xp.exp(scale["ranking_sharpness"] * probability + error)
    named = xp.times(tables.of_ranking, stated * xp.take(weight, tables.cell_order))
    share = named / xp.take(xp.times(tables.of_question, weight), tables.asked)
    # A slip names any order that can happen with equal chance.
    slip = xp.times(tables.of_ranking, stated) / tables.of_ranking.sum(axis=1)
    return xp.log((1 - RANKING_SLIP) * share + RANKING_SLIP * slip)


def padded(xp: Namespace, values: Array, index: np.ndarray) -> Array:
    """Return ``values[index]``, with zero where the index is negative."""
    return xp.take(xp.join([values, np.zeros(1)]), np.where(index < 0, -1, index))
