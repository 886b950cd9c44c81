"""Surveys read against the argument: the loader of `elicitation`, bound to what the argument can answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from precursor.elicitation.store import find_root, load_carried_lexicon, load_declarations, resolve_survey
from precursor.elicitation.survey import Survey
from precursor.elicitation.survey import load_survey as load_folder

if TYPE_CHECKING:
    from precursor.elicitation.declarations import Declarations
    from precursor.elicitation.vocabulary import QueryVocabulary


def vocabulary() -> QueryVocabulary:
    """Return how the argument is known to elicitation."""
    from precursor.argument.vocabulary import ArgumentVocabulary  # noqa: PLC0415  (only when a survey is read)

    return ArgumentVocabulary()


def load_shared(root: str | Path | None = None) -> Declarations:
    """Return the questions, offsets and indicators that all surveys share."""
    return load_declarations(find_root(root), vocabulary())


def load_survey(survey: str | Path, root: str | Path | None = None) -> Survey:
    """Return a survey, named by its id or folder; raise one `InputError` with every problem in it.

    ``root`` is a data folder or a folder that holds ``data/``; without it the nearest above the working directory.
    """
    data = find_root(root)
    folder = resolve_survey(data, survey)
    known = vocabulary()
    shared = load_declarations(data, known)
    return load_folder(
        folder,
        vocabulary=known,
        questions=shared.questions,
        offsets=shared.offsets,
        indicators=shared.indicators,
        lexicon=load_carried_lexicon(data),
    )
