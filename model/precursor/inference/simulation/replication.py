"""Answers drawn anew: exactly what the likelihood of a plan describes, with every effect drawn one by one.

`simulate` makes up people who answer as model.md has it and type what they mean.  Here the answers of a given plan
(who answers what, in which form) are replaced by fresh ones at given latents, and nothing is rounded or approximated:
the locations, sides, orders and outcomes that come out have the density that `likelihood.terms` gives them.  The
effects that the likelihood integrates out (a, b, z, u, phrases, rounding, and the tail of a person) are drawn here.

Of a unit with tail ``g = lambda^(-1/2)``, ``lambda ~ Gamma(2, 2)``, facing bad news::

    l = extremity slope x + g (sd_b slope x n_b) + bias (alpha + g sd_a n_a) + worldview w (side + g sd_z n_z)
        + d + g (faces sd_u n_u + phrase + rounding + sqrt(s^2 + (k width)^2 + rounding^2) n).

An error d of a question that nobody else answered belongs to its unit, and has the tail.  A bound keeps its limit and
states on which side of it the value lies.  A ranking states the order drawn, if it names a single one; else whether its
union holds, or the others'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from precursor.inference.answers.rows import KNOWN_QUANTITIES, LIKELIHOOD_RATIOS
from precursor.inference.answers.stated import Stated
from precursor.inference.answers.units import QUARTILES_TO_SCALE
from precursor.inference.decisions import (
    GROUP_BIAS_SD,
    GROUP_SLOPE_SD,
    NOISE,
    QUARTILE_ERROR,
    RANKING_SLIP,
    SCALES,
    SEED_LOGIT_MEAN,
    SEED_LOGIT_SD,
)
from precursor.inference.density.arrays import Arrays
from precursor.inference.density.person_kernel import DEGREES_OF_FREEDOM
from precursor.inference.density.shared_questions import SharedQuestions, shared_questions
from precursor.inference.plan import Plan

_HALF_BOUND_SPREAD = 2.0


@dataclass(frozen=True)
class Replicated:
    """Fresh answers of a plan.

    Attributes
    ----------
    stated
        Where they stand.
    bound
        Of every bounded row the latent that puts its value where it was drawn, (bounded row,).
    """

    stated: Stated
    bound: np.ndarray


@dataclass(frozen=True)
class Replicator:
    """What draws answers anew for one plan; everything that does not change from draw to draw is laid down once."""

    plan: Plan

    def quantities(self, latent: np.ndarray) -> np.ndarray:
        """Return the network's quantities, (quantity,), at latents, (latent,)."""
        unconstrained = self.plan.space.mean + self.plan.space.loadings @ latent[self.plan.layout.parameters]
        return self.plan.quantities.over(unconstrained[None])[0]

    def draw(self, latent: np.ndarray, rng: np.random.Generator, quantities: np.ndarray | None = None) -> Replicated:
        """Return fresh answers at latents, (latent,); ``quantities`` there, if they are known already."""
        plan = self.plan
        scale = self.scale(latent)
        quantities = self.quantities(latent) if quantities is None else quantities
        oriented = self._oriented(latent, quantities)
        found = self._shared(latent, scale, oriented)
        apart = plan.decisions.values["camps_apart"]
        loading = found.loading_mean + apart * _at(found.loading, plan.columns.placed)
        leant_on = self._leant_on(oriented, found.shared_error)
        stated = plan.facing.turn * (
            self._common(latent, oriented, loading, found.shared_error)
            + self._own(latent, scale, leant_on, loading, rng)
        )
        location, outward, bound = self._bounds(stated)
        anew = Stated(
            location=location,
            outward=outward,
            quartile_range=self._quartiles(latent, scale, leant_on, loading, rng),
            orders=self._orders(latent, scale, quantities, rng),
            outcome=np.where(rng.random(len(plan.observations.seeds)) < _expit(self._events(latent)), 1.0, -1.0),
        )
        return Replicated(anew, bound)

    def shared(self, latent: np.ndarray) -> SharedQuestions:
        """Return the shared errors and loadings at latents, (latent,)."""
        return self._shared(latent, self.scale(latent), self._oriented(latent, self.quantities(latent)))

    def _shared(self, latent: np.ndarray, scale: dict[str, float], oriented: np.ndarray) -> SharedQuestions:
        scales = {name: np.array([value]) for name, value in scale.items()}
        return shared_questions(self.plan, Arrays(), latent, oriented, scales, self.plan.decisions.values)

    def alone(self, latent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return location and scale of every row by itself at latents, (latent,): Student-t with four degrees, (row,).

        As stated, not turned; of a bound, those of the value behind it.
        """
        of, plan = self._of, self.plan
        scale, oriented = self.scale(latent), self._oriented(latent, self.quantities(latent))
        found = self._shared(latent, scale, oriented)
        loading = found.loading_mean + _at(found.loading, plan.columns.placed)
        push = plan.facing.push
        bias = np.where(of.is_group, GROUP_BIAS_SD, scale["person_bias"]) * of.bias * push
        leant_on = self._leant_on(oriented, found.shared_error)
        slope = np.where(of.is_group, GROUP_SLOPE_SD, scale["person_slope"]) * of.slope * leant_on
        omega = np.where(of.in_widths, scale["known_shared_error"], scale["shared_error"]) * (of.question >= 0)
        variance = self._variance(latent, scale) + bias**2 + slope**2 + omega**2 + of.phrase_sd**2
        variance += (of.worldview * push * loading * of.side_spread) ** 2
        variance += (scale["target_residual"] * (of.target >= 0)) ** 2 + (of.rounding**2).sum(axis=1)
        return plan.facing.turn * self._common(latent, oriented, loading, found.shared_error), np.sqrt(variance)

    def scale(self, latent: np.ndarray) -> dict[str, float]:
        """Return the scales of the expert model by name at latents, (latent,)."""
        values = latent[self.plan.layout.scales]
        return {
            name: self.plan.decisions.times(name) * p.median * float(np.exp(p.log_sd * x))
            for (name, p), x in zip(SCALES.items(), values, strict=True)
        }

    def _noise(self, latent: np.ndarray) -> np.ndarray:
        scale = self.plan.decisions.times("noise") * NOISE.median
        return np.asarray(scale * np.exp(NOISE.log_sd * latent[self.plan.layout.noise]))

    def _events(self, latent: np.ndarray) -> np.ndarray:
        return SEED_LOGIT_MEAN + SEED_LOGIT_SD * latent[self.plan.layout.seed]

    def _oriented(self, latent: np.ndarray, quantities: np.ndarray) -> np.ndarray:
        plan = self.plan
        compared = np.concatenate([quantities, self._events(latent), np.zeros(1)])[plan.facing.position]
        offsets = [offset.mean for offset in plan.observations.offsets]
        offset = np.array(offsets) + np.array([o.sd for o in plan.observations.offsets]) * latent[plan.layout.offset]
        return plan.facing.turn * (compared + _at(offset, plan.columns.offset))

    def _leant_on(self, oriented: np.ndarray, error: np.ndarray) -> np.ndarray:
        """Return what every row's own extremity multiplies: the truth, and as much of the error as is decided."""
        return oriented + self.plan.decisions.amplified_error * _at(error, self.plan.columns.shared)

    def _common(self, latent: np.ndarray, oriented: np.ndarray, loading: np.ndarray, error: np.ndarray) -> np.ndarray:
        """Return what is expected of everybody of the unit's camp and group, shared errors included."""
        of, push = self._of, self.plan.facing.push
        group = GROUP_BIAS_SD * _at(latent[self.plan.layout.group_bias], self.plan.columns.group)
        return (
            self.plan.decisions.extremity * of.slope * oriented
            + self.plan.decisions.values["camps_apart"] * of.worldview * of.side * push * loading
            + of.bias * push * group
            + _at(error, self.plan.columns.shared)
        )

    def _own(
        self, latent: np.ndarray, scale: dict[str, float], leant_on: np.ndarray, loading: np.ndarray,
        rng: np.random.Generator,
    ) -> np.ndarray:  # fmt: skip
        """Return what a unit's own effects and noise add, with its tail."""
        of, plan, push = self._of, self.plan, self.plan.facing.push
        tail = rng.gamma(DEGREES_OF_FREEDOM / 2, 2 / DEGREES_OF_FREEDOM, of.n_units) ** -0.5

        def drawn(index: np.ndarray) -> np.ndarray:
            return _at(rng.standard_normal(int(index.max(initial=-1)) + 1), index)

        sd_bias = np.where(of.is_group, GROUP_BIAS_SD, scale["person_bias"])
        sd_slope = np.where(of.is_group, GROUP_SLOPE_SD, scale["person_slope"])
        omega = np.where(of.in_widths, scale["known_shared_error"], scale["shared_error"])
        own = of.bias * push * sd_bias * drawn(of.unit) + of.slope * leant_on * sd_slope * drawn(of.unit)
        own += of.worldview * push * loading * of.side_spread * drawn(of.unit)
        own += of.faces * plan.facing.turn * scale["target_residual"] * drawn(of.target)
        own += omega * drawn(of.question) + of.phrase_sd * drawn(of.phrase)
        own += (of.rounding * rng.standard_normal(of.rounding.shape[1])).sum(axis=1)
        return tail[of.unit] * (own + np.sqrt(self._variance(latent, scale)) * rng.standard_normal(len(own)))

    def _variance(self, latent: np.ndarray, scale: dict[str, float]) -> np.ndarray:
        columns = self.plan.columns
        person = scale["width_spread"] * _at(latent[self.plan.layout.width], columns.whose_width)
        width = scale["width_factor"] * np.exp(person) * columns.width
        return _at(self._noise(latent), columns.noise_group) ** 2 + width**2 + self._of.variance

    def _bounds(self, stated: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        which = self.plan.columns.bounded
        limit = self.plan.stated.location[which]
        beyond = stated[which] - limit
        # |value - limit| = softplus(spread x), turned around.
        distance = np.maximum(np.abs(beyond), 1e-300)
        latent = (distance + np.log(-np.expm1(-distance))) / _HALF_BOUND_SPREAD
        location = stated.copy()
        location[which] = limit
        return location, np.where(beyond < 0, -1.0, 1.0), latent

    def _quartiles(
        self, latent: np.ndarray, scale: dict[str, float], leant_on: np.ndarray, loading: np.ndarray,
        rng: np.random.Generator,
    ) -> np.ndarray:  # fmt: skip
        rows, groups = self.plan.columns.with_quartiles, self.plan.observations.noise_groups
        if not len(rows):
            return np.zeros(0)
        noises = zip(self._noise(latent), groups, strict=True)
        people = [s for s, name in noises if name not in (LIKELIHOOD_RATIOS, KNOWN_QUANTITIES)]
        between = scale["person_bias"] ** 2 + (scale["person_slope"] * leant_on[rows]) ** 2 + loading[rows] ** 2
        spread = np.sqrt(np.mean(np.square(people)) + between + scale["target_residual"] ** 2)
        return QUARTILES_TO_SCALE * spread * np.exp(QUARTILE_ERROR * rng.standard_normal(len(rows)))

    def _orders(
        self, latent: np.ndarray, scale: dict[str, float], quantities: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        tables = self.plan.rankings
        found = np.zeros(len(tables.cell_order))
        error = scale["shared_error"] * latent[self.plan.layout.order_error]
        for i, question in enumerate(tables.asked):
            members = np.flatnonzero(tables.question == question)
            logs = scale["ranking_sharpness"] * quantities[tables.quantity[members]]
            # Dividing by the total mass multiplies all weights alike.
            weights = np.exp(logs + error[members] - (logs + error[members]).max())
            chances = (1 - RANKING_SLIP) * weights / weights.sum() + RANKING_SLIP / len(members)
            drawn = rng.choice(len(members), p=chances / chances.sum())
            # What the plan's own ranking is the union of: that is the question asked, whatever was answered since.
            cells = tables.of_ranking[[i]].indices
            named = tables.among_stated[cells]
            if named.sum() == 1:
                found[cells[drawn]] = 1.0
            else:
                found[cells] = named == named[drawn]
        return found

    @cached_property
    def _of(self) -> _Rows:
        return _rows(self.plan)


@dataclass(frozen=True)
class _Rows:
    """What is fixed of every row, (row,); indices of -1 stand for none."""

    unit: np.ndarray
    n_units: int
    is_group: np.ndarray
    side: np.ndarray
    side_spread: np.ndarray
    bias: np.ndarray
    slope: np.ndarray
    worldview: np.ndarray
    faces: np.ndarray
    target: np.ndarray
    question: np.ndarray
    in_widths: np.ndarray
    phrase: np.ndarray
    phrase_sd: np.ndarray
    rounding: np.ndarray
    variance: np.ndarray


def _rows(plan: Plan) -> _Rows:
    rows = plan.observations.rows
    shared = set(plan.observations.shared_questions)
    units = [(row.unit.is_group, row.unit.id) for row in rows]
    unit = _numbered(units)
    shared_with_nobody = [None if row.asked in shared else row.asked for row in rows]
    targets = [None if row.unit.is_group else row.target for row in rows]
    phrases = [row.statement.phrase for row in rows]
    target, question, phrase = (
        _numbered([None if name is None else (u, name) for u, name in zip(units, names, strict=True)])
        for names in (targets, shared_with_nobody, phrases)
    )
    return _Rows(
        unit=unit,
        n_units=int(unit.max(initial=-1)) + 1,
        is_group=np.array([row.unit.is_group for row in rows], dtype=bool),
        side=np.array([row.unit.side for row in rows]),
        side_spread=np.array([row.unit.side_spread for row in rows]),
        bias=np.array([row.pull.bias for row in rows]),
        slope=np.array([row.pull.slope for row in rows]),
        worldview=np.array([row.pull.worldview for row in rows]),
        faces=np.array([row.faces_first_state for row in rows]),
        target=target,
        question=question,
        in_widths=np.array([row.kind == "known_in_widths" for row in rows], dtype=bool),
        phrase=phrase,
        phrase_sd=np.array([row.statement.phrase_sd for row in rows]),
        rounding=_rounding(plan),
        variance=np.array([row.statement.variance for row in rows]),
    )


def _rounding(plan: Plan) -> np.ndarray:
    """Return what the resolution of each state of each stated distribution adds to each row, (row, state of one)."""
    columns: dict[tuple[object, ...], int] = {}
    cells = []
    for i, row in enumerate(plan.observations.rows):
        for state, size in enumerate(row.rounding):
            name = (row.unit.id, row.key, id(row.judgement), state)
            cells.append((i, columns.setdefault(name, len(columns)), size))
    table = np.zeros((len(plan.observations.rows), len(columns)))
    for i, j, size in cells:
        table[i, j] = size
    return table


def _numbered(names: Sequence[object]) -> np.ndarray:
    """Return a number for every different name, -1 for none."""
    known: dict[object, int] = {}
    return np.array([-1 if n is None else known.setdefault(n, len(known)) for n in names], dtype=np.int64)


def _at(values: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Return ``values[index]``, zero where the index is negative."""
    return np.append(values, 0.0)[np.where(index < 0, -1, index)]


def _expit(x: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * x)))


def with_answers(plan: Plan, answers: Replicated) -> Plan:
    """Return the plan with its answers replaced; what was decided with the old ones (`centres`) stays."""
    return replace(plan, stated=answers.stated)
