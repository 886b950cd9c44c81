"""What a bad file is refused for."""

from __future__ import annotations

import pytest

from precursor.network.files import loads
from precursor.problems import InputError


def refused(text: str | bytes, format_name: str) -> list[tuple[int | None, str]]:
    """Return line and message of every problem."""
    with pytest.raises(InputError) as caught:
        loads(text, format_name)
    return [(problem.row, problem.message) for problem in caught.value.problems]


def check(found: list[tuple[int | None, str]], expected: list[tuple[int | None, str]]) -> None:
    """Compare lines, and that each message holds the words expected."""
    assert [row for row, _ in found] == [row for row, _ in expected], found
    for (_, message), (_, words) in zip(found, expected, strict=True):
        assert words in message, found
