import pytest
from hypothesis import given
from hypothesis import strategies as st

from precursor.cli.outcome import Outcome, table, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain & naïve 50 % \\x1b", "plain & naïve 50 % \\x1b"), ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x7f\x9b", "\\x7f\\x9b"), ("\u202eevil", "\\u202eevil"), ("\u2028", "\\u2028"), ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"), ("\u0645\u200c\u0645", "\u0645\u200c\u0645"), ("漢字", "漢字"),
    ],
)  # fmt: skip
def test_what_a_terminal_shows(text, shown):
    assert visible(text) == shown


@given(st.text())
def test_nothing_shown_controls_the_terminal(text):
    assert all(
        character.isprintable() or character in "\u200c\u200d" or ord(character) > 127 for character in visible(text)
    )
    assert "\x1b" not in visible(text)
    assert "\n" not in visible(text)


def test_columns_align_after_escaping():
    assert table([("a", "b"), ("\x1b", "c")]) == ("a     b", "\\x1b  c")


def test_the_status_follows_the_checks():
    assert (Outcome({}, ()).status, Outcome({}, (), passed=False).status) == (0, 1)
