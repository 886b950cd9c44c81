"""The most probable explanation, and the most probable states of some variables (marginal MAP)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from precursor.discrete.conditioned import Conditioned
from precursor.discrete.posterior import log_probability, relevant_tables
from precursor.exact.dense.maximum import maximum_bytes, most_probable, orders
from precursor.problems import InputError, Problem


def most_probable_states(
    world: Conditioned, wanted: Iterable[str] | None, limit: int
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    r"""Return the states that maximise :math:`P(x \mid e)`, all other variables summed out.

    Parameters
    ----------
    world
        Interventions and evidence included.
    wanted
        The variables of :math:`x`; None for all of them (the most probable explanation).
    limit
        The most bytes that one draw's tables may take.

    Returns
    -------
    states : by variable, numbers of states, ``(draws or 1,)``.
    log_probability : natural logarithm of the largest :math:`P(x \mid e)`, ``(draws or 1,)``.

    Raises
    ------
    InputError
        Where the evidence has probability zero, or the tables would not fit.
    """
    targets = tuple(world.states if wanted is None else wanted)
    evidence = log_probability(world, limit)
    if not np.all(np.isfinite(evidence)):
        raise InputError(Problem("What is observed has probability zero: nothing explains it."))
    states: dict[str, np.ndarray] = {n: np.array([world.observed[n]]) for n in targets if n in world.observed}
    total = -evidence
    for part in relevant_tables(world, targets):
        numbers = [i for i, name in enumerate(part.names) if name in targets]
        summed, maximised = orders(part.scopes, part.sizes, numbers)
        held = maximum_bytes(part.scopes, part.sizes, (*summed, *maximised))
        if held > limit:
            raise InputError(
                Problem(f"Too large to maximise exactly: about {held:,} bytes.", allowed=f"{limit:,} bytes")
            )
        found, values = [], []
        for block in _blocks(part.values, limit // max(held, 1)):
            best, log_value = most_probable(part.scopes, part.sizes, block, numbers)
            draws = max(map(len, block))
            # What does not depend on the draws is told once; blocks have to be of their own lengths.
            found.append({i: np.broadcast_to(best[i], draws) for i in numbers})
            values.append(np.broadcast_to(log_value, draws))
        total = total + np.concatenate(values)
        for i in numbers:
            states[part.names[i]] = np.concatenate([best[i] for best in found])
    return {name: states[name] for name in targets}, total


def _blocks(tables: Sequence[np.ndarray], size: int) -> list[list[np.ndarray]]:
    """Return the tables of so many draws at a time."""
    draws = max(len(table) for table in tables)
    return [
        [table[start : start + size] if len(table) > 1 else table for table in tables]
        for start in range(0, draws, size)
    ]
