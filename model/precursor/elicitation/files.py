"""From a file's bytes to its text: UTF-8 with or without byte order mark, and a clear word on everything else."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from precursor.elicitation.findings import Place
from precursor.problems import InputError, Problem

LARGEST_FILE = 50_000_000
_UTF8_MARK = b"\xef\xbb\xbf"
_FOREIGN_STARTS = {
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
    b"PK\x03\x04": "a spreadsheet or zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
}
_AS_UTF8 = "plain text in UTF-8 (in a spreadsheet: save as 'CSV UTF-8')"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file as read: its name relative to the survey, its text, and the SHA-256 of its bytes."""

    name: str
    text: str
    sha256: str


def read_text(path: Path, place: Place) -> SourceText | None:
    """Return a file's text, or None after noting at ``place`` why there is none.

    Symbolic links are refused: a survey is what lies in its folder, and its hash must stay true.
    """
    with place.noting():
        content = read_bytes(path)
        return SourceText(path.name, _decode(content), hashlib.sha256(content).hexdigest())
    return None


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; raise `InputError` for a link, no file, a file too large, or one that cannot be read."""
    try:
        if path.is_symlink():
            raise InputError(Problem("This is a symbolic link.", "a file that lies in the folder itself"))
        if not path.is_file():
            raise InputError("This is not a file." if path.exists() else "The file is missing.")
        if path.stat().st_size > LARGEST_FILE:
            raise InputError(Problem("The file is too large.", f"up to {LARGEST_FILE // 1_000_000} MB"))
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"The file cannot be read: {error.strerror or error}.") from error


def _decode(content: bytes) -> str:
    if not content:
        raise InputError("The file is empty (0 bytes).")
    for start, kind in _FOREIGN_STARTS.items():
        if content.startswith(start):
            raise InputError(Problem(f"The file is {kind}.", _AS_UTF8))
    skipped = len(_UTF8_MARK) if content.startswith(_UTF8_MARK) else 0
    if (position := content.find(b"\0")) >= 0:
        raise _foreign_byte(content, position, "NUL bytes: it is binary or UTF-16")
    try:
        return content[skipped:].decode("utf-8")
    except UnicodeDecodeError as error:
        raise _foreign_byte(content, error.start + skipped, "bytes that are not UTF-8") from error


def _foreign_byte(content: bytes, position: int, what: str) -> InputError:
    line = content.count(b"\n", 0, position) + 1
    message = f"The file holds {what} (first: 0x{content[position]:02x}, byte {position + 1})."
    return InputError(Problem(message, _AS_UTF8, row=line))
