"""Indicators: things that could be observed, each of which bears on an event of the network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from precursor.elicitation.fields import Fields
from precursor.elicitation.findings import Place
from precursor.elicitation.toml_files import TomlFile, entries
from precursor.elicitation.vocabulary import QueryVocabulary
from precursor.network.grammar import RESERVED, DistributionQuery, Event, NodeAt, ProbabilityQuery, parse_event

KEYS = ("id", "wording", "about", "dependence_group", "source", "note")
_NODE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A leaf node ``id`` (yes, no) and the event it bears on; those of one ``dependence_group`` are not independent."""

    id: str
    wording: str
    about: Event
    dependence_group: str | None = None
    source: str | None = None

    @property
    def meaning(self) -> tuple[object, ...]:
        """What must agree for two declarations of one id to be the same indicator."""
        return (self.about, self.dependence_group)


def events(indicators: Iterable[Indicator]) -> dict[str, Event]:
    """Return the event each indicator bears on, by id: what a vocabulary asks for."""
    return {indicator.id: indicator.about for indicator in indicators}


def read_indicators(document: TomlFile, vocabulary: QueryVocabulary, place: Place) -> Iterator[tuple[Indicator, Place]]:
    """Yield the ``[[indicator]]`` tables of a file, each with its place; what is wrong with any is noted there."""
    Fields(document.table, place).only(("indicator",))
    for fields in entries(document, "indicator", place):
        indicator = _indicator(fields, vocabulary)
        if indicator is not None:
            yield indicator, fields.place


def _indicator(fields: Fields, vocabulary: QueryVocabulary) -> Indicator | None:
    fields.only(KEYS)
    id_, wording, about = (fields.required_text(key) for key in ("id", "wording", "about"))
    event = _event(about, vocabulary, fields.at("about"))
    if id_:
        _check_name(id_, vocabulary, fields.at("id"))
    group, source = fields.text("dependence_group"), fields.text("source")
    return Indicator(id_, wording, event, group, source) if id_ and event else None


def _event(text: str, vocabulary: QueryVocabulary, place: Place) -> Event | None:
    event = None
    if text:
        with place.noting():
            event = parse_event(text)
    if event is not None:
        place.note(vocabulary.problems(ProbabilityQuery((event,)), {}))
    return event


def _check_name(id_: str, vocabulary: QueryVocabulary, place: Place) -> None:
    if not _NODE_NAME.fullmatch(id_) or id_ in RESERVED:
        place.error(f"{id_!r} cannot name a node.", "letters, digits and _, not starting with a digit")
    elif not vocabulary.problems(DistributionQuery(NodeAt(id_)), {}):
        place.error(f"'{id_}' is a node of the network already.", "another id")
