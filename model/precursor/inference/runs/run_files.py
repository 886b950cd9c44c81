"""The files of a run as bytes, and what has to hold of them before anything is read off them."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from precursor.argument.parameters import ParameterSpace
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    import xarray as xr

FORMAT = 1
"""Raised whenever a run of before could be misread; a run that does not say has the first."""
WRITTEN = "files"
_AGAIN = "the run made again"
_LATENT_DIMS = ("chain", "draw", "latent")


class Document(dict[str, Any]):
    """An object of a run's JSON: what is missing in it, at any depth, is bad input and not a fault of the program."""

    file: str
    run: str

    def __missing__(self, key: str) -> NoReturn:
        """Refuse a run that lacks something."""
        message = f"{self.file} of run {self.run} does not say {key!r}: it is damaged, or of another version."
        raise InputError(Problem(message, _AGAIN))


def parsed_object(content: bytes, file: str, run: str) -> dict[str, Any]:
    """Return the object that a file of JSON holds, each object in it a `Document`.

    Raises `InputError` if it is no JSON, no object, or a summary whose parts are not what they have to be.
    """

    def document(pairs: list[tuple[str, Any]]) -> Document:
        made = Document(pairs)
        made.file, made.run = file, run
        return made

    try:
        found = json.loads(content.decode("utf-8"), object_pairs_hook=document, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(Problem(f"{file} of run {run} cannot be read: {error}.", _AGAIN)) from error
    if not isinstance(found, dict):
        raise InputError(Problem(f"{file} of run {run} does not hold an object.", _AGAIN))
    wrong = [name for name, kind in _KINDS.get(file, {}).items() if name in found and not _is_of(found[name], kind)]
    if wrong:
        raise InputError(Problem(f"{file} of run {run}: {name!r} is not what it has to be.", _AGAIN) for name in wrong)
    return found


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """Return a document as the bytes of a file."""
    return (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def refuse_other_format(provenance: Mapping[str, Any], run: str) -> None:
    """Raise `InputError` for a run that a later or earlier version wrote in another way."""
    found = provenance.get("format", FORMAT)
    if found == FORMAT and not isinstance(found, bool):
        return
    made_by = provenance.get("versions", {}).get("precursor", "another version")
    newer = isinstance(found, int) and found > FORMAT
    what = "a newer version of precursor, or the run made again" if newer else _AGAIN
    raise InputError(Problem(f"The run {run} was written by precursor {made_by}, in another format ({found!r}).", what))


def checked_posterior(content: bytes, space: ParameterSpace, file: str, run: str) -> xr.DataTree:
    """Return the draws in a file's bytes.

    Raises `InputError` if they cannot be read, or are not finite draws of this version's parameters.
    """
    with _discarded_quietly():
        tree = _tree_or_failure(content)
    if isinstance(tree, str):
        raise InputError(Problem(f"{file} of run {run} cannot be read: {tree}.", _AGAIN))
    problems = [Problem(f"{file} of run {run}: {what}.", _AGAIN) for what in _faults(tree, space)]
    if problems:
        raise InputError(problems)
    return tree


@contextmanager
def _discarded_quietly() -> Iterator[None]:
    """Keep h5netcdf from complaining on stderr when a file that it could not open is discarded, half made."""
    before, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        yield
    finally:
        sys.unraisablehook = before


def _tree_or_failure(content: bytes) -> xr.DataTree | str:
    import xarray as xr

    try:
        with xr.open_datatree(io.BytesIO(content), engine="h5netcdf") as opened:
            return opened.load()
    # HDF5 lets whatever goes wrong in a broken file through: OSError, KeyError, RuntimeError, TypeError, zlib's own ...
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _faults(tree: xr.DataTree, space: ParameterSpace) -> Iterator[str]:
    posterior = tree.children.get("posterior")
    if posterior is None or "standard_normal" not in posterior.data_vars:
        yield "the draws are missing"
        return
    latent = posterior["standard_normal"]
    if 0 in latent.shape:
        yield "it holds no draws"
        return
    if latent.dims != _LATENT_DIMS or latent.dtype.kind != "f":
        yield f"the draws are not numbers by {', '.join(_LATENT_DIMS)}"
        return
    if not np.isfinite(latent.data).all():
        yield "some draws are not finite"
    names = posterior.coords["parameter"].data.tolist() if "parameter" in posterior.coords else list(space.names)
    if names != list(space.names) or latent.sizes["latent"] < len(space.latents):
        yield "its parameters are not those of this version, which other versions may have"


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _is_of(value: object, kind: object) -> bool:
    """Return whether a part of a document has a shape: a type, or a list, or an object of named parts."""
    if isinstance(kind, list):
        return isinstance(value, list) and all(_is_of(item, kind[0]) for item in value)
    if isinstance(kind, dict):
        # A fit without answers, or one that asks nobody, has no such part.
        return value is None or (
            isinstance(value, dict) and all(_is_of(value[name], part) for name, part in kind.items() if name in value)
        )
    if kind is float:
        return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
    return isinstance(value, kind)  # type: ignore[arg-type]


_ESTIMATE: dict[str, object] = dict.fromkeys(("mean", "median", "low", "high", "mass"), float)
_KINDS: dict[str, dict[str, object]] = {
    "summary.json": {
        "headline": [{"query": str, "prior": _ESTIMATE, "posterior": _ESTIMATE, "next_expert": _ESTIMATE}],
        "checks": [{"name": str, "passed": bool, "value": float, "threshold": float}],
        "surveys": [{"id": str, "answers": int, "experts": int, "synthetic": bool}],
        "untouched_parameters": [str],
        "converged": bool,
        "indicators": dict,
    },
    "provenance.json": {
        "inputs": dict,
        "decisions": dict,
        "versions": dict,
        WRITTEN: dict,
    },
}
"""Of the documented parts of each file, what it has to be."""
