"""The chain of emerging properties, written out in full: 65 states, dense generators, matrix exponentials.

A slow reference.  It follows the description of the model sentence by sentence and shares no code with the engine, so
that agreement of the two is evidence for both.  A state is the ordered history of the properties acquired so far and
the goal pointer; every vector and matrix below has one entry, row or column per state, in the order of `STATES`.
A row vector of probabilities ``v`` becomes ``v @ exp(generator)`` over a phase.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log1p, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm

G, L, C, S = PROPERTIES = ("goal_directed", "long_term_goals", "base_goal_understood", "situationally_aware")
PRETRAINING, SHORT, LONG, DEPLOYMENT = PHASES = (
    "pretraining",
    "short_horizon_fine_tuning",
    "long_horizon_fine_tuning",
    "deployment",
)
FINE_TUNING = (SHORT, LONG)
NONE, PROXY, BASE = POINTERS = ("none", "proxy", "base")

CHAIN_ASSUMPTIONS: dict[str, tuple[str, ...]] = {
    "unsupervised_pretraining": ("substantial", "absent"),
    "fine_tuning_objective": ("human_feedback", "ai_feedback", "task_automation"),
    "data_rich_domain": ("yes", "no"),
    "goal_prompting": ("yes", "no"),
    "long_horizon_training": ("after_short_horizon", "from_start", "none"),
    "train_deploy_regime": ("frozen", "alternating", "continual_same", "continual_opposed"),
    "deployment_memory": ("fresh", "carried"),
    "objective_revision": ("none", "between_phases"),
    "differential_adversarial_examples": ("present", "absent"),
}
"""The assumption nodes that the chain listens to, with their states, reference first."""

Parameters = Mapping[str, float]
"""A complete scenario, flat, with dotted names (``emergence.pretraining.goal_directed``)."""
Configuration = Mapping[str, str]
"""One state for every assumption node."""
Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class State:
    """The properties acquired so far, in the order of acquisition, and where the goal points."""

    history: tuple[str, ...]
    pointer: str

    def has(self, *properties: str) -> bool:
        """Return whether all these properties have been acquired."""
        return all(name in self.history for name in properties)

    def deceives(self, adversarial: bool) -> bool:
        """Return whether this is a schemer state (``adversarial``: differential adversarial examples are present)."""
        return adversarial and self.has(*PROPERTIES) and self.pointer == PROXY


def histories() -> tuple[tuple[str, ...], ...]:
    """Return the 35 histories: every order of every subset in which L comes only after G."""
    orders = (order for size in range(len(PROPERTIES) + 1) for order in itertools.permutations(PROPERTIES, size))
    return tuple(order for order in orders if L not in order or G in order[: order.index(L)])


def states() -> tuple[State, ...]:
    """Return the 65 states: a history without G has no pointer, one with G has either."""
    return tuple(
        State(history, pointer) for history in histories() for pointer in ((PROXY, BASE) if G in history else (NONE,))
    )


STATES = states()
INDEX = {state: index for index, state in enumerate(STATES)}


def hazard(probability: float) -> float:
    """Return the cumulative hazard over a phase that makes an event happen with this probability."""
    return -log1p(-probability)


# --- what a phase does under a configuration ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rates:
    """All the numbers that the generator of one phase is built from.

    Attributes
    ----------
    length
        Length of the phase; zero if it is skipped.
    acquire
        Hazard per unit length of each of `PROPERTIES`, before couplings.
    awareness_on_long, long_on_awareness, awareness_on_understanding
        The couplings: what having one property multiplies another's hazard by.
    correction, drift
        Hazard per unit length of ``proxy -> base`` and of ``base -> proxy``, before the guard.
    guard
        What remains of correction in a model with all four properties, and of drift in one with S and L.
    point_understood, point_not_understood
        Probability that the pointer of a newly acquired G is ``base``, with C and without.
    adversarial
        Whether differential adversarial examples are present.
    """

    length: float
    acquire: tuple[float, float, float, float]
    awareness_on_long: float
    long_on_awareness: float
    awareness_on_understanding: float
    correction: float
    drift: float
    guard: float
    point_understood: float
    point_not_understood: float
    adversarial: bool


def understanding_ratio(parameters: Parameters, configuration: Configuration, phase: str) -> float:
    """Return what the configuration multiplies C's hazard by in a training phase."""
    ratio = 1.0
    if configuration["data_rich_domain"] == "no":
        ratio *= parameters["hr_data_poor_on_understanding"]
    if phase in FINE_TUNING and configuration["goal_prompting"] == "no":
        ratio *= parameters["hr_no_prompting_on_understanding"]
    objective = configuration["fine_tuning_objective"]
    if phase in FINE_TUNING and objective != "human_feedback":
        ratio *= parameters[f"hr_objective_on_understanding.{objective}"]
    return ratio


def training_hazard(parameters: Parameters, configuration: Configuration, phase: str, name: str) -> float:
    """Return the hazard at which a property is acquired in a training phase, before couplings."""
    horizon = configuration["long_horizon_training"]
    early = name == L and phase == SHORT and horizon == "from_start"
    value = hazard(parameters[f"emergence.{LONG if early else phase}.{name}"])
    if name == C:
        value *= understanding_ratio(parameters, configuration, phase)
    if name == L and phase == LONG and horizon == "none":
        value *= parameters["hr_no_long_horizon_on_long_term_goals"]
    return value


def deployment_hazard(parameters: Parameters, configuration: Configuration, name: str) -> float:
    """Return the hazard at which a property is acquired per unit length of deployment, before couplings."""
    regime = configuration["train_deploy_regime"]
    value = 0.0 if regime == "frozen" else training_hazard(parameters, configuration, LONG, name)
    recalled = regime.startswith("continual") or configuration["deployment_memory"] == "carried"
    if name == S and recalled:
        value *= parameters["hr_wild_on_awareness"]
    if name in (L, S):
        value += hazard(parameters[f"emergence_in_context.{name}"])
    return value


def correction_hazard(parameters: Parameters, configuration: Configuration, phase: str) -> float:
    """Return the hazard of ``proxy -> base`` per unit length, for a model that understands, before the guard."""
    if phase == PRETRAINING or configuration["differential_adversarial_examples"] == "absent":
        return 0.0
    if phase == DEPLOYMENT and configuration["train_deploy_regime"] in ("frozen", "continual_opposed"):
        return 0.0
    value = hazard(parameters[f"correction.{LONG if phase == DEPLOYMENT else phase}"])
    objective = configuration["fine_tuning_objective"]
    ratio = 1.0 if objective == "human_feedback" else parameters[f"hr_objective_on_correction.{objective}"]
    return value * ratio


def drift_hazard(parameters: Parameters, configuration: Configuration, phase: str) -> float:
    """Return the hazard of ``base -> proxy`` per unit length, before the guard."""
    drifts = phase == DEPLOYMENT and configuration["train_deploy_regime"] == "continual_opposed"
    return parameters["drift"] if drifts else 0.0


def phase_length(parameters: Parameters, configuration: Configuration, phase: str) -> float:
    """Return the length of a phase: one, but for deployment and a pre-training that is skipped."""
    if phase == DEPLOYMENT:
        return parameters["deployment_exposure"]
    return float(phase != PRETRAINING or configuration["unsupervised_pretraining"] == "substantial")


def point_base(parameters: Parameters, configuration: Configuration, understood: bool) -> float:
    """Return the probability that a pointer drawn in fine-tuning or later is ``base``."""
    examples = configuration["differential_adversarial_examples"]
    return parameters[f"point_base.{'understood' if understood else 'not_understood'}.{examples}"]


def phase_rates(parameters: Parameters, configuration: Configuration, phase: str) -> Rates:
    """Return all that happens in a phase under a configuration."""
    if phase == DEPLOYMENT:
        acquire = [deployment_hazard(parameters, configuration, name) for name in PROPERTIES]
    else:
        acquire = [training_hazard(parameters, configuration, phase, name) for name in PROPERTIES]
    points = [
        0.0 if phase == PRETRAINING else point_base(parameters, configuration, understood)
        for understood in (True, False)
    ]
    return Rates(
        length=phase_length(parameters, configuration, phase),
        acquire=(acquire[0], acquire[1], acquire[2], acquire[3]),
        awareness_on_long=parameters["hr_long_term_goals_given_awareness"],
        long_on_awareness=parameters["hr_awareness_given_long_term_goals"],
        awareness_on_understanding=parameters["hr_understanding_given_awareness"],
        correction=correction_hazard(parameters, configuration, phase),
        drift=drift_hazard(parameters, configuration, phase),
        guard=parameters["guard"],
        point_understood=points[0],
        point_not_understood=points[1],
        adversarial=configuration["differential_adversarial_examples"] == "present",
    )


# --- the generator -----------------------------------------------------------------------------------------------


def coupling(rates: Rates, state: State, name: str) -> float:
    """Return what the properties a model has multiply the hazard of another one by."""
    deception_pays = state.pointer == PROXY and rates.adversarial
    if name == L and state.has(S) and deception_pays:
        return rates.awareness_on_long
    if name == S and state.has(L) and deception_pays:
        return rates.long_on_awareness
    if name == C and state.has(S):
        return rates.awareness_on_understanding
    return 1.0


def acquisitions(rates: Rates, state: State) -> Iterator[tuple[State, float]]:
    """Yield the states reached by acquiring one more property, each with its rate."""
    for name, base_rate in zip(PROPERTIES, rates.acquire, strict=True):
        if state.has(name) or (name == L and not state.has(G)):
            continue
        rate = base_rate * coupling(rates, state, name)
        history = (*state.history, name)
        if name == G:
            base = rates.point_understood if state.has(C) else rates.point_not_understood
            yield State(history, BASE), rate * base
            yield State(history, PROXY), rate * (1.0 - base)
        else:
            yield State(history, state.pointer), rate


def pointer_moves(rates: Rates, state: State) -> Iterator[tuple[State, float]]:
    """Yield the state with the other pointer, with the rate of correction or of drift."""
    if state.pointer == PROXY and state.has(C):
        yield State(state.history, BASE), rates.correction * (rates.guard if state.has(*PROPERTIES) else 1.0)
    if state.pointer == BASE:
        yield State(state.history, PROXY), rates.drift * (rates.guard if state.has(S, L) else 1.0)


def generator(rates: Rates) -> Array:
    """Return the generator per unit length, shape (65, 65), rows summing to zero."""
    matrix = np.zeros((len(STATES), len(STATES)))
    for state in STATES:
        row = INDEX[state]
        for other, rate in (*acquisitions(rates, state), *pointer_moves(rates, state)):
            matrix[row, INDEX[other]] += rate
        matrix[row, row] = -matrix[row].sum()
    return matrix


def exponential(matrix: Array, precise: bool) -> Array:
    """Return the matrix exponential, ``precise`` in extended precision and without any subtraction.

    The precise way needs a matrix without negative entries off the diagonal: shifted by its largest exit rate it has
    none at all, so that every term of the series and every squaring adds only non-negative numbers.
    """
    if not precise:
        return np.asarray(expm(matrix))
    size = len(matrix)
    shift = max(-float(np.diag(matrix).min()), 0.0)
    squarings = max(0, ceil(log2(max(2.0 * shift, 1.0))))
    identity: Array = np.eye(size, dtype=np.longdouble)
    scale = np.longdouble(2) ** squarings
    scaled = (matrix.astype(np.longdouble) + shift * identity) / scale
    total, term = identity.copy(), identity
    for order in range(1, 31):
        term = term @ scaled / order
        total = total + term
    total = total * np.exp(-np.longdouble(shift) / scale)
    for _ in range(squarings):
        total = total @ total
    return total


@lru_cache(maxsize=1024)
def propagator(rates: Rates, precise: bool = False) -> Array:
    """Return the probabilities of going from each state to each other over the whole phase, shape (65, 65)."""
    return exponential(generator(rates) * rates.length, precise)


# --- what happens between the phases -----------------------------------------------------------------------------


def start_map(parameters: Parameters, configuration: Configuration, phase: str) -> Array:
    """Return the probabilities of going from each state to each other in the instant a phase starts."""
    if phase == SHORT:
        chances = tuple(parameters["p_goal_shift"] * point_base(parameters, configuration, u) for u in (False, True))
        return _pointer_map(PROXY, *chances)
    if phase == LONG and configuration["objective_revision"] == "between_phases":
        outdated = parameters["p_pointer_outdated"]
        return _pointer_map(BASE, outdated, outdated)
    return np.eye(len(STATES))


@lru_cache(maxsize=256)
def _pointer_map(moved: str, not_understood: float, understood: float) -> Array:
    """Return the map that turns a ``moved`` pointer into the other one, with a probability that may depend on C."""
    matrix = np.eye(len(STATES))
    for state in STATES:
        if state.pointer == moved:
            chance = understood if state.has(C) else not_understood
            other = State(state.history, BASE if moved == PROXY else PROXY)
            matrix[INDEX[state], INDEX[state]] = 1.0 - chance
            matrix[INDEX[state], INDEX[other]] = chance
    return matrix


# --- walking through the phases ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to the distribution from the end of one phase to the end of the next."""

    phase: str
    start: Array
    during: Array


def steps(parameters: Parameters, configuration: Configuration, *, precise: bool = False) -> tuple[Step, ...]:
    """Return the four steps of the chain under a configuration."""
    return tuple(
        Step(
            phase,
            start_map(parameters, configuration, phase),
            propagator(phase_rates(parameters, configuration, phase), precise),
        )
        for phase in PHASES
    )


def propagate(steps: Iterable[Step], weights: Mapping[str, Array] | None = None) -> Array:
    """Return the mass of each final state, summed over all paths.

    Parameters
    ----------
    steps
        The steps of the chain.
    weights
        For some of the phases, what a path's mass is multiplied by, according to the state in which the path ends that
        phase.  Without weights the result is the distribution at the end of deployment.
    """
    weights = weights or {}
    mass = initial()
    for step in steps:
        mass = mass @ step.start @ step.during
        mass = mass * weights.get(step.phase, 1.0)
    return mass


def initial() -> Array:
    """Return the distribution before training: nothing acquired."""
    return np.eye(len(STATES))[INDEX[State((), NONE)]]


def paths(parameters: Parameters, configuration: Configuration) -> Iterator[tuple[tuple[State, ...], float]]:
    """Yield every possible path, as the states at the end of the four phases, with its probability."""
    matrices = [step.start @ step.during for step in steps(parameters, configuration)]
    found: list[tuple[tuple[int, ...], float]] = [((INDEX[State((), NONE)],), 1.0)]
    for matrix in matrices:
        found = [
            ((*path, int(end)), chance * matrix[path[-1], end])
            for path, chance in found
            for end in np.flatnonzero(matrix[path[-1]])
        ]
    for path, chance in found:
        yield tuple(STATES[index] for index in path[1:]), chance


# --- the correction window ---------------------------------------------------------------------------------------


def in_window(configuration: Configuration) -> Array:
    """Return 1 for the states that count as the correction window, 0 for the others."""
    adversarial = configuration["differential_adversarial_examples"] == "present"
    return np.array(
        [float(s.has(G, C) and s.pointer == PROXY and not s.deceives(adversarial)) for s in STATES],
    )


@lru_cache(maxsize=256)
def _occupancy(rates: Rates, counted: tuple[float, ...], precise: bool) -> Array:
    """Return the expected time in the counted states over a phase, by the state it starts in (Van Loan's block)."""
    size = len(STATES)
    block = np.zeros((size + 1, size + 1))
    block[:size, :size] = generator(rates)
    block[:size, size] = counted
    return exponential(block * rates.length, precise)[:size, size]


def correction_window(parameters: Parameters, configuration: Configuration, *, precise: bool = False) -> float:
    """Return the expected time in the correction window over both fine-tuning phases, in phase lengths."""
    counted = tuple(in_window(configuration).tolist())
    mass, total = initial(), 0.0
    for step in steps(parameters, configuration, precise=precise):
        mass = mass @ step.start
        if step.phase in FINE_TUNING:
            rates = phase_rates(parameters, configuration, step.phase)
            total += float(mass @ _occupancy(rates, counted, precise))
        mass = mass @ step.during
    return total
