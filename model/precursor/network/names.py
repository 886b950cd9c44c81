"""Names that a file format cannot hold: an identifier to write, and the real names packed into one harmless word.

A packed name has only letters, digits, ``_``, ``-`` and ``.``: every byte of its UTF-8 that is no ASCII letter, digit
or underscore is ``-`` and two hexadecimal digits, a full stop separates names, and ``n.`` stands before them.  So
``["very low", "<5"]`` is ``n.very-20low.-3C5``.  The strictest reader in use (pyAgrum's, of BIF) takes that as a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

NAME = "precursor_name"
"""The property that holds the packed real name of a network or a variable."""
STATES = "precursor_states"
"""The property that holds the packed real names of a variable's states."""
ORDER = "precursor_order"
"""The property that holds a variable's place in the order of declaration, where a format wants another order."""

_PREFIX = "n."
_PACKED = re.compile(r"n\.(?:[A-Za-z0-9_.]|-[0-9A-F]{2})*\Z")


def pack(names: Iterable[str]) -> str:
    """Return names as one word, from which `unpack` gets them back."""
    return _PREFIX + ".".join("".join(map(_escape, name.encode())) for name in names)


def unpack(text: str) -> tuple[str, ...]:
    """Return the names in a word that `pack` made.

    Raises `ValueError` where it is no such word.
    """
    if not _PACKED.match(text):
        raise ValueError(f"{text!r} does not hold packed names")
    return tuple(
        re.sub(rb"-([0-9A-F]{2})", lambda found: bytes([int(found[1], 16)]), part.encode()).decode()
        for part in text.removeprefix(_PREFIX).split(".")
    )


def _escape(byte: int) -> str:
    character = chr(byte)
    return character if character.isascii() and (character.isalnum() or character == "_") else f"-{byte:02X}"


def identifiers(names: Sequence[str], legal: Callable[[str], bool], prefix: str) -> dict[str, str]:
    """Return what to write for each of some distinct names: itself where it is legal, else an identifier of its own.

    Parameters
    ----------
    names
        The names, distinct.
    legal
        Whether the format holds a name as it is; it must hold ``[A-Za-z][A-Za-z0-9_]*``.
    prefix
        A letter to put before what would not start with one.

    Returns
    -------
    dict
        By name; distinct values.
    """
    taken = {name for name in names if legal(name)}
    last: dict[str, int] = {}
    written = {}
    for name in names:
        if legal(name):
            written[name] = name
            continue
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        plain = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")
        stem = plain if plain[:1].isalpha() else f"{prefix}_{plain}".rstrip("_")
        candidate = stem
        # Counting on from the last number used keeps many names with one stem from taking quadratic time.
        while candidate in taken or not legal(candidate):
            last[stem] = last.get(stem, 1) + 1
            candidate = f"{stem}_{last[stem]}"
        taken.add(candidate)
        written[name] = candidate
    return written
