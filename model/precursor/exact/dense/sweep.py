"""Carrying out a plan: forward for the answer, and back for the derivative with respect to every table.

The sum of products is linear in each table, so with ``z`` the full sum the product of a table and the derivative of
``z`` with respect to it, divided by ``z``, is the posterior joint distribution of the table's variables (Darwiche 2003,
"A differential approach to inference in Bayesian networks").  One sweep in each direction thus gives the marginals of
all variables, as a calibrated clique tree does.

Every table that is made is divided by its largest cell, draw by draw, and the logarithms of the divisors are added up:
thousands of observations do not underflow.

All arrays here are float64.  A table of one network has axes ``(states...)``; of a block ``(states..., draws)``, where
the last axis may have length one if the draws do not differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, log

import numpy as np

from precursor.exact.dense.contraction import Contraction, contract, contract_block
from precursor.exact.dense.plan import Plan, Product, Total

SAFE = 1e-290
"""Where the product of the smallest positive cells of all tables is larger, nothing can underflow."""
_UNDERFLOW = "Numbers of one table are further apart than float64 reaches."
_FAINT = 1e-150
"""Two scaled tables whose positive cells are larger cannot underflow in their product."""

Contract = Callable[[Contraction, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True)
class Forward:
    """What the sweep forward leaves.

    Attributes
    ----------
    tables
        Every table, scaled; those that are not needed any more are None.
    answer
        The answer up to a factor: ``answer * exp(log_scale)``.
    log_scale
        Natural logarithm of that factor, a number or ``(draws,)``.  Minus infinity where the answer is zero.
    doubtful
        Whether a positive cell may have underflowed, a bool or ``(draws,)``; only told if it was to be checked.
    """

    tables: list[np.ndarray | None]
    answer: np.ndarray
    log_scale: float | np.ndarray
    doubtful: bool | np.ndarray


def forward(
    plan: Plan, tables: Sequence[np.ndarray], *, block: bool = False, keep_all: bool = False, checked: bool = False
) -> Forward:
    """Return the answer of a plan.

    Parameters
    ----------
    plan
        The steps.
    tables
        One for each of the plan's inputs, axes as its scopes say, and a last axis of draws in a block.
    block
        Whether there is an axis of draws.
    keep_all
        Whether `backward` follows.
    checked
        Whether to find out if a cell may have underflowed: needed unless the tables are `safe`.
    """
    multiply: Contract = contract_block if block else contract
    made: list[np.ndarray | None] = list(tables)
    log_scale: float | np.ndarray = 0.0
    doubtful: bool | np.ndarray = False
    for step in plan.steps:
        if isinstance(step, Product):
            table = multiply(step.forward, _present(made[step.left]), _present(made[step.right]))
            used: tuple[int, ...] = (step.left, step.right)
        else:
            table = _total(step, _present(made[step.table]), block=block)
            used = (step.table,)
        table, log_divisor = _scaled(table, block=block)
        log_scale = log_scale + log_divisor
        if checked:
            doubtful = doubtful | _faint(table, block=block)
        made.append(table)
        if not keep_all:
            for number in used:
                made[number] = None
    return Forward(made, _present(made[-1]), log_scale, doubtful)


def backward(plan: Plan, swept: Forward, *, block: bool = False, checked: bool = False) -> list[np.ndarray]:
    """Return the derivatives of the answer with respect to the given tables, each up to a factor for each draw.

    ``plan`` keeps no variable, and ``swept`` is its sweep forward with ``keep_all``.  Raises `ArithmeticError` where a
    positive cell may have underflowed, if that is to be checked.
    """
    if np.any(swept.doubtful):
        raise ArithmeticError(_UNDERFLOW)
    multiply: Contract = contract_block if block else contract
    bars: list[np.ndarray | None] = [None] * len(plan.scopes)
    bars[-1] = np.ones_like(swept.answer)
    for number in range(len(plan.scopes) - 1, plan.inputs - 1, -1):
        step, bar = plan.steps[number - plan.inputs], _present(bars[number])
        bars[number] = None
        if isinstance(step, Product):
            left, right = _present(swept.tables[step.left]), _present(swept.tables[step.right])
            for table, how, other in ((step.left, step.to_left, right), (step.right, step.to_right, left)):
                made, _ = _scaled(multiply(how, bar, other), block=block)
                if checked and np.any(_faint(made, block=block)):
                    raise ArithmeticError(_UNDERFLOW)
                bars[table] = made
        else:
            bars[step.table] = _spread(step, bar, _present(swept.tables[step.table]), block=block)
    return [_present(bar) for bar in bars[: plan.inputs]]


def safe(tables: Sequence[np.ndarray]) -> bool:
    """Return whether no product of cells of the tables, one of each, can underflow."""
    return sum(log(_smallest(table)) for table in tables) > log(SAFE)


def _smallest(table: np.ndarray) -> float:
    """Return the smallest positive cell of a table, or one."""
    least = float(table.min())
    return least if least > 0 else float(np.min(table, where=table > 0, initial=1.0))


def _faint(table: np.ndarray, *, block: bool) -> bool | np.ndarray:
    """Return whether a scaled table has a positive cell that is too small to be multiplied by another such, by draw."""
    axes = tuple(range(table.ndim - 1)) if block else None
    return np.asarray(np.min(table, axis=axes, where=table > 0, initial=1.0) < _FAINT)


def _present(table: np.ndarray | None) -> np.ndarray:
    assert table is not None  # a plan uses each table once
    return table


def _total(step: Total, table: np.ndarray, *, block: bool) -> np.ndarray:
    summed = table.sum(axis=step.axes) if step.axes else table
    return summed.transpose(*step.permutation, len(step.permutation)) if block else summed.transpose(step.permutation)


def _spread(step: Total, bar: np.ndarray, table: np.ndarray, *, block: bool) -> np.ndarray:
    """Return the derivative of a sum with respect to its cells: the sum's own, at each of them."""
    back = tuple(int(i) for i in np.argsort(step.permutation))
    bar = bar.transpose(*back, len(back)) if block else bar.transpose(back)
    shape = (*table.shape[:-1], bar.shape[-1]) if block else table.shape
    return np.broadcast_to(np.expand_dims(bar, step.axes), shape)


def _scaled(table: np.ndarray, *, block: bool) -> tuple[np.ndarray, float | np.ndarray]:
    """Return a table divided by its largest cell, draw by draw, and the logarithm of that cell."""
    if not block:
        highest = float(table.max())
        return (table, -inf) if highest == 0 else (table / highest, log(highest))
    largest = table.reshape(-1, table.shape[-1]).max(axis=0)
    with np.errstate(divide="ignore"):
        return table / np.where(largest == 0, 1.0, largest), np.log(largest)
