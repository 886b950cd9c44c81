r"""Soft evidence in Jeffrey's sense: after updating, a node's marginal is the one given.

For one node, :math:`P'(v) = P(v \mid x) \, q(x)`: the same as a likelihood :math:`q(x) / P(x)`.  For several, such
likelihoods are found by iterative proportional fitting (Deming and Stephan 1940): node after node, each is multiplied
by the marginal wanted over the marginal held.  It converges to the distribution closest in relative entropy to
:math:`P` among those with the marginals wanted (Csiszar 1975), if there is one.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from precursor.discrete.conditioned import Conditioned
from precursor.discrete.posterior import distribution
from precursor.network.grammar import quote
from precursor.problems import InputError, Problem

TOLERANCE = 1e-12
"""How far a soft marginal may be off once fitting has converged."""
MOST_ROUNDS = 1000


def with_marginals(world: Conditioned, wanted: Mapping[str, np.ndarray], limit: int) -> Conditioned:
    """Return the same network with likelihoods under which the nodes have the marginals wanted.

    Parameters
    ----------
    world
        Interventions and evidence included.
    wanted
        By node, ``(draws or 1, states)``, rows summing to one.
    limit
        The most bytes that a question's tables may take.

    Raises
    ------
    InputError
        Where a state that is impossible is to have a positive probability, or no distribution has all the marginals.
    """
    if not wanted:
        return world
    weights = {name: np.ones((1, marginal.shape[1])) for name, marginal in wanted.items()}
    for _ in range(MOST_ROUNDS):
        furthest = 0.0
        for name in wanted:
            found = distribution(world.weighing(tuple(weights.items())), (name,), limit)
            held, marginal = np.broadcast_arrays(found, wanted[name])
            _require_attainable(name, world.states[name], held, marginal)
            furthest = max(furthest, float(np.abs(held - marginal).max()))
            ratio = np.divide(marginal, held, out=np.zeros_like(held), where=held > 0)
            new = weights[name] * ratio
            weights[name] = new / new.max(axis=1, keepdims=True)
        # A single node is exact after one step; of several, a round without a move says that all of them hold.
        if len(wanted) == 1 or furthest <= TOLERANCE:
            return world.weighing(tuple(weights.items()))
    names = ", ".join(quote(name) for name in wanted)
    raise InputError(
        Problem(
            f"The soft evidence on {names} was not reached in {MOST_ROUNDS} rounds (off by {furthest:.1g}).",
            allowed="marginals that some distribution has together",
        )
    )


def _require_attainable(name: str, states: tuple[str, ...], held: np.ndarray, wanted: np.ndarray) -> None:
    impossible = [state for i, state in enumerate(states) if np.any((wanted[:, i] > 0) & (held[:, i] == 0))]
    if impossible:
        raise InputError(
            Problem(
                f"Soft evidence gives {quote(name)}={', '.join(map(quote, impossible))} a positive probability, "
                "but it is impossible here.",
                allowed="zero",
            )
        )
