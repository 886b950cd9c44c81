"""A campaign: many independent tasks of one pure function, each with a name and a seed of its own."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# Named arrays of numbers: what a task returns and what is kept.
Result = dict[str, np.ndarray]
Function = Callable[[int, Mapping[str, Any]], Result]
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}\Z")


@dataclass(frozen=True, slots=True)
class Task:
    """One task: ``function(seed, settings)``; nothing else may decide its result."""

    name: str
    seed: int
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Campaign:
    """Tasks of one function.

    Attributes
    ----------
    name
        Lower-case letters, digits, ``_ . -``.
    function
        ``module:function``, in a module that workers can import: a function defined in a script would be compiled anew
        for every task.  It takes a seed and settings, and returns arrays of numbers by name.
    seed
        Every task's seed follows from this and the task's number, not from how many tasks there are.
    settings
        What all tasks are told; values that JSON can hold.
    count
        How many numbered tasks there are; more may be added later.
    each
        Instead of numbered tasks: further settings by name, each a task.
    """

    name: str
    function: str
    seed: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    count: int = 0
    each: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse names that cannot be those of files, and settings that JSON cannot hold."""
        names = [self.name, *self.each]
        wrong = [name for name in names if not _NAME.match(name)]
        if wrong:
            raise ValueError(f"Not a name for a campaign or task: {', '.join(map(repr, wrong))}.")
        if self.each and self.count:
            raise ValueError("A campaign has numbered tasks or named ones, not both.")
        json.dumps([self.settings, self.each], allow_nan=False)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Return the tasks in order."""
        named = self.each or {f"{i:05d}": {} for i in range(self.count)}
        return tuple(
            Task(name, _seed(self.seed, i), {**self.settings, **own}) for i, (name, own) in enumerate(named.items())
        )


def function_of(name: str) -> Function:
    """Return the function that ``module:function`` names."""
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _seed(seed: int, i: int) -> int:
    """Return a seed below 2**32 for the i-th task."""
    return int(np.random.SeedSequence(seed, spawn_key=(i,)).generate_state(1)[0])
