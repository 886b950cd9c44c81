"""The store: where data lies, which surveys there are, and what they share.

The data folder is the one named, else that of the nearest parent of the working directory that holds ``data/``, else
the one that comes with the package.  Questions, indicators, scenarios or the lexicon that a data folder does not have
are those that come with the package; surveys are its own only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from precursor.elicitation.declarations import Declarations, load_shared, toml_files
from precursor.elicitation.header import is_survey_id
from precursor.elicitation.lexicon import LEXICON_FILES, Lexicon, load_lexicon
from precursor.elicitation.retraction import Tombstone, list_tombstones, read_tombstone, refuse_retracted
from precursor.elicitation.survey_names import HEADER, TOMBSTONE
from precursor.elicitation.vocabulary import QueryVocabulary
from precursor.problems import InputError, Problem, did_you_mean

_PARTS = ("surveys", "questions", "indicators", "scenarios", "lexicon")
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class DataRoot:
    """A data folder; each part is the folder's own or, if it has none, the one that comes with the package."""

    data: Path

    @property
    def surveys(self) -> Path:
        """Where the surveys lie, one folder each."""
        return self.data / "surveys"

    @property
    def questions(self) -> Path:
        """Where the shared questions and offsets lie."""
        return self._part("questions")

    @property
    def indicators(self) -> Path:
        """Where the shared indicators lie."""
        return self._part("indicators")

    @property
    def scenarios(self) -> Path:
        """Where the scenarios lie."""
        return self._part("scenarios")

    @property
    def lexicon(self) -> Path:
        """Where the carried lexicon lies."""
        return self._part("lexicon")

    def _part(self, name: str) -> Path:
        own = self.data / name
        return own if own.is_dir() else shipped_data() / name


def shipped_data() -> Path:
    """Return the data that comes with the package: inside it once installed, beside it in a checkout."""
    inside = _PACKAGE / "_data"
    return inside if inside.is_dir() else _PACKAGE.parents[1] / "data"


def find_root(root: str | Path | None = None, *, start: Path | None = None) -> DataRoot:
    """Return the data folder to use.

    ``root`` may be a data folder or a folder that holds ``data/``; without it the search begins at ``start``, the
    working directory unless given.
    """
    if root is not None:
        return _named_root(Path(root))
    start = (start or Path.cwd()).resolve()
    holding = (parent / "data" for parent in (start, *start.parents))
    return DataRoot(next((data for data in holding if data.is_dir()), shipped_data()))


def _named_root(folder: Path) -> DataRoot:
    try:
        if (folder / "data").is_dir():
            return DataRoot((folder / "data").resolve())
        if folder.is_dir():
            return DataRoot(folder.resolve())
    except OSError as error:
        raise InputError(Problem(f"The folder {str(folder)!r} cannot be read: {error.strerror}.")) from error
    raise InputError(Problem(f"There is no folder {str(folder)!r}.", "a data folder, or a folder that holds data/"))


def list_surveys(root: DataRoot) -> tuple[str, ...]:
    """Return the ids of the surveys in a data folder, sorted; links and folders without a header are passed over."""
    if not root.surveys.is_dir():
        return ()
    return tuple(sorted(folder.name for folder in root.surveys.iterdir() if _is_survey(folder)))


def resolve_survey(root: DataRoot, id_or_folder: str | Path) -> Path:
    """Return the folder of a survey, named by its id in the data folder or by its path."""
    name = str(id_or_folder)
    if is_survey_id(name):
        refuse_retracted(root.surveys / name)
        if _is_survey(root.surveys / name):
            return root.surveys / name
    try:
        if name and Path(name).is_dir():
            return Path(name)
    except (OSError, ValueError):
        pass
    nearest = did_you_mean(name, list_surveys(root))
    raise InputError(Problem(f"There is no survey or folder {name[:200]!r}.", f"{nearest}, or a folder"))


def own_root(root: str | Path | None) -> DataRoot:
    """Return the data folder to write to; raise `InputError` if there is none but the one that is shipped."""
    found = find_root(root)
    here = Path.cwd().resolve()
    if root is None and found.data.parent not in (here, *here.parents):
        raise InputError(Problem("There is no data folder here or above.", "--root DIR, or a folder that holds data/"))
    return found


def retracted_surveys(root: DataRoot) -> tuple[Tombstone, ...]:
    """Return what is left of the surveys that were retracted, by id."""
    return list_tombstones(root.surveys)


def stored_survey(root: DataRoot, id_: str) -> Path:
    """Return the folder of a survey of the store, retracted or not; raise `InputError` for anything else."""
    folder = root.surveys / id_
    if is_survey_id(id_) and (_is_survey(folder) or (not folder.is_symlink() and read_tombstone(folder) is not None)):
        return folder
    nearest = did_you_mean(id_, list_surveys(root))
    raise InputError(Problem(f"There is no survey {id_[:200]!r} in the store.", f"an id: {nearest}"))


def load_declarations(root: DataRoot, vocabulary: QueryVocabulary) -> Declarations:
    """Return the shared questions, offsets and indicators of a data folder."""
    return load_shared(root.questions, root.indicators, vocabulary)


def shared_files(root: DataRoot) -> list[Path]:
    """Return the files of the questions, indicators and lexicon that a data folder uses, its own or those shipped."""
    tables = [root.lexicon / name for name in LEXICON_FILES]
    return [*toml_files(root.questions), *toml_files(root.indicators), *tables]


def load_carried_lexicon(root: DataRoot) -> Lexicon:
    """Return the lexicon of a data folder."""
    return load_lexicon(root.lexicon)


def _is_survey(folder: Path) -> bool:
    if not is_survey_id(folder.name) or folder.is_symlink() or (folder / TOMBSTONE).exists():
        return False
    return (folder / HEADER).is_file()
