"""Run a campaign: what is done already is not done again, and every result is kept as soon as it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from precursor.campaigns.campaign import Campaign, Result
from precursor.campaigns.provenance import provenance
from precursor.campaigns.results import ResultsFolder
from precursor.campaigns.schedulers import InProcess, Scheduler
from precursor.inference.fits.fit import duration

Say = Callable[[str], None]
_SECONDS_BETWEEN_MESSAGES = 10.0


def run(
    campaign: Campaign,
    results: ResultsFolder,
    scheduler: Scheduler | None = None,
    *,
    say: Say | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> Result:
    """Return the stacked results of all tasks, (task, ...), those kept earlier included.

    ``inputs`` are hashes of the data that the tasks read; results made of other data, by another version, or with
    another seed or settings are not mixed with these (`InputError`).
    """
    say = say or (lambda _message: None)
    results.open_for(campaign, provenance(inputs))
    tasks = campaign.tasks
    todo = [task for task in tasks if not results.has(task.name)]
    if len(todo) < len(tasks):
        say(f"{campaign.name}: {len(tasks) - len(todo)} of {len(tasks)} tasks are done already.")
    if todo:
        start = last = time.monotonic()
        for done, (task, result) in enumerate((scheduler or InProcess()).results(campaign.function, todo), start=1):
            results.keep(task.name, result)
            now = time.monotonic()
            if now - last > _SECONDS_BETWEEN_MESSAGES or done == len(todo):
                last = now
                left = duration((now - start) / done * (len(todo) - done))
                say(f"{campaign.name}: {done} of {len(todo)} tasks, about {left} left.")
    return results.stacked(task.name for task in tasks)
