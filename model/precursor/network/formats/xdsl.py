"""XDSL, the format of GeNIe and SMILE (BayesFusion): ``cpt`` and ``deterministic`` nodes.

``probabilities`` list the parents in order and then the node itself, the last fastest; ``resultingstates`` name one
state for each configuration of the parents.  Other kinds of node (``noisymax``, ``noisyadder``, ``equation``,
``decision``, ``utility``, ``mau``, dynamic networks, ...) are refused with their line.

aGrUM up to 3.3.1 writes the parents' states in the other order, against GeNIe.  Its files say who wrote them, and are
read as they are meant.

Identifiers must be ``[A-Za-z][A-Za-z0-9_]*``, and a parent must come before its children.  What is written keeps to
that: the real names, and the order of declaration, stand in user properties (`network.names`); GeNIe shows the real
name of a node as its label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import networkx as nx
import numpy as np

from precursor.network.discrete import DiscreteNetwork
from precursor.network.formats.draft import Draft
from precursor.network.formats.xml_numbers import fill, joined
from precursor.network.formats.xml_tree import Element, attribute_of, holds, parse_xml, text_of
from precursor.network.names import NAME, ORDER, STATES, identifiers, pack, unpack

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
# pyAgrum writes (and reads) the first parent faster than the second: 3.3.1 is the last version that was looked at.
_LAST_REVERSED = (3, 3, 1)
_READ = {"cpt", "deterministic"}
_WIDTH, _HEIGHT, _GAP = 120, 40, 40


def read_xdsl(source: str | bytes, file: str | None = None) -> DiscreteNetwork:
    """Return the network in an XDSL document.

    Parameters
    ----------
    source
        Text, or bytes in the encoding that they declare.
    file
        What problems call the file.

    Raises
    ------
    InputError
        With every problem that can be found, each with its line.
    """
    root = parse_xml(source, file)
    draft = Draft(file)
    groups = root.all("nodes") if root.tag == "smile" else []
    if root.tag != "smile":
        draft.problem(root.row, f"The document is a <{root.tag}>.", "<smile>")
    elif len(groups) != 1:
        draft.problem(root.row, f"There are {len(groups)} groups of nodes.", "one <nodes>")
    for dynamic in root.all("dynamic"):
        draft.problem(dynamic.row, "A dynamic network is not read.", "<nodes>")
    declared: dict[str, Element] = {}
    for node in (node for group in groups[:1] for node in group.children):
        _declare(draft, node, declared)
    agrum = _agrum(root)
    for name, node in declared.items():
        _define(draft, name, node, agrum)
    return draft.finish(_network_name(root), _order(declared))


def _properties(element: Element) -> dict[str, str]:
    return {item.attributes.get("id", ""): item.text for item in element.all("property")}


def _network_name(root: Element) -> str:
    try:
        return "".join(unpack(_properties(root)[NAME]))
    except (KeyError, ValueError):
        return root.attributes.get("id", "")


def _order(declared: dict[str, Element]) -> list[str] | None:
    """Return the order of declaration that the file states for all of its nodes, if it does."""
    places = {name: _properties(node).get(ORDER, "") for name, node in declared.items()}
    numbers = [str(place) for place in range(len(declared))]
    return sorted(places, key=lambda name: int(places[name])) if set(places.values()) == set(numbers) else None


def _declare(draft: Draft, node: Element, declared: dict[str, Element]) -> None:
    name = node.attributes.get("id")
    if name is None:
        draft.problem(node.row, f"A <{node.tag}> has no id.", "id")
        return
    if node.tag not in _READ:
        draft.problem(node.row, f"The node {name!r} is a <{node.tag}>, which is not read.", "<cpt> or <deterministic>")
    states = node.all("state")
    for state in states:
        if "id" not in state.attributes:
            draft.problem(state.row, f"A state of {name!r} has no id.", "id")
    known = name in draft.variables
    readable = node.tag in _READ
    draft.declare(name, [state.attributes.get("id", "") for state in states] if readable else None, node.row)
    if not known and not readable:
        declared[name] = node
    elif not known:
        properties = _properties(node)
        draft.restore(name, properties.get(NAME), properties.get(STATES), node.row)
        declared[name] = node


def _agrum(root: Element) -> tuple[int, ...] | None:
    """Return the version of aGrUM that wrote the file, None where it was another program."""
    for extensions in root.all("extensions"):
        for genie in extensions.all("genie"):
            if found := re.match(r"aGrUM (\d{1,4}(?:\.\d{1,4})*)", genie.attributes.get("app", "")):
                return tuple(map(int, found[1].split(".")))
    return None


def _define(draft: Draft, name: str, node: Element, agrum: tuple[int, ...] | None) -> None:
    parents = [word for element in node.all("parents") for word in element.text.split()]
    if agrum is not None and len(parents) > 1:
        parents.reverse()
        if agrum > _LAST_REVERSED:
            version = ".".join(map(str, agrum))
            text = f"In which order aGrUM {version} writes the table of {name!r} is not known."
            draft.problem(node.row, text, f"files of GeNIe, or of aGrUM up to {'.'.join(map(str, _LAST_REVERSED))}")
    shape = draft.define(name, parents, node.row)
    if shape is None:
        return
    tag = "probabilities" if node.tag == "cpt" else "resultingstates"
    found = node.all(tag)
    if len(found) != 1:
        draft.problem(node.row, f"The node {name!r} has {len(found)} <{tag}>.", f"one <{tag}>")
    elif node.tag == "cpt":
        fill(draft, name, shape, found[0])
    else:
        _fill_deterministic(draft, name, shape, found[0])


def _fill_deterministic(draft: Draft, name: str, shape: tuple[int, ...], element: Element) -> None:
    words, rows = element.text.split(), element.rows()
    size = int(np.prod(shape[:-1]))
    if len(words) != size:
        draft.problem(element.row, f"{name!r} has {len(words):,} resulting states.", f"{size:,}")
        return
    known = {state: at for at, state in enumerate(draft.variables[name].states)}
    for word, row in zip(words, rows, strict=True):
        if word not in known:
            draft.problem(row, f"{name!r} has no state {word!r}.", " or ".join(list(known)[:10]))
    if set(words) <= set(known):
        draft.fill(name, np.eye(len(known))[[known[word] for word in words]].reshape(shape), element.row)


def write_xdsl(network: DiscreteNetwork) -> str:
    """Return a single network as XDSL; numbers have as many digits as make them come back bit for bit.

    Raises `InputError` for many draws: write one (``at_draw``) or the mean tables (``mean``).
    """
    return "".join(f"{line}\n" for line in _lines(network.single()))


def _legal(name: str) -> bool:
    return bool(_IDENTIFIER.match(name))


def _lines(network: DiscreteNetwork) -> Iterator[str]:
    written = identifiers(network.variables, _legal, "v")
    places = {name: place for place, name in enumerate(network.variables)}
    ordered = list(nx.lexicographical_topological_sort(network.graph(), key=places.__getitem__))
    title = identifiers([network.name], _legal, "n")[network.name]
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<smile version="1.0" id="{title}" numsamples="10000">\n  <nodes>'
    for name in ordered:
        yield from _node(network, name, written, None if ordered == list(places) else places[name])
    yield "  </nodes>"
    if title != network.name:
        yield f'  <property id="{NAME}">{pack([network.name])}</property>'
    label = network.name if holds(network.name) else title
    yield f'  <extensions>\n    <genie version="1.0" app="Precursor" name={attribute_of(label)}>'
    labels = identifiers(network.variables, holds, "v")
    for name, (left, top) in _positions(network, ordered).items():
        yield f'      <node id="{written[name]}">\n        <name>{text_of(labels[name])}</name>'
        yield '        <interior color="e5f6f7" />\n        <outline color="000080" />'
        yield '        <font color="000000" name="Arial" size="8" />'
        yield f"        <position>{left} {top} {left + _WIDTH} {top + _HEIGHT}</position>\n      </node>"
    yield "    </genie>\n  </extensions>\n</smile>"


def _node(network: DiscreteNetwork, name: str, written: dict[str, str], place: int | None) -> Iterator[str]:
    known = network.states[name]
    states = identifiers(known, _legal, "s")
    yield f'    <cpt id="{written[name]}">'
    for state in known:
        yield f'      <state id="{states[state]}" />'
    if network.parents[name]:
        yield f"      <parents>{' '.join(written[parent] for parent in network.parents[name])}</parents>"
    yield f"      <probabilities>{joined(network.tables[name].reshape(-1))}</probabilities>"
    properties = {
        NAME: pack([name]) if written[name] != name else None,
        STATES: pack(known) if any(states[state] != state for state in known) else None,
        ORDER: None if place is None else str(place),
    }
    for key, value in properties.items():
        if value is not None:
            yield f'      <property id="{key}">{value}</property>'
    yield "    </cpt>"


def _positions(network: DiscreteNetwork, ordered: list[str]) -> dict[str, tuple[int, int]]:
    """Return the left and top of every node: a line for each length of the longest path from a root."""
    depth: dict[str, int] = {}
    filled: dict[int, int] = {}
    positions = {}
    for name in ordered:
        depth[name] = 1 + max((depth[parent] for parent in network.parents[name]), default=-1)
        column = filled.get(depth[name], 0)
        filled[depth[name]] = column + 1
        positions[name] = (_GAP + column * (_WIDTH + _GAP), _GAP + depth[name] * (_HEIGHT + 2 * _GAP))
    return positions
