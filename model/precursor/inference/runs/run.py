"""A run: a finished fit on disk, whole or not at all, never overwritten."""

from __future__ import annotations

import hashlib
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.argument.parameters import ParameterSpace, parameter_space
from precursor.inference.fits.headline import PRIOR_DRAWS, PRIOR_SEED
from precursor.inference.runs.run_files import (
    FORMAT,
    WRITTEN,
    checked_posterior,
    json_bytes,
    parsed_object,
    refuse_other_format,
)
from precursor.inference.runs.stance_draws import STANCES, stance_dataset, stance_draws, stance_names
from precursor.network.grammar import Event, parse_event
from precursor.problems import InputError, Problem, did_you_mean
from precursor.writing import new_folder

if TYPE_CHECKING:
    import xarray as xr

    from precursor.elicitation.store import DataRoot
    from precursor.inference.fits.fit import Fit
    from precursor.inference.fits.stances import StanceFit

POSTERIOR, SUMMARY, PROVENANCE = "posterior.nc", "summary.json", "provenance.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
# A latent is kept in 4 bytes, and there are fewer parameters, in 4 bytes too; pages, summary, answers are about 5 MB.
_BYTES_A_VALUE, _BYTES_BESIDE = 8, 10_000_000
_PACKAGES = ("precursor", "pymc", "pytensor", "numba", "nutpie", "arviz", "numpy", "scipy", "xarray")


@dataclass(frozen=True)
class Run:
    """A run's folder, read as it is asked for."""

    folder: Path

    @classmethod
    def open(cls, run: str | Path, root: str | Path | None = None) -> Run:
        """Return a run by name (under ``reports/``) or folder.

        Raises `InputError` if it does not exist or is not whole.
        """
        folder = Path(run)
        if not (folder / SUMMARY).is_file():
            named = reports_folder(root) / str(run)
            if not (named / SUMMARY).is_file():
                known = run_names(root)
                raise InputError(
                    Problem(
                        f"There is no run {str(run)!r}.",
                        did_you_mean(str(run), known) if known else "a run made by precursor run",
                    )
                )
            folder = named
        missing = [name for name in (POSTERIOR, SUMMARY, PROVENANCE) if not (folder / name).is_file()]
        if missing:
            raise InputError(
                Problem(
                    f"The run {folder.name} is not whole: {', '.join(missing)} is missing.",
                    "make it again: precursor run",
                )
            )
        return cls(folder)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @cached_property
    def summary(self) -> dict[str, Any]:
        """What the run found (``summary.json``)."""
        return parsed_object(self._content(SUMMARY), SUMMARY, self.name)

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Versions, seed, hashes of every input and of the run's own files, command (``provenance.json``)."""
        found = parsed_object(self._bytes(PROVENANCE), PROVENANCE, self.name)
        refuse_other_format(found, self.name)
        return found

    @cached_property
    def posterior(self) -> xr.DataTree:
        """The draws (``posterior.nc``)."""
        return checked_posterior(self._content(POSTERIOR), self.space, POSTERIOR, self.name)

    def _content(self, file: str) -> bytes:
        """Return a file as it was written; raise `InputError` if it is not what ``provenance.json`` records."""
        recorded, content = self.provenance.get(WRITTEN, {}), self._bytes(file)
        if recorded.get(file) not in (None, hashlib.sha256(content).hexdigest()):
            raise InputError(
                Problem(
                    f"{file} of run {self.name} is not as it was written.", "the file as it was, or the run made again"
                )
            )
        return content

    def _bytes(self, file: str) -> bytes:
        try:
            return (self.folder / file).read_bytes()
        except OSError as error:
            raise InputError(
                Problem(f"{file} of run {self.name} cannot be read: {error.strerror or error}.", "make the run again")
            ) from error

    @property
    def indicators(self) -> dict[str, str]:
        """The indicators of the fitted network, with the event each bears on."""
        return dict(self.summary["indicators"])

    @cached_property
    def indicator_events(self) -> dict[str, Event]:
        """The same, with the events parsed."""
        return {id_: parse_event(about) for id_, about in self.indicators.items()}

    @property
    def untouched(self) -> list[str]:
        """Parameters whose posterior is their prior."""
        return list(self.summary["untouched_parameters"])

    @property
    def judgements(self) -> xr.Dataset:
        """Every fitted answer beside what the fit implies (see `judgement_table`)."""
        return self.posterior["judgements"].to_dataset()

    @property
    def space(self) -> ParameterSpace:
        """The parameters of the fitted network."""
        return parameter_space(self.indicator_events)

    @property
    def stances(self) -> list[str]:
        """The stances that can be asked: whom the run can be made to listen to (see `stance_draws`)."""
        return stance_names(self)

    def draws(self, stance: str | None = None) -> np.ndarray:
        """Return posterior draws of the unconstrained parameters, (draws, parameters), in the order of `space`.

        With a ``stance`` (see `stances`), the draws of that one.  Raises `InputError` if the run does not have them.
        """
        if stance is not None:
            return stance_draws(self, stance)
        return self.parameters_at(np.asarray(self.posterior["posterior"]["standard_normal"].data, dtype=float))

    def parameters_at(self, latent: np.ndarray) -> np.ndarray:
        """Return unconstrained parameters, (draws, parameters), at latents, (chain, draw, latent)."""
        space = self.space
        return space.mean + latent.reshape(-1, latent.shape[-1])[:, : len(space.latents)] @ space.loadings.T

    def prior_draws(self) -> np.ndarray:
        """Return the prior draws that the summary is compared with, likewise."""
        return self.space.prior_draws(np.random.default_rng(PRIOR_SEED), PRIOR_DRAWS)


def reports_folder(root: str | Path | None = None) -> Path:
    """Return the folder of runs: ``reports`` beside ``data`` of a root, else of the working directory's project."""
    from precursor.elicitation.store import find_root

    if root is None:
        here = Path.cwd()
        for folder in (here, *here.parents):
            if (folder / "data").is_dir():
                return folder / "reports"
        return here / "reports"
    data = Path(find_root(root).surveys).parent
    return data.parent / "reports"


def run_names(root: str | Path | None = None) -> list[str]:
    """Return the names of all runs, in order."""
    folder = reports_folder(root)
    return sorted(path.parent.name for path in folder.glob(f"*/{SUMMARY}")) if folder.is_dir() else []


def default_name(seed: int) -> str:
    """Return ``<UTC time>-<seed>``."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{seed}"


def checked_name(name: str, folder: Path) -> Path:
    """Return the folder that a new run will have; an ill-formed or taken name is an error."""
    if not _NAME.match(name):
        raise InputError(
            Problem(
                f"{name!r} cannot name a run.",
                "letters, digits, '.', '_' and '-', not beginning with a mark, up to 100",
            )
        )
    target = folder / name
    refuse_taken(target)
    return target


def refuse_taken(target: Path) -> None:
    """Raise `InputError` if there is a run, or anything else, where a new one would be."""
    if target.is_symlink() or target.exists():
        raise InputError(
            Problem(f"There is a run {target.name!r} already, and a finished run is not overwritten.", "another --name")
        )


def write_run(
    target: Path,
    fit: Fit,
    summary: Mapping[str, Any],
    provenance: Mapping[str, Any],
    report: Callable[[Run], object] | None = None,
    stances: Sequence[StanceFit] = (),
) -> Run:
    """Write a run as a whole or not at all, and return it; ``report`` may add files to it.

    If ``target`` was taken while the fit went on, the run is called ``<name>-2`` or the next that is free: what took
    long to make is not thrown away.  The draws of ``stances`` are kept with it.  ``provenance.json`` is given
    the SHA-256 of the files beside it.
    """
    from precursor.inference.fits.store import tree_bytes, tree_of
    from precursor.inference.runs.judgement_table import judgement_table

    tree = tree_of(fit)
    tree["judgements"] = judgement_table(fit)
    for found in stances:
        tree[f"{STANCES}/{found.stance.name}"] = stance_dataset(found)
    contents = {POSTERIOR: tree_bytes(tree), SUMMARY: json_bytes(summary)}
    written = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    contents[PROVENANCE] = json_bytes({"format": FORMAT, **provenance, WRITTEN: written})
    target.parent.mkdir(parents=True, exist_ok=True)
    while True:
        target = free_name(target)
        try:
            with new_folder(target, refuse_taken) as inside:
                for name, content in contents.items():
                    (inside / name).write_bytes(content)
                if report is not None:
                    report(Run(inside))
            return Run(target)
        except InputError:
            # Between the look and the rename another process may have taken the name.
            if not target.exists():
                raise


def free_name(target: Path) -> Path:
    """Return ``target``, or ``<target>-2``, ``-3``, ...: the first that no run has."""
    names = (target.with_name(f"{target.name}-{number}") for number in count(2))
    return next(path for path in chain([target], names) if not path.exists())


def check_room(target: Path, values: int = 0) -> None:
    """Make the folder of runs if there is none, and see that a run will find room there, before it is computed.

    Parameters
    ----------
    values
        How many draws of single latents the run will hold: chains x draws x latents.

    Raises
    ------
    OSError
        If nothing can be written there.
    InputError
        If the disk has less room than such a run may take.  A disk that does not know its size is not asked.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=target.parent) as trial:
        trial.write(b"0")
    disk, wanted = shutil.disk_usage(target.parent), _BYTES_A_VALUE * values + _BYTES_BESIDE
    if disk.total and disk.free < wanted:
        free, megabyte = disk.free, 1_000_000
        message = f"The disk has {free / megabyte:.1f} MB left, and this run may take {wanted / megabyte:.0f} MB."
        raise InputError(Problem(message, "more room, or another folder: --root", file=str(target.parent)))


def provenance_of(fit: Fit, command: str, shared: Mapping[str, str]) -> dict[str, Any]:
    """Return versions, seed, settings, and the hash of every input; ``shared`` are those of shared data files."""
    plan = fit.plan
    return {
        "command": command,
        "made": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "seed": fit.settings.seed,
        "settings": {name: getattr(fit.settings, name) for name in ("draws", "tune", "chains", "target_accept")},
        "round": plan.observations.up_to_round or "latest",
        "decisions": plan.decisions.numbers,
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
        "inputs": {
            **{
                f"surveys/{survey.id}/{file}": hash_
                for survey in plan.observations.surveys
                for file, hash_ in survey.hashes.items()
            },
            **shared,
        },
    }


def shared_hashes(root: DataRoot) -> dict[str, str]:
    """Return the SHA-256 of the shared questions, indicators and lexicon that a data folder uses."""
    from precursor.elicitation.store import shared_files

    files = sorted(shared_files(root))
    return {f"{path.parent.name}/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
