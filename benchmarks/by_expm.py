"""The shipped model's log-density and gradient, beside the same model with scipy's matrix exponential.

The same circuit is evaluated twice: by the package, and with every propagation done by ``scipy.linalg.expm``.  For the
gradient that side calls ``expm_frechet`` once a lane, on the transposed generator in the direction of start times bar,
which gives the exponential and the derivative by every rate together.  The circuit's sums, and what the log-density has
beside the circuit, are the package's compiled code on both sides; values and gradients are compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from log_density import whole_model
from scipy.linalg import expm, expm_frechet
from timing import microseconds, seconds_each, verdict

from precursor.exact import kernels
from precursor.exact.circuit import Circuit
from precursor.inference.plan import plan_model
from precursor.inference.surveys import open_reader

MILLISECOND_BAR, AGREEMENT = 0.5e-3, 1e-10


@dataclass(frozen=True)
class Parts:
    """A circuit whose segments can be run one by one: sums by the package, lanes by scipy."""

    circuit: Circuit

    def lanes(self, segment: int) -> list[tuple[int, int]]:
        """Return (block, lane) of a segment's propagations; padding left out."""
        first = self.circuit.segments[segment - 1, 1] if segment else 0
        blocks = range(first, self.circuit.segments[segment, 1])
        used = self.circuit.outs != kernels.TRASH
        return [(b, lane) for b in blocks for lane in np.flatnonzero(used[b].any(axis=0))]

    def edges(self, block: int) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
        """Return the number of states of a block's pattern, and its edges (source, target, class)."""
        n, n_edges, *_, plain = self.circuit.patterns[self.circuit.pattern_of[block]]
        return (int(n), *self.circuit.stream[plain : plain + 3 * n_edges].reshape(-1, 3).T)

    def generator(self, values: np.ndarray, block: int, lane: int) -> np.ndarray:
        """Return the generator of one lane, (state, state)."""
        n, sources, targets, classes = self.edges(block)
        generator = np.zeros((n, n))
        np.add.at(generator, (sources, targets), values[self.circuit.rates[block, classes, lane]])
        return generator - np.diag(generator.sum(axis=1))

    def forward(self, u: np.ndarray) -> np.ndarray:
        """Return every slot's value."""
        values = np.zeros(self.circuit.n_values)
        leaves_of(u, self.circuit.leaves, values)
        for segment in range(len(self.circuit.segments)):
            first = self.circuit.segments[segment - 1, 0] if segment else 0
            sums(self.circuit.sums, self.circuit.first_term, self.circuit.terms, first,
                 self.circuit.segments[segment, 0], values)  # fmt: skip
            for block, lane in self.lanes(segment):
                n = self.edges(block)[0]
                start = values[self.circuit.starts[block, :n, lane]]
                end = start @ expm(self.generator(values, block, lane))
                values[self.circuit.outs[block, :n, lane]] = end
        return values

    def gradient(self, u: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the outputs, and the gradient of their weighted sum."""
        values = self.forward(u)
        bars, gradient = np.zeros(len(values)), np.zeros(len(u))
        np.add.at(bars, self.circuit.outputs, weights)
        for segment in reversed(range(len(self.circuit.segments))):
            for block, lane in self.lanes(segment):
                self.back(values, bars, block, lane)
            first = self.circuit.segments[segment - 1, 0] if segment else 0
            sums_back(self.circuit.sums, self.circuit.first_term, self.circuit.terms, first,
                      self.circuit.segments[segment, 0], values, bars)  # fmt: skip
        leaves_back(u, self.circuit.leaves, values, bars, gradient)
        return values[self.circuit.outputs], gradient

    def back(self, values: np.ndarray, bars: np.ndarray, block: int, lane: int) -> None:
        """Add one lane's adjoint."""
        n, sources, targets, classes = self.edges(block)
        starts = self.circuit.starts[block, :n, lane]
        start, g = values[starts], bars[self.circuit.outs[block, :n, lane]]
        across, slope = expm_frechet(self.generator(values, block, lane).T, np.outer(start, g))
        np.add.at(bars, starts, across.T @ g)
        np.add.at(
            bars, self.circuit.rates[block, classes, lane], slope[sources, targets] - slope[sources, sources]
        )  # fmt: skip


@numba.njit
def leaves_of(u, leaves, values):
    values[kernels.ONE] = 1.0
    for row in range(leaves.shape[0]):
        values[leaves[row, 0]] = kernels._leaf(leaves[row, 1], u, leaves[row, 2], leaves[row, 3], leaves[row, 4])


@numba.njit
def leaves_back(u, leaves, values, bars, gradient):
    for row in range(leaves.shape[0]):
        kernels._leaf_back(leaves[row], u, values, bars, gradient)


@numba.njit
def sums(slots, first_term, terms, begin, end, values):
    for row in range(begin, end):
        total = 0.0
        for t in range(first_term[row], first_term[row + 1]):
            total += values[terms[t, 0]] * values[terms[t, 1]]
        values[slots[row]] = total


@numba.njit
def sums_back(slots, first_term, terms, begin, end, values, bars):
    for row in range(end - 1, begin - 1, -1):
        for t in range(first_term[row], first_term[row + 1]):
            bars[terms[t, 0]] += bars[slots[row]] * values[terms[t, 1]]
            bars[terms[t, 1]] += bars[slots[row]] * values[terms[t, 0]]


def main() -> None:
    """Print both sides, ratios and agreement."""
    reader = open_reader()
    plan = plan_model([survey for name in reader.ids if (survey := reader.read(name)).fit_by_default])
    latents = 0.3 * np.random.default_rng(1).standard_normal(len(plan.layout.names))
    u = plan.space.mean + plan.space.loadings @ latents[plan.layout.parameters]
    circuit = plan.quantities.circuit
    weights, parts = np.ones(len(circuit.outputs)), Parts(circuit)
    value, both = whole_model(plan, latents)
    own = seconds_each(lambda: circuit.evaluate(u)), seconds_each(lambda: circuit.value_and_gradient(u, weights))
    outputs, gradient = circuit.value_and_gradient(u, weights)
    slow_outputs, slow_gradient = parts.gradient(u, weights)
    slow = tuple(seconds_each(f, repeats=3) for f in (lambda: parts.forward(u), lambda: parts.gradient(u, weights)))
    print(f"the shipped model: {len(plan.observations.rows)} answers, {len(plan.observations.queries)} queries")
    for what, total, fast, by_scipy in zip(("log-density", "with gradient"), (value, both), own, slow, strict=True):
        # Beside the circuit both sides are the same code.
        other = total - fast + by_scipy
        print(f"  {what:<14} package {microseconds(total)}, with scipy's exponential {microseconds(other)}", end=", ")
        print(f"ratio {other / total:.0f}")
    print(f"  log-density and gradient: bar 500 us, {verdict(both <= MILLISECOND_BAR)}")
    masses = np.abs(outputs - slow_outputs).max()
    slopes = np.abs(gradient - slow_gradient).max() / np.abs(gradient).max()
    for what, off in (("masses", masses), ("gradient, relative", slopes)):
        print(f"  largest difference of {what} {off:.1e} (bar: {AGREEMENT:.0e}, {verdict(off <= AGREEMENT)})")


if __name__ == "__main__":
    main()
