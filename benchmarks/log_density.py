"""What one evaluation of the shipped model costs, and the training chain beside scipy's matrix exponential.

Prints microseconds for the log-density, alone and with its gradient, and how much of each the chain's circuit takes;
then every propagation of that circuit, with its very starts and rates, by the package and by ``scipy.linalg.expm``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
import pytensor
from scipy.linalg import expm
from timing import microseconds, seconds_each, verdict

from precursor.exact import kernels
from precursor.exact.circuit import Circuit
from precursor.inference.density.model import model_of
from precursor.inference.plan import Plan, plan_model
from precursor.inference.surveys import open_reader

FASTER_THAN_EXPM, GRADIENT_OVER_VALUE, AGREEMENT = 100.0, 5.0, 1e-10


def main() -> None:
    """Print both comparisons."""
    reader = open_reader()
    surveys = [reader.read(name) for name in reader.ids]
    plan = plan_model([survey for survey in surveys if survey.fit_by_default])
    latents = 0.3 * np.random.default_rng(1).standard_normal(len(plan.layout.names))
    point = plan.space.mean + plan.space.loadings @ latents[plan.layout.parameters]
    circuit_times = time_circuit(plan.quantities.circuit, point)
    print_chain(plan.quantities.circuit, point, circuit_times[0])
    print_model(plan, latents, circuit_times)


def time_circuit(circuit: Circuit, u: np.ndarray) -> tuple[float, float]:
    """Return the seconds of the circuit's value, and of its value and gradient."""
    weights = np.ones(len(circuit.outputs))
    values = np.empty(circuit.n_values)
    value = seconds_each(lambda: kernels.forward(u, circuit.tables, values))
    both = seconds_each(lambda: circuit.value_and_gradient(u, weights))
    return value, both


@dataclass(frozen=True)
class Lanes:
    """All propagations of a circuit at one point: (lane, state) starts and ends, (lane, class) rates, its pattern."""

    starts: np.ndarray
    rates: np.ndarray
    ends: np.ndarray
    patterns: np.ndarray


def lanes_of(circuit: Circuit, u: np.ndarray) -> Lanes:
    """Return the propagations that the circuit performs at ``u``; padding left out."""
    values = np.empty(circuit.n_values)
    kernels.forward(u, circuit.tables, values)
    used = (circuit.outs != kernels.TRASH).any(axis=1)
    starts, rates, ends = (
        np.moveaxis(values[table], 2, 1)[used] for table in (circuit.starts, circuit.rates, circuit.outs)
    )
    return Lanes(starts, rates, ends, circuit.pattern_of[np.nonzero(used)[0]])


def by_expm(circuit: Circuit, lanes: Lanes) -> np.ndarray:
    """Return the same ends by one matrix exponential a lane, of the whole lumped chain's size."""
    n = lanes.starts.shape[1]
    ends = np.empty_like(lanes.starts)
    for lane, (start, rates) in enumerate(zip(lanes.starts, lanes.rates, strict=True)):
        _, n_edges, *_, plain = circuit.patterns[lanes.patterns[lane]]
        sources, targets, classes = circuit.stream[plain : plain + 3 * n_edges].reshape(-1, 3).T
        generator = np.zeros((n, n))
        np.add.at(generator, (sources, targets), rates[classes])
        generator -= np.diag(generator.sum(axis=1))
        ends[lane] = start @ expm(generator)
    return ends


@numba.njit(fastmath=False)
def propagate_all(values, tables):
    """Perform every propagation of a circuit anew, with the starts and rates that stand in ``values``."""
    pattern_of, patterns, stream, starts, rates, outs = tables[5:]
    scratch, weights = kernels._scratch(starts.shape[1]), np.empty(kernels._MOST_TERMS)
    for b in range(starts.shape[0]):
        kernels._advance(values, patterns[pattern_of[b]], stream, starts[b], rates[b], outs[b], scratch, weights)


def time_propagations(circuit: Circuit, u: np.ndarray) -> float:
    """Return the seconds of the circuit's propagations, its sums of products left out."""
    values = np.empty(circuit.n_values)
    kernels.forward(u, circuit.tables, values)
    return seconds_each(lambda: propagate_all(values, circuit.tables))


def print_chain(circuit: Circuit, u: np.ndarray, circuit_value: float) -> None:
    """Print the chain against `scipy.linalg.expm`."""
    lanes = lanes_of(circuit, u)
    slow = seconds_each(lambda: by_expm(circuit, lanes), repeats=3)
    off = np.abs(by_expm(circuit, lanes) - lanes.ends).max()
    fast = time_propagations(circuit, u)
    ratio = slow / fast
    print(
        f"training chain, all regimes and questions: {len(lanes.starts)} propagations of {lanes.starts.shape[1]} states"
    )
    print(f"  package            {microseconds(fast)} (with the circuit's sums: {microseconds(circuit_value)})")
    print(f"  scipy.linalg.expm  {microseconds(slow)} ({slow / circuit_value:.0f} times the circuit with its sums)")
    print(f"  ratio {ratio:.0f} (bar: at least {FASTER_THAN_EXPM:.0f}, {verdict(ratio >= FASTER_THAN_EXPM)})")
    print(f"  largest difference {off:.1e} (bar: {AGREEMENT:.0e}, {verdict(off <= AGREEMENT)})")


def whole_model(plan: Plan, latents: np.ndarray) -> tuple[float, float]:
    """Return the seconds of the shipped model's log-density, and of it with its gradient."""
    pytensor.config.numba__fastmath = False
    model = model_of(plan)
    free, density = model.value_vars, model.logp()
    gradient = pytensor.grad(density, free[0])
    compiled = [
        pytensor.function(free, outputs, mode="NUMBA", trust_input=True) for outputs in (density, [density, gradient])
    ]
    value, both = (seconds_each(lambda f=f: f(latents)) for f in compiled)
    return value, both


def print_model(plan: Plan, latents: np.ndarray, circuit_times: tuple[float, float]) -> None:
    """Print the log-density's cost with and without its gradient, and the circuit's share."""
    value, both = whole_model(plan, latents)
    rows, unknowns = len(plan.observations.rows), len(plan.layout.names)
    print(f"model: {rows} answers, {len(plan.observations.queries)} queries, {unknowns} unknowns")
    for what, total, circuit in (("log-density", value, circuit_times[0]), ("with gradient", both, circuit_times[1])):
        print(
            f"  {what:<14} {microseconds(total):>10}, of which circuit {microseconds(circuit)} ({circuit / total:.0%})"
        )
    for what, ratio in (("model", both / value), ("circuit", circuit_times[1] / circuit_times[0])):
        met = verdict(ratio <= GRADIENT_OVER_VALUE)
        print(f"  value and gradient over value, {what}: {ratio:.1f} (bar: under {GRADIENT_OVER_VALUE:.0f}, {met})")


if __name__ == "__main__":
    main()
