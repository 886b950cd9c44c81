"""Shapley values by their definition: every order of the players, one after another."""

from itertools import permutations


def shapley(players, value):
    """Return each player's mean marginal contribution; ``value`` takes a frozenset of players."""
    shares = dict.fromkeys(players, 0.0)
    orders = list(permutations(players))
    for order in orders:
        here = frozenset()
        for player in order:
            there = here | {player}
            shares[player] += (value(there) - value(here)) / len(orders)
            here = there
    return shares
