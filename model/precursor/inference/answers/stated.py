"""What was answered, apart from what was asked: the numbers that a compiled model can be given anew.

Who answered which question in which form, with which stated width, rounding, phrase or limit, is the plan's; where the
answers stand is here.  Simulated answers to the same questions (`simulation.replicate`) are refitted without compiling.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np

from precursor.inference.answers.columns import Columns, floats
from precursor.inference.answers.observations import Observations
from precursor.inference.answers.ranking_tables import RankingTables

# An array of NumPy, or a variable of PyTensor.
Array = Any


@dataclass(frozen=True)
class Stated:
    """Where answers stand; arrays, or variables of the same shapes.

    Attributes
    ----------
    location
        Of every row on its unconstrained scale, (row,); of a bound its limit.
    outward
        Of every bound +1 or -1: which way from its limit the answer lies, (bounded row,).
    quartile_range
        Distance of published quartiles, (row with quartiles,).
    orders
        Of every ranking and every order of its question 1 if the order is among those stated, else 0, (cell,).
    outcome
        Of every seed question with an outcome +1 if the event happened, else -1, (seed,).
    """

    location: Array
    outward: Array
    quartile_range: Array
    orders: Array
    outcome: Array

    @property
    def data(self) -> dict[str, Array]:
        """The arrays by name of the model's data; what has no answers is no data."""
        named = {f"stated_{field.name}": getattr(self, field.name) for field in fields(self)}
        return {name: array for name, array in named.items() if len(array)}

    def with_data(self, data: Mapping[str, Array]) -> Self:
        """Return the same with the named arrays put in."""
        return replace(self, **{name.removeprefix("stated_"): array for name, array in data.items()})


def stated_of(observations: Observations, columns: Columns, rankings: RankingTables) -> Stated:
    """Return where the answers of the observations stand."""
    rows = observations.rows
    outcomes = {row.key: row.question.outcome for row in rows if row.kind == "event_seed"}
    return Stated(
        location=floats(row.statement.location for row in rows),
        outward=floats(-1.0 if rows[i].statement.censored == "below" else 1.0 for i in columns.bounded),
        quartile_range=floats(rows[i].quartile_range for i in columns.with_quartiles),
        orders=rankings.among_stated,
        outcome=np.array([1.0 if outcomes[key] else -1.0 for key in observations.seeds]),
    )
