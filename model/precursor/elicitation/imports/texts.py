"""Texts as people and tools leave them: what is only typography goes, what carries meaning stays."""

from __future__ import annotations

import html
import re
import unicodedata

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SAME = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"',
        "\u00bb": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-", "\uff05": "%", "\u2030": "\u2030",
    }
)  # fmt: skip
_EMAIL = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\"]+\.[A-Za-z]{2,}")
_IP = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}")
_ADDRESS_PARTS = 256
# The full-width signs are those that a spreadsheet in Japanese takes for the others.
_BEGINNINGS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def clean(text: str) -> str:
    """Return a cell without what cannot be seen: odd spaces, typographic quotes and hyphens, escaped characters."""
    text = html.unescape(text).translate(_SAME)
    kept = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(kept.split())


def heading(text: str) -> str:
    """Return the text of a header cell: cleaned, and without HTML tags."""
    return clean(_TAG.sub(" ", text))


def folded(text: str) -> str:
    """Return a text for comparison: case, punctuation and spacing do not count."""
    return "".join(character for character in heading(text).casefold() if character.isalnum())


def is_identity(text: str) -> bool:
    """Return whether a text is, or holds, an e-mail address, or is an IP address."""
    return has_email(text) or is_ip(text)


def has_email(text: str) -> bool:
    """Return whether there is an e-mail address in a text."""
    return "@" in text and _EMAIL.search(text) is not None


def is_ip(text: str) -> bool:
    """Return whether a text is an IP address."""
    text = text.strip()
    if not _IP.fullmatch(text):
        return False
    return ":" in text or all(int(part) < _ADDRESS_PARTS for part in text.split("."))


def without_emails(text: str) -> str:
    """Return a text with every e-mail address in it replaced."""
    return _EMAIL.sub("[e-mail address]", text)


def unrunnable(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that could be taken for one gets an apostrophe."""
    return f"'{text}" if text.lstrip()[:1] in _BEGINNINGS or text[:1] in ("\t", "\r") else text
