"""Worlds: every node of the network drawn in causal order, the parents before their children (ancestral sampling)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from precursor.argument.forward.training import NONE, PROPERTIES, PROXY, Systems, train
from precursor.argument.forward.values import Values
from precursor.argument.nodes import ASSUMPTIONS, OUTCOMES, PATHWAYS
from precursor.network.grammar import Event, OrderEvent
from precursor.network.indicators import is_finding, parents_first

_POINTERS = np.array(["none", "proxy", "base"])
Set = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Worlds:
    """What is so in each of many worlds.

    Attributes
    ----------
    states
        The state of every node, of every property and the pointer also at the end of each phase (``node@phase``),
        by name, (world,).
    rank
        When each property was acquired, (property, world): 1 for the first; 0 if never.
    correction_window
        Time spent in the correction window, in phase lengths, (world,).
    """

    states: Mapping[str, np.ndarray]
    rank: np.ndarray
    correction_window: np.ndarray

    def holds(self, event: Event) -> np.ndarray:
        """Return in which worlds an event of the grammar holds, (world,)."""
        if isinstance(event, OrderEvent):
            first, second = (self.rank[PROPERTIES.index(name)] for name in (event.first, event.second))
            return (first > 0) & ((second == 0) | (first < second))
        return self.states[str(event.variable)] == event.state

    def all_hold(self, events: tuple[Event, ...]) -> np.ndarray:
        """Return in which worlds all of some events hold; of no events, in all."""
        return np.logical_and.reduce([self.holds(event) for event in events], axis=0) | np.zeros(
            self.rank.shape[1], bool
        )


def simulate(
    values: Values,
    rng: np.random.Generator,
    do: Set | None = None,
    indicators: Mapping[str, Event] | None = None,
) -> Worlds:
    """Return one world for each parameter value, with some nodes set by ``do``.

    Assumptions, ``model_outcome``, nodes downstream of it and indicators can be set; they then ignore their parents.
    """
    do = do or {}
    draw = _Drawing(values, rng, do)
    states: dict[str, np.ndarray] = {node: draw.assumption(node) for node in ASSUMPTIONS}
    for phase, systems in train(values, states, rng):
        states |= {f"{node}@{phase}": at for node, at in _readings(systems).items()}
    states |= _readings(systems)
    states["emergence_order"] = _emergence_order(systems.rank)
    states["model_outcome"] = draw.outcome(states, systems)
    _draw_downstream(draw, states)
    worlds = Worlds(states, systems.rank, systems.window)
    for name, event in parents_first(indicators or {}):
        states[name] = draw.node(name, draw.indicator(name, worlds.holds(event)))
    return worlds


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws nodes, unless they are set."""

    values: Values
    rng: np.random.Generator
    do: Set

    def yes(self, chance: np.ndarray) -> np.ndarray:
        return self.rng.random(self.values.worlds) < chance

    def node(self, name: str, chance: np.ndarray, states: tuple[str, ...] = ("yes", "no")) -> np.ndarray:
        """Draw a binary node, given the probability of its first state."""
        if name in self.do:
            return np.full(self.values.worlds, self.do[name])
        return np.where(self.yes(chance), *states)

    def parameter(self, name: str, where: np.ndarray | bool = True) -> np.ndarray:
        """Return a parameter where it applies, zero elsewhere."""
        return np.where(where, self.values.natural[name], 0.0)

    def indicator(self, name: str, holds: np.ndarray) -> np.ndarray:
        """Return how likely an indicator is seen, given where its event holds (to an irrelevant test: nowhere)."""
        if is_finding(name):
            holds = holds & self.yes(self.values.natural[f"p_indicator_relevance.{name}"])
        return np.where(holds, *(self.values.natural[f"p_indicator.{name}.{it}"] for it in ("event", "not_event")))

    def governed(self, name: str, where: np.ndarray | bool, strong: np.ndarray) -> np.ndarray:
        """Return, where it applies, the parameter for the governance there is."""
        either = np.where(strong, *(self.values.natural[f"p_{name}.{kind}"] for kind in ("strong", "weak")))
        return np.where(where, either, 0.0)

    def choice(self, prefix: str, states: tuple[str, ...]) -> np.ndarray:
        """Draw a state, each with a parameter that is its probability."""
        cumulative = np.cumsum([self.values.natural[f"{prefix}.{state}"] for state in states], axis=0)
        drawn = (self.rng.random(self.values.worlds) * cumulative[-1] >= cumulative[:-1]).sum(axis=0)
        return np.array(states)[drawn]

    def assumption(self, node: str) -> np.ndarray:
        known = ASSUMPTIONS[node]
        if node in self.do:
            return np.full(self.values.worlds, self.do[node])
        if len(known) > 2:  # noqa: PLR2004 - a binary node has one parameter, the others one a state
            return self.choice(f"p_{node}", known)
        return self.node(node, self.values.natural[f"p_{node}"], known)

    def outcome(self, states: Mapping[str, np.ndarray], systems: Systems) -> np.ndarray:
        if "model_outcome" in self.do:
            return np.full(self.values.worlds, self.do["model_outcome"])
        plays = self.yes(self.values.natural["p_plays_along"])
        there = (systems.rank > 0).all(axis=0) & (systems.pointer == PROXY)
        schemes = there & (states["differential_adversarial_examples"] == "present") & plays
        found = np.select(
            [schemes, systems.pointer == PROXY, systems.pointer == NONE],
            ["deceptive", "proxy", "not_goal_directed"],
            "base_goal",
        )
        other = self.choice("p_model_outcome_not_prosaic", OUTCOMES)
        return np.where(states["prosaic_paradigm"] == "yes", found, other)


def _draw_downstream(draw: _Drawing, states: dict[str, np.ndarray]) -> None:
    """Draw what follows from the outcome, up to extinction."""
    outcome = states["model_outcome"]

    def is_yes(node: str) -> np.ndarray:
        return states[node] == "yes"

    states["governance"] = draw.node("governance", draw.parameter("p_governance"), ("strong", "weak"))
    strong = states["governance"] == "strong"
    for node, chance in (
        ("deceptive_defection", lambda: draw.parameter("p_deceptive_defection", outcome == "deceptive")),
        ("oversight_contains", lambda: draw.governed("oversight_contains", is_yes("deceptive_defection"), strong)),
        ("deception_catastrophe", lambda: 1.0 * (is_yes("deceptive_defection") & ~is_yes("oversight_contains"))),
        ("direct_reward_optimizer", lambda: draw.parameter("p_direct_reward_optimizer", outcome == "base_goal")),
        ("aligned", lambda: 1.0 * ((outcome == "base_goal") & ~is_yes("direct_reward_optimizer"))),
        ("reward_catastrophe", lambda: draw.governed("reward_catastrophe", is_yes("direct_reward_optimizer"), strong)),
        ("proxy_catastrophe", lambda: draw.governed("proxy_catastrophe", outcome == "proxy", strong)),
        ("multipolar_catastrophe", lambda: draw.governed("multipolar_catastrophe", True, strong)),
        ("existential_catastrophe", lambda: 1.0 * (_some_link_acts(draw, states) & is_yes("tai_by_2100"))),
        ("human_extinction", lambda: draw.parameter("p_human_extinction", is_yes("existential_catastrophe"))),
    ):
        states[node] = draw.node(node, chance())


def _some_link_acts(draw: _Drawing, states: Mapping[str, np.ndarray]) -> np.ndarray:
    """Draw every link of the noisy-OR, the leak too, and return where one of them acts."""
    acts = draw.yes(draw.values.natural["p_existential_leak"])
    for pathway in PATHWAYS:
        acts = acts | (draw.yes(draw.values.natural[f"p_existential.{pathway}"]) & (states[pathway] == "yes"))
    return acts


def _readings(systems: Systems) -> dict[str, np.ndarray]:
    found = {name: np.where(rank > 0, "yes", "no") for name, rank in zip(PROPERTIES, systems.rank, strict=True)}
    return {**found, "goal_pointer": _POINTERS[systems.pointer]}


def _emergence_order(rank: np.ndarray) -> np.ndarray:
    goal, long_term, understood, _ = rank
    return np.select(
        [
            goal == 0,
            (understood > 0) & (understood < goal),
            (long_term > 0) & ((understood == 0) | (long_term < understood)),
            understood > 0,
        ],
        ["no_goal", "understanding_first", "long_horizon_first", "goal_then_understanding"],
        "goal_only",
    )
