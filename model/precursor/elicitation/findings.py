"""Collecting what is wrong: every check notes what it finds and carries on; the end raises everything at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from precursor.problems import InputError, Problem


@dataclass(slots=True)
class Findings:
    """The problems met so far; ``errors`` forbid the use of the input, ``warnings`` do not."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def raise_errors(self) -> None:
        """Raise one `InputError` with every error, if there is any."""
        if self.errors:
            raise InputError(in_reading_order(self.errors))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is read: a file, a row, a column; findings noted here say so."""

    findings: Findings
    file: str | None = None
    row: int | None = None
    column: str | None = None

    def at(self, *, row: int | None = None, column: str | None = None) -> Place:
        """Return a place in the same file; a row or column not given is kept."""
        return replace(self, row=self.row if row is None else row, column=self.column if column is None else column)

    def error(self, message: str, allowed: str | None = None) -> None:
        """Note something that forbids the use of the input."""
        self.findings.errors.append(self._located(Problem(message, allowed)))

    def warn(self, message: str, allowed: str | None = None) -> None:
        """Note something that the person ought to know, though the input can be used."""
        self.findings.warnings.append(self._located(Problem(message, allowed)))

    def note(self, problems: Iterable[Problem]) -> None:
        """Note problems found elsewhere as errors at this place, unless they say where they are themselves."""
        self.findings.errors.extend(self._located(problem) for problem in problems)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note the problems of an `InputError` raised inside as errors at this place, and carry on after the block."""
        try:
            yield
        except InputError as error:
            self.note(error.problems)

    def _located(self, problem: Problem) -> Problem:
        return replace(
            problem,
            file=problem.file or self.file,
            row=self.row if problem.row is None else problem.row,
            column=problem.column or self.column,
        )


def in_reading_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems file by file in the order in which files were first met, and by row within a file."""
    problems = tuple(problems)
    files = {problem.file: number for number, problem in reversed(list(enumerate(problems)))}
    return tuple(sorted(problems, key=lambda problem: (files[problem.file], problem.row or 0)))
