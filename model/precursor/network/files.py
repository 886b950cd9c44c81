"""Discrete networks in files: the format follows from the suffix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from precursor.network.discrete import DiscreteNetwork
from precursor.network.formats.bif import read_bif, write_bif
from precursor.network.formats.xdsl import read_xdsl, write_xdsl
from precursor.network.formats.xmlbif import read_xmlbif, write_xmlbif
from precursor.problems import InputError, Problem, refuse_what_is_no_file
from precursor.writing import write_file

MAX_BYTES = 2**28
"""How large a file may be."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is read and written."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[str | bytes, str | None], DiscreteNetwork]
    write: Callable[[DiscreteNetwork], str]


def _read_bif(source: str | bytes, file: str | None) -> DiscreteNetwork:
    if isinstance(source, bytes):
        try:
            source = source.decode()
        except UnicodeDecodeError as error:
            row = error.object.count(b"\n", 0, error.start) + 1
            raise InputError(Problem("This is not UTF-8 text.", "UTF-8", file, row)) from error
    return read_bif(source, file)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        made.name: made
        for made in (
            Format("bif", (".bif",), _read_bif, write_bif),
            Format("xmlbif", (".xmlbif", ".bifxml", ".xml"), read_xmlbif, write_xmlbif),
            Format("xdsl", (".xdsl",), read_xdsl, write_xdsl),
        )
    }
)
"""The formats by name."""


def format_of(path: Path) -> Format:
    """Return the format of a file by its suffix, in any case.

    Raises `InputError` for any other suffix.
    """
    for known in FORMATS.values():
        if path.suffix.lower() in known.suffixes:
            return known
    suffixes = ", ".join(suffix for known in FORMATS.values() for suffix in known.suffixes)
    raise InputError(Problem(f"The suffix {path.suffix!r} is of no known format.", suffixes, path.name))


def _named(name: str) -> Format:
    if name not in FORMATS:
        raise InputError(Problem(f"There is no format {name!r}.", ", ".join(FORMATS)))
    return FORMATS[name]


def loads(text: str | bytes, format_name: str) -> DiscreteNetwork:
    """Return the network in a text of the format ``bif``, ``xmlbif`` or ``xdsl``.

    Raises `InputError` with every problem that can be found, each with its line.
    """
    return _named(format_name).read(text, None)


def dumps(network: DiscreteNetwork, format_name: str) -> str:
    """Return a single network as text in the format ``bif``, ``xmlbif`` or ``xdsl``.

    Raises `InputError` for many draws: write one (``at_draw``) or the mean tables (``mean``).
    """
    return _named(format_name).write(network)


def read_network(path: Path | str) -> DiscreteNetwork:
    """Return the network in a file: ``.bif``, ``.xmlbif``, ``.bifxml``, ``.xml`` (XMLBIF) or ``.xdsl``.

    Rows that do not sum to one by no more than `formats.draft.ROW_TOLERANCE` are divided by their sum.

    Raises
    ------
    InputError
        With every problem that can be found, each with its line.
    """
    path = Path(path)
    known = format_of(path)
    try:
        refuse_what_is_no_file(path, "a network's file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(Problem(f"Cannot read the network: {error}.", file=path.name)) from error
    if len(data) > MAX_BYTES:
        raise InputError(Problem("The file is too large.", f"{MAX_BYTES // 2**20} MiB", path.name))
    return known.read(data, path.name)


def write_network(network: DiscreteNetwork, path: Path | str) -> None:
    """Write a single network to a file, whole or not at all; the suffix says in which format.

    Raises
    ------
    InputError
        Unknown suffix, many draws (write ``at_draw`` or ``mean``), or the file cannot be written.
    """
    path = Path(path)
    text = format_of(path).write(network)
    try:
        write_file(path, text.encode())
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(Problem(f"Cannot write the network: {error}.", file=path.name)) from error
