"""Eight lanes of a sparse linear step in one vector register: the innermost loops of `exact.kernels`.

Numba's loop vectoriser gives up here (it cannot prove that the arrays do not overlap), so the loops are built in LLVM's
own terms, with values of type ``<8 x double>``; LLVM splits them into whatever registers the processor has.  Arrays
are flat, eight consecutive doubles per state or rate class, and the graph's indices are already multiplied by eight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

WIDTH = 8
_VECTOR = ir.VectorType(ir.DoubleType(), WIDTH)
_INT = ir.IntType(64)
_ONE = ir.Constant(_INT, 1)
_EIGHT = ir.Constant(_INT, WIDTH)
_DOUBLE_BYTES = 8


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


def _integer(builder: Any, base: Any, index: Any) -> Any:
    """Return an element of an integer array of any width as 64 bits."""
    loaded = builder.load(builder.gep(base, [index]))
    return builder.sext(loaded, _INT) if loaded.type.width < _INT.width else loaded


def _for_rows(builder: Any, first_array: Any, first: Any, body: Callable[..., None]) -> None:
    """Call ``body(offset, edges)`` for every row of a compressed-row graph; ``with edges()`` loops over its edges."""
    rows = builder.sub(first_array.nitems, _ONE)
    with cgutils.for_range(builder, rows, intp=_INT) as loop:
        begin = _integer(builder, first, loop.index)
        end = _integer(builder, first, builder.add(loop.index, _ONE))
        body(builder.mul(loop.index, _EIGHT), lambda: cgutils.for_range_slice(builder, begin, end, _ONE, intp=_INT))


def _gathered(context: Any, builder: Any, kinds: Any, arguments: Any, finish: Callable[..., None]) -> None:
    """Compute ``x[i] stay[i] + sum over the row's edges of x[other] rate[kind]`` of every row; ``finish`` keeps it."""
    first, other, kind, rate, stay, x = _data(context, builder, kinds[:6], arguments[:6])
    total = cgutils.alloca_once(builder, _VECTOR)

    def row(offset: Any, edges: Any) -> None:
        builder.store(builder.fmul(_load(builder, x, offset), _load(builder, stay, offset)), total)
        with edges() as (edge, _):
            at, by = _integer(builder, other, edge), _integer(builder, kind, edge)
            term = builder.fmul(_load(builder, x, at), _load(builder, rate, by))
            builder.store(builder.fadd(builder.load(total), term), total)
        finish(offset, builder.load(total))

    _for_rows(builder, context.make_array(kinds[0])(context, builder, arguments[0]), first, row)


def _broadcast(builder: Any, number: Any) -> Any:
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), None)
    return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), zeros)


@intrinsic
def step_and_add(
    _typing: Any, first: Any, other: Any, kind: Any, rate: Any, stay: Any, x: Any, new: Any, total: Any, weight: Any
) -> Any:
    """``new = x P``, over the incoming edges of each state, and ``total += weight * new``, lane by lane."""
    signature = types.void(first, other, kind, rate, stay, x, new, total, types.float64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        new_, total_ = _data(context, builder, kinds[6:8], arguments[6:8])
        factor = _broadcast(builder, arguments[8])

        def finish(offset: Any, value: Any) -> None:
            _store(builder, value, new_, offset)
            _store(builder, builder.fadd(_load(builder, total_, offset), builder.fmul(factor, value)), total_, offset)

        _gathered(context, builder, kinds, arguments, finish)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def step_back(
    _typing: Any, first: Any, other: Any, kind: Any, rate: Any, stay: Any, y: Any, new: Any, bar: Any, weight: Any
) -> Any:
    """``new = P y + weight * bar``, over the outgoing edges of each state, lane by lane."""
    signature = types.void(first, other, kind, rate, stay, y, new, bar, types.float64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        new_, bar_ = _data(context, builder, kinds[6:8], arguments[6:8])
        factor = _broadcast(builder, arguments[8])

        def finish(offset: Any, value: Any) -> None:
            _store(builder, builder.fadd(value, builder.fmul(factor, _load(builder, bar_, offset))), new_, offset)

        _gathered(context, builder, kinds, arguments, finish)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def add_rate_bars(_typing: Any, first: Any, source: Any, target: Any, x: Any, y: Any, bars: Any) -> Any:
    """``bars[class] += sum over the class's edges of x[source] * (y[target] - y[source])``, lane by lane."""
    signature = types.void(first, source, target, x, y, bars)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kinds = signature.args
        first_, source_, target_, x_, y_, bars_ = _data(context, builder, kinds, arguments)
        total = cgutils.alloca_once(builder, _VECTOR)

        def row(offset: Any, edges: Any) -> None:
            builder.store(_load(builder, bars_, offset), total)
            with edges() as (edge, _):
                here = _integer(builder, source_, edge)
                there = _integer(builder, target_, edge)
                rise = builder.fsub(_load(builder, y_, there), _load(builder, y_, here))
                builder.store(builder.fadd(builder.load(total), builder.fmul(_load(builder, x_, here), rise)), total)
            _store(builder, builder.load(total), bars_, offset)

        _for_rows(builder, context.make_array(kinds[0])(context, builder, arguments[0]), first_, row)
        return context.get_dummy_value()

    return signature, generate
