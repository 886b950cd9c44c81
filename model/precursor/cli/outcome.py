"""What a command hands back: one document for ``--json`` and the lines for people, made safe for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DONE, FAILED_CHECKS, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Joiners belong to the spelling of some languages and move nothing on a terminal.
_JOINERS = frozenset({"\u200c", "\u200d"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a command.

    ``document`` is what ``--json`` prints; ``lines`` is what people read; ``passed`` is False for a result from a run
    that did not pass its checks.
    """

    document: Mapping[str, object] | Sequence[object]
    lines: tuple[str, ...]
    passed: bool = True

    @property
    def status(self) -> int:
        """The exit status."""
        return DONE if self.passed else FAILED_CHECKS


def visible(text: str) -> str:
    r"""Return ``text`` for a terminal: control and direction characters as escapes such as ``\x1b``, the rest as is."""
    return "".join(_escape(character) for character in text)


def _escape(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE or character in _JOINERS:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def table(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return rows as lines with aligned columns; the cells are made safe first, so that they align."""
    safe = [[visible(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*safe, strict=True)]
    return tuple("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in safe)
