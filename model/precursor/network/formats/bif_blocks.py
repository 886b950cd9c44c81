"""From the text of a BIF file to its blocks."""

from __future__ import annotations

import re
from collections.abc import Callable

from precursor.network.formats.bif_syntax import Blocks, Entry, Groups, ProbabilityBlock, VariableBlock
from precursor.network.formats.bif_tokens import Token, Tokens
from precursor.network.formats.draft import Draft
from precursor.network.names import NAME, STATES

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\Z", re.ASCII)
_PROPERTY_PARTS = 2
_AFTER_NUMBERS = {("mark", "("), ("mark", "}")}


class _Unreadable(Exception):
    """A statement that cannot be read; the problem is noted."""


class BlockParser:
    """Recursive descent over the tokens; after an error it goes on at the next statement or block."""

    def __init__(self, text: str, draft: Draft) -> None:
        self.tokens = Tokens(text)
        self.draft = draft
        self.blocks = Blocks()
        # Whether a brace is open within the statement that is being read.
        self._inside = False
        # Whether a comment took the rest of the file: that it ends too early then says nothing new.
        self._cut = False

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
        if token.kind == "end" and self._cut:
            return _Unreadable()
        if token.kind == "odd":
            self._cut = token.text == "/*"
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

        typed: list[Token] = []

        def statement(word: Token) -> None:
            if word.text == "type":
                typed.append(word)
                if len(typed) > 1:
                    text = f"The variable {block.name!r} has two types."
                    self.draft.problem(self.tokens.row(word), text, "one")
                block.states = self._type(block)
            else:
                self._property(word, block.properties)

        whole = self._statements(statement, "type, property or '}'")
        if whole and not typed:
            self.draft.problem(block.row, f"The variable {block.name!r} has no type.", "type discrete")

    def _type(self, block: VariableBlock) -> tuple[str, ...] | None:
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
        self._inside = True
        groups = self._groups("}", "a state, or '}'")
        self._inside = False
        self._expect(";")
        comma = "," in self.tokens.text[start : self.tokens.peek().at] and len(groups) > 1
        words = tuple(word for group in groups for word in group)
        joined = tuple(" ".join(group) for group in groups)
        # Without commas every word is a state; with them a state may be several words, if the number agrees.
        choices = [joined, words] if comma else [words, joined]
        fitting = [names for names in choices if count is None or str(len(names)) == count]
        if not fitting and count is not None:
            text = f"{block.name!r} has {len(choices[0])} states and says {count[:20]}."
            self.draft.problem(row, text, "as many states as the number before them")
        return fitting[0] if fitting else None

    def _probability(self, keyword: Token) -> None:
        self._expect("(")
        child = self._words("the variable")
        if self._accept("|"):
            child = (" ".join(child),)
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
            block.entries.append(Entry(word.text, (), self._numbers(row), row))
        elif word[:2] == ("mark", "("):
            given = self._groups(")", "a state, or ')'")
            block.entries.append(Entry("row", given, self._numbers(row), row))
        else:
            self._property(word, {})

    def _numbers(self, row: int) -> list[float]:
        """Return the numbers up to a semicolon; one that is missing is noted and taken as there."""
        values = self.tokens.numbers()
        if values is None:
            values = []
            while not self._accept(";"):
                token = self.tokens.peek()
                if token.is_name and _NUMBER.match(token.text):
                    values.append(float(self.tokens.take().text))
                elif token[:2] in _AFTER_NUMBERS or token.text in {"table", "default"}:
                    self.draft.problem(row, f"There is no ';' before {token.described}.", "';' after the numbers")
                    break
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
        depth, self._inside = int(self._inside), False
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
