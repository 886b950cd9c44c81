"""The keys of one TOML table, read by name and type; what does not fit is noted with its line."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from precursor.elicitation.findings import Place
from precursor.problems import did_you_mean


@dataclass(frozen=True, slots=True)
class Fields:
    """One table of a TOML file and its place; each method reads one key and notes what does not fit.

    A reader that finds nothing usable returns an empty value, so that the rest can still be checked: nothing made
    of it is handed on once an error is noted.
    """

    table: Mapping[str, object]
    place: Place
    lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, key: str) -> Place:
        """Return the place of a key."""
        return self.place.at(row=self.lines.get(key), column=key)

    def only(self, allowed: Iterable[str]) -> None:
        """Note every key that is not among ``allowed``."""
        allowed = tuple(allowed)
        for key in self.table:
            if key not in allowed:
                self.at(key).error(f"Unknown key '{key}'.", did_you_mean(key, allowed))

    def required_text(self, key: str) -> str:
        """Return a text that must be there and not be blank ("" if it is not)."""
        if key not in self.table:
            self._missing(key, "text in double quotes")
            return ""
        return self.text(key) or ""

    def text(self, key: str) -> str | None:
        """Return a text that may be left out but not be blank."""
        value = self.table.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.at(key).error(f"'{key}' is {describe(value)}.", "text in double quotes, not blank")
        return None

    def required_flag(self, key: str) -> bool:
        """Return true or false, which must be there."""
        if key not in self.table:
            self._missing(key, "true or false")
            return False
        return self.flag(key)

    def flag(self, key: str) -> bool:
        """Return true or false; false if left out."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            self.at(key).error(f"'{key}' is {describe(value)}.", "true or false")
        return value is True

    def required_number(self, key: str) -> float:
        """Return a finite number that must be there."""
        if key not in self.table:
            self._missing(key, "a number")
        return self.number(key) or 0.0

    def number(self, key: str) -> float | None:
        """Return a finite number that may be left out."""
        value = self.table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            self.at(key).error(f"'{key}' is {describe(value)}.", "a finite number")
            return None
        return float(value)

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts that must be there and hold at least one."""
        value = self.table.get(key)
        if value is None:
            self._missing(key, "a list of texts")
            return ()
        if isinstance(value, list) and value and all(isinstance(word, str) for word in value):
            return tuple(value)
        self.at(key).error(f"'{key}' is {describe(value)}.", "a list of one or more texts")
        return ()

    def _missing(self, key: str, allowed: str) -> None:
        alike = difflib.get_close_matches(key, self.table, n=1, cutoff=0.75)
        found = f"; found '{alike[0]}'" if alike else ""
        self.at(key).error(f"'{key}' is missing{found}.", allowed)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def describe(value: object) -> str:
    """Return what a TOML value is, in words."""
    if isinstance(value, str):
        return "text" if value.strip() else "blank text"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    kinds = {bool: "true or false", int: "a whole number", float: f"the number {value}", dict: "a table"}
    return kinds.get(type(value), "a date or time")
