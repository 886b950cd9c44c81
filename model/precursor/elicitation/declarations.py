"""The questions, offsets and indicators of a folder of files, or of a survey, by id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from precursor.elicitation.findings import Findings, Place
from precursor.elicitation.indicators import Indicator, events, read_indicators
from precursor.elicitation.question_files import Known, declared_ids, read_offsets, read_questions
from precursor.elicitation.questions import Offset, Question
from precursor.elicitation.toml_files import TomlFile, read_toml
from precursor.elicitation.vocabulary import QueryVocabulary


class Declared(Protocol):
    """Anything declared by id: what it means decides whether two declarations agree."""

    @property
    def id(self) -> str:
        """The id."""
        ...

    @property
    def meaning(self) -> tuple[object, ...]:
        """What must agree for two declarations to be the same."""
        ...


@dataclass(frozen=True, slots=True)
class Declarations:
    """Questions, offsets and indicators by id.

    ``unusable`` are the ids of questions that are declared but wrong, so that an answer to one of them is not called an
    answer to an unknown question; ``complete`` is False if a file could not be read at all.
    """

    questions: Mapping[str, Question] = field(default_factory=dict)
    offsets: Mapping[str, Offset] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    unusable: frozenset[str] = frozenset()
    complete: bool = True


Document = tuple[TomlFile, Place]


def load_shared(questions: Path, indicators: Path, vocabulary: QueryVocabulary) -> Declarations:
    """Return what the ``*.toml`` files of two folders declare; raise `InputError` with everything wrong in them."""
    findings = Findings()
    asked, observed = _documents(questions, "questions", findings), _documents(indicators, "indicators", findings)
    declared = declare(asked, observed, Declarations(), vocabulary)
    findings.raise_errors()
    return declared


def toml_files(folder: Path) -> list[Path]:
    """Return the ``*.toml`` files of a folder, sorted, but for hidden ones: editors and disks leave those there."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("."))


def _documents(folder: Path, name: str, findings: Findings) -> list[Document]:
    if not folder.is_dir():
        return []
    places = ((path, Place(findings, f"{name}/{path.name}")) for path in toml_files(folder))
    read = ((read_toml(path, place), place) for path, place in places)
    return [(document, place) for document, place in read if document is not None]


def declare(
    asked: Iterable[Document], observed: Iterable[Document], shared: Declarations, vocabulary: QueryVocabulary
) -> Declarations:
    """Return what documents declare together with what is ``shared``, which they may repeat but not redefine."""
    asked = tuple(asked)
    seen = tuple(_each(observed, lambda d, p: read_indicators(d, vocabulary, p)))
    _require_one_event_a_group(seen, shared.indicators.values())
    indicators = _by_id(seen, shared.indicators)
    offsets = _by_id(_each(asked, read_offsets), shared.offsets)
    known = Known(vocabulary, events(indicators.values()), offsets)
    questions = _by_id(_each(asked, lambda d, p: read_questions(d, known, p)), shared.questions)
    ids = frozenset[str]().union(*(declared_ids(document) for document, _ in asked))
    return Declarations(questions, offsets, indicators, ids - frozenset(questions))


def _each[T](
    documents: Iterable[Document], read: Callable[[TomlFile, Place], Iterable[tuple[T, Place]]]
) -> Iterable[tuple[T, Place]]:
    return (found for document, place in documents for found in read(document, place))


def _require_one_event_a_group(found: Iterable[tuple[Indicator, Place]], shared: Iterable[Indicator]) -> None:
    """Note experiments of one dependence group that are about different events: a finding bears on one."""
    about = {indicator.dependence_group: indicator.about for indicator in shared}
    for indicator, place in found:
        group = indicator.dependence_group
        if group is not None and about.setdefault(group, indicator.about) != indicator.about:
            place.at(column="about").error(
                f"The experiments of '{group}' are about one event; '{indicator.id}' is about another.",
                f"{about[group]}, or another dependence_group",
            )


def _by_id[T: Declared](found: Iterable[tuple[T, Place]], shared: Mapping[str, T]) -> Mapping[str, T]:
    own: dict[str, T] = {}
    for item, place in found:
        here = place.at(column="id")
        what = type(item).__name__.lower()
        if item.id in own:
            here.error(f"The {what} '{item.id}' is declared twice.", "another id")
        elif item.id in shared and shared[item.id].meaning != item.meaning:
            here.error(f"The shared {what} '{item.id}' means something else.", "another id, or the shared meaning")
        else:
            own[item.id] = item
    return MappingProxyType({**shared, **own})
