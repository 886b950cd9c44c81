"""Writing a survey's folder: as a whole or not at all, and never over anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from precursor.writing import new_folder


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
    with new_folder(folder) as made:
        for name, text in files.items():
            (made / name).write_bytes(text.encode())
        return check(made)
