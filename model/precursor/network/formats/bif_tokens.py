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
    """A word (``word`` or ``quoted``), a ``mark``, something ``odd``, or the ``end``."""

    kind: str
    text: str
    # Its offset, and the offset behind it.
    at: int
    end: int
    # Whether it is the first of its line.
    first: bool

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
            before = self._position
            at = self._skipped()
            first = before == 0 or "\n" in self.text[before:at]
            match = _TOKEN.match(self.text, at)
            if match is not None:
                kind = str(match.lastgroup)
                text = match.group(kind)
                text = _ESCAPED.sub(r"\1", text) if kind == "quoted" else text
                self._next = Token(kind, text, at, match.end(), first)
            elif at == len(self.text):
                self._next = Token("end", "", at, at, first)
            elif self.text.startswith("/*", at):
                self._next = Token("odd", "/*", at, len(self.text), first)
            else:
                # The rest of the line is passed over: it could hold many quotation marks that match nothing.
                self._next = Token("odd", '"', at, self._end_of_line(at), first)
        return self._next

    def take(self) -> Token:
        """Return the next token and go past it; an unclosed comment goes on to the end."""
        token = self.peek()
        self._position, self._next = token.end, None
        return token

    def numbers(self) -> list[float] | None:
        """Return the plain numbers up to the next semicolon and go past it; None, and stay, where there is more."""
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
        return token.kind == "word" and token.first and token.text in KEYWORDS

    def _end_of_line(self, at: int) -> int:
        return self._lines[row] if (row := bisect_right(self._lines, at)) < len(self._lines) else len(self.text)

    def _skipped(self) -> int:
        match = _SKIP.match(self.text, self._position)
        assert match is not None
        self._position = match.end()
        return self._position
