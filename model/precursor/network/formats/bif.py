r"""BIF, the Interchange Format for Bayesian networks (Cozman 1998, version 0.15), as it is found in the wild.

What is read: bare and quoted names (``\"`` and ``\\`` in quotes), bare names of any characters but white space, quotes
and ``{}()[],;|``, names of several words where commas separate them, commas between names or none, ``//`` and
``/* */`` comments, ``property``, a bar after the child or none, rows, ``table`` and ``default``.  A ``table`` of a
variable with parents lists the variables of the header in order, the last fastest, so the *child* changes slowest.

What is written: one row for each configuration of the parents.  A name that is no word of every reader in use becomes
an identifier, and the real name stands in a property (`network.names`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from precursor.network.discrete import DiscreteNetwork
from precursor.network.formats.bif_blocks import BlockParser
from precursor.network.formats.bif_syntax import Entry, ProbabilityBlock
from precursor.network.formats.draft import Draft
from precursor.network.names import NAME, STATES, identifiers, pack, unpack

_UNNAMED = "unknown"
_RESERVED = frozenset(
    {"network", "variable", "probability", "property", "type", "discrete", "table", "default", _UNNAMED}
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,8})\Z")
_MISSING_LISTED = 20


def read_bif(text: str, file: str | None = None) -> DiscreteNetwork:
    """Return the network in a BIF text.

    Parameters
    ----------
    text
        The text.
    file
        What problems call the file.

    Raises
    ------
    InputError
        With every problem that can be found, each with its line.
    """
    draft = Draft(file)
    blocks = BlockParser(re.sub(r"\r\n?", "\n", text).removeprefix("\ufeff"), draft).parse()
    for variable in blocks.variables:
        known = variable.name in draft.variables
        draft.declare(variable.name, variable.states, variable.row)
        if not known and variable.states is not None:
            draft.restore(variable.name, variable.properties.get(NAME), variable.properties.get(STATES), variable.row)
    for block in blocks.probabilities:
        _define(draft, block)
    return draft.finish(_network_name(blocks.name, blocks.properties.get(NAME)))


def _network_name(written: str, packed: str | None) -> str:
    try:
        if packed is not None:
            return "".join(unpack(packed))
    except ValueError:
        pass
    return "" if written == _UNNAMED else written


def _define(draft: Draft, block: ProbabilityBlock) -> None:
    child, parents = _header(draft, block)
    shape = draft.define(child, parents, block.row)
    if shape is None:
        return
    tables, defaults, rows = (
        [one for one in block.entries if one.kind == kind] for kind in ("table", "default", "row")
    )
    for entry in (*tables[1:], *defaults[1:]):
        draft.problem(entry.row, f"{child!r} has a second {entry.kind}.", "one")
    if len(defaults) == 1 and not (tables or rows) and len(defaults[0].values) == math.prod(shape):
        # Some files call a whole table so.
        tables, defaults = defaults, []
    if tables and (defaults or rows):
        draft.problem(block.row, f"{child!r} has a table and other rows as well.", "a table, or rows")
    elif tables:
        _whole_table(draft, child, shape, tables[0])
    else:
        _row_by_row(draft, block, _Target(child, parents, shape), defaults, rows)


def _whole_table(draft: Draft, child: str, shape: tuple[int, ...], entry: Entry) -> None:
    if _fits(draft, child, entry, math.prod(shape)):
        table = np.array(entry.values).reshape(shape[-1], *shape[:-1])
        draft.fill(child, np.moveaxis(table, 0, -1), entry.row)


@dataclass(frozen=True, slots=True)
class _Target:
    child: str
    parents: list[str]
    shape: tuple[int, ...]


def _row_by_row(
    draft: Draft, block: ProbabilityBlock, target: _Target, defaults: list[Entry], entries: list[Entry]
) -> None:
    child, shape = target.child, target.shape
    table = np.full((math.prod(shape[:-1]), shape[-1]), np.nan)
    rows = np.zeros(len(table), dtype=np.int64)
    fitting = [_fits(draft, child, entry, shape[-1]) for entry in (*defaults, *entries)]
    good = all(fitting) and len(defaults) <= 1
    if good and defaults:
        table[:], rows[:] = defaults[0].values, defaults[0].row
    lookups = [{state: i for i, state in enumerate(draft.variables[name].states)} for name in target.parents]
    seen: dict[int, int] = {}
    for entry in entries:
        at = _row_of(draft, entry, target.parents, lookups)
        if at is None:
            good = False
        elif at in seen:
            draft.problem(entry.row, f"A row of {child!r} is given again, after line {seen[at]}.", "once")
            good = False
        else:
            seen[at] = entry.row
            if good:
                table[at], rows[at] = entry.values, entry.row
    good = good and block.whole
    missing = [] if defaults or not good else [at for at in range(len(table)) if at not in seen]
    for at in missing[:_MISSING_LISTED]:
        draft.problem(block.row, draft.missing_row(child, at), "a row for every configuration, or default")
    if len(missing) > _MISSING_LISTED:
        draft.problem(block.row, f"{len(missing) - _MISSING_LISTED} more rows of {child!r} are missing.", "all rows")
    if good and not missing:
        draft.fill(child, table.reshape(shape), rows.tolist)


def _header(draft: Draft, block: ProbabilityBlock) -> tuple[str, list[str]]:
    """Return child and parents: words that stand together are one name where there is such a variable."""
    joined = " ".join(block.child)
    child, *parents = [joined] if joined in draft.variables else block.child
    for group in block.parents:
        joined = " ".join(group)
        apart = joined not in draft.variables and all(word in draft.variables for word in group)
        parents += group if apart else [joined]
    return child, parents


def _fits(draft: Draft, child: str, entry: Entry, wanted: int) -> bool:
    if len(entry.values) == wanted:
        return True
    draft.problem(entry.row, f"{child!r} has {len(entry.values)} numbers here.", f"{wanted}, one for each state")
    return False


def _row_of(draft: Draft, entry: Entry, parents: list[str], lookups: list[dict[str, int]]) -> int | None:
    """Return the flat index of the parents' states in front of a row."""
    states = tuple(" ".join(group) for group in entry.given)
    if len(states) != len(parents):
        states = tuple(word for group in entry.given for word in group)
    if len(states) != len(parents):
        text = f"{len(entry.given)} states for {len(parents)} parents."
        draft.problem(entry.row, text, f"a state of each of {', '.join(parents)}" if parents else "no states")
        return None
    at = 0
    good = True
    for name, state, lookup in zip(parents, states, lookups, strict=True):
        if state not in lookup:
            draft.problem(entry.row, f"{name!r} has no state {state!r}.", " or ".join(list(lookup)[:10]))
            good = False
        at = at * len(lookup) + lookup.get(state, 0)
    return at if good else None


def write_bif(network: DiscreteNetwork) -> str:
    """Return a single network as BIF; numbers have as many digits as make them come back bit for bit.

    Raises `InputError` for many draws: write one (``at_draw``) or the mean tables (``mean``).
    """
    return "".join(_lines(network.single()))


def _legal(name: str) -> bool:
    return bool(_WORD.match(name)) and name not in _RESERVED


def _legal_state(name: str) -> bool:
    return _legal(name) or bool(_INTEGER.match(name))


def _lines(network: DiscreteNetwork) -> Iterator[str]:
    title = identifiers([network.name], _legal, "n")[network.name] if network.name else _UNNAMED
    yield f"network {title} {{\n"
    if network.name and title != network.name:
        yield f"  property {NAME} {pack([network.name])};\n"
    yield "}\n"
    written = identifiers(network.variables, _legal, "v")
    states = {name: identifiers(known, _legal_state, "s") for name, known in network.states.items()}
    for name, known in network.states.items():
        yield f"variable {written[name]} {{\n"
        yield f"  type discrete [ {len(known)} ] {{ {', '.join(states[name].values())} }};\n"
        if written[name] != name:
            yield f"  property {NAME} {pack([name])};\n"
        if any(state != states[name][state] for state in known):
            yield f"  property {STATES} {pack(known)};\n"
        yield "}\n"
    for name, parents in network.parents.items():
        bar = f" | {', '.join(written[parent] for parent in parents)}" if parents else ""
        yield f"probability ( {written[name]}{bar} ) {{\n"
        rows = network.tables[name].reshape(-1, len(network.states[name])).tolist()
        if parents:
            given = product(*(states[parent].values() for parent in parents))
            for configuration, row in zip(given, rows, strict=True):
                yield f"  ({', '.join(configuration)}) {', '.join(map(repr, row))};\n"
        else:
            yield f"  table {', '.join(map(repr, rows[0]))};\n"
        yield "}\n"
