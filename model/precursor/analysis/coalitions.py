"""Shapley values of small games: the share of each player in the value of all, in closed form or by random orders.

A game gives every coalition a value.  A player's Shapley value is its marginal contribution averaged over all orders in
which the players can arrive (Shapley 1953, A Value for n-Person Games); the values sum to what all players bring
together, equal players have equal values, and a player that never changes anything has none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial

import numpy as np

MOST_PLAYERS = 16


def coalitions(players: int) -> np.ndarray:
    """Return who is in each coalition, (2^players, player), booleans; row ``c`` holds the bits of ``c``.

    Raises `ValueError` for more than `MOST_PLAYERS` players.
    """
    if players > MOST_PLAYERS:
        raise ValueError(f"{players} players have too many coalitions.")
    codes = np.arange(2**players)
    return (codes[:, None] >> np.arange(players)[None, :]) % 2 == 1


def shapley_values(values: np.ndarray) -> np.ndarray:
    """Return the Shapley values, (player, ...), of a game with values (coalition, ...), ordered as in `coalitions`."""
    players = len(values).bit_length() - 1
    if len(values) != 2**players:
        raise ValueError("A game has a value for each of 2^n coalitions.")
    codes = np.arange(len(values))
    sizes = coalitions(players).sum(axis=1)
    weights = np.array([factorial(s) * factorial(players - s - 1) for s in range(players)]) / factorial(players)
    shares = np.empty((players, *values.shape[1:]))
    for player in range(players):
        without = codes[codes >> player & 1 == 0]
        gains = values[without | 1 << player] - values[without]
        shares[player] = np.tensordot(weights[sizes[without]], gains, axes=(0, 0))
    return shares


def alone_and_last(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what each player adds to nobody, and to all others, (player, ...).

    Both would equal the Shapley value if the game were additive.
    """
    everyone = len(values) - 1
    bits = 1 << np.arange(everyone.bit_length())
    return values[bits] - values[0], values[everyone] - values[everyone ^ bits]


def shapley_by_orders(
    value: Callable[[np.ndarray, np.ndarray], np.ndarray], players: int, instances: int, rng: np.random.Generator
) -> np.ndarray:
    """Return unbiased estimates of Shapley values, one row for each instance of a random game, (instance, player).

    Every instance has one random order and its reverse; the rows sum exactly to the instance's own total.

    Parameters
    ----------
    value
        From instances, (row,), and coalitions, (row, player), to values, (row,).
    """
    orders = np.stack([rng.permutation(players) for _ in range(instances)])
    arrivals = np.concatenate([orders, orders[:, ::-1]])
    which = np.concatenate([np.arange(instances)] * 2)
    rank = np.argsort(arrivals, axis=1)
    steps = np.arange(players + 1)
    members = rank[:, None, :] < steps[None, :, None]
    found = value(np.repeat(which, players + 1), members.reshape(-1, players)).reshape(len(which), players + 1)
    gains = np.take_along_axis(np.diff(found, axis=1), rank, axis=1)
    return 0.5 * (gains[:instances] + gains[instances:])


def blocks_error(values: np.ndarray, blocks: int = 10) -> np.ndarray:
    """Return the standard error of means over the first axis from the means of consecutive blocks."""
    means: Sequence[np.ndarray] = [part.mean(axis=0) for part in np.array_split(values, min(blocks, len(values)))]
    if len(means) < 2:  # noqa: PLR2004 - a spread needs two
        return np.zeros(values.shape[1:])
    return np.asarray(np.std(means, axis=0, ddof=1) / np.sqrt(len(means)))
