"""What several units' answers to one question share: its shared error d and its worldview loading w.

Both are Normal, given their scales.  Where few units answered, they are scaled standard normals (*non-centred*).  Where
many did, the answers fix the sum ``b logit(theta) + d`` and the loading far more closely than the prior does, and a
scaled standard normal would be strongly correlated with everything else; there the sum and the loading themselves
stand on a latent of about the right size (*centred*), and the densities are exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from precursor.inference.answers.centres import STEP, Centres
from precursor.inference.answers.stated import Array
from precursor.inference.decisions import GROUP_BIAS_SD, LOADING_MEAN, LOADING_MEAN_SD
from precursor.inference.density.arrays import Namespace
from precursor.inference.plan import Plan

ERRORS_CENTRED, LOADINGS_CENTRED = "errors_centred", "loadings_centred"


@dataclass(frozen=True)
class SharedQuestions:
    """Shared errors (by shared question), loadings less their mean (by placed question), and what the density gains."""

    shared_error: Array
    loading: Array
    loading_mean: Array
    gain: Array


def shared_questions(
    plan: Plan, xp: Namespace, latent: Array, oriented: Array, scale: Mapping[str, Array], decided: Mapping[str, Array]
) -> SharedQuestions:
    """Return the shared errors and loadings of the questions that several units answered.

    ``oriented`` is what every row is compared with, facing bad news (row); ``scale`` the scales by name
    (`Namespace.pick`); ``decided`` as `likelihood.terms` takes it; which questions are centred may be among it.
    """
    mean = LOADING_MEAN + LOADING_MEAN_SD * xp.pick(latent, plan.layout.loading_mean.start)
    shared, placed = plan.shared_centres, plan.placed_centres
    level, difference = _camp_biases(plan, xp, latent)
    slope = plan.columns.slope[shared.lead]
    bias = (plan.columns.bias * plan.facing.push)[shared.lead]
    around_error = shared.location - decided["extremity"] * slope * xp.take(oriented, shared.lead) - bias * level
    omega = shared.in_widths * scale["known_shared_error"] + (1 - shared.in_widths) * scale["shared_error"]
    # Without shared error there is nothing to centre: its density would be a spike.
    on = decided["shared_error_on"]
    centred = decided.get(ERRORS_CENTRED, shared.well_answered) * (on + (1 - on) * shared.in_widths)
    error, error_gain = _scaled(xp, xp.take(latent, plan.layout.shared_error), shared, centred, around_error, omega)
    loading, loading_gain = _scaled(
        xp, xp.take(latent, plan.layout.loading), placed,
        decided.get(LOADINGS_CENTRED, placed.well_answered), placed.loading - mean - difference,
        scale["loading_spread"],
    )  # fmt: skip
    return SharedQuestions(error, loading, mean, xp.total(error_gain) + xp.total(loading_gain))


def _scaled(
    xp: Namespace, x: Array, centres: Centres, centred: Array, around: Array, scale: Array
) -> tuple[Array, Array]:
    """Return Normal(0, scale) effects standing on standard-normal latents, and the exchange of densities.

    Where ``centred`` is 1, the effect is ``around + step x``; its prior density replaces that of ``x``.
    """
    there = around + STEP * xp.times(centres.leading, x)
    positive = centred * scale + (1 - centred)
    exchanged = 0.5 * x**2 - 0.5 * (there / positive) ** 2 - xp.log(positive) + np.log(STEP)
    return centred * there + (1 - centred) * scale * x, centred * exchanged


def _camp_biases(plan: Plan, xp: Namespace, latent: Array) -> tuple[Array, Array]:
    """Return the mean of the two sides' biases, and half their difference; without sides the mean of all groups'.

    What answers fix is location and parting of the camps *with* their biases; latents that stand on those do not feel
    how the biases divide them.
    """
    side_of = {row.unit.group: row.unit.side for row in plan.observations.rows if not row.unit.is_group}
    sides = np.array([side_of[group] for group in plan.observations.groups])
    weight = np.array([0.5 / (sides == side).sum() if side else 0.0 for side in sides])
    if len(sides) and not sides.any():
        weight = np.full(len(sides), 1 / len(sides))
    biases = GROUP_BIAS_SD * xp.take(latent, plan.layout.group_bias)
    both = np.stack([weight, np.sign(sides) * weight])
    means = xp.times(both, biases)
    return xp.pick(means, 0), xp.pick(means, 1)
