r"""Bounds on how often a cause was necessary, or would have been sufficient, without an assumption on responses.

Of a cause of two states, :math:`x` and :math:`x'`, and an effect that happens, :math:`y`, or does not, :math:`y'`;
:math:`y_x` is the effect had the cause been set to :math:`x`:

* necessity :math:`P(y'_{x'} \mid x, y)`: the effect would not have been, but for the cause;
* sufficiency :math:`P(y_x \mid x', y')`: where neither was, the cause would have brought the effect about;
* both :math:`P(y_x, y'_{x'})`: the effect follows the cause in either direction.

The network gives what was (:math:`P(x, y)`) and what interventions do (:math:`P(y_x)`); these alone leave each between

.. math::

    \max\Bigl(0, \tfrac{P(y) - P(y_{x'})}{P(x, y)}\Bigr) &\le necessity \le
        \min\Bigl(1, \tfrac{P(y'_{x'}) - P(x', y')}{P(x, y)}\Bigr) \\
    \max\Bigl(0, \tfrac{P(y_x) - P(y)}{P(x', y')}\Bigr) &\le sufficiency \le
        \min\Bigl(1, \tfrac{P(y_x) - P(x, y)}{P(x', y')}\Bigr) \\
    \max\bigl(0, P(y_x) - P(y_{x'}), P(y) - P(y_{x'}), P(y_x) - P(y)\bigr) &\le both \le
        \min\bigl(P(y_x), P(y'_{x'}), P(x, y) + P(x', y'), \\
        & \qquad P(y_x) - P(y_{x'}) + P(x, y') + P(x', y)\bigr)

and no closer (Tian and Pearl 2000, "Probabilities of causation: bounds and identification").  A network, with its
independent noises, may leave less; there `precursor.discrete.counterfactual` gives
the value under a named assumption.
"""

from __future__ import annotations

import numpy as np

from precursor.discrete.ask import probability, world_of
from precursor.discrete.conditioned import Conditioned
from precursor.discrete.conditions import Updates, check_premises
from precursor.discrete.posterior import distribution
from precursor.discrete.relevance import descendants
from precursor.network.grammar import Conditions, Event, Intervention, StateEvent, quote
from precursor.problems import InputError, Problem

_BINARY = 2
Interval = tuple[np.ndarray, np.ndarray]


def bounds(
    network: Conditioned, cause: Event, effect: Event, given: Conditions, updates: Updates, limit: int
) -> tuple[Interval, Interval, Interval]:
    """Return the bounds of necessity, of sufficiency and of both; see the module.

    Parameters
    ----------
    network
        Nothing set or observed.
    cause, effect
        ``node=state``; the cause has two states, the effect may have more.
    given
        What is observed of nodes that the cause does not affect; interventions hold throughout.
    updates, limit
        As for any question; observations among the updates, too, are of nodes that the cause does not affect.

    Returns
    -------
    Pairs of the lower and the upper bound, ``(draws or 1,)``; nan where what was did not leave the case possible.

    Raises
    ------
    InputError
        As any question; where the cause has more than two states, is the effect, or is intervened on already; where
        something is observed that it affects.
    """
    premises = check_premises(network, given, updates, (cause, effect))
    assert isinstance(cause, StateEvent)  # checked with the premises
    assert isinstance(effect, StateEvent)
    node, target = cause.variable.node, effect.variable.node
    below = descendants(premises.intervene(network).parents, [node])
    observed = {*premises.observed, *premises.likelihoods, *premises.soft_marginals}
    problems = [
        Problem(f"{quote(name)} is observed, and may be an effect of {quote(node)}.", allowed="what comes before it")
        for name in sorted(observed & below)
    ]
    if len(network.states[node]) != _BINARY:
        problems.append(Problem(f"{quote(node)} has {len(network.states[node])} states.", allowed="two"))
    if node == target:
        problems.append(Problem(f"{quote(node)} is its own effect.", allowed="another node"))
    if node in premises.set_to:
        problems.append(Problem(f"{quote(node)} is set already.", allowed="interventions on other nodes"))
    if problems:
        raise InputError(problems)
    x, y = (network.states[event.variable.node].index(event.state) for event in (cause, effect))
    joint = distribution(world_of(network, given, updates, limit), (node, target), limit)
    with_cause, without = (
        _experiment(network, Intervention(node, network.states[node][state]), {target: y}, given, updates, limit)
        for state in (x, 1 - x)
    )
    p_xy, p_oy = joint[:, x, y], joint[:, 1 - x, y]
    return _intervals(
        p_xy, joint[:, x].sum(axis=1) - p_xy, p_oy, joint[:, 1 - x].sum(axis=1) - p_oy, with_cause, without
    )


def _experiment(
    network: Conditioned,
    do: Intervention,
    event: dict[str, int],
    given: Conditions,
    updates: Updates,
    limit: int,
) -> np.ndarray:
    """Return the probability of the effect had the cause been set."""
    policies = {name: how for name, how in updates.get("policies", {}).items() if name != do.node}
    soft = {name: how for name, how in updates.get("soft_intervention", {}).items() if name != do.node}
    others: Updates = {**updates, "policies": policies, "soft_intervention": soft}
    world = world_of(network, Conditions(given.evidence, (*given.interventions, do)), others, limit)
    return probability(world, event, limit)


def _intervals(
    xy: np.ndarray, xn: np.ndarray, oy: np.ndarray, on: np.ndarray, with_cause: np.ndarray, without: np.ndarray
) -> tuple[Interval, Interval, Interval]:
    """Return the three intervals; ``xn`` is the cause without the effect, ``oy`` the effect without the cause."""
    happens = xy + oy
    both = (
        np.maximum.reduce(np.broadcast_arrays(0.0, with_cause - without, happens - without, with_cause - happens)),
        np.minimum.reduce(np.broadcast_arrays(with_cause, 1 - without, xy + on, with_cause - without + xn + oy)),
    )
    necessity = _within(happens - without, 1 - without - on, xy)
    sufficiency = _within(with_cause - happens, with_cause - xy, on)
    return necessity, sufficiency, (both[0], np.maximum(*both))


def _within(lower: np.ndarray, upper: np.ndarray, of: np.ndarray) -> Interval:
    """Return two quotients cut to [0, 1], in order in spite of rounding; nan where the divisor is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = (np.where(of > 0, np.clip(part / of, 0, 1), np.nan) for part in (lower, upper))
    return low, np.maximum(low, high)
