"""Results of a campaign on disk: one file a task, whole or not there, and a manifest that says what made them."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from precursor.campaigns.campaign import Campaign, Result
from precursor.problems import InputError, Problem
from precursor.writing import write_file

# What NumPy and its archive let through when a file is damaged.
_BROKEN = (
    OSError,
    ValueError,
    BadZipFile,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    MemoryError,
)
MANIFEST, TASKS = "manifest.json", "tasks"


@dataclass(frozen=True)
class ResultsFolder:
    """A folder with ``manifest.json`` and ``tasks/<name>.npz``; no file says when it was made, so bytes repeat."""

    folder: Path

    def open_for(self, campaign: Campaign, provenance: Mapping[str, Any]) -> None:
        """Make the folder, or go on with it.

        Raises `InputError` if it holds results of another campaign, seed, setting or version.
        """
        manifest = _manifest(campaign, provenance)
        if not self.exists:
            (self.folder / TASKS).mkdir(parents=True, exist_ok=True)
            write_file(self.folder / MANIFEST, _text(manifest).encode())
            return
        known = self.manifest
        differing = sorted(key for key in {*known, *manifest} if known.get(key) != manifest.get(key))
        if differing:
            raise InputError(
                Problem(
                    f"{self.folder} holds results with another {', '.join(differing)}.",
                    "another folder (--out), or the same options and version",
                )
            )

    @property
    def exists(self) -> bool:
        """Whether anything was kept here."""
        return (self.folder / MANIFEST).exists()

    @property
    def manifest(self) -> dict[str, Any]:
        """What made the results."""
        path = self.folder / MANIFEST
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(Problem(f"{path} cannot be read: {error}.", "a folder of validation results")) from error
        if not isinstance(found, dict):
            raise InputError(Problem(f"{path} does not hold an object.", "a folder of validation results"))
        return found

    def has(self, task: str) -> bool:
        """Return whether a task is done."""
        return self._path(task).is_file()

    def keep(self, task: str, result: Result) -> None:
        """Write a task's result: in one step, so that it is whole whenever it is there."""
        buffer = io.BytesIO()
        np.savez_compressed(buffer, allow_pickle=False, **result)
        self._path(task).parent.mkdir(parents=True, exist_ok=True)
        write_file(self._path(task), buffer.getvalue())

    def read(self, task: str) -> Result:
        """Return a task's result; nothing in the file is run (no pickle)."""
        path = self._path(task)
        try:
            # From memory: NumPy leaves a file open that turns out not to be one of its own.
            with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as found:
                return {name: found[name] for name in found.files}
        except _BROKEN as error:
            raise InputError(
                Problem(f"{path} cannot be read: {error}.", "delete it, and the task is redone")
            ) from error

    def stacked(self, tasks: Iterable[str]) -> Result:
        """Return the results of the tasks that are done, stacked along a first axis, in the order given."""
        found = [self.read(task) for task in tasks if self.has(task)]
        return {name: np.stack([result[name] for result in found]) for name in found[0]} if found else {}

    def _path(self, task: str) -> Path:
        return self.folder / TASKS / f"{task}.npz"


def _manifest(campaign: Campaign, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has to be the same when a campaign goes on: all but how many tasks there are."""
    made: dict[str, Any] = json.loads(
        json.dumps(
            {
                "campaign": campaign.name,
                "function": campaign.function,
                "seed": campaign.seed,
                "settings": dict(campaign.settings),
                "each": {name: dict(own) for name, own in campaign.each.items()},
                "provenance": dict(provenance),
            }
        )
    )
    return made


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, sort_keys=True, allow_nan=False) + "\n"
