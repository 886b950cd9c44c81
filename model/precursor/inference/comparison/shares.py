"""By how much each change of answers raises the log-density, draw by draw, such that a unit's parts sum to its whole.

A unit's answers are not independent given the effects, since the unit's own bias, slope and worldview are integrated
out.  So the log-ratio of its answers after and before is divided among its questions by the chain rule, averaged over
the orders in which the questions change: the Shapley value of the game ``v(S) =`` log-density when the questions in S
have changed (Shapley 1953).  Exact up to `EXACT_UP_TO` questions; beyond, every eighth of the draws has an order of its
own, drawn with a fixed seed, and that order reversed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from math import factorial

import numpy as np

from precursor.inference.comparison.changes import Changes, Player
from precursor.inference.reweighting.density import Densities
from precursor.inference.reweighting.part import Part, UnitKey, unit_key

EXACT_UP_TO = 4
_ORDERS = 8
_SEED = 20_170_704
Switches = Mapping[UnitKey, list[tuple[str, list[int]]]]


def shares(changes: Changes, part: Part, found: Densities) -> np.ndarray:
    """Return what each of the changes' players adds to the log-density, (draw, player); ``found`` is the part's."""
    before = changes.before.rows[list(part.rows)]
    after = changes.after.rows[list(part.rows)]
    switches: dict[UnitKey, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i in np.flatnonzero(before != after):
        row = part.plan.observations.rows[i]
        switches[unit_key(row.unit)][row.key].append(int(i))
    ordered = {unit: sorted(questions.items()) for unit, questions in switches.items()}
    column = {player: i for i, player in enumerate(changes.players)}
    result = np.zeros((found.draws, len(column)))
    few = {unit: questions for unit, questions in ordered.items() if len(questions) <= EXACT_UP_TO}
    many = {unit: questions for unit, questions in ordered.items() if unit not in few}
    if few:
        _exact(found, (before, after), few, column, result)
    if many:
        _sampled(found, (before, after), many, column, result)
    turned = changes.after.ranked.astype(float) - changes.before.ranked
    for at, whole in enumerate(part.ranked):
        if turned[whole]:
            ranking = changes.union.ranked[whole]
            result[:, column[Player(unit_key(ranking.unit), ranking.key)]] += turned[whole] * found.rankings[:, at]
    return result


def _masked(
    found: Densities, sides: tuple[np.ndarray, np.ndarray], changed: list[int], units: Collection[UnitKey]
) -> np.ndarray:
    """Return which rows are on once some have changed; all units but those asked for are off, and cost nothing."""
    before, after = sides
    mask = before.astype(float)
    mask[changed] = after[changed]
    asked = [unit_key(row.unit) in units for row in found.plan.observations.rows]
    return np.where(asked, mask, 0.0)


def _exact(
    found: Densities,
    sides: tuple[np.ndarray, np.ndarray],
    switches: Switches,
    column: Mapping[Player, int],
    result: np.ndarray,
) -> None:
    """Add the Shapley values of units with few questions: every subset of every unit's questions, side by side."""
    most = max(map(len, switches.values()))
    position = {unit: i for i, unit in enumerate(found.units)}
    values = []
    for subset in range(2**most):
        on = [rows for questions in switches.values() for j, (_, rows) in enumerate(questions) if subset >> j & 1]
        changed = [i for rows in on for i in rows]
        units = {unit for unit, questions in switches.items() if subset < 2 ** len(questions)}
        values.append(found.unit_log_densities(_masked(found, sides, changed, units)))
    for unit, questions in switches.items():
        n = len(questions)
        for j, (question, _) in enumerate(questions):
            for subset in range(2**n):
                if subset >> j & 1:
                    continue
                size = subset.bit_count()
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                gain = values[subset | 1 << j][:, position[unit]] - values[subset][:, position[unit]]
                result[:, column[Player(unit, question)]] += weight * gain


def _sampled(
    found: Densities,
    sides: tuple[np.ndarray, np.ndarray],
    switches: Switches,
    column: Mapping[Player, int],
    result: np.ndarray,
) -> None:
    """Add the mean gain over sampled orders of units with many questions, step by step, all units side by side."""
    rng = np.random.default_rng(_SEED)
    position = {unit: i for i, unit in enumerate(found.units)}
    most = max(map(len, switches.values()))
    for block in range(min(_ORDERS, found.draws)):
        here = slice(block, None, _ORDERS)
        draws = found.taken(here)
        orders = {unit: rng.permutation(len(questions)) for unit, questions in switches.items()}
        for forwards in (True, False):
            changed: list[int] = []
            last = draws.unit_log_densities(_masked(found, sides, changed, switches))
            for step in range(most):
                stepping = {
                    unit: questions[order[step if forwards else len(order) - 1 - step]]
                    for (unit, questions), order in zip(switches.items(), orders.values(), strict=True)
                    if step < len(order)
                }
                changed += [i for _, rows in stepping.values() for i in rows]
                value = draws.unit_log_densities(_masked(found, sides, changed, stepping))
                for unit, (question, _) in stepping.items():
                    gain = value[:, position[unit]] - last[:, position[unit]]
                    result[here, column[Player(unit, question)]] += 0.5 * gain
                last = value
