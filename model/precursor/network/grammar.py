r"""The query grammar: text in, a frozen syntax tree out, and the canonical text back.

::

    query     = "P(" targets [ "|" conditions ] ")"
              | "E(" name [ "|" conditions ] ")"
              | "order(" name { "," name } [ "|" conditions ] ")"
              | "LR(" event ":" event [ "|" conditions ] ")"
              | "parameter(" name { "." name } ")"
    targets   = name [ "@" name ] | event { "," event }
    condition = event | "do(" name "=" name { "," name "=" name } ")"
    event     = name [ "@" name ] "=" name | name "<" name
    name      = [A-Za-z_][A-Za-z0-9_]* | a JSON string

The grammar knows no network: whether a node or state exists is asked later, of the network at hand.  ``P``, ``E``,
``do``, ``order``, ``LR`` and ``parameter`` are names only when quoted.  Case matters; white space does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from precursor.problems import InputError, Problem

RESERVED = frozenset({"P", "E", "do", "order", "LR", "parameter"})
_TOKEN = re.compile(r'\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<mark>[(),|=<@:.]))')
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def quote(name: str) -> str:
    """Return ``name`` as the grammar wants it: bare if it is a plain name, else a JSON string."""
    return name if _PLAIN.match(name) and name not in RESERVED else json.dumps(name, ensure_ascii=False)


@dataclass(frozen=True, slots=True, order=True)
class NodeAt:
    """A node, or its value at the end of a training phase (``node@phase``)."""

    node: str
    phase: str | None = None

    def __str__(self) -> str:
        """Return the canonical text."""
        return quote(self.node) if self.phase is None else f"{quote(self.node)}@{quote(self.phase)}"


@dataclass(frozen=True, slots=True, order=True)
class StateEvent:
    """The event ``node=state`` or ``node@phase=state``."""

    variable: NodeAt
    state: str

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"{self.variable}={quote(self.state)}"


@dataclass(frozen=True, slots=True, order=True)
class OrderEvent:
    """The event ``first < second``: ``first`` is acquired, ``second`` later or never."""

    first: str
    second: str

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"{quote(self.first)} < {quote(self.second)}"


Event = StateEvent | OrderEvent


@dataclass(frozen=True, slots=True, order=True)
class Intervention:
    """``do(node=state)``: the node is set from outside and no longer listens to its parents."""

    node: str
    state: str

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"do({quote(self.node)}={quote(self.state)})"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What stands right of the bar: observed events and interventions."""

    evidence: tuple[Event, ...] = ()
    interventions: tuple[Intervention, ...] = ()

    def __str__(self) -> str:
        """Return the canonical text, with its bar; empty without conditions."""
        parts = [str(part) for part in (*self.evidence, *self.interventions)]
        return f" | {', '.join(parts)}" if parts else ""


@dataclass(frozen=True, slots=True)
class ProbabilityQuery:
    """``P(event, ... | ...)``: the probability that all target events hold."""

    events: tuple[Event, ...]
    given: Conditions = Conditions()

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"P({', '.join(map(str, self.events))}{self.given})"


@dataclass(frozen=True, slots=True)
class DistributionQuery:
    """``P(node | ...)``: the distribution over a node's states."""

    variable: NodeAt
    given: Conditions = Conditions()

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"P({self.variable}{self.given})"


@dataclass(frozen=True, slots=True)
class ExpectationQuery:
    """``E(quantity | ...)``: an expectation."""

    quantity: str
    given: Conditions = Conditions()

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"E({quote(self.quantity)}{self.given})"


@dataclass(frozen=True, slots=True)
class OrderQuery:
    """``order(p, q, ... | ...)``: the distribution over the orders in which the properties are acquired."""

    properties: tuple[str, ...]
    given: Conditions = Conditions()

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"order({', '.join(map(quote, self.properties))}{self.given})"


@dataclass(frozen=True, slots=True)
class LikelihoodRatioQuery:
    """``LR(finding : hypothesis | ...)`` = P(finding | hypothesis, ...) / P(finding | not hypothesis, ...)."""

    finding: Event
    hypothesis: Event
    given: Conditions = Conditions()

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"LR({self.finding} : {self.hypothesis}{self.given})"


@dataclass(frozen=True, slots=True)
class ParameterQuery:
    """``parameter(a.b.c)``: a parameter itself, on its own scale."""

    name: str

    def __str__(self) -> str:
        """Return the canonical text."""
        return f"parameter({self.name})"


Query = ProbabilityQuery | DistributionQuery | ExpectationQuery | OrderQuery | LikelihoodRatioQuery | ParameterQuery


def parse_query(text: str) -> Query:
    """Return the syntax tree of a query.

    Raises `InputError` with the position (counted from 1) of the first thing that does not fit, and what would.
    """
    return _Parser(text).query()


def parse_event(text: str) -> Event:
    """Return the syntax tree of a single event such as ``human_extinction=yes`` (an indicator's ``about``)."""
    parser = _Parser(text)
    event = parser.event()
    parser.end()
    return event


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position, stop = 0, len(text.rstrip())
    while position < stop:
        match = _TOKEN.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            raise _unreadable(
                text, start, f"{text[start]!r} does not belong here", "a name, a quoted name, ( ) , | = < @ :"
            )
        kind = str(match.lastgroup)
        yield kind, match.group(kind), match.start(kind)
        position = match.end()
    yield "end", "", stop


def _unreadable(text: str, position: int, what: str, allowed: str) -> InputError:
    return InputError(Problem(f"Cannot read the query {text!r} at character {position + 1}: {what}.", allowed=allowed))


class _Parser:
    """Recursive descent over the tokens of one query."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.index = 0

    def fail(self, allowed: str) -> InputError:
        kind, token, position = self.tokens[self.index]
        return _unreadable(self.text, position, "it ends too early" if kind == "end" else f"found {token!r}", allowed)

    def peek(self, mark: str) -> bool:
        return self.tokens[self.index][:2] == ("mark", mark)

    def accept(self, mark: str) -> bool:
        found = self.peek(mark)
        self.index += found
        return found

    def expect(self, mark: str) -> None:
        if not self.accept(mark):
            raise self.fail(repr(mark))

    def name(self, allowed: str = "a name, or a quoted name") -> str:
        kind, token, position = self.tokens[self.index]
        if kind == "name" and token not in RESERVED:
            self.index += 1
            return token
        if kind == "string":
            self.index += 1
            try:
                return str(json.loads(token))
            except json.JSONDecodeError as error:
                raise _unreadable(self.text, position, f"bad escape in {token}", "JSON string escapes") from error
        raise self.fail(allowed)

    def keyword(self) -> str | None:
        kind, token, _ = self.tokens[self.index]
        return token if kind == "name" and token in RESERVED else None

    def end(self) -> None:
        if self.tokens[self.index][0] != "end":
            raise self.fail("the end of the query")

    def query(self) -> Query:
        head = self.keyword()
        if head is None or head == "do":
            raise self.fail("P(...), E(...), order(...), LR(...) or parameter(...)")
        self.index += 1
        self.expect("(")
        read = {
            "P": self.probability, "E": self.expectation, "order": self.ordering, "LR": self.ratio,
            "parameter": self.parameter,
        }[head]  # fmt: skip
        tree = read()
        self.expect(")")
        self.end()
        return tree

    def variable(self) -> NodeAt:
        node = self.name("a node")
        return NodeAt(node, self.name("a phase") if self.accept("@") else None)

    def event(self) -> Event:
        return self.event_of(self.variable())

    def event_of(self, variable: NodeAt) -> Event:
        if self.accept("="):
            return StateEvent(variable, self.name("a state"))
        if variable.phase is None and self.accept("<"):
            return OrderEvent(variable.node, self.name("a property"))
        raise self.fail("'=' and a state, or '<' and a property")

    def conditions(self) -> Conditions:
        if not self.accept("|"):
            return Conditions()
        evidence: list[Event] = []
        interventions: list[Intervention] = []
        while True:
            if self.keyword() == "do":
                self.index += 1
                self.expect("(")
                interventions.append(self.intervention())
                while self.accept(","):
                    interventions.append(self.intervention())
                self.expect(")")
            else:
                evidence.append(self.event())
            if not self.accept(","):
                return Conditions(tuple(evidence), tuple(interventions))

    def intervention(self) -> Intervention:
        node = self.name("a node")
        self.expect("=")
        return Intervention(node, self.name("a state"))

    def probability(self) -> Query:
        variable = self.variable()
        if self.peek("|") or self.peek(")"):
            return DistributionQuery(variable, self.conditions())
        events = [self.event_of(variable)]
        while self.accept(","):
            events.append(self.event())
        return ProbabilityQuery(tuple(events), self.conditions())

    def expectation(self) -> Query:
        return ExpectationQuery(self.name("a quantity"), self.conditions())

    def ordering(self) -> Query:
        names = [self.name("a property")]
        while self.accept(","):
            names.append(self.name("a property"))
        return OrderQuery(tuple(names), self.conditions())

    def ratio(self) -> Query:
        finding = self.event()
        self.expect(":")
        return LikelihoodRatioQuery(finding, self.event(), self.conditions())

    def parameter(self) -> Query:
        parts = [self.name("a parameter's name")]
        while self.accept("."):
            parts.append(self.name("a parameter's name"))
        return ParameterQuery(".".join(parts))
