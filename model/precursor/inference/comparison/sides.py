"""The two sides of a comparison: a posterior's draws, translated into effects, and what its answers are worth there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from precursor.elicitation.survey import Survey
from precursor.inference.answers.centres import CENTRED_FROM_UNITS
from precursor.inference.answers.observations import Observations
from precursor.inference.comparison.changes import Answered, Changes
from precursor.inference.comparison.shares import shares
from precursor.inference.decisions import Decisions
from precursor.inference.fits.fit import Fit
from precursor.inference.reweighting.density import Densities, densities
from precursor.inference.reweighting.effects import Effects, effects_of, names_of_effects, quantities_at
from precursor.inference.reweighting.part import Part, UnitKey, centred_part, part_of, unit_key
from precursor.inference.runs.run import Run
from precursor.problems import InputError, Problem

_PLACED = ("shared error: ", "loading: ")


@dataclass(frozen=True)
class Side:
    """A posterior: the surveys and decisions it is of, and draws of its latents.

    ``latent`` is (draw, latent), draws of a chain next to each other; ``names`` are the latents' names.
    """

    name: str
    surveys: tuple[Survey, ...]
    decisions: Decisions
    names: tuple[str, ...]
    latent: np.ndarray

    def thinned(self, most: int) -> Side:
        """Return the side with at most so many draws, evenly spaced."""
        if len(self.latent) <= most:
            return self
        which = np.linspace(0, len(self.latent) - 1, most).round().astype(int)
        return Side(self.name, self.surveys, self.decisions, self.names, self.latent[which])


def side_of_fit(fit: Fit, name: str) -> Side:
    """Return a fit as a side of a comparison."""
    plan = fit.plan
    return Side(
        name,
        plan.observations.surveys,
        plan.decisions,
        plan.layout.names,
        fit.latent.reshape(-1, fit.latent.shape[-1]),
    )


def side_of_run(run: Run, surveys: Sequence[Survey]) -> Side:
    """Return a run as a side of a comparison; ``surveys`` are those that it was fitted to."""
    draws = run.posterior["posterior"]["standard_normal"]
    latent = np.asarray(draws.data, dtype=float).reshape(-1, draws.shape[-1])
    if "latent" in draws.coords:
        names = tuple(str(name) for name in draws.coords["latent"].data)
    elif latent.shape[1] == len(run.space.latents):
        names = tuple(f"parameter: {name}" for name in run.space.latents)
    else:
        raise InputError(Problem(f"The draws of run {run.name} have no names.", "make the run again"))
    decided = run.provenance.get("decisions", {})
    return Side(run.name, tuple(surveys), Decisions(**decided), names, latent)


def effects_of_side(side: Side, observations: Observations, asked: Collection[str]) -> Effects:
    """Return the effects at a side's draws: those of questions in ``asked`` and all that belong to no question."""
    names = names_of_effects(observations, side.names)
    crowded = _crowded(observations)
    # Bounds are numbered by row.  An older run may have numbered them otherwise: then nothing says which is which, and
    # what stands behind them is drawn anew, the same for both densities whose ratio is taken.
    bounds = {f"bound: row {i}" for i, row in enumerate(observations.rows) if row.statement.censored != "none"}
    known = {name for name in side.names if name.startswith("bound: ")} == bounds
    values = {
        effect: side.latent[:, i]
        for i, (latent, effect) in enumerate(zip(side.names, names, strict=True))
        if not any(latent == f"{kind}{question}" for kind in _PLACED for question in crowded)
        and (known or not latent.startswith("bound: "))
    }
    part = centred_part(observations, side.decisions, asked)
    if part.rows:
        at = {name: i for i, name in enumerate(side.names)}
        # Bounds are numbered by row; where they stand does not matter to what questions share.
        latent = np.zeros((len(side.latent), len(part.plan.layout.names)))
        for i, name in enumerate(part.plan.layout.names):
            if name in at and not name.startswith("bound: "):
                latent[:, i] = side.latent[:, at[name]]
        found = effects_of(part.plan, latent)
        for latent_name, effect in zip(
            part.plan.layout.names, names_of_effects(part.plan.observations, part.plan.layout.names), strict=True
        ):
            if latent_name.startswith(_PLACED) and latent_name in at:
                values[effect] = found.values[effect]
    return Effects(len(side.latent), values)


def _crowded(observations: Observations) -> set[str]:
    """Return questions that may be centred."""
    units: dict[str, set[object]] = {}
    for row in observations.rows:
        units.setdefault(row.asked, set()).add(unit_key(row.unit))
    return {question for question, found in units.items() if len(found) >= CENTRED_FROM_UNITS}


@dataclass(frozen=True)
class Bridge:
    """Everything that is needed to evaluate how two sides' densities differ, at any effects.

    ``union``, ``before`` and ``after`` are the parts of the units that the changes touch; ``restructured`` the units
    whose earlier, and whose later, answers are worth something else in the union; ``asked`` the parts' questions.
    """

    changes: Changes
    union: Part
    before: Part
    after: Part
    restructured: tuple[frozenset[UnitKey], frozenset[UnitKey]]
    asked: frozenset[str]

    def completed(self, effects: Effects, rng: np.random.Generator) -> Effects:
        """Return effects with all that are wanted; the missing are drawn from the prior."""
        return effects.completed([part.plan for part in (self.union, self.before, self.after)], rng)

    def quantities(self, effects: Effects) -> np.ndarray:
        """Return the network's quantities that the parts' answers are compared with, (draw, quantity)."""
        return quantities_at(self.union.plan, effects)


@dataclass(frozen=True)
class Difference:
    """Log-density ratios at draws, (draw,), and (draw, player) for ``parts``.

    ``restructured`` is what the earlier answers are worth in the union less what they were worth; ``parts`` what each
    change of answers adds; ``settled`` what the later answers are worth alone less what in the union.
    """

    restructured: np.ndarray
    parts: np.ndarray
    settled: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """The log-ratio of the later density to the earlier."""
        return self.restructured + self.parts.sum(axis=1) + self.settled


def bridge_between(changes: Changes) -> Bridge:
    """Return what is needed to evaluate changes: the parts of the units that they touch."""
    first, last = changes.restructured(changes.before), changes.restructured(changes.after)
    parts = (
        part_of(changes.union, changes.decided, first | last | changes.units),
        part_of(changes.before.observations, changes.before.decisions, first),
        part_of(changes.after.observations, changes.after.decisions, last),
    )
    asked = frozenset(row.asked for part in parts for row in part.plan.observations.rows)
    return Bridge(changes, *parts, (first, last), asked)


def difference_at(bridge: Bridge, effects: Effects, quantities: np.ndarray, *, divided: bool = True) -> Difference:
    """Return the log-ratio of the densities at effects that have all that is wanted; ``divided`` among the players.

    ``quantities`` are `Bridge.quantities` there.  Undivided, ``parts`` has a single column.
    """
    changes = bridge.changes
    if not bridge.union.plan.observations.answers:
        zero = np.zeros(effects.draws)
        return Difference(zero, np.zeros((effects.draws, len(changes.players) if divided else 1)), zero)
    union = densities(bridge.union.plan, effects, quantities)
    worth = [_worth(union, bridge.union, side) for side in (changes.before, changes.after)]
    if divided:
        parts = shares(changes, bridge.union, union)
    else:
        added = [worth[1][unit] - worth[0][unit] for unit in changes.units if unit in worth[0]]
        parts = np.asarray(sum(added, np.zeros(effects.draws)))[:, None]
    sides = zip(worth, (bridge.before, bridge.after), bridge.restructured, strict=True)
    first, last = (_restructured(bridge, effects, quantities, *side) for side in sides)
    return Difference(first, parts, -last)


def _restructured(
    bridge: Bridge,
    effects: Effects,
    quantities: np.ndarray,
    together: dict[UnitKey, np.ndarray],
    part: Part,
    units: frozenset[UnitKey],
) -> np.ndarray:
    """Return what some units' answers are worth in the union less what they are worth on their own."""
    if not units:
        return np.zeros(effects.draws)
    # The network is the same on both sides: what a part asks, the union asks.
    at = {name: i for i, name in enumerate(bridge.union.plan.quantities.names)}
    own = densities(part.plan, effects, quantities[:, [at[name] for name in part.plan.quantities.names]])
    alone = _by_unit(own, np.ones(len(part.rows)), np.ones(len(part.ranked)))
    found = [together[unit] - alone[unit] for unit in units if unit in alone]
    return np.asarray(sum(found, np.zeros(effects.draws)))


def _worth(found: Densities, part: Part, side: Answered) -> dict[UnitKey, np.ndarray]:
    return _by_unit(found, side.rows[list(part.rows)], side.ranked[list(part.ranked)])


def _by_unit(found: Densities, rows: np.ndarray, ranked: np.ndarray) -> dict[UnitKey, np.ndarray]:
    values = dict(zip(found.units, found.unit_log_densities(rows).T, strict=True))
    for i, ranking in enumerate(found.plan.observations.ranked):
        unit = unit_key(ranking.unit)
        values[unit] = values.get(unit, np.zeros(found.draws)) + float(ranked[i]) * found.rankings[:, i]
    return values
