"""The sweep forward on logarithms: slow, and right where numbers of one table are further apart than float64 reaches.

Thousands of observations that contradict each other leave every state so improbable, against what single observations
say, that a product of scaled tables is nothing but zeros.  Such draws, and only such, are summed here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from precursor.exact.dense.order import Scope
from precursor.exact.dense.plan import Plan, Product


def log_answer(plan: Plan, tables: Sequence[np.ndarray]) -> np.ndarray:
    """Return the natural logarithm of a plan's answer, ``(kept states...)``; minus infinity where it is zero.

    Parameters
    ----------
    plan
        The steps.
    tables
        One for each of the plan's inputs, of one draw, axes as its scopes say.
    """
    with np.errstate(divide="ignore"):
        made: list[np.ndarray | None] = [np.log(table) for table in tables]
    for step in plan.steps:
        if isinstance(step, Product):
            left, right, out = step.scopes
            made.append(_product(_taken(made, step.left), left, _taken(made, step.right), right, out))
        else:
            table = _taken(made, step.table)
            summed = np.logaddexp.reduce(table, axis=step.axes) if step.axes else table
            made.append(summed.transpose(step.permutation))
    return _taken(made, -1)


def _taken(made: list[np.ndarray | None], number: int) -> np.ndarray:
    """Return a table and forget it: a plan uses each once."""
    table, made[number] = made[number], None
    assert table is not None
    return table


def _product(left: np.ndarray, left_scope: Scope, right: np.ndarray, right_scope: Scope, out: Scope) -> np.ndarray:
    """Return the logarithm of a product summed over what is not in ``out``: those variables come last."""
    joined = (*out, *(v for v in left_scope if v not in out))
    total = _spread(left, left_scope, joined) + _spread(right, right_scope, joined)
    axes = tuple(range(len(out), len(joined)))
    return np.logaddexp.reduce(total, axis=axes) if axes else total


def _spread(table: np.ndarray, scope: Scope, joined: Scope) -> np.ndarray:
    """Return a table with an axis for each variable of ``joined``, of length one where it has none."""
    ordered = table.transpose([scope.index(v) for v in joined if v in scope])
    return np.expand_dims(ordered, tuple(i for i, v in enumerate(joined) if v not in scope))
