"""How the comparisons measure: the fastest of several repeats, so that other work on the machine hardly counts."""

from __future__ import annotations

import time
from collections.abc import Callable


def seconds_each(
    run: Callable[[], object],
    *,
    repeats: int = 7,
    at_least: float = 0.05,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Return the seconds of one call: the fastest of ``repeats`` runs of as many calls as take ``at_least`` seconds.

    With ``time.process_time`` as the clock they are seconds of the processor, whatever else the machine does.
    """
    run()
    start = clock()
    run()
    calls = max(1, int(at_least / max(clock() - start, 1e-9)))
    return min(_timed(run, calls, clock) for _ in range(repeats)) / calls


def _timed(run: Callable[[], object], calls: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(calls):
        run()
    return clock() - start


def microseconds(seconds: float) -> str:
    """Return a time as text."""
    return f"{seconds * 1e6:,.0f} us"


def verdict(met: bool) -> str:
    """Return whether a bar was met, as text."""
    return "met" if met else "NOT MET"
