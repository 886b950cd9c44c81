"""The sparsity pattern of a block of lanes: the states and edges that can matter to it, laid out for the kernels.

A block propagates eight lanes side by side.  What none of them can reach, and what none of them has a rate for, is left
out; blocks that leave out the same share a pattern.  States are numbered anew within a pattern.

A pattern's edges stand in the kernels' ``stream`` of integers three times: by target (``incoming``) and by source
(``outgoing``), each grouped by the number of edges of a row, and as plain (source, target, class) in the order of
``outgoing``.  A group needs no inner loop, which is what makes short rows fast::

    rows with no edge, with one, ..., with LONGEST, with more | records: row, (other, class) for each edge
                                                                (with more: row, how many, (other, class) ...)

Rows, others and classes are multiplied by the number of lanes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from precursor.exact.algebra import Chain
from precursor.exact.lanes import LONGEST, WIDTH

Edge = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pattern:
    """States that can be reached (indices of the chain's), and (source, target, class) of the edges among them."""

    states: tuple[int, ...]
    edges: tuple[Edge, ...]


def pattern_of(chain: Chain, reached: np.ndarray, possible: np.ndarray) -> Pattern:
    """Return the pattern of lanes that together reach ``reached`` (state) at rates in the ``possible`` (class) ones.

    An edge that leads from what one lane reaches to what none reaches has no rate in that lane, and is left out.
    """
    states = np.flatnonzero(reached)
    place = np.full(chain.n_states, -1)
    place[states] = np.arange(len(states))
    kept = possible[chain.classes] & reached[chain.sources] & reached[chain.targets]
    edges = zip(place[chain.sources[kept]], place[chain.targets[kept]], chain.classes[kept], strict=True)
    return Pattern(tuple(states.tolist()), tuple((int(i), int(j), int(c)) for i, j, c in edges))


def laid_out(patterns: Sequence[Pattern]) -> tuple[np.ndarray, np.ndarray]:
    """Return a row of places for each pattern, and the stream.

    Returns
    -------
    tuple
        (pattern, 5): number of states, number of edges, and where in the stream incoming, outgoing and plain edges
        begin; and the stream of integers.
    """
    stream: list[int] = []
    rows = []
    for pattern in patterns:
        n = len(pattern.states)
        places = [len(stream)]
        stream += _grouped(n, [(j, i, c) for i, j, c in pattern.edges])
        places.append(len(stream))
        outgoing = _by_length(n, pattern.edges)
        stream += _grouped(n, pattern.edges)
        places.append(len(stream))
        stream += [number for _, edges in outgoing for edge in edges for number in edge]
        rows.append((n, len(pattern.edges), *places))
    return np.array(rows, dtype=np.int64).reshape(-1, 5), np.array(stream, dtype=np.int32)


def _by_length(n_rows: int, edges: Sequence[Edge]) -> list[tuple[int, list[Edge]]]:
    """Return the rows with their edges (row, other, class), rows with few edges first."""
    of_row: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        of_row[edge[0]].append(edge)
    return sorted(((row, of_row[row]) for row in range(n_rows)), key=lambda item: len(item[1]))


def _grouped(n_rows: int, edges: Sequence[Edge]) -> list[int]:
    rows = _by_length(n_rows, edges)
    counts = [0] * (LONGEST + 2)
    records: list[int] = []
    for row, own in rows:
        counts[min(len(own), LONGEST + 1)] += 1
        records += [row * WIDTH, *([len(own)] if len(own) > LONGEST else [])]
        records += [number * WIDTH for _, other, kind in own for number in (other, kind)]
    return counts + records
