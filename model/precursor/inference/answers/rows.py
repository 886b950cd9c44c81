"""What is fitted, one by one: answers as rows of one quantity each, and rankings; and whose they are.

A *unit* is a person, or a published group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

from precursor.argument.downstream import states_of
from precursor.elicitation.judgements import GroupSummary, Judgement
from precursor.elicitation.questions import Question
from precursor.inference.answers.statements import Statement
from precursor.inference.quantities import contrast_name
from precursor.network.grammar import DistributionQuery, OrderEvent, ProbabilityQuery, Query, StateEvent

# A probability or parameter; a likelihood ratio; one contrast of a distribution; a seed question with an outcome; a
# known quantity in log-odds or logs; a known quantity without a scale of its own.
Kind = Literal["quantity", "likelihood_ratio", "contrast", "event_seed", "known", "known_in_widths"]
LIKELIHOOD_RATIOS, KNOWN_QUANTITIES = "likelihood ratios", "known quantities"


@dataclass(frozen=True, slots=True)
class Pull:
    """How strongly a person's tendencies act on a row: bias, slope (extremity), worldview, residual on the target.

    Bias is a tendency towards bad news: a likelihood ratio or a known quantity is neither good nor bad.  An event
    whose outcome is known has no worldview.  On a contrast, bias and worldview act along the direction of bad news (see
    `orientation`), which multiplies these.
    """

    bias: float
    slope: float
    worldview: float
    target: float


PULLS: Mapping[Kind, Pull] = MappingProxyType(
    {
        "quantity": Pull(1.0, 1.0, 1.0, 1.0),
        "likelihood_ratio": Pull(0.0, 1.0, 0.0, 0.0),
        "contrast": Pull(1.0, 1.0, 1.0, 1.0),
        "event_seed": Pull(1.0, 1.0, 0.0, 0.0),
        "known": Pull(0.0, 0.0, 0.0, 0.0),
        "known_in_widths": Pull(0.0, 0.0, 0.0, 0.0),
    }
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A person or a published group, with its place among camps."""

    id: str
    label: str
    group: str
    noise_group: str
    is_group: bool
    side: float
    side_spread: float
    camp: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One answer, or one contrast of it, that is fitted.

    ``key`` is the question, told apart from others of the same id in other surveys; ``rounding`` is what each state's
    resolution adds to a contrast.
    """

    unit: Unit
    survey: str
    question: Question
    key: str
    statement: Statement
    judgement: Judgement | GroupSummary
    kind: Kind = "quantity"
    contrast: int = -1
    rounding: tuple[float, ...] = ()
    quartile_range: float = 0.0

    @property
    def pull(self) -> Pull:
        """How strongly a person's tendencies act on the answer."""
        return PULLS[self.kind]

    @property
    def asked(self) -> str:
        """What shares an error and a loading: the question, of a distribution each contrast."""
        return f"{self.key} contrast {self.contrast + 1}" if self.kind == "contrast" else self.key

    @property
    def quantity(self) -> str | None:
        """The quantity of the network that the answer is compared with; ``None`` for seed questions."""
        query = self.question.query
        return None if query is None else _quantity(query, self.contrast)

    @property
    def noise_group(self) -> str:
        """Whose noise the answer has: that of the person's group, of likelihood ratios, or of known quantities."""
        if self.kind == "likelihood_ratio":
            return LIKELIHOOD_RATIOS
        return KNOWN_QUANTITIES if self.kind in ("known", "known_in_widths") else self.unit.noise_group

    @property
    def target(self) -> str | None:
        """What the question is about, whatever it is conditioned on; an event and its complement are one target."""
        query = self.question.query
        return _target(query, self.contrast) if query is not None and self.pull.target else None

    @property
    def faces_first_state(self) -> float:
        """+1 or -1: whether the question asks for the first or the other state of a target of two."""
        return faces_first_state(self.question.query)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranking that is fitted.

    ``stated`` are the orders it is the union of, ``orders`` all that can happen, by the names of their quantities.
    """

    unit: Unit
    survey: str
    question: Question
    key: str
    judgement: Judgement
    orders: tuple[str, ...]
    stated: tuple[str, ...]

    @property
    def asked(self) -> tuple[str, ...]:
        """What shares an error: each order of the question."""
        return tuple(f"{self.key}: {order}" for order in self.orders)


def faces_first_state(query: Query | None) -> float:
    """Return +1 or -1: whether a query asks for the first or the other state of a node of two."""
    event = _event_of_two(query)
    return 1.0 if event is None or event.state == states_of(event.variable.node)[0] else -1.0


# Thousands of rows have the same few queries.
@cache
def _quantity(query: Query, contrast: int) -> str:
    return contrast_name(query, contrast) if contrast >= 0 else str(query)


@cache
def _target(query: Query, contrast: int) -> str:
    if isinstance(query, DistributionQuery):
        return contrast_name(query.variable, contrast)
    event = _event_of_two(query)
    if event is not None:
        return str(event.variable)
    return ", ".join(map(str, query.events)) if isinstance(query, ProbabilityQuery) else str(query)


@cache
def _event_of_two(query: Query | None) -> StateEvent | None:
    """Return the query's event, if it is one state of a node that has just one other."""
    if not isinstance(query, ProbabilityQuery) or len(query.events) != 1:
        return None
    (event,) = query.events
    if isinstance(event, OrderEvent):
        return None
    states = states_of(event.variable.node)
    return event if event.state in states and len(states) == 2 else None  # noqa: PLR2004 - an event and its complement
