"""What is wrong with an input, where, and what is allowed: the one way in which bad input is reported.

Every check collects all the problems it can find and raises them together as one `InputError`; the command line turns
that into exit status 2.  Nothing else in the package prints or exits.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``file`` relative to what was read, ``row`` the line a record starts on (header = 1)."""

    message: str
    allowed: str | None = None
    file: str | None = None
    row: int | None = None
    column: str | None = None

    def as_json(self) -> dict[str, str | int | None]:
        """Return the object that ``--json`` prints: file, row, column, message, allowed."""
        return {key: asdict(self)[key] for key in ("file", "row", "column", "message", "allowed")}

    def __str__(self) -> str:
        """Render as one line for a terminal."""
        where = ", ".join(
            part
            for part in (
                self.file,
                None if self.row is None else f"row {self.row}",
                None if self.column is None else f"column {self.column}",
            )
            if part
        )
        text = f"{where}: {self.message}" if where else self.message
        return f"{text} Allowed: {self.allowed}" if self.allowed else text


class InputError(ValueError):
    """Input that cannot be used; ``problems`` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def refuse_what_is_no_file(path: Path, allowed: str) -> None:
    """Raise `InputError` for a folder, a device or a pipe: of a pipe that nobody writes to there is no end."""
    if path.exists() and not path.is_file():
        raise InputError(Problem("This is not a file.", allowed, path.name))


def for_each[Item, Found](read: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Return what each item is read as; raise `InputError` with what is wrong with any of them, all at once."""
    found, problems = list[Found](), list[Problem]()
    for item in items:
        try:
            found.append(read(item))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def nearest(word: str, allowed: Iterable[str], count: int = 3) -> list[str]:
    """Return up to ``count`` of the allowed words most like ``word``, best first (never empty if any exist)."""
    words = list(dict.fromkeys(allowed))
    lowered = {candidate.lower(): candidate for candidate in words}
    matches = [lowered[m] for m in difflib.get_close_matches(word.lower(), lowered, n=count, cutoff=0.5)]
    contained = [w for w in words if word and (word.lower() in w.lower() or w.lower() in word.lower())]
    found = list(dict.fromkeys(matches + contained))[:count]
    return found or words[:count]


def did_you_mean(word: str, allowed: Iterable[str], count: int = 3) -> str:
    """Return ``a, b or c``: the nearest of the allowed words, for an error's ``allowed``."""
    found = nearest(word, allowed, count)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}" if found else "nothing"
