"""Plans over many draws of the tables: in blocks that stay in the cache, or one by one where a single draw fills it.

Tables come with the draws first, ``(draws or 1, states...)``, as they are declared; inside a block the draws are last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from precursor.exact.dense.logarithms import log_answer
from precursor.exact.dense.plan import BYTES, Plan
from precursor.exact.dense.sweep import Forward, backward, forward, safe

CACHE_BYTES = 1 << 23
"""What the largest table of a block may take, unless that would be fewer draws than `_WORTHWHILE`."""
_WORTHWHILE = 64
_SMALLEST_BLOCK = 4


def block_size(plan: Plan, draws: int, held: int, limit: int) -> int:
    """Return how many draws go together: few enough for the cache and for ``limit``; one draw takes ``held`` bytes."""
    size = min(draws, max(CACHE_BYTES // (BYTES * max(plan.cells)), _WORTHWHILE), limit // max(held, 1))
    return size if size >= _SMALLEST_BLOCK else 1


def answers(plan: Plan, tables: Sequence[np.ndarray], limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the answer of every draw, scaled to a largest cell of one, and the logarithm of its scale.

    Parameters
    ----------
    plan
        The steps.
    tables
        One for each of the plan's inputs, ``(draws or 1, states...)``.
    limit
        The most bytes to hold at once; one draw is always held.

    Returns
    -------
    answer : ``(draws, kept states...)``
    log_scale : ``(draws,)``, minus infinity where the answer is zero.
    """
    found, scales = [], []
    checked = not safe(tables)
    for swept, block, part in _swept(plan, tables, plan.forward_bytes, limit, checked=checked):
        answer, log_scale = _draws_first(swept.answer, block=block), np.atleast_1d(swept.log_scale)
        doubtful = np.flatnonzero(np.broadcast_to(swept.doubtful, log_scale.shape))
        if doubtful.size:
            answer, log_scale = answer.copy(), log_scale.copy()
        for draw in doubtful:
            alone = [table[..., min(draw, table.shape[-1] - 1)] for table in part] if block else part
            logarithm = log_answer(plan, alone)
            log_scale[draw] = logarithm.max()
            if np.isfinite(log_scale[draw]):
                answer[draw] = np.exp(logarithm - log_scale[draw])
        found.append(answer)
        scales.append(log_scale)
    return np.concatenate(found), np.concatenate(scales)


def marginals(
    plan: Plan, tables: Sequence[np.ndarray], wanted: Sequence[tuple[int, int]], limit: int
) -> list[np.ndarray]:
    """Return the marginal of one axis of each table named, ``(draws, states)`` each.

    Parameters
    ----------
    plan
        Keeps no variable.
    tables
        As for `answers`.
    wanted
        Pairs of a table's number and one of its axes.
    limit
        The most bytes to hold at once; one draw is always held.

    Raises
    ------
    ArithmeticError
        Where the sum of a draw is zero, or numbers are further apart than float64 reaches: ask `answers`.
    """
    blocks: list[list[np.ndarray]] = [[] for _ in wanted]
    checked = not safe(tables)
    for swept, block, part in _swept(plan, tables, plan.both_ways_bytes, limit, checked=checked, keep_all=True):
        bars = backward(plan, swept, block=block, checked=checked)
        for found, (table, axis) in zip(blocks, wanted, strict=True):
            joint = part[table] * bars[table]
            last = joint.ndim - 1 if block else joint.ndim
            marginal = joint.sum(axis=tuple(i for i in range(last) if i != axis))
            total = marginal.sum(axis=0)
            if np.any(total == 0):
                raise ArithmeticError("The sum of a draw is zero.")
            found.append(_draws_first(marginal / total, block=block))
    return [np.concatenate(found) for found in blocks]


def _draws_first(table: np.ndarray, *, block: bool) -> np.ndarray:
    return np.moveaxis(table, -1, 0) if block else table[None]


def _swept(
    plan: Plan, tables: Sequence[np.ndarray], held: int, limit: int, *, checked: bool, keep_all: bool = False
) -> Iterator[tuple[Forward, bool, Sequence[np.ndarray]]]:
    """Yield the sweep forward of each block of draws, whether it has an axis of draws, and its tables."""
    draws = max(len(table) for table in tables)
    size = block_size(plan, draws, held, limit)
    for start in range(0, draws, size):
        part = [table[start : start + size] if len(table) > 1 else table for table in tables]
        block = size > 1
        part = [np.ascontiguousarray(np.moveaxis(t, 0, -1)) for t in part] if block else [table[0] for table in part]
        yield forward(plan, part, block=block, keep_all=keep_all, checked=checked), block, part
