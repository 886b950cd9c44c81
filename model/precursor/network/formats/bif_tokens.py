"""The words and marks of a BIF file, with their lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

KEYWORDS = frozenset({"network", "variable", "probability"})
_SKIP = re.compile(r"(?:\s++|//[^\n]*+|/\*(?s:.*?)\*/)*+")
# A bare word may hold slashes (Asy/Patch), but not what starts a comment.
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\\n]|\\[^\n])*+)"|(?P<mark>[{}()\[\],;|])|(?P<word>(?:[^\s{}()\[\],;|"/]|/(?![/*]))++)'
)
_NUMBERS = re.compile(r"[^;{}()\[\]|\"/]*+")
_ESCAPED = re.compile(r'\\(["\\])')


class Token(NamedTuple):
    """A word (``word`` or ``quoted``), a ``mark``, something ``odd``, or the ``end``; ``at`` is its offset."""

    kind: str
    text: str
    at: int

    @property
    def is_name(self) -> bool:
        """Whether it can be a name or part of one."""
        return self.kind in {"word", "quoted"}

    @property
    def described(self) -> str:
        """What an error calls it."""
        return "the end of the file" if self.kind == "end" else repr(self.text)


class Tokens:
    """One token of look-ahead over a text; comments and white space are skipped."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._position = 0
        self._next: Token | None = None

    def row(self, token: Token) -> int:
        """Return the line of a token, from 1."""
        return bisect_right(self._lines, token.at)

    def peek(self) -> Token:
        """Return the next token and leave it there."""
        if self._next is None:
            at = self._skipped()
            match = _TOKEN.match(self.text, at)
            if match is None:
                kind = "odd" if at < len(self.text) else "end"
                self._next = Token(kind, self.text[at : at + 2 if self.text.startswith("/*", at) else at + 1], at)
            else:
                kind = str(match.lastgroup)
                text = match.group(kind)
                self._next = Token(kind, _ESCAPED.sub(r"\1", text) if kind == "quoted" else text, at)
        return self._next

    def take(self) -> Token:
        """Return the next token and go past it; an unclosed comment goes on to the end."""
        token = self.peek()
        if token.kind == "odd":
            self._position = len(self.text) if token.text == "/*" else token.at + 1
        elif token.kind != "end":
            self._position = self._end_of(token)
        self._next = None
        return token

    def numbers(self) -> list[float] | None:
        """Return the plain list of numbers up to the next semicolon and go past it; None, and stay, where it is none."""
        at = self._skipped()
        match = _NUMBERS.match(self.text, at)
        assert match is not None
        text = match.group()
        # `float` reads more than a number of this format: 1_000.
        if not self.text.startswith(";", match.end()) or "_" in text:
            return None
        try:
            values = [float(part) for part in text.replace(",", " ").split()]
        except ValueError:
            return None
        self._position, self._next = match.end() + 1, None
        return values

    def starts_block(self, token: Token) -> bool:
        """Whether a token is a block's keyword at the start of a line: there reading starts again after an error."""
        line = self._lines[self.row(token) - 1]
        return token.kind == "word" and token.text in KEYWORDS and not self.text[line : token.at].strip()

    def _skipped(self) -> int:
        match = _SKIP.match(self.text, self._position)
        assert match is not None
        self._position = match.end()
        return self._position

    def _end_of(self, token: Token) -> int:
        match = _TOKEN.match(self.text, token.at)
        assert match is not None
        return match.end()
