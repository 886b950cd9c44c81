"""What several units' answers to one question share: its shared error d and its worldview loading w.

Both are Normal, given their scales.  Where few units answered, they are scaled standard normals (*non-centred*).  Where
many did, the answers fix the sum ``b logit(theta) + d`` and the loading far more closely than the prior does, and a
scaled standard normal would be strongly correlated with everything else; there the sum and the loading themselves
stand on a latent of about the right size (*centred*), and the densities are exchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from precursor.inference.decisions import GROUP_BIAS_SD, LOADING_MEAN, LOADING_MEAN_SD

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable

    from precursor.inference.model import Plan

CENTRED_FROM_UNITS = 6
_STEP = 0.4


@dataclass(frozen=True)
class SharedQuestions:
    """Shared errors (by shared question), loadings less their mean (by placed question), and what the density gains."""

    shared_error: TensorVariable
    loading: TensorVariable
    loading_mean: TensorVariable
    correction: TensorVariable


def shared_questions(
    plan: Plan, latent: TensorVariable, logits: TensorVariable, spread: TensorVariable, omega: TensorVariable
) -> SharedQuestions:
    """Return the shared errors and loadings of the questions that several units answered."""
    import pytensor.tensor as pt

    mean = LOADING_MEAN + LOADING_MEAN_SD * latent[plan.layout.loading_mean][0]
    shared, placed = (
        centres(plan, names) for names in (plan.observations.shared_questions, plan.observations.placed_questions)
    )
    oriented = shared.sign * (logits[shared.query] + offsets_of(plan, latent, shared.offsets))
    level, difference = _camp_biases(plan, latent)
    around_error = shared.location - plan.decisions.extremity * oriented - level
    x = latent[plan.layout.shared_error]
    # Without shared error there is nothing to centre: its density would be a spike.
    error, error_gain = (
        _scaled(x, shared, around_error, omega) if plan.decisions.shared_error > 0 else (0.0 * x, 0.0 * x)
    )
    loading, loading_gain = _scaled(latent[plan.layout.loading], placed, placed.loading - mean - difference, spread)
    return SharedQuestions(error, loading, mean, pt.sum(error_gain) + pt.sum(loading_gain))


def _scaled(
    x: TensorVariable, centre: Centres, around: TensorVariable, scale: TensorVariable
) -> tuple[TensorVariable, TensorVariable]:
    """Return Normal(0, scale) effects standing on standard-normal latents, and the exchange of densities.

    Centred, the effect is ``around + step x``; its prior density replaces that of ``x``.
    """
    import pytensor.tensor as pt

    from precursor.inference.operations import times

    there = around + _STEP * times(centre.leading, x)
    exchanged = 0.5 * x**2 - 0.5 * (there / scale) ** 2 - pt.log(scale) + np.log(_STEP)
    well = centre.well_answered
    return well * there + (1 - well) * scale * x, well * exchanged


def _camp_biases(plan: Plan, latent: TensorVariable) -> tuple[TensorVariable, TensorVariable]:
    """Return the mean of the two sides' biases, and half their difference.

    What answers fix is location and parting of the camps *with* their biases; latents that stand on those do not feel
    how the biases divide them.
    """
    import pytensor.tensor as pt

    side_of = {row.unit.group: row.unit.side for row in plan.observations.rows}
    sides = np.array([side_of.get(group, 0.0) for group in plan.observations.groups])
    weight = np.array([0.5 / (sides == side).sum() if side else 0.0 for side in sides])
    biases = GROUP_BIAS_SD * latent[plan.layout.group_bias]
    return pt.sum(weight * biases), pt.sum(np.sign(sides) * weight * biases)


@dataclass(frozen=True)
class Centres:
    """By question: whether it is well answered, where its answers stand, and which query it asks."""

    well_answered: np.ndarray
    leading: np.ndarray
    location: np.ndarray
    loading: np.ndarray
    query: np.ndarray
    sign: np.ndarray
    offsets: tuple[str | None, ...]


def centres(plan: Plan, questions: Sequence[str]) -> Centres:
    """Return rough locations of the answers to questions, oriented; they only place the latents."""
    observations = plan.observations
    rows_of = {name: [row for row in observations.rows if row.question.id == name] for name in questions}
    query = observations.index(observations.queries, (str(rows[0].question.query) for rows in rows_of.values()))
    sign = plan.orientation[query]
    location, loading = np.zeros(len(rows_of)), np.zeros(len(rows_of))
    for i, rows in enumerate(rows_of.values()):
        stated = sign[i] * np.array([row.statement.location for row in rows])
        side = np.array([row.unit.side for row in rows])
        low, high = (np.median(stated[side == sign_] if (side == sign_).any() else stated) for sign_ in (-1.0, 1.0))
        location[i], loading[i] = (low + high) / 2, (high - low) / 2
    units = [len({row.unit.id for row in rows if row.unit.side}) for rows in rows_of.values()]
    well = np.array([float(count >= CENTRED_FROM_UNITS) for count in units])
    return Centres(
        well,
        _leading([rows[0].target for rows in rows_of.values()], units, well),
        location,
        loading,
        query,
        sign,
        tuple(rows[0].question.offset for rows in rows_of.values()),
    )


def _leading(targets: Sequence[str], units: Sequence[int], well: np.ndarray) -> np.ndarray:
    """Return the unit-triangular map by which questions about one target follow the one that most units answered.

    People's own residuals on a target move all its questions together, so the others are measured from the leader.
    """
    leading = np.eye(len(targets))
    for target in set(targets):
        members = [i for i, found in enumerate(targets) if found == target and well[i]]
        if members:
            leader = max(members, key=lambda i: units[i])
            leading[[i for i in members if i != leader], leader] = 1.0
    return leading


def padded(values: TensorVariable, index: np.ndarray) -> TensorVariable:
    """Return ``values[index]``, with zero where the index is negative."""
    import pytensor.tensor as pt

    return pt.concatenate([values, np.zeros(1)])[np.where(index < 0, -1, index)]


def position_among(names: Sequence[str], wanted: Sequence[str | None]) -> np.ndarray:
    """Return the position of each wanted name, -1 where there is none."""
    found = {name: i for i, name in enumerate(names)}
    return np.array([found.get(name, -1) if name else -1 for name in wanted], dtype=np.int64)


def offsets_of(plan: Plan, latent: TensorVariable, names: Sequence[str | None]) -> TensorVariable:
    """Return the value of each named offset, zero where there is none."""
    offsets = plan.observations.offsets
    means, sds = (np.array([getattr(offset, part) for offset in offsets]) for part in ("mean", "sd"))
    return padded(means + sds * latent[plan.layout.offset], position_among([offset.id for offset in offsets], names))
