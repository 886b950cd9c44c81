"""How each row stands to what it is compared with: which quantity, turned which way, and pulled how by bad news."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from precursor.inference.answers.observations import Observations
from precursor.inference.answers.rows import Row
from precursor.inference.quantities import Quantities


@dataclass(frozen=True)
class Facing:
    """Constant arrays over the rows, (row,).

    Attributes
    ----------
    position
        The row's quantity: among the network's, then the seed questions' events, then one that is always zero.
    turn
        +1 or -1: stated value and quantity are multiplied by it, so that they face bad news.
    push
        How much of bad news acts on the row: 1, or along a contrast the part of the unit vector.
    """

    position: np.ndarray
    turn: np.ndarray
    push: np.ndarray


def facing_of(observations: Observations, quantities: Quantities, orientation: np.ndarray) -> Facing:
    """Return how the rows stand, given how bad news acts on every quantity (`orientations`)."""
    at = {name: i for i, name in enumerate(quantities.names)}
    seed = {key: len(at) + i for i, key in enumerate(observations.seeds)}
    always_zero = len(at) + len(seed)

    def position(row: Row) -> int:
        if row.quantity is not None:
            return at[row.quantity]
        return seed[row.key] if row.kind == "event_seed" else always_zero

    positions = np.array([position(row) for row in observations.rows], dtype=np.int64)
    acting = np.append(orientation, np.ones(len(seed) + 1))[positions]
    contrast = np.array([row.kind == "contrast" for row in observations.rows], dtype=bool)
    return Facing(positions, np.where(contrast, 1.0, acting), np.where(contrast, acting, 1.0))
