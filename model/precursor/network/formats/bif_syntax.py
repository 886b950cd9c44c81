"""What a BIF file consists of, before any of it is compared."""

from __future__ import annotations

from dataclasses import dataclass, field

Groups = tuple[tuple[str, ...], ...]
"""Words between commas: a name may be several bare words, and some files leave the commas out."""


@dataclass(slots=True)
class VariableBlock:
    """``variable name { type discrete [ n ] { state, ... }; }``."""

    name: str
    row: int
    # None where they cannot be read, or are not as many as stated.
    states: tuple[str, ...] | None = None
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement of a probability block: ``table``, ``default`` or ``row`` (of the parents' states)."""

    kind: str
    given: Groups
    values: list[float]
    row: int


@dataclass(slots=True)
class ProbabilityBlock:
    """``probability ( child | parent, ... ) { ... }``."""

    child: tuple[str, ...]
    parents: Groups
    row: int
    entries: list[Entry] = field(default_factory=list)
    # Whether all of its statements could be read: if not, a row that seems to be missing is not worth a word.
    whole: bool = True


@dataclass(slots=True)
class Blocks:
    """All blocks of a file, in its order."""

    name: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    variables: list[VariableBlock] = field(default_factory=list)
    probabilities: list[ProbabilityBlock] = field(default_factory=list)
