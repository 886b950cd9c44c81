"""A survey: a folder read into validated judgements, with every problem in it reported at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from precursor.elicitation.declarations import Declarations, declare
from precursor.elicitation.experts import Experts, read_experts
from precursor.elicitation.files import SourceText, read_text
from precursor.elicitation.findings import Findings, Place, in_reading_order
from precursor.elicitation.header import Header, read_header
from precursor.elicitation.indicators import Indicator
from precursor.elicitation.judgements import GroupSummary, Judgement
from precursor.elicitation.lexicon import Lexicon, read_survey_lexicon
from precursor.elicitation.questions import Offset, Question
from precursor.elicitation.responses import Setting, read_responses
from precursor.elicitation.summaries import read_summaries
from precursor.elicitation.toml_files import TomlFile, read_toml
from precursor.elicitation.vocabulary import QueryVocabulary
from precursor.problems import InputError, Problem

HEADER, QUESTIONS, INDICATORS = "survey.toml", "questions.toml", "indicators.toml"
RESPONSES, SUMMARIES, EXPERTS = "responses.csv", "summaries.csv", "experts.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A validated survey.

    ``questions``, ``offsets``, ``indicators`` and ``lexicon`` are the shared ones together with the survey's own;
    ``experts`` has the attributes of everyone in ``experts.csv`` or ``responses.csv``; ``hashes`` the SHA-256 of every
    file read.
    """

    id: str
    title: str
    population: str
    protocol: str
    elicited: str
    source: str
    licence: str
    synthetic: bool
    fit_by_default: bool
    lexicon: Lexicon
    judgements: tuple[Judgement, ...]
    summaries: tuple[GroupSummary, ...]
    experts: Experts
    questions: Mapping[str, Question]
    offsets: Mapping[str, Offset]
    indicators: Mapping[str, Indicator]
    folder: Path
    hashes: Mapping[str, str]
    warnings: tuple[Problem, ...]

    @property
    def answers(self) -> int:
        """How many answers there are, declined ones not counted: judgements and published groups."""
        return len(self.judgements) + len(self.summaries)

    @property
    def answering(self) -> tuple[str, ...]:
        """The experts who answered anything, in order of appearance."""
        return tuple(dict.fromkeys(judgement.expert for judgement in self.judgements))

    @property
    def answered(self) -> tuple[str, ...]:
        """The questions that anyone answered, in order of appearance."""
        answers: tuple[Judgement | GroupSummary, ...] = (*self.judgements, *self.summaries)
        return tuple(dict.fromkeys(answer.question for answer in answers))


def load_survey(
    folder: Path,
    *,
    vocabulary: QueryVocabulary,
    questions: Mapping[str, Question],
    offsets: Mapping[str, Offset],
    indicators: Mapping[str, Indicator],
    lexicon: Lexicon,
) -> Survey:
    """Return the survey in ``folder``; raise one `InputError` with every problem in it.

    ``questions``, ``offsets``, ``indicators`` and ``lexicon`` are the shared ones, to which the survey may add.
    """
    _check_folder(folder)
    files = _Files(folder, Findings())
    shared = Declarations(questions, offsets, indicators)
    header = files.header()
    declared = files.declarations(shared, vocabulary)
    phrases = files.lexicon(header, lexicon)
    experts = files.read(EXPERTS, read_experts)
    setting = Setting(header.id if header else folder.name, declared, experts, vocabulary, phrases)
    judgements = files.read(RESPONSES, lambda source, place: read_responses(source, setting, place)) or ()
    summaries = files.read(SUMMARIES, lambda source, place: read_summaries(source, setting, place)) or ()
    files.check_answers(header, judgements)
    files.findings.raise_errors()
    return _survey(files, header, setting, judgements, summaries)


def _survey(
    files: _Files,
    header: Header | None,
    setting: Setting,
    judgements: tuple[Judgement, ...],
    summaries: tuple[GroupSummary, ...],
) -> Survey:
    assert header is not None  # a missing header is an error, raised before
    stated = {name: getattr(header, name) for name in Header.__slots__ if name != "lexicon_file"}
    everyone = {judgement.expert: MappingProxyType[str, str]({}) for judgement in judgements}
    return Survey(
        **stated,
        lexicon=setting.lexicon,
        judgements=judgements,
        summaries=summaries,
        experts=MappingProxyType({**everyone, **(setting.experts or {})}),
        questions=setting.declared.questions,
        offsets=setting.declared.offsets,
        indicators=setting.declared.indicators,
        folder=files.folder,
        hashes=MappingProxyType(files.hashes),
        warnings=in_reading_order(files.findings.warnings),
    )


def _check_folder(folder: Path) -> None:
    try:
        if folder.is_symlink():
            raise InputError(Problem(f"The folder {str(folder)!r} is a symbolic link.", "the folder itself"))
        if not folder.is_dir():
            raise InputError(Problem(f"There is no folder {str(folder)!r}.", "a survey's id, or a folder"))
    except OSError as error:
        raise InputError(Problem(f"The folder {str(folder)!r} cannot be read: {error.strerror}.")) from error


@dataclass(slots=True)
class _Files:
    """The files of one survey as they are read: what was found, and the hash of each."""

    folder: Path
    findings: Findings
    hashes: dict[str, str] = field(default_factory=dict)

    def place(self, name: str) -> Place:
        return Place(self.findings, name)

    def has(self, name: str) -> bool:
        path = self.folder / name
        return path.is_symlink() or path.exists()

    def read[T](self, name: str, reader: Callable[[SourceText, Place], T]) -> T | None:
        """Read a CSV file that need not be there."""
        source = read_text(self.folder / name, self.place(name)) if self.has(name) else None
        if source is None:
            return None
        self.hashes[name] = source.sha256
        return reader(source, self.place(name))

    def toml(self, name: str) -> TomlFile | None:
        document = read_toml(self.folder / name, self.place(name))
        if document is not None:
            self.hashes[name] = document.source.sha256
        return document

    def header(self) -> Header | None:
        document = self.toml(HEADER)
        return None if document is None else read_header(document, self.folder.resolve().name, self.place(HEADER))

    def declarations(self, shared: Declarations, vocabulary: QueryVocabulary) -> Declarations:
        present = {name: self.toml(name) for name in (QUESTIONS, INDICATORS) if self.has(name)}
        read = {name: [(document, self.place(name))] for name, document in present.items() if document is not None}
        declared = declare(read.get(QUESTIONS, []), read.get(INDICATORS, []), shared, vocabulary)
        return declared if len(read) == len(present) else replace(declared, complete=False)

    def lexicon(self, header: Header | None, carried: Lexicon) -> Lexicon:
        name = header.lexicon_file if header else None
        if name is None:
            return carried
        own, sha256 = read_survey_lexicon(self.folder / name, self.place(name))
        if sha256 is not None:
            self.hashes[name] = sha256
        return MappingProxyType({**carried, **own})

    def check_answers(self, header: Header | None, judgements: tuple[Judgement, ...]) -> None:
        if not self.has(RESPONSES) and not self.has(SUMMARIES):
            found = sorted(path.name for path in self.folder.iterdir() if path.suffix.lower() == ".csv")
            message = f"The survey has no answers; CSV files there: {', '.join(found) or 'none'}."
            self.findings.errors.append(Problem(message, f"{RESPONSES}, {SUMMARIES} or both"))
        later = next((judgement for judgement in judgements if judgement.round > 1), None)
        if header is not None and header.protocol == "single_round" and later is not None:
            place = self.place(RESPONSES).at(row=later.row, column="round")
            place.warn(f"The protocol is 'single_round', yet there is a round {later.round}.")
