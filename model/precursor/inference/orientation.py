"""Which way is bad news: the sign with which a question's log-odds move with those of a catastrophe, under the prior.

Bias is a person's tendency towards pessimism, so answers are turned to face bad news before it is added.  The sign is
that of the correlation over prior draws; replacing an event by its complement turns both the sign and the answer, and
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from precursor.argument.answer import record_odds
from precursor.argument.parameters import ParameterSpace
from precursor.network.grammar import Event, Query, parse_query

BAD_NEWS = "P(existential_catastrophe=yes)"
_DRAWS = 400
_SEED = 20_231_104


def orientations(queries: Sequence[Query], space: ParameterSpace, indicators: Mapping[str, Event]) -> np.ndarray:
    """Return +1 or -1 for each query, (query,)."""
    if not queries:
        return np.zeros(0)
    circuit = record_odds([*queries, parse_query(BAD_NEWS)], space, indicators)
    masses = circuit.evaluate(space.prior_draws(np.random.default_rng(_SEED), _DRAWS))
    logits = np.log(masses[:, 0::2]) - np.log(masses[:, 1::2])
    centred = logits - logits.mean(axis=0)
    covariance = centred[:, :-1].T @ centred[:, -1]
    return np.where(covariance < 0, -1.0, 1.0)
