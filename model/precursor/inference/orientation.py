"""Which way is bad news: how each quantity moves with the log-odds of human extinction, under the prior.

Extinction is downstream of everything else, so hardly anything is independent of it (a catastrophe's probability is of
that of extinction given the catastrophe).  Bias is a person's tendency towards pessimism, so answers are turned to face
bad news before it is added.  Of a probability or parameter that is a sign; replacing an event by its complement turns
both the sign and the answer, and changes nothing.  Much of what training decides hardly moves extinction, as other
ways lead there (a correlation of .03 is a direction), so the prior is spread over evenly, not drawn from.  Where
the correlation is no more than what is left of chance, the sign is that of the question's first state: it must not hang
on which other questions are asked.  Of a distribution it is a direction of unit length among its contrasts, so that it
does not matter in which order the states stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from precursor.argument.parameters import ParameterSpace
from precursor.inference.answers.rows import faces_first_state
from precursor.inference.quantities import quantities_of
from precursor.network.grammar import DistributionQuery, Event, LikelihoodRatioQuery, OrderQuery, Query, parse_query

BAD_NEWS = "P(human_extinction=yes)"
_POINTS = 2**13
# Three standard errors of a correlation, as it differs between spreads from other seeds.
_BY_CHANCE = 0.012
_SEED = 20_231_104


def orientations(queries: Sequence[Query], space: ParameterSpace, indicators: Mapping[str, Event]) -> np.ndarray:
    """Return, for every quantity of the queries, how bad news acts on it, (quantity,).

    +1 or -1 for probabilities and parameters; along each contrast the part of a unit vector; 1 for likelihood ratios
    and orders, which bad news does not act on.
    """
    if not queries:
        return np.zeros(0)
    found = quantities_of([*queries, parse_query(BAD_NEWS)], space, indicators)
    values = found.over(space.prior_spread(_POINTS, _SEED))
    centred = values - values.mean(axis=0)
    covariance = centred.T @ centred[:, -1]
    spread = np.sqrt((centred**2).sum(axis=0) * (centred[:, -1] ** 2).sum())
    correlation = np.divide(covariance, spread, out=np.zeros_like(covariance), where=spread > 0)
    return np.concatenate(
        [_acting(query, covariance[own], correlation[own]) for query, own in zip(queries, found.of_query, strict=False)]
    )


def _acting(query: Query, covariance: np.ndarray, correlation: np.ndarray) -> np.ndarray:
    if isinstance(query, LikelihoodRatioQuery | OrderQuery):
        return np.ones(len(covariance))
    if isinstance(query, DistributionQuery):
        length = np.linalg.norm(covariance)
        return covariance / length if length > 0 else covariance
    if abs(correlation[0]) < _BY_CHANCE:
        return np.array([faces_first_state(query)])
    return np.where(covariance < 0, -1.0, 1.0)
