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
from precursor.network.indicators import finding_holds, finding_of, is_finding

KEYS = ("id", "wording", "about", "dependence_group", "source", "note")
_NODE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A node ``id`` (yes, no) and the event it bears on.

    Those of one ``dependence_group`` are experiments of one latent finding: they bear on their event through it
    (`events`), and all of a group on the same.
    """

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
    """Return the nodes that indicators add to the network, each with the event that it bears on.

    A dependence group adds a node for its finding (`finding_of`), which bears on what its indicators are about; they
    bear on the finding.
    """
    found: dict[str, Event] = {}
    for indicator in indicators:
        if indicator.dependence_group is None:
            found[indicator.id] = indicator.about
        else:
            found[finding_of(indicator.dependence_group)] = indicator.about
            found[indicator.id] = finding_holds(indicator.dependence_group)
    return found


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
    if group is not None and not _NODE_NAME.fullmatch(group):
        fields.at("dependence_group").error(f"{group!r} cannot name a finding.", "letters, digits and _")
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
    elif is_finding(id_):
        place.error(f"{id_!r} would name the finding of a dependence group.", "another id")
    elif not vocabulary.problems(DistributionQuery(NodeAt(id_)), {}):
        place.error(f"'{id_}' is a node of the network already.", "another id")
