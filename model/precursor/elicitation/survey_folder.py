"""The files of one survey's folder, each read once, with its hash and everything wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from precursor.elicitation.acceptance import KEY, accepted_problems, recorded_files
from precursor.elicitation.declarations import Declarations, declare
from precursor.elicitation.files import SourceText, read_text
from precursor.elicitation.findings import Findings, Place
from precursor.elicitation.header import Header, read_header
from precursor.elicitation.judgements import Judgement
from precursor.elicitation.lexicon import Lexicon, read_survey_lexicon
from precursor.elicitation.retraction import refuse_retracted
from precursor.elicitation.survey_names import EXPERTS, HEADER, INDICATORS, QUESTIONS, RESPONSES, SUMMARIES
from precursor.elicitation.toml_files import TomlFile, read_toml
from precursor.elicitation.vocabulary import QueryVocabulary
from precursor.problems import InputError, Problem

__all__ = ["EXPERTS", "HEADER", "INDICATORS", "QUESTIONS", "RESPONSES", "SUMMARIES", "SurveyFolder", "open_folder"]


def open_folder(folder: Path) -> SurveyFolder:
    """Return a survey's folder, still unread; raise `InputError` if there is none."""
    try:
        if folder.is_symlink():
            raise InputError(Problem(f"The folder {str(folder)!r} is a symbolic link.", "the folder itself"))
        if not folder.is_dir():
            raise InputError(Problem(f"There is no folder {str(folder)!r}.", "a survey's id, or a folder"))
    except OSError as error:
        raise InputError(Problem(f"The folder {str(folder)!r} cannot be read: {error.strerror}.")) from error
    refuse_retracted(folder)
    return SurveyFolder(folder, Findings())


@dataclass(slots=True)
class SurveyFolder:
    """The files of one survey as they are read: what was found, and the hash of each."""

    folder: Path
    findings: Findings
    hashes: dict[str, str] = field(default_factory=dict)
    header_file: TomlFile | None = None

    def place(self, name: str) -> Place:
        """Return where findings about a file are noted."""
        return Place(self.findings, name)

    def has(self, name: str) -> bool:
        """Return whether a file is there, if only as a link."""
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
        """Read a TOML file that ought to be there."""
        document = read_toml(self.folder / name, self.place(name))
        if document is not None:
            self.hashes[name] = document.source.sha256
        return document

    def header(self) -> Header | None:
        """Read ``survey.toml``."""
        document = self.header_file = self.toml(HEADER)
        return None if document is None else read_header(document, self.folder.resolve().name, self.place(HEADER))

    def declarations(self, shared: Declarations, vocabulary: QueryVocabulary) -> Declarations:
        """Read the survey's own questions, offsets and indicators, and return them with the shared ones."""
        present = {name: self.toml(name) for name in (QUESTIONS, INDICATORS) if self.has(name)}
        read = {name: [(document, self.place(name))] for name, document in present.items() if document is not None}
        declared = declare(read.get(QUESTIONS, []), read.get(INDICATORS, []), shared, vocabulary)
        return declared if len(read) == len(present) else replace(declared, complete=False)

    def lexicon(self, header: Header | None, carried: Lexicon) -> Lexicon:
        """Read the survey's own lexicon, if it names one, and return it with the carried one."""
        name = header.lexicon_file if header else None
        if name is None:
            return carried
        own, sha256 = read_survey_lexicon(self.folder / name, self.place(name))
        if sha256 is not None:
            self.hashes[name] = sha256
        return MappingProxyType({**carried, **own})

    def check_answers(self, header: Header | None, judgements: tuple[Judgement, ...]) -> None:
        """Note a survey without answers, and rounds that the protocol does not have."""
        if not self.has(RESPONSES) and not self.has(SUMMARIES):
            found = sorted(path.name for path in self.folder.iterdir() if path.suffix.lower() == ".csv")
            message = f"The survey has no answers; CSV files there: {', '.join(found) or 'none'}."
            self.findings.errors.append(Problem(message, f"{RESPONSES}, {SUMMARIES} or both"))
        later = next((judgement for judgement in judgements if judgement.round > 1), None)
        if header is not None and header.protocol == "single_round" and later is not None:
            place = self.place(RESPONSES).at(row=later.row, column="round")
            place.warn(f"The protocol is 'single_round', yet there is a round {later.round}.")

    def check_accepted(self) -> None:
        """Note every file that is not as it was when the survey was accepted, if it was."""
        if self.header_file is None:
            return
        table = self.header_file.table
        self.findings.errors.extend(accepted_problems(self.header_file.source.text, table, self.hashes))
        if KEY in table and recorded_files(table) is None:
            place = self.place(HEADER).at(column=KEY)
            place.warn(f"'{KEY}' is not what `precursor accept` writes: nothing was compared with it.", "no such key")
