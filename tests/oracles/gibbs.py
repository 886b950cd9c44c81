"""A sampler that carries the network's discrete states: block Gibbs over the explicit tables, many chains side by side.

A sweep draws, given the assumptions and the evidence, the training states at the ends of the four phases (forwards,
after messages backwards), the outcome and all that is downstream of it; then, given those, every assumption on its own
and, if wanted, the assumptions' parameters.  Slow and obvious; for a scenario's single parameter point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from precursor.argument.network import CHAIN_PARENTS, hidden, tables
from precursor.argument.nodes import ASSUMPTIONS, CHAIN_READINGS, DOWNSTREAM, OUTCOMES, PHASES
from precursor.argument.parameters import parameter_space
from precursor.argument.scenario import Scenario
from precursor.emergence.histories import acquired_before, emergence_order
from precursor.emergence.state_space import states
from precursor.network.grammar import Event, OrderEvent, ProbabilityQuery

CHAINS = 200
_GRID = np.linspace(-8.0, 8.0, 4001)


@dataclass
class State:
    """Where the chains are: assumptions' states, training states by phase, outcome, row of the downstream table."""

    assumptions: dict[str, np.ndarray]
    training: list[np.ndarray]
    outcome: np.ndarray
    row: np.ndarray


class Gibbs:
    """Block Gibbs for a query's conditions at a scenario.

    ``learn`` lets the probabilities of the binary assumptions be drawn too, from their priors and the states.
    """

    def __init__(self, scenario: Scenario, query: ProbabilityQuery, *, learn: bool = False, seed: int = 0) -> None:
        self.rng = np.random.default_rng(seed)
        self.query = query
        self.do = {**scenario.regime, **{it.node: it.state for it in query.given.interventions}}
        self.table = tables(Scenario(scenario.name, scenario.parameters))
        self.evidence = query.given.evidence
        self.masks = [self._mask(phase) for phase in PHASES]
        self.rows = np.array(list(product(*(range(len(known)) for known in DOWNSTREAM.values()))))
        self.weight = self._downstream_weight()
        self.chance = {node: self._chance(node) for node in ASSUMPTIONS}
        # The probability of an assumption that is set or observed bears on nothing else.
        self.learnt = {
            node for node, known in ASSUMPTIONS.items() if learn and len(known) == 2 and not self._fixed(node)
        }
        self.state = self._start()

    def run(self, sweeps: int, warm_up: int) -> tuple[float, float]:
        """Return the share of the time in which the query's events hold, and its standard error over the chains."""
        share = np.zeros(CHAINS)
        for sweep in range(warm_up + sweeps):
            self.sweep()
            if sweep >= warm_up:
                share += np.logical_and.reduce([self.holds(event) for event in self.query.events]) / sweeps
        return float(share.mean()), float(share.std(ddof=1) / np.sqrt(CHAINS))

    def sweep(self) -> None:
        self.state.training = self._draw_training(self._outcome_factor())
        self._draw_outcome()
        for node in ASSUMPTIONS:
            self._draw_assumption(node)
            if node in self.learnt:
                self._draw_parameter(node)

    def holds(self, event: Event) -> np.ndarray:
        """Return in which chains an event holds."""
        at = self.state
        if isinstance(event, OrderEvent):
            return self._members(event)[at.training[-1]]
        node, phase = event.variable.node, event.variable.phase
        if node in CHAIN_READINGS:
            return self._members(event)[at.training[PHASES.index(phase) if phase else -1]]
        if node in ASSUMPTIONS:
            return at.assumptions[node] == ASSUMPTIONS[node].index(event.state)
        if node in DOWNSTREAM:
            column = list(DOWNSTREAM).index(node)
            return self.rows[at.row, column] == DOWNSTREAM[node].index(event.state)
        return at.outcome == OUTCOMES.index(event.state)

    @staticmethod
    def _members(event: Event) -> np.ndarray:
        """Return which training states an event holds in."""
        if isinstance(event, OrderEvent):
            return np.array([acquired_before(state.history, event.first, event.second) for state in states()])
        read: Callable = {
            "goal_pointer": lambda state: state.pointer,
            "emergence_order": lambda state: emergence_order(state.history),
        }.get(event.variable.node, lambda state: "yes" if event.variable.node in state.history else "no")
        return np.array([read(state) == event.state for state in states()])

    def _mask(self, phase: str) -> np.ndarray:
        mask = np.ones(len(states()))
        for event in self.evidence:
            last = isinstance(event, OrderEvent) or event.variable.node in CHAIN_READINGS
            at = PHASES[-1] if isinstance(event, OrderEvent) else event.variable.phase or PHASES[-1]
            if last and at == phase:
                mask *= self._members(event)
        return mask

    def _downstream_weight(self) -> np.ndarray:
        """Return P(row | outcome, tai) where the evidence holds, else zero; (row, outcome, tai)."""
        place = {node: i for i, node in enumerate(DOWNSTREAM)}
        weight = np.ones((len(self.rows), len(OUTCOMES), 2))
        for node, known in DOWNSTREAM.items():
            dist = self.table[node].probabilities
            values = dist.values
            if node in self.do:
                chosen = np.arange(len(known)) == known.index(self.do[node])
                values = np.broadcast_to(chosen.reshape(-1, *[1] * (values.ndim - 1)), values.shape).astype(float)
            index = []
            for name in map(str, dist.dims):
                if name in place:
                    index.append(self.rows[:, place[name], None, None])
                else:
                    shape = (1, -1, 1) if name == "model_outcome" else (1, 1, -1)
                    index.append(np.arange(len(OUTCOMES) if name == "model_outcome" else 2).reshape(shape))
            weight = weight * values[tuple(index)]
        for event in self.evidence:
            if isinstance(event, OrderEvent) or event.variable.node in {*CHAIN_READINGS, *ASSUMPTIONS}:
                continue
            if event.variable.node in place:
                known = DOWNSTREAM[event.variable.node]
                weight *= (self.rows[:, place[event.variable.node]] == known.index(event.state))[:, None, None]
            else:
                weight *= (np.arange(len(OUTCOMES)) == OUTCOMES.index(event.state))[None, :, None]
        return weight

    def _chance(self, node: str) -> np.ndarray:
        """Return an assumption's probabilities in each chain, (chain, state), with ``do`` and evidence."""
        fixed = self._fixed(node)
        certain = np.array([float(state == fixed) for state in ASSUMPTIONS[node]])
        return np.tile(certain if fixed else self.table[node].probabilities.values, (CHAINS, 1))

    def _fixed(self, node: str) -> str | None:
        """Return the state in which an assumption is set or observed."""
        said = {e.variable.node: e.state for e in self.evidence if not isinstance(e, OrderEvent)}
        return self.do.get(node, said.get(node))

    def _start(self) -> State:
        """Return states in which the evidence holds: assumptions as they come, until they can explain it."""
        place = np.zeros(CHAINS, np.int64)
        self.state = State({node: self._pick(self.chance[node]) for node in ASSUMPTIONS}, [place] * 4, place, place)
        reach = np.zeros(CHAINS, bool)
        for _ in range(1000):
            for node in ASSUMPTIONS:
                fresh = self._pick(self.chance[node])
                self.state.assumptions[node] = np.where(reach, self.state.assumptions[node], fresh)
            factor = self._outcome_factor()
            reach = self._messages(factor)[0].sum(axis=1) > 0
            if reach.all():
                self.state.training = self._draw_training(factor)
                self._draw_outcome()
                return self.state
        raise ValueError("The evidence was never possible.")

    def _explained(self) -> np.ndarray:
        """Return the downstream evidence's probability given each outcome, (chain, outcome)."""
        return self.weight.sum(axis=0)[:, self.state.assumptions["tai_by_2100"]].T

    def _outcome_given(self) -> np.ndarray:
        """Return P(outcome | training state, assumptions), (chain, state, outcome)."""
        if "model_outcome" in self.do:
            chosen = np.arange(len(OUTCOMES)) == OUTCOMES.index(self.do["model_outcome"])
            return np.broadcast_to(chosen.astype(float), (CHAINS, len(states()), len(OUTCOMES)))
        known = self.table["model_outcome"].probabilities.values
        at = self.state.assumptions
        return np.moveaxis(known[:, :, at["differential_adversarial_examples"], at["prosaic_paradigm"]], 2, 0).swapaxes(
            1, 2
        )

    def _outcome_factor(self) -> np.ndarray:
        """Return the downstream evidence's probability given each training state, (chain, state)."""
        return np.einsum("cso,co->cs", self._outcome_given(), self._explained())

    def _transition(self, phase: str, assumptions: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return P(end | start) of a phase in each chain, (chain, start, end); of pre-training (chain, end)."""
        values = self.table[hidden(phase)].probabilities.values
        index = tuple(assumptions[parent] for parent in CHAIN_PARENTS[phase])
        if phase == PHASES[0]:
            return values[(slice(None), *index)].T
        return np.transpose(values[(slice(None), slice(None), *index)], (2, 1, 0))

    def _messages(self, factor: np.ndarray) -> list[np.ndarray]:
        """Return what can still happen from each state on, times how the phase before reaches it, by phase."""
        after, found = self.masks[-1] * factor, []
        for i in (3, 2, 1):
            there = self._transition(PHASES[i], self.state.assumptions) * after[:, None, :]
            found.insert(0, there)
            after = self.masks[i - 1] * there.sum(axis=2)
        return [self._transition(PHASES[0], self.state.assumptions) * after, *found]

    def _draw_training(self, factor: np.ndarray) -> list[np.ndarray]:
        first, *rest = self._messages(factor)
        path = [self._pick(first)]
        for there in rest:
            path.append(self._pick(there[np.arange(CHAINS), path[-1]]))
        return path

    def _draw_assumption(self, node: str) -> None:
        at, scores = self.state, []
        for i in range(len(ASSUMPTIONS[node])):
            tried = {**at.assumptions, node: np.full(CHAINS, i)}
            score = self.chance[node][:, i].copy()
            for j, phase in enumerate(PHASES):
                if node in CHAIN_PARENTS[phase]:
                    values = self.table[hidden(phase)].probabilities.values
                    before = () if j == 0 else (at.training[j - 1],)
                    score *= values[(at.training[j], *before, *(tried[parent] for parent in CHAIN_PARENTS[phase]))]
            if node in ("differential_adversarial_examples", "prosaic_paradigm") and "model_outcome" not in self.do:
                known = self.table["model_outcome"].probabilities.values
                score *= known[
                    at.outcome, at.training[3], tried["differential_adversarial_examples"], tried["prosaic_paradigm"]
                ]
            if node == "tai_by_2100":
                score *= self.weight[at.row, at.outcome, i]
            scores.append(score)
        at.assumptions[node] = self._pick(np.stack(scores, axis=1))

    def _draw_parameter(self, node: str) -> None:
        """Draw the probability of a binary assumption given its state, by its distribution function on a grid."""
        prior = next(p for p in parameter_space().parameters if p.name == f"p_{node}")
        logit = prior.mean + prior.sd * _GRID
        first = 1.0 / (1.0 + np.exp(-logit))
        drawn = np.empty(CHAINS)
        for i, likelihood in enumerate((first, 1.0 - first)):
            mass = np.cumsum(np.exp(-0.5 * _GRID**2) * likelihood)
            here = self.state.assumptions[node] == i
            drawn[here] = np.interp(self.rng.random(here.sum()) * mass[-1], mass, first)
        self.chance[node] = np.stack([drawn, 1.0 - drawn], axis=1)

    def _draw_outcome(self) -> None:
        at = self.state
        given = self._outcome_given()[np.arange(CHAINS), at.training[3]]
        at.outcome = self._pick(given * self._explained())
        at.row = self._pick(self.weight[:, at.outcome, at.assumptions["tai_by_2100"]].T)

    def _pick(self, weights: np.ndarray) -> np.ndarray:
        """Draw a column in each row, with probability proportional to the weights."""
        cumulative = weights.cumsum(axis=1)
        return (
            (self.rng.random((len(weights), 1)) * cumulative[:, -1:] >= cumulative)
            .sum(axis=1)
            .clip(max=weights.shape[1] - 1)
        )


def averaged(scenario: Scenario) -> Scenario:
    """Return the scenario with the prior mean of every binary assumption's probability.

    A query's masses are linear in each of them, so that this is exactly what learning them alongside comes to.
    """
    weight = np.exp(-0.5 * _GRID**2)
    values = dict(scenario.parameters)
    for prior in parameter_space().parameters:
        node = prior.name.removeprefix("p_")
        if node in ASSUMPTIONS and len(ASSUMPTIONS[node]) == 2:
            logit = prior.mean + prior.sd * _GRID
            values[prior.name] = float((weight / (1.0 + np.exp(-logit))).sum() / weight.sum())
    return Scenario(scenario.name, values, scenario.regime)
