"""What the likelihood needs to know of every row but where its answer stands (`stated`), as arrays laid down once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from precursor.inference.answers.observations import Observations


@dataclass(frozen=True)
class Columns:
    """Constant arrays over the rows, (row,); an index of -1 stands for "none".

    Attributes
    ----------
    width
        Stated standard deviation of quantiles.
    bias, slope, worldview
        How strongly these act (`rows.Pull`); side -1, 0 or +1 of the unit in ``side``.
    group, noise_group, offset, shared, placed, whose_width
        Index among the observations' groups, noise groups, offsets, shared questions, placed questions, widths.
    bounded, with_quartiles
        Positions of the rows that state a bound, and of the published groups whose quartiles speak to the spread of
        persons (there have to be some).
    """

    width: np.ndarray
    bias: np.ndarray
    slope: np.ndarray
    worldview: np.ndarray
    side: np.ndarray
    group: np.ndarray
    noise_group: np.ndarray
    offset: np.ndarray
    shared: np.ndarray
    placed: np.ndarray
    whose_width: np.ndarray
    bounded: np.ndarray
    with_quartiles: np.ndarray


def columns_of(observations: Observations) -> Columns:
    """Return the arrays for the rows of the observations."""
    rows = observations.rows
    persons = any(row.kind == "quantity" and not row.unit.is_group for row in rows)
    bounded = [i for i, row in enumerate(rows) if row.statement.censored != "none"]
    with_quartiles = [i for i, row in enumerate(rows) if row.quartile_range > 0 and persons]
    asked = [row.asked for row in rows]
    # A published group may be named like a camp of persons, and is none.
    camps = [None if row.unit.is_group else row.unit.group for row in rows]
    noise = [None if row.unit.is_group else row.noise_group for row in rows]
    return Columns(
        width=floats(row.statement.width for row in rows),
        bias=floats(row.pull.bias for row in rows),
        slope=floats(row.pull.slope for row in rows),
        worldview=floats(row.pull.worldview for row in rows),
        side=floats(row.unit.side for row in rows),
        group=position_among(observations.groups, camps),
        noise_group=position_among(observations.noise_groups, noise),
        offset=position_among([offset.id for offset in observations.offsets], [row.question.offset for row in rows]),
        shared=position_among(observations.shared_questions, asked),
        placed=position_among(observations.placed_questions, asked),
        whose_width=position_among(observations.widths, [row.unit.id for row in rows]),
        bounded=np.array(bounded, dtype=np.int64),
        with_quartiles=np.array(with_quartiles, dtype=np.int64),
    )


def position_among(names: Sequence[str], wanted: Sequence[str | None]) -> np.ndarray:
    """Return the position of each wanted name, -1 where there is none."""
    found = {name: i for i, name in enumerate(names)}
    return np.array([found.get(name, -1) if name else -1 for name in wanted], dtype=np.int64)


def floats(values: Iterable[float]) -> np.ndarray:
    """Return an array of numbers, though there may be none."""
    return np.fromiter(values, dtype=float)
