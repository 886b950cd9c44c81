"""What the answers of one unit share: the columns of its loading matrix, by what scales them.

For each unit the scale matrix of its answers is ``diag(variance) + V V'``; here the pattern of V is laid down once, so
that in the log-density only its values change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from precursor.inference.observations import Observations, Row

# What a column stands for.  "slope" and "loading" entries vary with the question; the others are constant.
KINDS = ("bias", "slope", "loading", "target", "question", "phrase", "group_bias", "group_slope")


@dataclass(frozen=True)
class Sharing:
    """The pattern of all units' loading matrices.

    Attributes
    ----------
    first_row, first_entry
        Where each unit's rows and entries begin, (unit + 1,).
    rows, columns, kinds
        Of every entry: row (over all units), column (within its unit), index into `KINDS`.
    factors
        Constant factor of every entry.
    n_columns
        Columns of each unit.
    own_variance
        Constant variance of each row: rounding, and the spread of phrases used once.
    own_question
        Whether a row's question is answered by nobody else and once: then its shared error is just noise.
    own_target
        Whether a person's row is the only one on its target: then the residual on the target is just noise.
    """

    first_row: np.ndarray
    first_entry: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    kinds: np.ndarray
    factors: np.ndarray
    n_columns: np.ndarray
    own_variance: np.ndarray
    own_question: np.ndarray
    own_target: np.ndarray


def sharing_of(observations: Observations) -> Sharing:
    """Return the pattern for the rows of the observations."""
    entries: list[tuple[int, int, int, float]] = []
    first_row, first_entry, n_columns = [0], [0], []
    own_variance = np.array([row.statement.variance for row in observations.rows])
    own_question = np.zeros(len(observations.rows))
    own_target = np.zeros(len(observations.rows))
    shared = set(observations.shared_questions)
    for unit in observations.units:
        rows = [i for i, row in enumerate(observations.rows) if row.unit == unit]
        columns = _columns([observations.rows[i] for i in rows], shared, unit.is_group)
        for column, (kind, members) in enumerate(columns):
            entries += [(rows[member], column, KINDS.index(kind), factor) for member, factor in members]
        for i in rows:
            row = observations.rows[i]
            alone = Counter(observations.rows[j].question.id for j in rows)[row.question.id] == 1
            own_question[i] = float(row.question.id not in shared and alone)
            own_target[i] = float(
                not unit.is_group and [observations.rows[j].target for j in rows].count(row.target) == 1
            )
            if (
                row.statement.phrase
                and Counter(observations.rows[j].statement.phrase for j in rows)[row.statement.phrase] == 1
            ):
                own_variance[i] += row.statement.phrase_sd**2
        first_row.append(first_row[-1] + len(rows))
        first_entry.append(len(entries))
        n_columns.append(len(columns))
    table = np.array(entries, dtype=float).reshape(-1, 4)
    return Sharing(
        first_row=np.array(first_row, dtype=np.int64),
        first_entry=np.array(first_entry, dtype=np.int64),
        rows=table[:, 0].astype(np.int64),
        columns=table[:, 1].astype(np.int64),
        kinds=table[:, 2].astype(np.int64),
        factors=table[:, 3].copy(),
        n_columns=np.array(n_columns, dtype=np.int64),
        own_variance=own_variance,
        own_question=own_question,
        own_target=own_target,
    )


def _columns(rows: list[Row], shared: set[str], is_group: bool) -> list[tuple[str, list[tuple[int, float]]]]:
    """Return the columns of one unit: what they stand for, and their (row, factor) entries."""
    everyone = [(i, 1.0) for i in range(len(rows))]
    spread = rows[0].unit.side_spread
    if is_group:
        columns = [("group_bias", everyone), ("group_slope", everyone)]
    else:
        columns = [("bias", everyone), ("slope", everyone)]
    columns.append(("loading", [(i, spread) for i in range(len(rows))]))
    if not is_group:
        columns += [("target", [(i, 1.0) for i in members]) for members in _repeated([row.target for row in rows])]
    columns += [
        ("question", [(i, 1.0) for i in members])
        for members in _repeated([row.question.id for row in rows])
        if rows[members[0]].question.id not in shared
    ]
    phrases = [row.statement.phrase or f"#{i}" for i, row in enumerate(rows)]
    columns += [("phrase", [(i, rows[i].statement.phrase_sd) for i in members]) for members in _repeated(phrases)]
    return columns


def _repeated(names: list[str]) -> list[list[int]]:
    """Return the positions of every name that stands there more than once."""
    where: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        where.setdefault(name, []).append(i)
    return [members for members in where.values() if len(members) > 1]
