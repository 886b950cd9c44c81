r"""The density of the answers of each unit at given effects, any of the answers left out, bounds integrated out.

A unit's answers are jointly Student-t (`person_kernel`).  The value that stands behind a bound is a latent in a fit; a
unit with a single bound has it integrated out here, in closed form.  With residuals r_O of the other answers, scale
matrix S, and the limit's residual r_b, the bound is met with probability

    F_(4+n)(+-(r_b - m) / s),    m = S_bO S_OO^-1 r_O,
    s^2 = (4 + r_O' S_OO^-1 r_O) / (4 + n) (S_bb - S_bO S_OO^-1 S_Ob),

F being the distribution function of Student's t (Ding 2016, doi 10.1080/00031305.2016.1164756: its conditional).
A unit with more bounds keeps their latents.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from precursor.inference.density.arrays import Arrays
from precursor.inference.density.likelihood import Terms, terms
from precursor.inference.plan import Plan
from precursor.inference.reweighting.effects import Effects, latents_at
from precursor.inference.reweighting.part import UnitKey, unit_key

_NU = 4.0


@dataclass(frozen=True)
class Densities:
    """The parts of a plan's log-density at draws of the effects."""

    plan: Plan
    found: Terms
    draws: int

    @cached_property
    def units(self) -> tuple[UnitKey, ...]:
        """The units, in the order of their rows."""
        return tuple(dict.fromkeys(unit_key(row.unit) for row in self.plan.observations.rows))

    def taken(self, which: slice) -> Densities:
        """Return the densities at some of the draws."""
        parts = {
            # A constant part has no axis of draws.
            field.name: value[which] if np.ndim(value) == 1 + (field.name != "gain") else value
            for field in fields(Terms)
            for value in [getattr(self.found, field.name)]
        }
        return Densities(self.plan, Terms(**parts), len(range(*which.indices(self.draws))))

    @property
    def rankings(self) -> np.ndarray:
        """Log-probabilities of the rankings, (draw, ranking)."""
        return np.broadcast_to(self.found.rankings, (self.draws, len(self.plan.observations.ranked)))

    def unit_log_densities(self, active: np.ndarray) -> np.ndarray:
        """Return the log-density of every unit's active answers, (draw, unit); ``active`` (row,) is 0 or 1."""
        from precursor.inference.density.person_kernel import unit_log_densities

        if not self.units:
            return np.zeros((self.draws, 0))
        sharing, on = self.plan.sharing, np.asarray(active, dtype=float)
        alone = [i for i in self._integrated.values() if on[i]]
        kernel_on = on.copy()
        kernel_on[alone] = 0.0
        units = unit_log_densities(
            self._full(self.found.residual), self._full(self.found.variance), self._full(self.found.entries),
            kernel_on, sharing.first_row, sharing.first_entry, sharing.rows, sharing.columns, sharing.n_columns,
        )  # fmt: skip
        for own, which in (
            (self.found.bounds, self.plan.columns.bounded),
            (self.found.quartiles, self.plan.columns.with_quartiles),
        ):
            for column, row in enumerate(which):
                if kernel_on[row]:
                    units[:, self._unit_of[row]] += own[..., column]
        for unit, row in self._integrated.items():
            if on[row]:
                units[:, unit] += self._log_met(unit, row, kernel_on)
        return units

    def _full(self, values: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(np.broadcast_to(values, (self.draws, values.shape[-1])))

    @cached_property
    def _unit_of(self) -> np.ndarray:
        return np.repeat(np.arange(len(self.units)), np.diff(self.plan.sharing.first_row))

    @cached_property
    def _integrated(self) -> Mapping[int, int]:
        """The bound of each unit with a single one, by unit."""
        bounds = self.plan.columns.bounded
        counts = np.bincount(self._unit_of[bounds], minlength=len(self.units))
        return {int(self._unit_of[row]): int(row) for row in bounds if counts[self._unit_of[row]] == 1}

    def _log_met(self, unit: int, row: int, active: np.ndarray) -> np.ndarray:
        """Return the log-probability that a bound is met, given the unit's other active answers, (draw,)."""
        from scipy.special import stdtr

        said = self.plan.observations.rows[row].statement
        turn = self.plan.facing.turn[row]
        limit = turn * said.location - self._at(self.found.expected, row)
        first, last = self.plan.sharing.first_row[unit : unit + 2]
        others = [i for i in range(first, last) if active[i]]
        scale = self._scale_matrix(unit, [*others, row])
        n = len(others)
        own, mean, distance = scale[:, n, n], np.zeros(self.draws), np.zeros(self.draws)
        if n:
            residual = np.stack([self._at(self.found.residual, i) for i in others], axis=1)
            both = np.stack([residual, scale[:, :n, n]], axis=2)
            solved = np.linalg.solve(scale[:, :n, :n], both)
            distance = np.einsum("di,di->d", residual, solved[:, :, 0])
            mean = np.einsum("di,di->d", scale[:, :n, n], solved[:, :, 0])
            own = own - np.einsum("di,di->d", scale[:, :n, n], solved[:, :, 1])
        spread = np.sqrt((_NU + distance) / (_NU + n) * own)
        facing = turn if said.censored == "below" else -turn
        return np.log(np.maximum(stdtr(_NU + n, facing * (limit - mean) / spread), np.finfo(float).tiny))

    def _at(self, values: np.ndarray, row: int) -> np.ndarray:
        return np.broadcast_to(values[..., row], (self.draws,))

    def _scale_matrix(self, unit: int, rows: list[int]) -> np.ndarray:
        """Return the scale matrix of some rows of a unit, (draw, row, row)."""
        sharing = self.plan.sharing
        place = {row: i for i, row in enumerate(rows)}
        loadings = np.zeros((self.draws, len(rows), sharing.n_columns[unit]))
        for e in range(sharing.first_entry[unit], sharing.first_entry[unit + 1]):
            if int(sharing.rows[e]) in place:
                loadings[:, place[int(sharing.rows[e])], sharing.columns[e]] += self.found.entries[..., e]
        matrix = loadings @ loadings.transpose(0, 2, 1)
        for row, i in place.items():
            matrix[:, i, i] += self._at(self.found.variance, row)
        return matrix


def densities(plan: Plan, effects: Effects, quantities: np.ndarray) -> Densities:
    """Return a plan's densities at effects that have all of its own; ``quantities`` as `quantities_at` has them."""
    latent = latents_at(plan, effects, quantities)
    return Densities(plan, terms(plan, Arrays(), latent, quantities), effects.draws)
