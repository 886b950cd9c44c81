"""The compiled operations of the log-density, as PyTensor operations with their own exact derivatives.

Everything heavy happens inside two nodes of the graph, so that compiling stays quick: the quantities of all questions
from the unconstrained parameters (`NetworkQuantities`), and the density of all persons' answers (`PersonsLogDensity`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_default_op_cache_key
from scipy.sparse import csr_array, sparray

from precursor.exact import kernels
from precursor.exact.circuit import TABLES
from precursor.exact.compiling import compiled
from precursor.inference.density.person_kernel import persons_log_density
from precursor.inference.quantities import SMALLEST, Quantities

type Matrix = np.ndarray | sparray

# Numba's cache knows a function by this number: change it with the kernels.
KERNEL_VERSION = 5


@compiled()
def _quantities(u, *tables):
    circuit, (first, masses, coefficients, sizes) = tables[:-4], tables[-4:]
    values = np.empty(sizes[0])
    kernels.forward(u, circuit, values)
    quantities = np.zeros(first.shape[0] - 1)
    for i in range(quantities.shape[0]):
        for e in range(first[i], first[i + 1]):
            quantities[i] += coefficients[e] * np.log(max(values[masses[e]], SMALLEST))
    return quantities, values


@compiled()
def _quantities_back(bar, values, u, *tables):
    circuit, (first, masses, coefficients, sizes) = tables[:-4], tables[-4:]
    bars = np.zeros(sizes[0])
    for i in range(bar.shape[0]):
        for e in range(first[i], first[i + 1]):
            bars[masses[e]] += bar[i] * coefficients[e] / max(values[masses[e]], SMALLEST)
    u_bar = np.zeros(u.shape[0])
    kernels.backward(u, circuit, values, bars, u_bar)
    return u_bar


class NetworkQuantities(Op):
    """What answers are compared with (see `quantities`), and the circuit's values (for the adjoint)."""

    __props__ = ()

    def make_node(self, *inputs: Any) -> Apply:
        """Return the node; inputs are the unconstrained parameters, then the circuit's tables."""
        variables = [pt.as_tensor_variable(value) for value in inputs]
        return Apply(self, variables, [pt.vector("quantities", dtype="float64"), pt.vector("values", dtype="float64")])

    def perform(self, _node: Apply, inputs: Sequence[np.ndarray], outputs: Any) -> None:
        """Compute in Python's reach (tests, other backends)."""
        outputs[0][0], outputs[1][0] = _quantities(*inputs)

    def pullback(
        self, inputs: Sequence[Variable], outputs: Sequence[Variable], cotangents: Sequence[Variable]
    ) -> list[Variable]:
        """Return the adjoint; the tables have none."""
        if isinstance(cotangents[0].type, DisconnectedType):
            u_bar: Variable = pt.zeros_like(inputs[0])
        else:
            u_bar = NetworkQuantitiesBack()(cotangents[0], outputs[1], *inputs)
        return [u_bar, *(pytensor.gradient.disconnected_type() for _ in inputs[1:])]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Return that only the first input moves the first output."""
        return [[True, False], *([False, False] for _ in node.inputs[1:])]


class NetworkQuantitiesBack(Op):
    """The adjoint of `NetworkQuantities`."""

    __props__ = ()

    def make_node(self, *inputs: Any) -> Apply:
        """Return the node; inputs are the cotangent, the circuit's values, and the inputs of `NetworkQuantities`."""
        return Apply(self, [pt.as_tensor_variable(value) for value in inputs], [pt.vector("u_bar", dtype="float64")])

    def perform(self, _node: Apply, inputs: Sequence[np.ndarray], outputs: Any) -> None:
        """Compute in Python's reach."""
        outputs[0][0] = _quantities_back(*inputs)


class PersonsLogDensity(Op):
    """Summed log-density of all persons' answers; further outputs: derivatives by residual, variance, loading."""

    __props__ = ()

    def make_node(self, *inputs: Any) -> Apply:
        """Return the node; inputs as `persons_log_density` takes them."""
        variables = [pt.as_tensor_variable(value) for value in inputs]
        vectors = [pt.vector(name, dtype="float64") for name in ("d_residual", "d_variance", "d_loading")]
        return Apply(self, variables, [pt.scalar("log_density", dtype="float64"), *vectors])

    def perform(self, _node: Apply, inputs: Sequence[np.ndarray], outputs: Any) -> None:
        """Compute in Python's reach."""
        total, *derivatives = persons_log_density(*inputs)
        outputs[0][0] = np.asarray(total)
        for output, derivative in zip(outputs[1:], derivatives, strict=True):
            output[0] = derivative

    def pullback(
        self, inputs: Sequence[Variable], outputs: Sequence[Variable], cotangents: Sequence[Variable]
    ) -> list[Variable]:
        """Return the cotangent times the derivatives that the forward pass computed."""
        moved = [cotangents[0] * derivative for derivative in outputs[1:]]
        return [*moved, *(pytensor.gradient.disconnected_type() for _ in inputs[3:])]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Return that residual, variance and loading move the density."""
        return [[i < 3, False, False, False] for i in range(len(node.inputs))]  # noqa: PLR2004


@register_funcify_default_op_cache_key(NetworkQuantities)
def _(_op: NetworkQuantities, **_: object) -> tuple[Any, int]:
    @numba_njit
    def network_quantities(*inputs):
        return _quantities(*inputs)

    return network_quantities, KERNEL_VERSION


@register_funcify_default_op_cache_key(NetworkQuantitiesBack)
def _(_op: NetworkQuantitiesBack, **_: object) -> tuple[Any, int]:
    @numba_njit
    def network_quantities_back(*inputs):
        return _quantities_back(*inputs)

    return network_quantities_back, KERNEL_VERSION


@register_funcify_default_op_cache_key(PersonsLogDensity)
def _(_op: PersonsLogDensity, **_: object) -> tuple[Any, int]:
    @numba_njit
    def persons(*inputs):
        total, d_residual, d_variance, d_loading = persons_log_density(*inputs)
        return np.asarray(total), d_residual, d_variance, d_loading

    return persons, KERNEL_VERSION


@compiled()
def _sparse_times(vector, first, columns, values, first_back, rows_back, values_back):  # noqa: ARG001
    result = np.zeros(first.shape[0] - 1)
    for i in range(result.shape[0]):
        for e in range(first[i], first[i + 1]):
            result[i] += values[e] * vector[columns[e]]
    return result


class SparseTimes(Op):
    """A constant sparse matrix times a vector; takes both orders of the matrix, so its adjoint is of its kind."""

    __props__ = ()

    def make_node(self, *inputs: Any) -> Apply:
        """Return the node; inputs are the vector and the two orders (see `sparse_rows`)."""
        return Apply(self, [pt.as_tensor_variable(value) for value in inputs], [pt.vector(dtype="float64")])

    def perform(self, _node: Apply, inputs: Sequence[np.ndarray], outputs: Any) -> None:
        """Compute in Python's reach."""
        outputs[0][0] = _sparse_times(*inputs)

    def pullback(
        self,
        inputs: Sequence[Variable],
        outputs: Sequence[Variable],  # noqa: ARG002 - the signature of every operation
        cotangents: Sequence[Variable],
    ) -> list[Variable]:
        """Return the transposed matrix times the cotangent."""
        _, *orders = inputs
        return [
            SparseTimes()(cotangents[0], *orders[3:], *orders[:3]),
            *(pytensor.gradient.disconnected_type() for _ in orders),
        ]

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """Return that only the vector moves the result."""
        return [[i == 0] for i in range(len(node.inputs))]


@register_funcify_default_op_cache_key(SparseTimes)
def _(_op: SparseTimes, **_: object) -> tuple[Any, int]:
    @numba_njit
    def sparse_times(*inputs):
        return _sparse_times(*inputs)

    return sparse_times, KERNEL_VERSION


def sparse_rows(matrix: Matrix) -> tuple[np.ndarray, ...]:
    """Return a matrix compressed by rows (first, columns, values), then by columns (first, rows, values)."""
    table = csr_array(matrix)
    return (*_compressed(table), *_compressed(csr_array(table.T)))


def times(matrix: Matrix, vector: Variable) -> Variable:
    """Return a constant matrix (dense, or SciPy's sparse) times a vector, (rows,)."""
    return SparseTimes()(vector, *sparse_rows(matrix))


def _compressed(table: csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table.eliminate_zeros()
    table.sort_indices()
    return table.indptr.astype(np.int64), table.indices.astype(np.int64), table.data.astype(float)


def quantity_tables(quantities: Quantities) -> dict[str, np.ndarray]:
    """Return the tables of the quantities' circuit by name, in the order in which the operations take them."""
    circuit = quantities.circuit
    return {
        **dict(zip(TABLES, circuit.tables, strict=True)),
        "first": quantities.first,
        "masses": np.ascontiguousarray(circuit.outputs[quantities.masses]),
        "coefficients": quantities.coefficients,
        "sizes": np.array([circuit.n_values], dtype=np.int64),
    }
