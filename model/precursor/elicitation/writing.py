"""Writing a survey's folder: as a whole or not at all, and never over anything."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from precursor.problems import InputError, Problem


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV: commas, LF, quotes where they are needed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue()


def write_survey[T](folder: Path, files: Mapping[str, str], check: Callable[[Path], T]) -> T:
    """Write the files of a survey to ``folder``, which must not exist; return what ``check`` returns.

    ``check`` is called with the finished folder where it stands for the time being, beside its place but under its own
    name; if it raises, nothing is left.  Raises `InputError` if there is something at ``folder``.
    """
    refuse_existing(folder)
    folder = folder.absolute()
    if not folder.parent.is_dir():
        raise InputError(Problem(f"There is no folder {str(folder.parent)!r} to write to.", "an existing folder"))
    around = Path(tempfile.mkdtemp(prefix=".importing-", dir=folder.parent))
    try:
        made = around / folder.name
        made.mkdir()
        for name, text in files.items():
            (made / name).write_bytes(text.encode())
        checked = check(made)
        try:
            made.rename(folder)
        except OSError:
            refuse_existing(folder)
            raise
        return checked
    finally:
        shutil.rmtree(around, ignore_errors=True)


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet, as a whole or not at all; raise `InputError` if there is one."""
    refuse_existing(path)
    path = path.absolute()
    if not path.parent.is_dir():
        raise InputError(Problem(f"There is no folder {str(path.parent)!r} to write to.", "an existing folder"))
    around = Path(tempfile.mkdtemp(prefix=".writing-", dir=path.parent))
    try:
        made = around / path.name
        made.write_bytes(content)
        made.replace(path)
    finally:
        shutil.rmtree(around, ignore_errors=True)


def refuse_existing(path: Path) -> None:
    """Raise `InputError` if there is anything at a path."""
    if path.is_symlink() or path.exists():
        raise InputError(Problem(f"There is something at {str(path)!r} already.", "a name that is not taken"))
