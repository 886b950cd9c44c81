r"""Training, one system a world, simulated jump by jump (Gillespie 1977).

In a state with rates :math:`r_1, r_2, ...` the waiting time is exponential with rate :math:`\sum r`, and the event that
ends it is *i* with probability :math:`r_i / \sum r`.  A system is five arrays, not one of 65 numbered states, and
nothing here comes from `emergence`: this is the model's description a second time, so that a slip in one of the two
parts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from precursor.argument.forward.values import Values

PHASES = ("pretraining", "short_horizon_fine_tuning", "long_horizon_fine_tuning", "deployment")
PROPERTIES = ("goal_directed", "long_term_goals", "base_goal_understood", "situationally_aware")
NONE, PROXY, BASE = 0, 1, 2
_GOAL, _LONG, _UNDERSTOOD, _AWARE = range(4)
_CORRECTED, _DRIFTED = 4, 5
Assumptions = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Systems:
    """Systems in training, changed in place as they train.

    Attributes
    ----------
    rank
        When each property was acquired, (property, world): 1 for the first, 2, ...; 0 if not yet.
    pointer
        `NONE` until goal-directed, then `PROXY` or `BASE`, (world,).
    window
        Time spent so far in the correction window, in phase lengths, (world,).
    """

    rank: np.ndarray
    pointer: np.ndarray
    window: np.ndarray


@dataclass(frozen=True, slots=True)
class _Phase:
    """What drives systems through a phase: a hazard per unit of time for each event, (event, world), and its length."""

    hazards: np.ndarray
    length: np.ndarray
    points_at_base: bool = True
    fine_tuning: bool = False


@dataclass(frozen=True, slots=True)
class _World:
    """What does not change while systems train: values, assumptions, and where chance comes from."""

    values: Values
    given: Assumptions
    rng: np.random.Generator

    @property
    def present(self) -> np.ndarray:
        """Whether differential adversarial examples are there."""
        return self.given["differential_adversarial_examples"] == "present"

    def happens(self, name: str) -> np.ndarray:
        """Draw, in every world, whether something of a parameter's probability happens."""
        return self.rng.random(self.values.worlds) < self.values.natural[name]


def train(values: Values, given: Assumptions, rng: np.random.Generator) -> Iterator[tuple[str, Systems]]:
    """Yield each phase and the systems as they stand at its end; the same systems are trained on afterwards.

    ``given`` has, for every assumption, the states' names, (world,).
    """
    n = values.worlds
    systems, world = (
        Systems(np.zeros((4, n), np.int8), np.full(n, NONE, np.int8), np.zeros(n)),
        _World(values, given, rng),
    )
    for phase in PHASES:
        if phase == "short_horizon_fine_tuning":
            changed = np.flatnonzero((systems.pointer != NONE) & world.happens("p_goal_shift"))
            systems.pointer[changed] = _pointed(systems, changed, world)
        if phase == "long_horizon_fine_tuning":
            revised = given["objective_revision"] == "between_phases"
            systems.pointer[revised & (systems.pointer == BASE) & world.happens("p_pointer_outdated")] = PROXY
        _run(systems, _phase(phase, values, given), world)
        yield phase, systems


def _pointed(systems: Systems, at: np.ndarray, world: _World) -> np.ndarray:
    """Draw where a goal that arises now points, for the worlds ``at``."""
    present, values = world.present[at], world.values
    understood = systems.rank[_UNDERSTOOD, at] > 0
    chance = np.select(
        [understood & present, understood, present],
        [
            values.natural[f"point_base.{known}"][at]
            for known in ("understood.present", "understood.absent", "not_understood.present")
        ],
        values.natural["point_base.not_understood.absent"][at],
    )
    return np.where(world.rng.random(len(at)) < chance, BASE, PROXY).astype(np.int8)


def _phase(phase: str, values: Values, given: Assumptions) -> _Phase:
    one = np.ones(values.worlds)
    if phase == "pretraining":
        hazards = _acquired(phase, values)
        hazards[_UNDERSTOOD] *= _ratio(given["data_rich_domain"] == "no", values, "hr_data_poor_on_understanding")
        trained = given["unsupervised_pretraining"] == "substantial"
        return _Phase(hazards, trained.astype(float), points_at_base=False)
    if phase == "short_horizon_fine_tuning":
        hazards = _fine_tuned(phase, values, given)
        late = values.hazards["emergence.long_horizon_fine_tuning.long_term_goals"]
        hazards[_LONG] = np.where(given["long_horizon_training"] == "from_start", late, hazards[_LONG])
        return _Phase(hazards, one, fine_tuning=True)
    hazards = _fine_tuned("long_horizon_fine_tuning", values, given)
    none = given["long_horizon_training"] == "none"
    hazards[_LONG] *= _ratio(none, values, "hr_no_long_horizon_on_long_term_goals")
    if phase == "long_horizon_fine_tuning":
        return _Phase(hazards, one, fine_tuning=True)
    return _Phase(_deployed(hazards, values, given), values.natural["deployment_exposure"])


def _deployed(hazards: np.ndarray, values: Values, given: Assumptions) -> np.ndarray:
    """Return the hazards of deployment from those of the long phase, which may go on or not."""
    regime = given["train_deploy_regime"]
    hazards = np.where(regime == "frozen", 0.0, hazards)
    remembers = (regime == "alternating") & (given["deployment_memory"] == "carried")
    in_the_wild = remembers | (regime == "continual_same") | (regime == "continual_opposed")
    hazards[_AWARE] *= _ratio(in_the_wild, values, "hr_wild_on_awareness")
    for index, name in ((_LONG, "long_term_goals"), (_AWARE, "situationally_aware")):
        hazards[index] += values.hazards[f"emergence_in_context.{name}"]
    opposed = regime == "continual_opposed"
    hazards[_CORRECTED, opposed] = 0.0
    hazards[_DRIFTED] = np.where(opposed, values.natural["drift"], 0.0)
    return hazards


def _acquired(phase: str, values: Values) -> np.ndarray:
    hazards = np.zeros((6, values.worlds))
    for index, name in enumerate(PROPERTIES):
        hazards[index] = values.hazards[f"emergence.{phase}.{name}"]
    return hazards


def _fine_tuned(phase: str, values: Values, given: Assumptions) -> np.ndarray:
    hazards = _acquired(phase, values)
    hazards[_UNDERSTOOD] *= _ratio(given["data_rich_domain"] == "no", values, "hr_data_poor_on_understanding")
    hazards[_UNDERSTOOD] *= _ratio(given["goal_prompting"] == "no", values, "hr_no_prompting_on_understanding")
    present = given["differential_adversarial_examples"] == "present"
    hazards[_CORRECTED] = np.where(present, values.hazards[f"correction.{phase}"], 0.0)
    for objective in ("ai_feedback", "task_automation"):
        chosen = given["fine_tuning_objective"] == objective
        hazards[_UNDERSTOOD] *= _ratio(chosen, values, f"hr_objective_on_understanding.{objective}")
        hazards[_CORRECTED] *= _ratio(chosen, values, f"hr_objective_on_correction.{objective}")
    return hazards


def _ratio(where: np.ndarray, values: Values, name: str) -> np.ndarray:
    return np.where(where, values.natural[name], 1.0)


def _run(systems: Systems, phase: _Phase, world: _World) -> None:
    """Let every system jump until its phase is over; no phase moves a pointer both ways, so the jumps end."""
    at, left, present = np.arange(len(phase.length)), phase.length, world.present
    while len(at):
        cumulative = _rates(systems, at, phase.hazards[:, at], present[at], world.values).cumsum(axis=0)
        total = cumulative[-1]
        patience = world.rng.standard_exponential(len(at))
        wait = np.divide(patience, total, out=np.full(len(at), np.inf), where=total > 0)
        if phase.fine_tuning:
            systems.window[at] += np.minimum(wait, left) * _in_window(systems, at, present[at])
        jumps = wait < left
        at, left = at[jumps], (left - wait)[jumps]
        chosen = world.rng.random(len(at)) * total[jumps]
        event = (chosen >= cumulative[:-1, jumps]).sum(axis=0)
        _happen(systems, at, event, phase, world)


def _rates(systems: Systems, at: np.ndarray, hazards: np.ndarray, present: np.ndarray, values: Values) -> np.ndarray:
    """Return the rate of each event in the systems' present states, (event, len(at))."""
    have = systems.rank[:, at] > 0
    goal, long_term, understood, aware = have
    pointer = systems.pointer[at]
    rates = hazards.copy()
    rates[:4][have] = 0.0
    rates[_LONG, ~goal] = 0.0
    pays = (pointer == PROXY) & present
    rates[_LONG] *= np.where(pays & aware, values.natural["hr_long_term_goals_given_awareness"][at], 1.0)
    rates[_AWARE] *= np.where(pays & long_term, values.natural["hr_awareness_given_long_term_goals"][at], 1.0)
    rates[_UNDERSTOOD] *= np.where(aware, values.natural["hr_understanding_given_awareness"][at], 1.0)
    guard = values.natural["guard"][at]
    rates[_CORRECTED] *= ((pointer == PROXY) & understood) * np.where(have.all(axis=0), guard, 1.0)
    rates[_DRIFTED] *= (pointer == BASE) * np.where(long_term & aware, guard, 1.0)
    return rates


def _in_window(systems: Systems, at: np.ndarray, present: np.ndarray) -> np.ndarray:
    schemer = (systems.rank[:, at] > 0).all(axis=0) & present
    return (systems.pointer[at] == PROXY) & (systems.rank[_UNDERSTOOD, at] > 0) & ~schemer


def _happen(systems: Systems, at: np.ndarray, event: np.ndarray, phase: _Phase, world: _World) -> None:
    """Change the systems ``at`` by the event that happened to each."""
    gained = event < _CORRECTED
    place = systems.rank[:, at[gained]].max(axis=0) + 1
    systems.rank[event[gained], at[gained]] = place
    new = at[event == _GOAL]
    systems.pointer[new] = _pointed(systems, new, world) if phase.points_at_base else PROXY
    systems.pointer[at[event == _CORRECTED]] = BASE
    systems.pointer[at[event == _DRIFTED]] = PROXY
