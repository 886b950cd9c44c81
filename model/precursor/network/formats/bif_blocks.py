"""The blocks of a BIF file: what its variables and probabilities say, before any of it is compared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from precursor.network.formats.bif_tokens import Token, Tokens
from precursor.network.formats.draft import Draft
from precursor.network.names import NAME, STATES

Groups = tuple[tuple[str, ...], ...]
"""Words between commas: a name may be several bare words, and some files leave the commas out."""
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z", re.ASCII)
_PROPERTY_PARTS = 2


@dataclass(slots=True)
class VariableBlock:
    """``variable name { type discrete [ n ] { state, ... }; }``."""

    name: str
    row: int
    states: tuple[str, ...] | None = None
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A statement of a probability block: ``table``, ``default`` or ``row`` (of the parents' states)."""

    kind: str
    given: Groups
    values: list[float]
    row: int


@dataclass(slots=True)
class ProbabilityBlock:
    """``probability ( child | parent, ... ) { ... }``."""

    child: tuple[str, ...]
    parents: Groups
    row: int
    entries: list[Entry] = field(default_factory=list)
    # Whether all of its statements could be read: if not, a row that seems to be missing is not worth a word.
    whole: bool = True


@dataclass(slots=True)
class Blocks:
    """All blocks of a file, in its order."""

    name: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    variables: list[VariableBlock] = field(default_factory=list)
    probabilities: list[ProbabilityBlock] = field(default_factory=list)


class _Unreadable(Exception):
    """A statement that cannot be read; the problem is noted."""


class BlockParser:
    """Recursive descent over the tokens; after an error it goes on at the next statement or block."""

    def __init__(self, text: str, draft: Draft) -> None:
        self.tokens = Tokens(text)
        self.draft = draft
        self.blocks = Blocks()

    def parse(self) -> Blocks:
        """Return the blocks; every problem is noted in the draft."""
        heads: dict[str, Callable[[Token], None]] = {
            "network": self._network, "variable": self._variable, "probability": self._probability,
        }  # fmt: skip
        while (token := self.tokens.take()).kind != "end" and not self.draft.full:
            head = heads.get(token.text) if token.kind == "word" else None
            try:
                if head is None:
                    raise self._unexpected(token, "network, variable or probability")
                head(token)
            except _Unreadable:
                self._skip_block()
        return self.blocks

    def _unexpected(self, token: Token, allowed: str) -> _Unreadable:
        if token.kind == "odd":
            what = "A comment is never closed" if token.text == "/*" else "A quotation mark is not closed on its line"
            self.draft.problem(self.tokens.row(token), f"{what}.", allowed)
        else:
            self.draft.problem(self.tokens.row(token), f"Found {token.described}.", allowed)
        return _Unreadable()

    def _accept(self, mark: str) -> bool:
        found = self.tokens.peek()[:2] == ("mark", mark)
        if found:
            self.tokens.take()
        return found

    def _expect(self, mark: str, allowed: str = "") -> None:
        if not self._accept(mark):
            raise self._unexpected(self.tokens.peek(), allowed or repr(mark))

    def _words(self, allowed: str) -> tuple[str, ...]:
        """Return the words up to a mark: at least one."""
        found = []
        while self.tokens.peek().is_name:
            found.append(self.tokens.take().text)
        if not found:
            raise self._unexpected(self.tokens.peek(), allowed)
        return tuple(found)

    def _groups(self, close: str, allowed: str) -> Groups:
        """Return the words between commas up to a closing mark; empty places are passed over."""
        found = []
        while not self._accept(close):
            if not self._accept(","):
                found.append(self._words(allowed))
        return tuple(found)

    def _network(self, _: Token) -> None:
        self.blocks.name = " ".join(self._words("a name for the network"))
        self._expect("{")
        self._statements(lambda word: self._property(word, self.blocks.properties), "property or '}'")

    def _variable(self, keyword: Token) -> None:
        block = VariableBlock(" ".join(self._words("the variable's name")), self.tokens.row(keyword))
        self.blocks.variables.append(block)
        self._expect("{")

        def statement(word: Token) -> None:
            if word.text == "type":
                block.states = self._type(word, block)
            else:
                self._property(word, block.properties)

        problems = self.draft.broken
        self._statements(statement, "type, property or '}'")
        if block.states is None:
            if problems == self.draft.broken:
                self.draft.problem(block.row, f"The variable {block.name!r} has no type.", "type discrete")
            self.blocks.variables.remove(block)

    def _type(self, word: Token, block: VariableBlock) -> tuple[str, ...]:
        if block.states is not None:
            self.draft.problem(self.tokens.row(word), f"The variable {block.name!r} has two types.", "one")
        kind = self.tokens.take()
        if kind[:2] != ("word", "discrete"):
            raise self._unexpected(kind, "discrete: other types of variable are not read")
        row, count = self.tokens.row(kind), None
        if self._accept("["):
            number = self.tokens.take()
            if not (number.text.isascii() and number.text.isdigit()):
                raise self._unexpected(number, "the number of states")
            count = number.text.lstrip("0") or "0"
            self._expect("]")
        self._expect("{", "'{' and the states")
        start = self.tokens.peek().at
        groups = self._groups("}", "a state, or '}'")
        self._expect(";")
        comma = "," in self.tokens.text[start : self.tokens.peek().at] and len(groups) > 1
        words = tuple(word for group in groups for word in group)
        joined = tuple(" ".join(group) for group in groups)
        # Without commas every word is a state; with them a state may be several words, if the number agrees.
        choices = [joined, words] if comma else [words, joined]
        fitting = [names for names in choices if count is None or str(len(names)) == count]
        if not fitting:
            self.draft.problem(
                row, f"{block.name!r} has {len(choices[0])} states, not {count[:20] if count else 0}.", "the same"
            )
        return fitting[0] if fitting else choices[0]

    def _probability(self, keyword: Token) -> None:
        self._expect("(")
        child = self._words("the variable")
        if self._accept("|"):
            parents = self._groups(")", "a parent, or ')'")
        else:
            parents = self._groups(")", "'|' and the parents, or ')'")
        block = ProbabilityBlock(child, parents, self.tokens.row(keyword))
        self.blocks.probabilities.append(block)
        self._expect("{")
        block.whole = self._statements(lambda word: self._entry(word, block), "table, default, '(' and states, or '}'")

    def _entry(self, word: Token, block: ProbabilityBlock) -> None:
        row = self.tokens.row(word)
        if word.kind == "word" and word.text in {"table", "default"}:
            block.entries.append(Entry(word.text, (), self._numbers(), row))
        elif word[:2] == ("mark", "("):
            given = self._groups(")", "a state, or ')'")
            block.entries.append(Entry("row", given, self._numbers(), row))
        else:
            self._property(word, {})

    def _numbers(self) -> list[float]:
        values = self.tokens.numbers()
        if values is None:
            values = []
            while not self._accept(";"):
                token = self.tokens.peek()
                if token.is_name and _NUMBER.match(token.text):
                    values.append(float(self.tokens.take().text))
                elif not self._accept(","):
                    raise self._unexpected(token, "a number, or ';'")
        return values

    def _property(self, word: Token, into: dict[str, str]) -> None:
        if word[:2] != ("word", "property"):
            raise self._unexpected(word, "property")
        words = []
        while not self._accept(";"):
            token = self.tokens.peek()
            if token.kind in {"end", "odd"} or self.tokens.starts_block(token):
                raise self._unexpected(token, "';' at the end of the property")
            words.append(self.tokens.take().text)
        if len(words) == _PROPERTY_PARTS and words[0] in {NAME, STATES}:
            into[words[0]] = words[1]

    def _statements(self, statement: Callable[[Token], None], allowed: str) -> bool:
        """Read statements up to the closing brace, going on after a bad one; return whether there was none."""
        whole = True
        while not self._accept("}"):
            token = self.tokens.peek()
            if token.kind == "end" or self.tokens.starts_block(token):
                self._unexpected(token, allowed)
                return False
            try:
                opening = token[:2] == ("mark", "(")
                if token.kind not in {"word", "mark"} or (token.kind == "mark" and not opening):
                    raise self._unexpected(token, allowed)
                statement(self.tokens.take())
            except _Unreadable:
                whole = False
                self._skip_statement()
            if self.draft.full:
                return False
        return whole

    def _skip_statement(self) -> None:
        """Go past the next semicolon, or to what closes or opens a block."""
        depth = 0
        while (token := self.tokens.peek()).kind != "end" and not self.tokens.starts_block(token):
            if token[:2] == ("mark", "}") and depth == 0:
                return
            self.tokens.take()
            if token.kind == "mark":
                depth += {"{": 1, "}": -1}.get(token.text, 0)
                if token.text == ";" and depth == 0:
                    return

    def _skip_block(self) -> None:
        """Go to the next line that starts a block."""
        while (token := self.tokens.peek()).kind != "end" and not self.tokens.starts_block(token):
            self.tokens.take()
