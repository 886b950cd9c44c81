"""What several units' answers to one question share: its shared error d and its worldview loading w.

Both are Normal, given their scales.  Where few units answered, they are scaled standard normals (*non-centred*).  Where
many did, the answers fix the sum ``b logit(theta) + d`` and the loading far more closely than the prior does, and a
scaled standard normal would be strongly correlated with everything else; there the sum and the loading themselves
stand on a latent of about the right size (*centred*), and the densities are exchanged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from precursor.inference.arrays import Namespace
from precursor.inference.decisions import GROUP_BIAS_SD, LOADING_MEAN, LOADING_MEAN_SD
from precursor.inference.plan import Plan
from precursor.inference.rows import Row

CENTRED_FROM_UNITS = 6
_STEP = 0.4


@dataclass(frozen=True)
class SharedQuestions:
    """Shared errors (by shared question), loadings less their mean (by placed question), and what the density gains."""

    shared_error: Any
    loading: Any
    loading_mean: Any
    gain: Any


def shared_questions(
    plan: Plan, xp: Namespace, latent: Any, compared: Any, scale: Mapping[str, Any]
) -> SharedQuestions:
    """Return the shared errors and loadings of the questions that several units answered.

    ``compared`` are the quantities that rows are compared with (`likelihood`), ``scale`` the scales by name
    (`Namespace.pick`).
    """
    mean = LOADING_MEAN + LOADING_MEAN_SD * xp.pick(latent, plan.layout.loading_mean.start)
    shared, placed = (
        centres(plan, names) for names in (plan.observations.shared_questions, plan.observations.placed_questions)
    )
    oriented = shared.turn * (xp.take(compared, shared.position) + offsets_of(plan, xp, latent, shared.offsets))
    level, difference = _camp_biases(plan, xp, latent)
    around_error = shared.location - plan.decisions.extremity * shared.slope * oriented - shared.bias * level
    omega = shared.in_widths * scale["known_shared_error"] + (1 - shared.in_widths) * scale["shared_error"]
    x = xp.take(latent, plan.layout.shared_error)
    # Without shared error there is nothing to centre: its density would be a spike.
    error, error_gain = (
        _scaled(xp, x, shared, around_error, omega) if plan.decisions.shared_error > 0 else (0.0 * x, 0.0 * x)
    )
    around_loading = placed.loading - mean - difference
    loading, loading_gain = _scaled(
        xp, xp.take(latent, plan.layout.loading), placed, around_loading, scale["loading_spread"]
    )
    return SharedQuestions(error, loading, mean, xp.total(error_gain) + xp.total(loading_gain))


def _scaled(xp: Namespace, x: Any, centre: Centres, around: Any, scale: Any) -> tuple[Any, Any]:
    """Return Normal(0, scale) effects standing on standard-normal latents, and the exchange of densities.

    Centred, the effect is ``around + step x``; its prior density replaces that of ``x``.
    """
    there = around + _STEP * xp.times(centre.leading, x)
    exchanged = 0.5 * x**2 - 0.5 * (there / scale) ** 2 - xp.log(scale) + np.log(_STEP)
    well = centre.well_answered
    return well * there + (1 - well) * scale * x, well * exchanged


def _camp_biases(plan: Plan, xp: Namespace, latent: Any) -> tuple[Any, Any]:
    """Return the mean of the two sides' biases, and half their difference.

    What answers fix is location and parting of the camps *with* their biases; latents that stand on those do not feel
    how the biases divide them.
    """
    side_of = {row.unit.group: row.unit.side for row in plan.observations.rows}
    sides = np.array([side_of.get(group, 0.0) for group in plan.observations.groups])
    weight = np.array([0.5 / (sides == side).sum() if side else 0.0 for side in sides])
    biases = GROUP_BIAS_SD * xp.take(latent, plan.layout.group_bias)
    both = np.stack([weight, np.sign(sides) * weight])
    means = xp.times(both, biases)
    return xp.pick(means, 0), xp.pick(means, 1)


@dataclass(frozen=True)
class Centres:
    """By question: whether it is well answered, where its answers stand, and what it is compared with."""

    well_answered: np.ndarray
    leading: np.ndarray
    location: np.ndarray
    loading: np.ndarray
    position: np.ndarray
    turn: np.ndarray
    bias: np.ndarray
    slope: np.ndarray
    in_widths: np.ndarray
    offsets: tuple[str | None, ...]


def centres(plan: Plan, questions: Sequence[str]) -> Centres:
    """Return rough locations of the answers to questions, oriented; they only place the latents."""
    members: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(plan.observations.rows):
        members[row.asked].append(i)
    rows_of = [[plan.observations.rows[i] for i in members[name]] for name in questions]
    first = np.array([members[name][0] for name in questions], dtype=np.int64)
    turn = plan.facing.turn[first]
    location, loading = np.zeros(len(first)), np.zeros(len(first))
    for i, rows in enumerate(rows_of):
        stated = turn[i] * np.array([row.statement.location for row in rows])
        side = np.array([row.unit.side for row in rows])
        low, high = (np.median(stated[side == sign] if (side == sign).any() else stated) for sign in (-1.0, 1.0))
        location[i], loading[i] = (low + high) / 2, (high - low) / 2
    leads = [rows[0] for rows in rows_of]
    units = [len({row.unit.id for row in rows if _counts(row)}) for rows in rows_of]
    well = np.array([float(count >= CENTRED_FROM_UNITS) for count in units])
    return Centres(
        well,
        _leading(leads, turn, units, well),
        location,
        loading,
        plan.facing.position[first],
        turn,
        np.array([row.pull.bias for row in leads]) * plan.facing.push[first],
        np.array([row.pull.slope for row in leads]),
        np.array([float(row.kind == "known_in_widths") for row in leads]),
        tuple(row.question.offset for row in leads),
    )


def _counts(row: Row) -> bool:
    """Return whether a unit's answer helps to place a question: one of a known camp, or any to a seed or ratio."""
    return bool(row.unit.side) or row.kind != "quantity"


def _leading(leads: Sequence[Row], turn: np.ndarray, units: Sequence[int], well: np.ndarray) -> np.ndarray:
    """Return the unit-triangular map by which questions about one target follow the one that most units answered.

    People's own residuals on a target move all its questions together, so the others are measured from the leader.
    """
    leading = np.eye(len(leads))
    by_target: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(leads):
        if row.target is not None and well[i]:
            by_target[row.target].append(i)
    faces = [turn[i] * row.faces_first_state for i, row in enumerate(leads)]
    for members in by_target.values():
        leader = max(members, key=lambda i: units[i])
        for i in members:
            if i != leader:
                leading[i, leader] = faces[i] * faces[leader]
    return leading


def padded(xp: Namespace, values: Any, index: np.ndarray) -> Any:
    """Return ``values[index]``, with zero where the index is negative."""
    return xp.take(xp.join([values, np.zeros(1)]), np.where(index < 0, -1, index))


def position_among(names: Sequence[str], wanted: Sequence[str | None]) -> np.ndarray:
    """Return the position of each wanted name, -1 where there is none."""
    found = {name: i for i, name in enumerate(names)}
    return np.array([found.get(name, -1) if name else -1 for name in wanted], dtype=np.int64)


def offsets_of(plan: Plan, xp: Namespace, latent: Any, names: Sequence[str | None]) -> Any:
    """Return the value of each named offset, zero where there is none."""
    offsets = plan.observations.offsets
    means, sds = (np.array([getattr(offset, part) for offset in offsets]) for part in ("mean", "sd"))
    values = means + sds * xp.take(latent, plan.layout.offset)
    return padded(xp, values, position_among([offset.id for offset in offsets], names))
