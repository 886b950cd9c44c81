"""Surveys read against the argument: the loader of `elicitation`, bound to what the argument can answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from precursor.elicitation.declarations import Declarations
from precursor.elicitation.lexicon import Lexicon
from precursor.elicitation.store import (
    DataRoot,
    find_root,
    list_surveys,
    load_carried_lexicon,
    load_declarations,
    resolve_survey,
)
from precursor.elicitation.survey import Survey
from precursor.elicitation.survey import load_survey as load_folder
from precursor.elicitation.vocabulary import QueryVocabulary


@dataclass(frozen=True, slots=True)
class SurveyReader:
    """What all surveys of a data folder share, read once, and the means to read each of them."""

    data: DataRoot
    vocabulary: QueryVocabulary
    shared: Declarations
    lexicon: Lexicon

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the surveys in the data folder."""
        return list_surveys(self.data)

    def read(self, survey: str | Path) -> Survey:
        """Return a survey, named by its id or folder; raise one `InputError` with every problem in it."""
        return load_folder(
            resolve_survey(self.data, survey),
            vocabulary=self.vocabulary,
            questions=self.shared.questions,
            offsets=self.shared.offsets,
            indicators=self.shared.indicators,
            lexicon=self.lexicon,
        )


def open_reader(root: str | Path | None = None) -> SurveyReader:
    """Return a reader for a data folder: ``root``, or a folder that holds ``data/``, or the nearest above here."""
    from precursor.argument.vocabulary import ArgumentVocabulary

    data, vocabulary = find_root(root), ArgumentVocabulary()
    return SurveyReader(data, vocabulary, load_declarations(data, vocabulary), load_carried_lexicon(data))


def load_survey(survey: str | Path, root: str | Path | None = None) -> Survey:
    """Return a survey, named by its id or folder; raise one `InputError` with every problem in it."""
    return open_reader(root).read(survey)
