"""From a TOML file to its tables, each with the line on which it starts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from precursor.elicitation.fields import Fields, describe
from precursor.elicitation.files import SourceText, read_text
from precursor.elicitation.findings import Place

_ERROR_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
_ERROR_AT_END = " (at end of document)"


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file as read: where it came from and its top-level table."""

    source: SourceText
    table: Mapping[str, object]


def read_toml(path: Path, place: Place) -> TomlFile | None:
    """Return a TOML file, or None after noting at ``place`` why it cannot be read."""
    source = read_text(path, place)
    if source is None:
        return None
    try:
        return TomlFile(source, tomllib.loads(source.text))
    except tomllib.TOMLDecodeError as error:
        line, message = _line_of(str(error), source.text)
        place.at(row=line).error(f"This is not TOML: {message}.")
    except (RecursionError, ValueError) as error:
        place.error(f"This is not TOML that can be read: {error or type(error).__name__}.")
    return None


def _line_of(message: str, text: str) -> tuple[int, str]:
    if found := _ERROR_LINE.search(message):
        return int(found.group(1)), message[: found.start()]
    return text.rstrip("\n").count("\n") + 1, message.removesuffix(_ERROR_AT_END) + " at the end"


def entries(document: TomlFile, key: str, place: Place) -> tuple[Fields, ...]:
    """Return the tables of ``[[key]]``, each with the line on which it starts."""
    found = document.table.get(key, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        place.at(column=key).error(f"'{key}' is {describe(found)}.", f"[[{key}]] tables")
        return ()
    header = re.compile(rf"^[ \t]*\[\[[ \t]*{key}[ \t]*\]\]", re.MULTILINE)
    lines = [document.source.text.count("\n", 0, match.start()) + 1 for match in header.finditer(document.source.text)]
    # A header inside a multi-line string would shift the count: then no line is better than a wrong one.
    starts = lines if len(lines) == len(found) else [None] * len(found)
    return tuple(Fields(entry, place.at(row=line)) for entry, line in zip(found, starts, strict=True))


def key_lines(document: TomlFile) -> dict[str, int]:
    """Return the line of each top-level key."""
    lines: dict[str, int] = {}
    for number, line in enumerate(document.source.text.splitlines(), start=1):
        if (match := re.match(r'[ \t]*"?([^\s"=]+)"?[ \t]*=', line)) and match.group(1) in document.table:
            lines.setdefault(match.group(1), number)
    return lines
