"""Writing TOML: keys, texts, flags, numbers and lists of texts, each on one line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping


def toml_key(text: str) -> str:
    """Return a key, in quotes if it needs them."""
    plain = text and all(character.isascii() and (character.isalnum() or character in "_-") for character in text)
    return text if plain else toml_value(text)


def toml_value(value: object) -> str:
    """Return true or false, a number, or anything else as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    # JSON's escapes are TOML's too, except that TOML wants DEL escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_list(values: Iterable[object]) -> str:
    """Return a list on one line."""
    return f"[{', '.join(toml_value(value) for value in values)}]"


def toml_pairs(table: Mapping[str, object]) -> list[str]:
    """Return a flat table as lines, a key each."""
    return [f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items()]
