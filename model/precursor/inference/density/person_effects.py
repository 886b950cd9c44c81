r"""Each person's own effects, recovered: conditional draws given the posterior's draws and the person's answers.

The log-density integrates them out (`person_kernel`).  Given a draw of everything else, a person's residuals are
``r = V e + eps``, the columns of V scaled so that ``e ~ Normal(0, I / lambda)``, ``eps ~ Normal(0, D / lambda)`` and
``lambda ~ Gamma(nu / 2, rate nu / 2)``: the Student's mixture.  Of n answers, with ``S = D + V V'`` and
``K = I + V' D^-1 V``::

    lambda | r     ~ Gamma((nu + n) / 2, rate (nu + r' S^-1 r) / 2)
    e | lambda, r  ~ Normal(K^-1 V' D^-1 r, K^-1 / lambda).

A residual on a target that one answer alone speaks of stands in D; given the answer's whole noise ``eps_i`` it is
Normal with mean ``tau^2 / D_i eps_i`` and variance ``tau^2 (1 - tau^2 / D_i) / lambda``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from precursor.inference.answers.rows import Unit
from precursor.inference.answers.sharing import KINDS
from precursor.inference.decisions import GROUP_BIAS_SD
from precursor.inference.density.likelihood import Terms
from precursor.inference.density.person_kernel import DEGREES_OF_FREEDOM
from precursor.inference.density.pointwise import in_blocks, scales_over, terms_over
from precursor.inference.plan import Plan

if TYPE_CHECKING:
    import xarray as xr

EFFECTS = ("bias", "extremity", "worldview")
_COLUMNS = {"bias": "bias", "slope": "extremity", "loading": "worldview"}


def conditional_draws(
    residual: np.ndarray, variance: np.ndarray, loading: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return one draw of a person's tail scale lambda, (draws,), and effects e, (draws, column), for every draw.

    Parameters
    ----------
    residual, variance
        r and the diagonal of D, (draws, answer).
    loading
        V, (draws, answer, column).
    """
    draws, n, k = loading.shape
    weighted = loading / variance[..., None]
    capacitance = np.eye(k) + np.swapaxes(weighted, 1, 2) @ loading
    projected = np.einsum("dnk,dn->dk", weighted, residual)
    mean = np.linalg.solve(capacitance, projected[..., None])[..., 0]
    distance = (residual**2 / variance).sum(axis=1) - (projected * mean).sum(axis=1)
    nu = DEGREES_OF_FREEDOM
    tail = rng.gamma((nu + n) / 2, 1.0, draws) / ((nu + np.maximum(distance, 0.0)) / 2)
    factor = np.swapaxes(np.linalg.cholesky(capacitance), 1, 2)
    noise = np.linalg.solve(factor, rng.standard_normal((draws, k, 1)))[..., 0]
    return tail, mean + noise / np.sqrt(tail)[:, None]


def person_effects(plan: Plan, latent: np.ndarray, seed: int, *, answered: bool = True) -> xr.Dataset:
    """Return conditional draws of every person's effects at posterior draws of the latents, (draws, latent).

    Without ``answered``, what would be expected of such persons before their own answers are known.

    Returns
    -------
    xr.Dataset
        ``tendency`` (draw, person, effect): bias a (its group's included), extremity b, worldview z (its camp's side
        included), in log-odds, per log-odds, and in sides; ``tail_scale`` (draw, person): lambda; ``width_factor``
        (draw, person): k; ``target_residual`` (draw, residual): u of each person on each target answered (coordinates
        ``residual_person``, ``residual_target``), in log-odds of the target's first state.
    """
    import xarray as xr

    rng = np.random.default_rng(seed)
    people = _People.of(plan)
    blocks = [_Block(plan, people, block, rng) for block in in_blocks(plan, latent)]
    if answered:
        for block in blocks:
            block.listen()
    return xr.Dataset(
        {
            "tendency": (("draw", "person", "effect"), np.concatenate([block.effects() for block in blocks])),
            "tail_scale": (("draw", "person"), np.concatenate([block.tail for block in blocks])),
            "width_factor": (("draw", "person"), np.concatenate([block.width_factors() for block in blocks])),
            "target_residual": (("draw", "residual"), np.concatenate([block.residual for block in blocks])),
        },
        coords={
            "person": [unit.id for unit in people.units],
            "effect": list(EFFECTS),
        },
    ).assign_coords(
        residual_person=("residual", [person for person, _ in people.residuals]),
        residual_target=("residual", [target for _, target in people.residuals]),
    )


def persons_of(plan: Plan) -> list[Unit]:
    """Return the persons whose answers are fitted, rankings included."""
    return [unit for unit in dict.fromkeys(answer.unit for answer in plan.observations.answers) if not unit.is_group]


@dataclass(frozen=True)
class _People:
    """The persons and, by (person, target), the residuals that their answers speak of."""

    units: tuple[Unit, ...]
    position: dict[str, int]
    residuals: dict[tuple[str, str], int]
    residual_of_row: tuple[int, ...]

    @classmethod
    def of(cls, plan: Plan) -> _People:
        """Return those of a plan; a row that speaks of no residual has -1."""
        units = tuple(persons_of(plan))
        residuals: dict[tuple[str, str], int] = {}
        of_row = []
        for row in plan.observations.rows:
            target = None if row.unit.is_group else row.target
            where = -1 if target is None else residuals.setdefault((row.unit.id, target), len(residuals))
            of_row.append(where)
        return cls(units, {unit.id: i for i, unit in enumerate(units)}, residuals, tuple(of_row))


@dataclass(frozen=True)
class _Columns:
    """One person's rows, the entries and shape of the loading matrix, and what each column stands for."""

    rows: slice
    entries: slice
    shape: tuple[int, int]
    kinds: tuple[str, ...]
    first_row: tuple[int, ...]


def _columns(plan: Plan) -> Iterator[tuple[Unit, _Columns]]:
    sharing, rows = plan.sharing, plan.observations.rows
    for u, n_columns in enumerate(sharing.n_columns):
        here, entries = (slice(first[u], first[u + 1]) for first in (sharing.first_row, sharing.first_entry))
        kinds, first = [""] * n_columns, [0] * n_columns
        for e in range(entries.stop - 1, entries.start - 1, -1):
            column = sharing.columns[e]
            kinds[column], first[column] = KINDS[sharing.kinds[e]], int(sharing.rows[e])
        shape = (here.stop - here.start, int(n_columns))
        yield rows[here.start].unit, _Columns(here, entries, shape, tuple(kinds), tuple(first))


class _Block:
    """Effects of all persons at some draws: as expected of anybody, until their answers are listened to.

    Attributes
    ----------
    tail, standard, residual
        lambda (draw, person); bias, slope and worldview before they are scaled (draw, person, effect); u (draw,
        residual).
    """

    def __init__(self, plan: Plan, people: _People, latent: np.ndarray, rng: np.random.Generator) -> None:
        self.plan, self.people, self.latent, self.rng = plan, people, latent, rng
        self.scale = scales_over(plan, latent)
        shape = (len(latent), len(people.units))
        self.tail = rng.gamma(DEGREES_OF_FREEDOM / 2, 2 / DEGREES_OF_FREEDOM, shape)
        self.standard = rng.standard_normal((*shape, len(EFFECTS))) / np.sqrt(self.tail)[..., None]
        self.own_width = rng.standard_normal(shape)
        of = [people.position[person] for person, _ in people.residuals]
        spread = self.scale["target_residual"][:, None] / np.sqrt(self.tail[:, of])
        self.residual = spread * rng.standard_normal((len(latent), len(of)))

    def listen(self) -> None:
        """Condition on the persons' answers."""
        plan, position = self.plan, self.people.position
        for i, person in enumerate(plan.observations.widths):
            self.own_width[:, position[person]] = self.latent[:, plan.layout.width][:, i]
        if not plan.observations.rows:
            return
        found = terms_over(plan, self.latent)
        for unit, columns in _columns(plan):
            if not unit.is_group:
                self._listen_to(position[unit.id], columns, found)

    def _listen_to(self, i: int, columns: _Columns, found: Terms) -> None:
        plan, sharing, draws = self.plan, self.plan.sharing, len(self.latent)
        loading = np.zeros((draws, *columns.shape))
        cells = (sharing.rows[columns.entries] - columns.rows.start, sharing.columns[columns.entries])
        loading[:, *cells] = found.entries[:, columns.entries]
        r, variance = found.residual[:, columns.rows], found.variance[:, columns.rows]
        self.tail[:, i], effects = conditional_draws(r, variance, loading, self.rng)
        spread = self.scale["target_residual"]
        for column, kind in enumerate(columns.kinds):
            if kind in _COLUMNS:
                self.standard[:, i, EFFECTS.index(_COLUMNS[kind])] = effects[:, column]
            elif kind == "target":
                row = columns.first_row[column]
                self.residual[:, self.people.residual_of_row[row]] = _faces(plan, row) * spread * effects[:, column]
        noise = r - np.einsum("dnk,dk->dn", loading, effects)
        for row in range(columns.rows.start, columns.rows.stop):
            if sharing.own_target[row]:
                share = spread**2 / found.variance[:, row]
                own = share * noise[:, row - columns.rows.start]
                own = own + spread * np.sqrt((1 - share) / self.tail[:, i]) * self.rng.standard_normal(draws)
                self.residual[:, self.people.residual_of_row[row]] = _faces(plan, row) * own

    def effects(self) -> np.ndarray:
        """Return bias, extremity and worldview in natural units, (draw, person, effect)."""
        plan, standard = self.plan, self.standard
        groups = {name: i for i, name in enumerate(plan.observations.groups)}
        group_bias = GROUP_BIAS_SD * self.latent[:, plan.layout.group_bias]
        of_none = np.zeros(len(self.latent))
        level = [group_bias[:, groups[unit.group]] if unit.group in groups else of_none for unit in self.people.units]
        side, spread = (
            np.array([getattr(unit, name) for unit in self.people.units]) for name in ("side", "side_spread")
        )
        return np.stack(
            [
                np.stack(level, axis=1) + self.scale["person_bias"][:, None] * standard[..., 0],
                plan.decisions.extremity + self.scale["person_slope"][:, None] * standard[..., 1],
                plan.decisions.values["camps_apart"] * side + spread * standard[..., 2],
            ],
            axis=-1,
        )

    def width_factors(self) -> np.ndarray:
        """Return each person's width factor, (draw, person): that of any person where no own one was fitted."""
        return self.scale["width_factor"][:, None] * np.exp(self.scale["width_spread"][:, None] * self.own_width)


def _faces(plan: Plan, i: int) -> float:
    """Return which way a row faces the first state of its target."""
    return float(plan.facing.turn[i] * plan.observations.rows[i].faces_first_state)
