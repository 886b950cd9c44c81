"""XMLBIF 0.3 (Cozman 1998): variables with outcomes, and definitions with tables.

A ``TABLE`` lists the ``GIVEN`` variables in order and then the ``FOR`` variable, the last fastest: the outcome changes
fastest, the first given slowest.  The document type that JavaBayes writes into every file is passed over, and is not
written, for pyAgrum refuses it.  Tags count in any case.  Names are text, so nearly every name stands as it is; one
that XML cannot hold becomes an identifier, and the real name stands in a ``PROPERTY`` (`network.names`).
"""

from __future__ import annotations

from collections.abc import Iterator

from precursor.network.discrete import DiscreteNetwork
from precursor.network.formats.draft import Draft
from precursor.network.formats.xml_numbers import fill, joined
from precursor.network.formats.xml_tree import Element, holds, parse_xml, text_of
from precursor.network.names import NAME, STATES, identifiers, pack, unpack


def read_xmlbif(source: str | bytes, file: str | None = None) -> DiscreteNetwork:
    """Return the network in an XMLBIF document.

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
    root = _upper(parse_xml(source, file))
    draft = Draft(file)
    networks = root.all("NETWORK") if root.tag == "BIF" else []
    if root.tag != "BIF":
        draft.problem(root.row, f"The document is a <{root.tag}>.", "<BIF>")
    elif len(networks) != 1:
        draft.problem(root.row, f"There are {len(networks)} networks.", "one <NETWORK>")
    for network in networks[:1]:
        for variable in network.all("VARIABLE"):
            _declare(draft, variable)
        for definition in (*network.all("DEFINITION"), *network.all("PROBABILITY")):
            _define(draft, definition)
    return draft.finish(_network_name(networks[0]) if networks else "")


def _upper(root: Element) -> Element:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        element.tag = element.tag.upper()
        waiting += element.children
    return root


def _network_name(network: Element) -> str:
    written = "".join(name.text for name in network.all("NAME")[:1])
    try:
        return "".join(unpack(_properties(network)[NAME]))
    except (KeyError, ValueError):
        return written


def _properties(element: Element) -> dict[str, str]:
    """Return the properties that are written ``name = value``."""
    found = {}
    for item in element.all("PROPERTY"):
        key, mark, value = item.text.partition("=")
        if mark:
            found[key.strip()] = value.strip()
    return found


def _declare(draft: Draft, variable: Element) -> None:
    kind = {key.upper(): value for key, value in variable.attributes.items()}.get("TYPE", "nature")
    names = variable.all("NAME")
    if kind.lower() != "nature":
        draft.problem(variable.row, f"A variable of type {kind!r} is not read.", "nature")
    if len(names) != 1:
        draft.problem(variable.row, f"A variable has {len(names)} names.", "one <NAME>")
        return
    name = names[0].text
    known = name in draft.variables
    nature = kind.lower() == "nature"
    draft.declare(name, [outcome.text for outcome in variable.all("OUTCOME")] if nature else None, variable.row)
    if not known and nature:
        properties = _properties(variable)
        draft.restore(name, properties.get(NAME), properties.get(STATES), variable.row)


def _define(draft: Draft, definition: Element) -> None:
    children, tables = definition.all("FOR"), definition.all("TABLE")
    if len(children) != 1:
        draft.problem(definition.row, f"A definition is for {len(children)} variables.", "one <FOR>")
        return
    child = children[0].text
    shape = draft.define(child, [given.text for given in definition.all("GIVEN")], definition.row)
    if len(tables) != 1:
        draft.problem(definition.row, f"The definition of {child!r} has {len(tables)} tables.", "one <TABLE>")
    elif shape is not None:
        fill(draft, child, shape, tables[0])


def write_xmlbif(network: DiscreteNetwork) -> str:
    """Return a single network as XMLBIF; numbers have as many digits as make them come back bit for bit.

    Raises `InputError` for many draws: write one (``at_draw``) or the mean tables (``mean``).
    """
    return "".join(f"{line}\n" for line in _lines(network.single()))


def _lines(network: DiscreteNetwork) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<BIF VERSION="0.3">\n<NETWORK>'
    title = identifiers([network.name], holds, "n")[network.name]
    yield f"<NAME>{text_of(title)}</NAME>"
    if title != network.name:
        yield f"<PROPERTY>{NAME} = {pack([network.name])}</PROPERTY>"
    written = identifiers(network.variables, holds, "v")
    for name, known in network.states.items():
        states = identifiers(known, holds, "s")
        yield f'<VARIABLE TYPE="nature">\n  <NAME>{text_of(written[name])}</NAME>'
        for state in known:
            yield f"  <OUTCOME>{text_of(states[state])}</OUTCOME>"
        if written[name] != name:
            yield f"  <PROPERTY>{NAME} = {pack([name])}</PROPERTY>"
        if any(states[state] != state for state in known):
            yield f"  <PROPERTY>{STATES} = {pack(known)}</PROPERTY>"
        yield "</VARIABLE>"
    for name, parents in network.parents.items():
        yield f"<DEFINITION>\n  <FOR>{text_of(written[name])}</FOR>"
        for parent in parents:
            yield f"  <GIVEN>{text_of(written[parent])}</GIVEN>"
        yield "  <TABLE>"
        for row in network.tables[name].reshape(-1, len(network.states[name])):
            yield f"    {joined(row)}"
        yield "  </TABLE>\n</DEFINITION>"
    yield "</NETWORK>\n</BIF>"
