"""A survey is taken back: its files are removed, and a tombstone says that there was one.

The tombstone, ``retracted.toml`` in the survey's folder, is written first.  From then on the survey is not read, even
if the removal is cut short; retracting it again finishes the removal.
"""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from precursor.elicitation.acceptance import combined
from precursor.elicitation.survey_names import TOMBSTONE
from precursor.elicitation.toml_text import toml_pairs
from precursor.problems import InputError, Problem
from precursor.writing import write_file

LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is known of a retracted survey: its id, when (UTC), the SHA-256 of what was removed, and perhaps why."""

    id: str
    when: str
    sha256: str
    reason: str | None = None

    def __str__(self) -> str:
        """Return it in one sentence."""
        return f"The survey '{self.id}' was retracted on {self.when[:10]}{f': {self.reason}' if self.reason else ''}."


def retract(folder: Path, *, reason: str | None = None, now: datetime | None = None) -> Tombstone:
    """Leave a tombstone in a survey's folder and remove all else; return the tombstone.

    ``now`` is the time to write down, the present unless given.  Of a survey that is retracted already, what is left
    of its files is removed and the first tombstone stands.  Raises `InputError` for a reason that is too long.
    """
    if reason is not None and len(reason) > LONGEST_REASON:
        raise InputError(Problem("The reason is too long.", f"up to {LONGEST_REASON} characters"))
    stone = read_tombstone(folder)
    if stone is None:
        when = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        stone = Tombstone(folder.name, when, _hash(folder), (reason or "").strip() or None)
        _write(stone, folder)
    for path in [path for path in folder.iterdir() if path.name != TOMBSTONE]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
    return stone


def read_tombstone(folder: Path) -> Tombstone | None:
    """Return the tombstone in a survey's folder, if there is one; an unreadable one still says that it is there."""
    path = folder / TOMBSTONE
    if not path.is_file():
        return None
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        table = {}
    reason = table.get("reason")
    when, sha256 = str(table.get("when", "unknown")), str(table.get("sha256", ""))
    return Tombstone(folder.name, when, sha256, None if reason is None else str(reason))


def list_tombstones(store: Path) -> tuple[Tombstone, ...]:
    """Return the tombstones of a store, by id."""
    if not store.is_dir():
        return ()
    found = (read_tombstone(folder) for folder in sorted(store.iterdir()) if not folder.is_symlink())
    return tuple(stone for stone in found if stone is not None)


def refuse_retracted(folder: Path) -> None:
    """Raise `InputError` if the survey in a folder is retracted."""
    stone = read_tombstone(folder)
    if stone is not None:
        raise InputError(Problem(f"{stone} Its answers are gone.", "another survey"))


def _hash(folder: Path) -> str:
    return combined({str(path.relative_to(folder)): _file_hash(path) for path in _files(folder)})


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path


def _file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _write(stone: Tombstone, folder: Path) -> None:
    lines = toml_pairs({key: value for key, value in asdict(stone).items() if value is not None})
    write_file(folder / TOMBSTONE, ("\n".join(lines) + "\n").encode())
