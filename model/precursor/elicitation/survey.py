"""A survey: a folder read into validated judgements, with every problem in it reported at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from precursor.elicitation.declarations import Declarations
from precursor.elicitation.experts import Experts, read_experts
from precursor.elicitation.findings import in_reading_order
from precursor.elicitation.header import Header
from precursor.elicitation.indicators import Indicator
from precursor.elicitation.judgements import GroupSummary, Judgement
from precursor.elicitation.lexicon import Lexicon
from precursor.elicitation.questions import Offset, Question
from precursor.elicitation.responses import Setting, read_responses
from precursor.elicitation.summaries import read_summaries
from precursor.elicitation.survey_folder import EXPERTS, RESPONSES, SUMMARIES, SurveyFolder, open_folder
from precursor.elicitation.vocabulary import QueryVocabulary
from precursor.problems import Problem


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
    files = open_folder(folder)
    shared = Declarations(questions, offsets, indicators)
    header = files.header()
    declared = files.declarations(shared, vocabulary)
    phrases = files.lexicon(header, lexicon)
    experts = files.read(EXPERTS, read_experts)
    setting = Setting(header.id if header else folder.name, declared, experts, vocabulary, phrases)
    judgements = files.read(RESPONSES, lambda source, place: read_responses(source, setting, place)) or ()
    summaries = files.read(SUMMARIES, lambda source, place: read_summaries(source, setting, place)) or ()
    files.check_answers(header, judgements)
    files.check_accepted()
    files.findings.raise_errors()
    return _survey(files, header, setting, judgements, summaries)


def _survey(
    files: SurveyFolder,
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
