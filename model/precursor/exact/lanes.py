"""Eight lanes of a sparse linear step in one vector register: the innermost loops of `exact.kernels`.

Numba's loop vectoriser gives up here (it cannot prove that the arrays do not overlap), so the loops are built in LLVM's
own terms, with values of type ``<8 x double>``; LLVM splits them into whatever registers the processor has.  Arrays
are flat, eight consecutive doubles per state or rate class; the edges are a stream of integers (see `exact.pattern`),
in which rows with equally many edges follow each other, so that a row's sum is straight-line code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WIDTH = 8
# Rows with up to so many edges are unrolled.
LONGEST = 6
_VECTOR = ir.VectorType(ir.DoubleType(), WIDTH)
_INT = ir.IntType(64)
_DOUBLE_BYTES = 8
# A product may be fused with the sum it goes into: one rounding less, and half the instructions.
_FUSED = ("contract",)


def _data(context: Any, builder: Any, kinds: Any, arguments: Any) -> list[Any]:
    return [
        context.make_array(kind)(context, builder, value).data for kind, value in zip(kinds, arguments, strict=True)
    ]


def _load(builder: Any, base: Any, index: Any) -> Any:
    pointer = builder.bitcast(builder.gep(base, [index]), _VECTOR.as_pointer())
    loaded = builder.load(pointer)
    loaded.align = _DOUBLE_BYTES
    return loaded


def _store(builder: Any, value: Any, base: Any, index: Any) -> None:
    pointer = builder.bitcast(builder.gep(base, [index]), _VECTOR.as_pointer())
    builder.store(value, pointer).align = _DOUBLE_BYTES


def _multiply_add(builder: Any, a: Any, b: Any, total: Any) -> Any:
    return builder.fadd(total, builder.fmul(a, b, flags=_FUSED), flags=_FUSED)


def _integer(builder: Any, base: Any, index: Any) -> Any:
    """Return an element of an integer array of any width as 64 bits."""
    loaded = builder.load(builder.gep(base, [index]))
    return builder.sext(loaded, _INT) if loaded.type.width < _INT.width else loaded


def _broadcast(builder: Any, number: Any) -> Any:
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), None)
    return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), zeros)


class _Walk:
    """A walk along a stream of grouped rows; ``row`` builds the code of a row from its offset and its edges."""

    def __init__(self, builder: Any, stream: Any, start: Any) -> None:
        self.builder, self.stream, self.start = builder, stream, start
        self.at = cgutils.alloca_once_value(builder, builder.add(start, _INT(LONGEST + 2)))
        self.edge = cgutils.alloca_once_value(builder, _INT(0))

    def rows(
        self, begin: Callable[[Any], None], edge: Callable[[Any, Any, Any], None], end: Callable[[Any], None]
    ) -> None:
        """Build the loops: for every row ``begin(row)``, ``edge(number, other, kind)`` for each edge, ``end(row)``."""
        builder = self.builder
        for length in range(LONGEST + 1):
            with cgutils.for_range(builder, self._ahead(self.start, length), intp=_INT):
                here = builder.load(self.at)
                row = self._ahead(here, 0)
                begin(row)
                for k in range(length):
                    self._edge(edge, here, 1 + 2 * k)
                end(row)
                builder.store(builder.add(here, _INT(1 + 2 * length)), self.at)
        with cgutils.for_range(builder, self._ahead(self.start, LONGEST + 1), intp=_INT):
            here = builder.load(self.at)
            row, length = self._ahead(here, 0), self._ahead(here, 1)
            begin(row)
            builder.store(builder.add(here, _INT(2)), self.at)
            with cgutils.for_range(builder, length, intp=_INT):
                there = builder.load(self.at)
                self._edge(edge, there, 0)
                builder.store(builder.add(there, _INT(2)), self.at)
            end(row)

    def _ahead(self, base: Any, by: int) -> Any:
        return _integer(self.builder, self.stream, self.builder.add(base, _INT(by)))

    def _edge(self, edge: Callable[[Any, Any, Any], None], base: Any, by: int) -> None:
        number = self.builder.load(self.edge)
        edge(self.builder.mul(number, _INT(WIDTH)), self._ahead(base, by), self._ahead(base, by + 1))
        self.builder.store(self.builder.add(number, _INT(1)), self.edge)


def _step(context: Any, builder: Any, kinds: Sequence[Any], arguments: Sequence[Any], added: bool) -> Any:
    """Build ``new = sum over a row's edges of x[other] rate[kind] + x stay``, and ``+ weight * bar`` if ``added``."""
    rate, stay, x, new = _data(context, builder, kinds[2:6], arguments[2:6])
    (stream,) = _data(context, builder, kinds[:1], arguments[:1])
    total = cgutils.alloca_once(builder, _VECTOR)
    if added:
        (bar,), factor = _data(context, builder, kinds[6:7], arguments[6:7]), _broadcast(builder, arguments[7])

    def begin(row: Any) -> None:
        own = builder.fmul(_load(builder, x, row), _load(builder, stay, row))
        builder.store(_multiply_add(builder, factor, _load(builder, bar, row), own) if added else own, total)

    def edge(_number: Any, other: Any, kind: Any) -> None:
        term = _multiply_add(builder, _load(builder, x, other), _load(builder, rate, kind), builder.load(total))
        builder.store(term, total)

    _Walk(builder, stream, arguments[1]).rows(begin, edge, lambda row: _store(builder, builder.load(total), new, row))
    return context.get_dummy_value()


@intrinsic
def step(_typing: Any, stream: Any, start: Any, rate: Any, stay: Any, x: Any, new: Any) -> Any:
    """``new[row] = x[row] stay[row] + sum over the row's edges of x[other] rate[class]``, lane by lane."""
    signature = types.void(stream, types.int64, rate, stay, x, new)
    return signature, lambda context, builder, sig, arguments: _step(context, builder, sig.args, arguments, added=False)


@intrinsic
def step_and_add(
    _typing: Any, stream: Any, start: Any, rate: Any, stay: Any, x: Any, new: Any, bar: Any, weight: Any
) -> Any:
    """As `step`, and ``new += weight * bar``."""
    signature = types.void(stream, types.int64, rate, stay, x, new, bar, types.float64)
    return signature, lambda context, builder, sig, arguments: _step(context, builder, sig.args, arguments, added=True)


@intrinsic
def step_back(
    _typing: Any, stream: Any, start: Any, rate: Any, stay: Any, y: Any, new: Any, bar: Any, weight: Any,
    x: Any, edge_bars: Any,
) -> Any:  # fmt: skip
    """As `step_and_add` of y, and ``edge_bars[edge] += x[row] (y[other] - y[row])`` for every edge, in their order."""
    signature = types.void(stream, types.int64, rate, stay, y, new, bar, types.float64, x, edge_bars)

    def generate(context: Any, builder: Any, sig: Any, arguments: Any) -> Any:
        kinds = sig.args
        (stream_,) = _data(context, builder, kinds[:1], arguments[:1])
        rate_, stay_, y_, new_, bar_ = _data(context, builder, kinds[2:7], arguments[2:7])
        x_, edge_bars_ = _data(context, builder, kinds[8:], arguments[8:])
        factor = _broadcast(builder, arguments[7])
        total, mine, own = (cgutils.alloca_once(builder, _VECTOR) for _ in range(3))

        def begin(row: Any) -> None:
            here = _load(builder, y_, row)
            builder.store(here, mine)
            builder.store(_load(builder, x_, row), own)
            kept = builder.fmul(here, _load(builder, stay_, row))
            builder.store(_multiply_add(builder, factor, _load(builder, bar_, row), kept), total)

        def edge(number: Any, other: Any, kind: Any) -> None:
            there = _load(builder, y_, other)
            builder.store(_multiply_add(builder, there, _load(builder, rate_, kind), builder.load(total)), total)
            rise = builder.fsub(there, builder.load(mine))
            so_far = _load(builder, edge_bars_, number)
            _store(builder, _multiply_add(builder, builder.load(own), rise, so_far), edge_bars_, number)

        _Walk(builder, stream_, arguments[1]).rows(
            begin, edge, lambda row: _store(builder, builder.load(total), new_, row)
        )
        return context.get_dummy_value()

    return signature, generate
