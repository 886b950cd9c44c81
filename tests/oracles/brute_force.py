"""A network's joint distribution written out, assignment by assignment: nothing shared with the package's engine."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

import numpy as np

Tables = Mapping[str, np.ndarray]
Assignment = dict[str, int]


class Joint:
    """Every assignment of states (as numbers) with its weight."""

    def __init__(self, sizes: Mapping[str, int], parents: Mapping[str, Sequence[str]], tables: Tables) -> None:
        self.sizes = dict(sizes)
        self.rows: list[tuple[Assignment, float]] = []
        for states in itertools.product(*(range(size) for size in sizes.values())):
            at = dict(zip(sizes, states, strict=True))
            weight = 1.0
            for node in sizes:
                weight *= float(tables[node][(*(at[p] for p in parents.get(node, ())), at[node])])
            self.rows.append((at, weight))

    def weighted(self, weight: Callable[[Assignment], float]) -> Joint:
        """Return the same with every assignment's weight multiplied."""
        other = object.__new__(Joint)
        other.sizes = self.sizes
        other.rows = [(at, w * weight(at)) for at, w in self.rows]
        return other

    def given(self, evidence: Mapping[str, int]) -> Joint:
        return self.weighted(lambda at: float(all(at[node] == state for node, state in evidence.items())))

    def total(self) -> float:
        return float(np.sum([w for _, w in self.rows]))

    def probability(self, events: Mapping[str, int]) -> float:
        return self.given(events).total() / self.total()

    def marginal(self, node: str) -> np.ndarray:
        return np.array([self.probability({node: state}) for state in range(self.sizes[node])])

    def jeffrey(self, node: str, wanted: Sequence[float]) -> Joint:
        """Return sum_x q(x) P(. | x)."""
        held = self.marginal(node)
        return self.weighted(lambda at: wanted[at[node]] / held[at[node]] if held[at[node]] else 0.0)

    def fitted(self, wanted: Mapping[str, Sequence[float]], rounds: int = 2000) -> Joint:
        """Return the distribution with several marginals, by Jeffrey's rule in turn."""
        found = self
        for _ in range(rounds):
            before = [w for _, w in found.rows]
            for node, marginal in wanted.items():
                found = found.jeffrey(node, marginal)
            if np.allclose(before, [w for _, w in found.rows], rtol=0, atol=1e-16):
                break
        return found

    def largest(self, nodes: Sequence[str]) -> tuple[float, list[Assignment]]:
        """Return the largest probability of an assignment of some nodes, and all that reach it."""
        masses: dict[tuple[int, ...], float] = {}
        for at, weight in self.rows:
            key = tuple(at[node] for node in nodes)
            masses[key] = masses.get(key, 0.0) + weight
        best = max(masses.values())
        reached = [dict(zip(nodes, key, strict=True)) for key, mass in masses.items() if mass >= best * (1 - 1e-9)]
        return best / self.total(), reached


def responses(table: np.ndarray, assumption: str) -> list[tuple[float, dict[tuple[int, ...], int]]]:
    """Return a node's response functions, the state for each configuration of the parents, with probabilities."""
    configurations = list(itertools.product(*(range(size) for size in table.shape[:-1])))
    if assumption == "canonical":
        found = []
        for states in itertools.product(range(table.shape[-1]), repeat=len(configurations)):
            function = dict(zip(configurations, states, strict=True))
            found.append((float(np.prod([table[(*c, s)] for c, s in function.items()])), function))
        return found
    cuts = sorted({0.0, 1.0, *(float(x) for c in configurations for x in np.cumsum(table[c])[:-1])})
    found = []
    for low, high in itertools.pairwise(cuts):
        level = (low + high) / 2
        function = {c: int(np.searchsorted(np.cumsum(table[c])[:-1], level, side="right")) for c in configurations}
        found.append((high - low, function))
    return found


def counterfactual(
    parents: Mapping[str, Sequence[str]],
    tables: Tables,
    assumption: str,
    evidence: Mapping[str, int],
    do: Mapping[str, int],
    event: Mapping[str, int],
) -> float:
    """Return P(event had do been done | evidence), over every node's response functions; nodes in causal order."""
    both = alone = 0.0
    functions = [responses(tables[node], assumption) for node in tables]
    for drawn in itertools.product(*functions):
        weight = float(np.prod([w for w, _ in drawn]))
        actual: Assignment = {}
        other: Assignment = {}
        for node, (_, function) in zip(tables, drawn, strict=True):
            actual[node] = function[tuple(actual[p] for p in parents.get(node, ()))]
            other[node] = do[node] if node in do else function[tuple(other[p] for p in parents.get(node, ()))]
        if all(actual[node] == state for node, state in evidence.items()):
            alone += weight
            both += weight * all(other[node] == state for node, state in event.items())
    return both / alone
