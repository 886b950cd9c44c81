"""Try one input: it is read or refused, in time, in memory, and nothing is written elsewhere."""

from __future__ import annotations

import resource
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from precursor.problems import InputError
from tests.hostile.parsers import Parser, emptied

SECONDS, MEGABYTES = 1.0, 500


class TooSlowError(BaseException):
    """An input took longer than it may."""


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise TooSlowError


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise `TooSlowError` after so many seconds of processor time: what else the machine does does not count."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def limit_memory() -> None:
    """Let this process have 500 MB more than it has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def trial(parser: Parser, content: bytes, around: Path) -> tuple[str, str]:
    """Return ``read``, ``refused`` or ``fault``, and for a fault what it was.

    ``around`` holds nothing but the folder that the parser may write to.
    """
    folder = emptied(around / "within" / "work")
    try:
        with time_limit(SECONDS):
            parser.read(content, folder)
        outcome, what = "read", ""
    except InputError as error:
        outcome, what = "refused", ""
        if not error.problems or not all(problem.message for problem in error.problems):
            outcome, what = "fault", "refused without a word"
    except TooSlowError:
        outcome, what = "fault", f"more than {SECONDS:g} s"
    except MemoryError:
        outcome, what = "fault", f"more than {MEGABYTES} MB"
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        outcome, what = "fault", f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"[:300]
    outside = sorted(path.name for path in (*around.iterdir(), *(around / "within").iterdir()))
    return ("fault", f"written elsewhere: {outside}") if outside != ["within", "work"] else (outcome, what)
