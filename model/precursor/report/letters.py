"""Letters that the report's fonts do not have, spelled out: ``[U+4E2D]`` can be read and searched, an empty box cannot.

Invisible characters that change what stands around them (controls, direction overrides) are spelled out too.
``report.json`` keeps every text as it was typed.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

_BASIC_FONT = "DejaVuSans.ttf"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_ALLOWED = {"\n", "\t", "\u00ad", "\u200b"}


def font_folder() -> Path:
    """Return the folder of fonts that pictures are set in, and texts where their own font lacks a letter."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def printable(value: Any) -> Any:  # noqa: ANN401 - a JSON document
    """Return a document with every letter that cannot be printed spelled out."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(map(_shown, value))
    if isinstance(value, dict):
        return {printable(key): printable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [printable(inner) for inner in value]
    return value


def _shown(letter: str) -> str:
    if letter in _ALLOWED:
        return letter
    known = ord(letter) in _known() and unicodedata.category(letter) not in _INVISIBLE
    return letter if known else f"[U+{ord(letter):04X}]"


@cache
def _known() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(font_folder() / _BASIC_FONT)).get_charmap())
