"""Carrying out a plan: forward for the answer, and back for the derivative with respect to every table.

The sum of products is linear in each table, so with ``z`` the full sum the product of a table and the derivative of
``z`` with respect to it, divided by ``z``, is the posterior joint distribution of the table's variables (Darwiche 2003,
"A differential approach to inference in Bayesian networks").  One sweep in each direction thus gives the marginals of
all variables, as a calibrated clique tree does.

Every table that is made is divided by its largest cell, draw by draw, and the logarithms of the divisors are added up:
thousands of observations do not underflow.

All arrays here are float64.  A table of one network has axes ``(states...)``; of a block of draws ``(states..., draws)``,
where the last axis may have length one if the draws do not differ.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from precursor.exact.dense.contraction import Contraction, contract, contract_block
from precursor.exact.dense.plan import Plan, Product, Total

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
    """

    tables: list[np.ndarray | None]
    answer: np.ndarray
    log_scale: np.ndarray


def forward(plan: Plan, tables: Sequence[np.ndarray], *, block: bool = False, keep_all: bool = False) -> Forward:
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
    """
    multiply: Contract = contract_block if block else contract
    made: list[np.ndarray | None] = list(tables)
    log_scale: np.ndarray = np.zeros(1 if block else ())
    for step in plan.steps:
        if isinstance(step, Product):
            table = multiply(step.forward, _present(made[step.left]), _present(made[step.right]))
            used: tuple[int, ...] = (step.left, step.right)
        else:
            table = _total(step, _present(made[step.table]), block=block)
            used = (step.table,)
        table, log_divisor = _scaled(table, block=block)
        log_scale = log_scale + log_divisor
        made.append(table)
        if not keep_all:
            for number in used:
                made[number] = None
    return Forward(made, _present(made[-1]), log_scale)


def backward(plan: Plan, swept: Forward, *, block: bool = False) -> list[np.ndarray]:
    """Return the derivatives of the answer with respect to the given tables, each up to a factor for each draw.

    ``plan`` keeps no variable, and ``swept`` is its sweep forward with ``keep_all``.
    """
    multiply: Contract = contract_block if block else contract
    bars: list[np.ndarray | None] = [None] * len(plan.scopes)
    bars[-1] = np.ones_like(swept.answer)
    for number in range(len(plan.scopes) - 1, plan.inputs - 1, -1):
        step, bar = plan.steps[number - plan.inputs], _present(bars[number])
        bars[number] = None
        if isinstance(step, Product):
            left, right = _present(swept.tables[step.left]), _present(swept.tables[step.right])
            bars[step.left] = _scaled(multiply(step.to_left, bar, right), block=block)[0]
            bars[step.right] = _scaled(multiply(step.to_right, bar, left), block=block)[0]
        else:
            bars[step.table] = _spread(step, bar, _present(swept.tables[step.table]), block=block)
    return [_present(bar) for bar in bars[: plan.inputs]]


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


def _scaled(table: np.ndarray, *, block: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return a table divided by its largest cell, draw by draw, and the logarithm of that cell."""
    if not block:
        largest = table.max()
        return (table, np.asarray(-np.inf)) if largest == 0 else (table / largest, np.log(largest))
    largest = table.reshape(-1, table.shape[-1]).max(axis=0)
    with np.errstate(divide="ignore"):
        return table / np.where(largest == 0, 1.0, largest), np.log(largest)
