"""How anything is put on disk: whole or not at all, and never over what is finished.

What is written is made beside its place under a name that begins with `UNFINISHED`, flushed to the disk, and renamed:
after a crash or a power cut it is there as a whole, or it is not there.  A process that is killed leaves its unfinished
work behind, which no reader looks at.  Whoever writes beside it next removes it: the maker holds a lock on it for as
long as it lives, so that nothing is taken from a process that is still at work.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

from precursor.problems import InputError, Problem

fcntl: ModuleType | None
try:
    import fcntl
except ModuleNotFoundError:  # Windows: nothing is locked, and nothing left over is removed
    fcntl = None

UNFINISHED = ".unfinished-"
_TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)
_FILE_MODE = 0o644


def refuse_existing(path: Path) -> None:
    """Raise `InputError` if there is anything at a path."""
    if path.is_symlink() or path.exists():
        raise InputError(Problem(f"There is something at {str(path)!r} already.", "a name that is not taken"))


def refuse_unwritable_name(path: Path) -> None:
    """Raise `InputError` for a name that no disk can hold: with a NUL, or with half of a character."""
    try:
        named = b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        named = False
    if not named:
        raise InputError(
            Problem(f"{str(path)!r} cannot name anything on a disk.", "a name of whole characters, no NUL")
        )


def refuse_missing_folder(folder: Path) -> None:
    """Raise `InputError` if there is no folder to write to."""
    if not folder.is_dir():
        raise InputError(Problem(f"There is no folder {str(folder)!r} to write to.", "an existing folder"))


def write_file(path: Path, content: bytes, *, new: bool = False) -> Path:
    """Write a file as a whole or not at all and return its path; a ``new`` one must not exist yet.

    Raises `InputError` if there is no folder for it, something in the place of a new one, what is no file in the
    place of another, or no such name can be.
    """
    refuse_unwritable_name(path)
    if new:
        refuse_existing(path)
    _refuse_what_is_no_file(path)
    refuse_missing_folder(path.absolute().parent)
    with _unfinished(path.absolute().parent) as workshop:
        made = workshop / path.name
        made.write_bytes(content)
        made.chmod(_FILE_MODE)
        _flush(made)
        if new:
            _move_to_free(made, path)
        else:
            made.replace(path)
    return path


def _refuse_what_is_no_file(path: Path) -> None:
    # A rename takes the place of anything: as root, of a device that the whole machine uses.
    if path.exists() and not path.is_symlink() and not path.is_file():
        raise InputError(Problem(f"What is at {str(path)!r} is not a file.", "a file, or a name that is not taken"))


@contextmanager
def new_folder(target: Path, refuse_taken: Callable[[Path], None] = refuse_existing) -> Iterator[Path]:
    """Yield an empty folder of the same name as ``target``, which is moved there when the block is done.

    ``refuse_taken`` is called with ``target`` before the block, and again if it is taken by the time it is done: it
    raises the `InputError` that says so.  If anything is raised nothing is left.
    """
    refuse_unwritable_name(target)
    refuse_taken(target)
    target = target.absolute()
    refuse_missing_folder(target.parent)
    with _unfinished(target.parent) as workshop:
        made = workshop / target.name
        made.mkdir()
        yield made
        for part in (*made.rglob("*"), made):
            _flush(part)
        move(made, target, refuse_taken)


def move(made: Path, target: Path, refuse_taken: Callable[[Path], None]) -> None:
    """Rename a folder to a place that must be free."""
    # A rename would replace an empty folder without a word.
    refuse_taken(target)
    try:
        made.rename(target)
    except OSError as error:
        if error.errno in _TAKEN:
            refuse_taken(target)
        raise


def remove_unfinished(folder: Path) -> int:
    """Remove what processes that were killed left unfinished in a folder; return how many such things there were."""
    with _locked(folder):
        left = [path for path in folder.glob(f"{UNFINISHED}*") if path.is_dir() and not path.is_symlink()]
        return sum(_remove_if_nobodys(path) for path in left)


def _remove_if_nobodys(path: Path) -> bool:
    if fcntl is None:
        return False
    handle = None
    try:
        handle = os.open(path, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        shutil.rmtree(path, ignore_errors=True)
        return True
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """Yield a folder to work in, inside ``folder``; flush ``folder`` afterwards, and remove the workshop."""
    remove_unfinished(folder)
    # Locked before anybody who looks for left-over work can see it.
    with _locked(folder):
        workshop = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder))
        held = _hold(workshop)
    try:
        yield workshop
        _flush(folder)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
        _let_go(held)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    held = _hold(folder)
    try:
        yield
    finally:
        _let_go(held)


def _hold(folder: Path) -> int | None:
    """Lock a folder against other processes; None where that cannot be done (some network disks)."""
    if fcntl is None:
        return None
    handle = os.open(folder, os.O_RDONLY)
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _let_go(held: int | None) -> None:
    if held is not None:
        os.close(held)


def _move_to_free(made: Path, path: Path) -> None:
    """Give a finished file its name, unless somebody took the name meanwhile."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        refuse_existing(path)
        raise
    except OSError:
        # A disk without links: the look just before has to do.
        refuse_existing(path)
        made.replace(path)


def _flush(path: Path) -> None:
    """Have a file, or the list of a folder's files, written to the disk itself."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
