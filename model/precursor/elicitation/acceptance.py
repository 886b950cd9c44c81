"""A survey becomes part of the store: copied as a whole, its files hashed and made read-only.

The record is the first line of the copied ``survey.toml``::

    accepted = { "responses.csv" = "<SHA-256>", "survey.toml" = "<SHA-256 of the lines after this one>" }

so that a survey carries what it must be, wherever it lies.  `accepted_problems` compares the two at every reading, and
names each file that was changed, added or taken away.  A survey without the key is not compared with anything.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from precursor.elicitation.files import read_bytes
from precursor.elicitation.survey_names import HEADER, TOMBSTONE
from precursor.elicitation.toml_text import toml_value
from precursor.problems import InputError, Problem
from precursor.writing import new_folder

if TYPE_CHECKING:
    from precursor.elicitation.survey import Survey

KEY = "accepted"
_UTF8_MARK = b"\xef\xbb\xbf"
_READ_ONLY = 0o444
_FOLDER_MODE = 0o755


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted survey: where it lies now, and the SHA-256 recorded of each file."""

    id: str
    folder: Path
    files: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """One SHA-256 for the whole survey: of its files' names and hashes."""
        return combined(self.files)


def combined(files: Mapping[str, str]) -> str:
    """Return one SHA-256 for several files: that of the lines ``<SHA-256>  <name>``, sorted by name."""
    lines = "".join(f"{files[name]}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def accept(survey: Survey, store: Path) -> Accepted:
    """Copy a validated survey to ``store/<id>`` and record what it holds; return the record.

    Only the files that were read are copied.  The copy is made beside its place and renamed, so that of two processes
    one wins and the other is told.  Raises `InputError` if the id is taken or was retracted, if a file has changed
    since the survey was read, or if the survey records an acceptance already in a form of its own.
    """
    target = store / survey.id
    check_free(target)
    contents = {name: _unchanged(survey, name) for name in sorted(survey.hashes)}
    contents[HEADER] = _without_record(contents[HEADER].removeprefix(_UTF8_MARK))
    if KEY in tomllib.loads(contents[HEADER].decode()):
        message = f"'{KEY}' is there already, though not as this program writes it."
        raise InputError(Problem(message, "no such key", file=HEADER, column=KEY))
    files = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    contents[HEADER] = _record(files) + contents[HEADER]
    store.mkdir(parents=True, exist_ok=True)
    with new_folder(target, check_free) as parts:
        for name, content in contents.items():
            (parts / name).write_bytes(content)
            (parts / name).chmod(_READ_ONLY)
        parts.chmod(_FOLDER_MODE)
    return Accepted(survey.id, target, files)


def check_free(target: Path) -> None:
    """Raise `InputError` if a folder of the store is taken by a survey, or was by one that is retracted."""
    if (target / TOMBSTONE).exists():
        message = f"The survey '{target.name}' was retracted; its id is never used again."
        raise InputError(Problem(message, "another id"))
    if target.is_symlink() or target.exists():
        message = f"There is a survey '{target.name}' already: what is in the store does not change."
        raise InputError(Problem(message, "another id, or retract the other first and take another id"))


def accepted_problems(header: str, table: Mapping[str, object], hashes: Mapping[str, str]) -> Iterator[Problem]:
    """Yield what differs from the record in the text of ``survey.toml``: one problem for each file that does.

    ``table`` is the parsed text and ``hashes`` are those of the files that were read.
    """
    recorded = recorded_files(table)
    if recorded is None:
        return
    remedy = "the files as accepted; to work on a copy, remove the line 'accepted = ...' from its survey.toml"
    content = header.encode()
    found = {**hashes, HEADER: hashlib.sha256(_without_record(content)).hexdigest()}
    for name in sorted({*recorded, *found}):
        if recorded.get(name) == found.get(name):
            continue
        what = "changed" if name in recorded and name in found else "taken away" if name in recorded else "added"
        yield Problem(f"This file was {what} after the survey was accepted.", remedy, file=name)


def recorded_files(table: Mapping[str, object]) -> Mapping[str, str] | None:
    """Return the SHA-256 by file that an accepted survey records; None if the survey records none."""
    record = table.get(KEY)
    if isinstance(record, dict) and HEADER in record and all(isinstance(value, str) for value in record.values()):
        return record
    return None


def _unchanged(survey: Survey, name: str) -> bytes:
    try:
        content = read_bytes(survey.folder / name)
    except InputError as error:
        raise InputError(Problem(problem.message, problem.allowed, file=name) for problem in error.problems) from error
    if hashlib.sha256(content).hexdigest() != survey.hashes[name]:
        raise InputError(Problem("The file was changed while it was being accepted.", "accept it again", file=name))
    return content


def _record(files: Mapping[str, str]) -> bytes:
    pairs = ", ".join(f"{toml_value(name)} = {toml_value(files[name])}" for name in sorted(files))
    return f"{KEY} = {{ {pairs} }}\n".encode()


def _without_record(content: bytes) -> bytes:
    first, _, rest = content.partition(b"\n")
    return rest if first.startswith(f"{KEY} = {{ ".encode()) else content
