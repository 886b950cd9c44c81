"""Where the answers to much-answered questions stand: the latents of such questions are placed there.

Rough locations only: they move the sampler's origin and leave the posterior as it is (`shared_questions`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, eye_array

from precursor.inference.answers.facing import Facing
from precursor.inference.answers.observations import Observations
from precursor.inference.answers.rows import Row
from precursor.inference.answers.stated import Stated

CENTRED_FROM_UNITS = 6
STEP = 0.4


@dataclass(frozen=True)
class Centres:
    """Constant arrays over questions, (question,).

    Attributes
    ----------
    well_answered
        1 for questions whose latents are centred, else 0.
    leading
        Unit-triangular map, (question, question), by which questions on one target follow the one that most units
        answered: people's residuals on a target move all its questions together, so that the others are measured
        from the leader.
    location, loading
        Middle between the two camps' median answers, and half their distance, oriented.
    lead
        A row of each question.
    in_widths
        1 for known quantities without a scale of their own.
    """

    well_answered: np.ndarray
    leading: csr_array
    location: np.ndarray
    loading: np.ndarray
    lead: np.ndarray
    in_widths: np.ndarray


def centres_of(
    observations: Observations, stated: Stated, facing: Facing, questions: Sequence[str], *, of_camps: bool
) -> Centres:
    """Return where the answers to questions (`Row.asked`) stand.

    Well answered is what six units answered; ``of_camps``: six units of the two camps.
    """
    rows = observations.rows
    members: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        members[row.asked].append(i)
    oriented, sides = facing.turn * stated.location, np.array([row.unit.side for row in rows])
    location, loading = np.zeros(len(questions)), np.zeros(len(questions))
    units = np.zeros(len(questions), dtype=np.int64)
    for q, name in enumerate(questions):
        here = np.array(members[name], dtype=np.int64)
        said, side = oriented[here], sides[here]
        low, high = (np.median(said[side == sign] if (side == sign).any() else said) for sign in (-1.0, 1.0))
        location[q], loading[q] = (low + high) / 2, (high - low) / 2
        units[q] = len({rows[i].unit for i in here if not of_camps or rows[i].unit.side})
    lead = np.array([members[name][0] for name in questions], dtype=np.int64)
    well = units >= CENTRED_FROM_UNITS
    leads = [rows[i] for i in lead]
    return Centres(
        well.astype(float),
        _leading(leads, facing.turn[lead], units, well),
        location,
        loading,
        lead,
        np.array([float(row.kind == "known_in_widths") for row in leads]),
    )


def still_centred(
    centres: Centres, observations: Observations, questions: Sequence[str], active: np.ndarray, *, of_camps: bool
) -> Centres:
    """Return the centres with only those questions centred that are well answered by active answers, (row,) booleans.

    A latent that stands where answers are, though they are switched off, would have to follow everything else.
    """
    units: dict[str, set[object]] = defaultdict(set)
    for row, on in zip(observations.rows, active, strict=True):
        if on and (row.unit.side or not of_camps):
            units[row.asked].add(row.unit)
    enough = np.array([float(len(units[name]) >= CENTRED_FROM_UNITS) for name in questions])
    return replace(centres, well_answered=centres.well_answered * enough)


def _leading(leads: Sequence[Row], turn: np.ndarray, units: np.ndarray, well: np.ndarray) -> csr_array:
    by_target: dict[str, list[int]] = defaultdict(list)
    for q, row in enumerate(leads):
        if row.target is not None and well[q]:
            by_target[row.target].append(q)
    faces = [turn[q] * row.faces_first_state for q, row in enumerate(leads)]
    cells = []
    for found in by_target.values():
        leader = max(found, key=lambda q: units[q])
        cells += [(q, leader, faces[q] * faces[leader]) for q in found if q != leader]
    shape = (len(leads), len(leads))
    if not cells:
        return csr_array(eye_array(len(leads)))
    followers, leaders, values = zip(*cells, strict=True)
    return csr_array(eye_array(len(leads)) + csr_array((values, (followers, leaders)), shape=shape))
