"""The rankings as tables: which orders each question has, and which of them each ranking is the union of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from precursor.inference.answers.columns import position_among
from precursor.inference.answers.observations import Observations
from precursor.inference.quantities import Quantities


@dataclass(frozen=True)
class RankingTables:
    """Constant tables; an *order* here is an order of one question, in the order of the latents of their errors.

    Attributes
    ----------
    quantity, question
        Of every order its quantity and its question, (order,).
    of_question
        Which orders each question has, (question, order).
    asked
        Of every ranking its question, (ranking,).
    cell_order, of_ranking
        A *cell* is a ranking and an order of its question: the order, (cell,), and which cells each ranking has,
        (ranking, cell).
    among_stated
        1 if the cell's order is one of those that the ranking is the union of, else 0, (cell,).
    """

    quantity: np.ndarray
    question: np.ndarray
    of_question: csr_array
    asked: np.ndarray
    cell_order: np.ndarray
    of_ranking: csr_array
    among_stated: np.ndarray


def ranking_tables(observations: Observations, quantities: Quantities) -> RankingTables:
    """Return the tables of the observations' rankings."""
    ranked = observations.ranked
    by_key = {ranking.key: ranking for ranking in ranked}
    keys = list(by_key)
    names = [name for ranking in by_key.values() for name in ranking.asked]
    orders = [order for ranking in by_key.values() for order in ranking.orders]
    question = np.array([i for i, ranking in enumerate(by_key.values()) for _ in ranking.orders], dtype=np.int64)
    at = {name: i for i, name in enumerate(names)}
    cells = [(i, at[name]) for i, ranking in enumerate(ranked) for name in ranking.asked]
    own = [[j for j, (i, _) in enumerate(cells) if i == ranking] for ranking in range(len(ranked))]
    return RankingTables(
        quantity=position_among(quantities.names, orders),
        question=question,
        of_question=_membership([np.flatnonzero(question == i).tolist() for i in range(len(keys))], len(names)),
        asked=position_among(keys, [ranking.key for ranking in ranked]),
        cell_order=np.array([order for _, order in cells], dtype=np.int64),
        of_ranking=_membership(own, len(cells)),
        among_stated=np.array([float(order in r.stated) for r in ranked for order in r.orders]),
    )


def _membership(members: Sequence[Sequence[int]], columns: int) -> csr_array:
    """Return the matrix, (list, member), that is one where a list holds a member."""
    rows = [i for i, found in enumerate(members) for _ in found]
    flat = [j for found in members for j in found]
    return csr_array((np.ones(len(flat)), (rows, flat)), shape=(len(members), columns))
