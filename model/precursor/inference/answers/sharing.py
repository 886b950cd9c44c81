"""What the answers of one unit share: the columns of its loading matrix, by what scales them.

For each unit the scale matrix of its answers is ``diag(variance) + V V'``; here the pattern of V is laid down once, so
that in the log-density only its values change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from precursor.inference.answers.facing import Facing
from precursor.inference.answers.observations import Observations
from precursor.inference.answers.rows import Row

# What a column stands for.  "slope" and "loading" entries vary with the question; the others are constant.
KINDS = (
    "bias", "slope", "loading", "target", "question", "known_question", "phrase", "rounding",
    "group_bias", "group_slope",
)  # fmt: skip


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
    own_question, own_known_question
        Whether a row's question is answered by nobody else and once: then its shared error is just noise.  A known
        quantity without a scale of its own has an error of its own.
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
    own_known_question: np.ndarray
    own_target: np.ndarray


Entries = list[tuple[int, float]]


def sharing_of(observations: Observations, facing: Facing) -> Sharing:
    """Return the pattern for the rows of the observations."""
    rows = observations.rows
    shared = set(observations.shared_questions)
    entries: list[tuple[int, int, int, float]] = []
    first_row, first_entry, n_columns = [0], [0], []
    own_variance = np.array([row.statement.variance for row in rows])
    own_question, own_known_question, own_target = (np.zeros(len(rows)) for _ in range(3))
    for members in _runs(observations):
        here = [rows[i] for i in members]
        columns = _columns(here, [(facing.turn[i], facing.push[i]) for i in members], shared)
        for column, (kind, cells) in enumerate(columns):
            entries += [(members[cell], column, KINDS.index(kind), factor) for cell, factor in cells]
        asked, targets = Counter(row.asked for row in here), Counter(row.target for row in here)
        phrases = Counter(row.statement.phrase for row in here)
        for i, row in zip(members, here, strict=True):
            own = own_known_question if row.kind == "known_in_widths" else own_question
            own[i] = float(row.asked not in shared and asked[row.asked] == 1)
            own_target[i] = float(not row.unit.is_group and row.target is not None and targets[row.target] == 1)
            if row.statement.phrase and phrases[row.statement.phrase] == 1:
                own_variance[i] += row.statement.phrase_sd**2
        first_row.append(first_row[-1] + len(members))
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
        own_known_question=own_known_question,
        own_target=own_target,
    )


def _runs(observations: Observations) -> list[list[int]]:
    """Return the positions of every unit's rows, which are next to each other."""
    found: dict[tuple[bool, str], list[int]] = {}
    for i, row in enumerate(observations.rows):
        found.setdefault((row.unit.is_group, row.unit.id), []).append(i)
    return list(found.values())


def _columns(rows: list[Row], stands: list[tuple[float, float]], shared: set[str]) -> list[tuple[str, Entries]]:
    """Return the columns of one unit: what they stand for, and their (row, factor) entries."""
    group, spread = rows[0].unit.is_group, rows[0].unit.side_spread
    push = [push for _, push in stands]
    columns: list[tuple[str, Entries]] = [
        ("group_bias" if group else "bias", [(i, row.pull.bias * push[i]) for i, row in enumerate(rows)]),
        ("group_slope" if group else "slope", [(i, row.pull.slope) for i, row in enumerate(rows)]),
        ("loading", [(i, spread * row.pull.worldview * push[i]) for i, row in enumerate(rows)]),
    ]
    if not group:
        # The residual is on the target's first state: it turns with the question, and with the state asked for.
        faces = [turn * row.faces_first_state for row, (turn, _) in zip(rows, stands, strict=True)]
        columns += [
            ("target", [(i, faces[i] * faces[members[0]]) for i in members])
            for _, members in _repeated([row.target or f"#{i}" for i, row in enumerate(rows)])
        ]
    columns += [
        ("known_question" if rows[members[0]].kind == "known_in_widths" else "question", [(i, 1.0) for i in members])
        for asked, members in _repeated([row.asked for row in rows])
        if asked not in shared
    ]
    phrases = [row.statement.phrase or f"#{i}" for i, row in enumerate(rows)]
    columns += [("phrase", [(i, rows[i].statement.phrase_sd) for i in members]) for _, members in _repeated(phrases)]
    columns += _rounding(rows)
    return [(kind, cells) for kind, every in columns if (cells := [cell for cell in every if cell[1] != 0.0])]


def _rounding(rows: list[Row]) -> list[tuple[str, Entries]]:
    """Return one column for each state of every stated distribution: its resolution moves all contrasts."""
    members: dict[tuple[str, object], list[int]] = {}
    for i, row in enumerate(rows):
        if row.rounding:
            members.setdefault((row.key, row.judgement), []).append(i)
    return [
        ("rounding", [(i, rows[i].rounding[state]) for i in found])
        for found in members.values()
        for state in range(len(rows[found[0]].rounding))
    ]


def _repeated(names: list[str]) -> list[tuple[str, list[int]]]:
    """Return every name that stands there more than once, with its positions."""
    where: dict[str, list[int]] = {}
    for i, name in enumerate(names):
        where.setdefault(name, []).append(i)
    return [(name, members) for name, members in where.items() if len(members) > 1]
