"""All formats alike: what is written comes back bit for bit, and no input is a traceback."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.network import files
from precursor.network.discrete import DiscreteNetwork
from precursor.network.files import FORMATS, dumps, format_of, loads, read_network, write_network
from precursor.network.names import identifiers, pack, unpack
from precursor.problems import InputError, Problem
from tests.network.strategies import NAMES, NASTY, networks

FORMAT = st.sampled_from(sorted(FORMATS))
PIECES = """
network variable probability type discrete property table default precursor_states n.a a b é
{ } ( ) [ ] | , ; " ' \\ // /* */ 0.5 1e400 -1 nan 1_0 2 99999999999 < > /> </ & &x; \0 \ufeff
<BIF> <NETWORK> <VARIABLE> <NAME> <OUTCOME> <DEFINITION> <FOR> <GIVEN> <TABLE> <smile> <nodes>
<parents> <probabilities> <resultingstates> <![CDATA[ <!DOCTYPE </nodes> </TABLE> </NAME>
"""
PHRASES = ("<cpt id='a'>", "<state id='x'/>", "<deterministic id='d'>", "<!ENTITY x 'y'>", "<?xml version='1.0'?>")
FRAGMENTS = st.sampled_from((*PIECES.split(), *PHRASES, "\n", " ", ""))


def example() -> DiscreteNetwork:
    """Return a network of three variables with names that need care."""
    states = {"b": ("x", "<5", "Asy/Patch"), "a": ("yes", "no"), "c d": ("0", "1.5")}
    parents = {"b": ("a", "c d"), "c d": ("a",)}
    tables = {
        "a": np.array([0.25, 0.75]),
        "c d": np.array([[1.0, 0.0], [0.1, 0.9]]),
        "b": np.arange(1.0, 13.0).reshape(2, 2, 3) / np.arange(1.0, 13.0).reshape(2, 2, 3).sum(-1, keepdims=True),
    }
    return DiscreteNetwork(states, parents, tables, "three")


@settings(deadline=None, max_examples=100)
@given(networks(), FORMAT)
def test_a_network_survives_being_written_and_read(network: DiscreteNetwork, format_name: str) -> None:
    again = loads(dumps(network, format_name), format_name)
    assert again.equals(network)
    assert again.name == network.name


@settings(deadline=None, max_examples=25)
@given(networks(), st.permutations(sorted(FORMATS)))
def test_it_survives_every_format_in_turn(network: DiscreteNetwork, formats: list[str]) -> None:
    again = network
    for format_name in formats:
        again = loads(dumps(again, format_name).encode(), format_name)
    assert again.equals(network)


@settings(deadline=None, max_examples=25)
@given(networks(), FORMAT, st.randoms(use_true_random=False))
def test_another_number_or_name_is_another_network(network: DiscreteNetwork, format_name: str, random) -> None:
    """The control of the round trip: the comparison sees one bit, and one state."""
    name = random.choice(network.variables)
    table = network.tables[name].copy()
    at = np.unravel_index(int(np.argmax(table)), table.shape)
    table[at] = np.nextafter(table[at], 0.0)
    bit = DiscreteNetwork(network.states, network.parents, {**network.tables, name: table})
    renamed = {**network.states, name: (*network.states[name][:-1], "another state")}
    for other in (bit, DiscreteNetwork(renamed, network.parents, network.tables)):
        assert not loads(dumps(other, format_name), format_name).equals(network)


@pytest.mark.parametrize("format_name", sorted(FORMATS))
def test_all_nasty_names_together(format_name: str) -> None:
    states = {name: NASTY[i:] + NASTY[:i] for i, name in enumerate(NASTY)}
    tables = {name: np.full(len(NASTY), 1.0 / len(NASTY)) for name in NASTY}
    network = DiscreteNetwork(states, {}, tables)
    assert loads(dumps(network, format_name), format_name).equals(network)


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_packed_names_come_back(names: list[str]) -> None:
    packed = pack(names)
    assert set(packed) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
    assert list(unpack(packed)) == names


@pytest.mark.parametrize("text", ["", "n", "a.b", "n.a b", "n.-4", "n.-zz", "n.é", "n.-C3", "n.a\n"])
def test_what_was_not_packed_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - a decoding error is one too
        unpack(text)


@given(st.lists(NAMES, unique=True, max_size=8))
def test_identifiers_are_distinct_and_keep_what_is_legal(names: list[str]) -> None:
    def legal(name: str) -> bool:
        return name.isascii() and name.isidentifier() and name[0] != "_"

    written = identifiers(names, legal, "v")
    assert list(written) == names
    assert len(set(written.values())) == len(names)
    assert all(map(legal, written.values()))
    assert all(written[name] == name for name in names if legal(name))


@settings(deadline=None, max_examples=100)
@given(FORMAT, st.lists(FRAGMENTS | st.text(max_size=3), max_size=40).map("".join) | st.binary(max_size=60))
def test_no_text_is_a_traceback(format_name: str, text: str | bytes) -> None:
    read_or_refuse(text, format_name)


@settings(deadline=None, max_examples=150)
@given(
    FORMAT, st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), FRAGMENTS | st.just("")), min_size=1, max_size=4)
)
def test_no_damaged_file_is_a_traceback(format_name: str, damage: list[tuple[float, int, str]]) -> None:
    text = dumps(example(), format_name)
    for place, length, fragment in damage:
        at = int(place * len(text))
        text = text[:at] + fragment + text[at + length :]
    read_or_refuse(text, format_name)


def read_or_refuse(text: str | bytes, format_name: str) -> None:
    data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    lines = data.count(b"\n") + data.count(b"\r") + 1
    network, problems = attempt(text, format_name)
    assert (network is None) == bool(problems)
    assert all(problem.row is None or 1 <= problem.row <= lines for problem in problems)
    for table in network.tables.values() if network else ():
        np.testing.assert_allclose(table.sum(axis=-1), 1.0, atol=1e-11)


def attempt(text: str | bytes, format_name: str) -> tuple[DiscreteNetwork | None, tuple[Problem, ...]]:
    try:
        return loads(text, format_name), ()
    except InputError as error:
        return None, error.problems


@pytest.mark.parametrize("format_name", sorted(FORMATS))
def test_every_way_to_cut_a_file_short_is_refused_or_read(format_name: str) -> None:
    text = dumps(example(), format_name)
    for stop in range(len(text)):
        read_or_refuse(text[:stop], format_name)


@pytest.mark.parametrize("suffix", [".bif", ".BIF", ".xmlbif", ".bifxml", ".xml", ".xdsl"])
def test_files_by_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"three{suffix}"
    write_network(example(), path)
    assert read_network(path).equals(example())
    assert read_network(str(path)).name == "three"
    assert [child.name for child in tmp_path.iterdir()] == [path.name]


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "three.bif"
    path.write_text("before")
    draws = DiscreteNetwork({"a": ("x", "y")}, {}, {"a": np.full((3, 2), 0.5)}, draws=3)
    with pytest.raises(InputError, match="3 draws"):
        write_network(draws, path)
    with pytest.raises(InputError, match="There is no folder"):
        write_network(example(), tmp_path / "no such folder" / "three.bif")
    (tmp_path / "folder.bif").mkdir()
    with pytest.raises(InputError, match="not a file"):
        write_network(example(), tmp_path / "folder.bif")
    assert path.read_text() == "before"
    assert sorted(child.name for child in tmp_path.iterdir()) == ["folder.bif", "three.bif"]


def test_what_is_not_a_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.bif")
    (tmp_path / "folder.bif").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(InputError, match="not a file"):
            read_network(tmp_path / f"{name}.bif")


def test_what_cannot_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, expected in {"none.bif": "Cannot read", "a.txt": "suffix", "a": "suffix"}.items():
        with pytest.raises(InputError, match=expected):
            read_network(tmp_path / name)
    with pytest.raises(InputError, match="Cannot read"):
        read_network("a\0b.bif")
    (tmp_path / "latin.bif").write_bytes(b"network a {\n}\nvariable \xe9 {\n}\n")
    with pytest.raises(InputError) as caught:
        read_network(tmp_path / "latin.bif")
    assert [(problem.file, problem.row) for problem in caught.value.problems] == [("latin.bif", 3)]
    monkeypatch.setattr(files, "MAX_BYTES", 100)
    (tmp_path / "large.bif").write_text("x" * 101)
    with pytest.raises(InputError, match="too large"):
        read_network(tmp_path / "large.bif")
    with pytest.raises(InputError, match="no format"):
        loads("", "net")
    with pytest.raises(InputError, match="no format"):
        dumps(example(), "net")
    assert format_of(Path("a.b.Xdsl")).name == "xdsl"


@pytest.mark.parametrize("format_name", sorted(FORMATS))
def test_marginals_are_unchanged(format_name: str) -> None:
    """Summed from the joint distribution here, with no code of the package."""
    network = example()
    again = loads(dumps(network, format_name), format_name)
    assert brute_marginals(again) == brute_marginals(network)


def brute_marginals(network: DiscreteNetwork) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for joint in itertools.product(*(range(len(known)) for known in network.states.values())):
        at = dict(zip(network.states, joint, strict=True))
        weight = 1.0
        for name, table in network.tables.items():
            weight *= float(table[tuple(at[one] for one in (*network.parents[name], name))])
        for name, i in at.items():
            key = (name, network.states[name][i])
            found[key] = found.get(key, 0.0) + weight
    return found
