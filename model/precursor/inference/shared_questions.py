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

from precursor.inference.decisions import LOADING_MEAN, LOADING_MEAN_SD

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable

    from precursor.inference.model import Plan

CENTRED_FROM_UNITS = 6
_STEP = 0.4


@dataclass(frozen=True)
class SharedQuestions:
    """Shared errors and loadings by shared question (deviations from the mean loading), and what to add to the density."""

    shared_error: TensorVariable
    loading: TensorVariable
    loading_mean: TensorVariable
    correction: TensorVariable


def shared_questions(
    plan: Plan, latent: TensorVariable, logits: TensorVariable, spread: TensorVariable, omega: TensorVariable
) -> SharedQuestions:
    """Return the shared errors and loadings of all questions that two or more units answered."""
    import pytensor.tensor as pt

    mean = LOADING_MEAN + LOADING_MEAN_SD * latent[plan.layout.loading_mean][0]
    error, loading = latent[plan.layout.shared_error], latent[plan.layout.loading]
    centre = centres(plan)
    well = centre.well_answered
    oriented = centre.sign * (logits[centre.query] + offsets_of(plan, latent, centre.offsets))
    error_there = centre.location + _STEP * error - plan.decisions.extremity * oriented
    loading_there = centre.loading + _STEP * loading - mean
    shared_error = well * error_there + (1 - well) * omega * error
    deviation = well * loading_there + (1 - well) * spread * loading
    exchanged = (
        0.5 * (error**2 + loading**2)
        - 0.5 * ((error_there / omega) ** 2 + (loading_there / spread) ** 2)
        - pt.log(omega)
        - pt.log(spread)
        + 2 * np.log(_STEP)
    )
    return SharedQuestions(shared_error, deviation, mean, pt.sum(well * exchanged))


@dataclass(frozen=True)
class Centres:
    """By shared question: whether it is well answered, where its answers stand, and which query it asks."""

    well_answered: np.ndarray
    location: np.ndarray
    loading: np.ndarray
    query: np.ndarray
    sign: np.ndarray
    offsets: tuple[str | None, ...]


def centres(plan: Plan) -> Centres:
    """Return rough locations of the answers to each shared question, oriented; they only place the latents."""
    observations = plan.observations
    rows_of = {name: [row for row in observations.rows if row.question.id == name] for name in observations.shared_questions}
    query = observations.index(observations.queries, (str(rows[0].question.query) for rows in rows_of.values()))
    sign = plan.orientation[query]
    location, loading = np.zeros(len(rows_of)), np.zeros(len(rows_of))
    for i, rows in enumerate(rows_of.values()):
        stated = sign[i] * np.array([row.statement.location for row in rows])
        side = np.array([row.unit.side for row in rows])
        design = np.stack([np.ones(len(rows)), side], axis=1)
        location[i], loading[i] = np.linalg.lstsq(design, stated, rcond=None)[0]
    units = [len({row.unit.id for row in rows if row.unit.side}) for rows in rows_of.values()]
    return Centres(
        np.array([float(count >= CENTRED_FROM_UNITS) for count in units]),
        location,
        loading,
        query,
        sign,
        tuple(rows[0].question.offset for rows in rows_of.values()),
    )


def padded(values: TensorVariable, index: np.ndarray) -> TensorVariable:
    """Return ``values[index]``, with zero where the index is negative."""
    import pytensor.tensor as pt

    return pt.concatenate([values, np.zeros(1)])[np.where(index < 0, -1, index)]


def position_among(names: Sequence[str], wanted: Sequence[str | None]) -> np.ndarray:
    found = {name: i for i, name in enumerate(names)}
    return np.array([found.get(name, -1) if name else -1 for name in wanted], dtype=np.int64)


def offsets_of(plan: Plan, latent: TensorVariable, names: Sequence[str | None]) -> TensorVariable:
    """Return the value of each named offset, zero where there is none."""
    offsets = plan.observations.offsets
    means, sds = (np.array([getattr(offset, part) for offset in offsets]) for part in ("mean", "sd"))
    return padded(means + sds * latent[plan.layout.offset], position_among([offset.id for offset in offsets], names))
