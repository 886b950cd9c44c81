"""Whatever strangers wrote is read or refused: nasty files, and a share of what ``scripts/fuzz.py`` tries."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from precursor.problems import InputError
from tests.hostile.parsers import Parser, emptied, parsers
from tests.hostile.trial import trial

CASES = Path(__file__).parents[1] / "cases" / "hostile"
FILES = sorted(path for path in CASES.rglob("*") if path.is_file())


def parser_of(path):
    """Return the parser that a nasty file is for: its folder's name."""
    name = path.parent.name
    return name if name in parsers() else name.replace("_", " ", 1)


@pytest.mark.parametrize("name", parsers())
def test_a_sound_input_is_read(name, tmp_path):
    for sound in parsers()[name].sound:
        parsers()[name].read(sound, emptied(tmp_path / "work"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_nasty_file_is_read_or_refused(path, tmp_path):
    assert trial(parsers()[parser_of(path)], path.read_bytes(), tmp_path)[0] != "fault"


@pytest.mark.parametrize("name", parsers())
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rng=st.randoms(use_true_random=False))
def test_a_damaged_input_is_read_or_refused(name, rng, tmp_path):
    parser = parsers()[name]
    for _ in range(3):
        content = parser.damage(rng.choice(parser.sound), rng)
        outcome, what = trial(parser, content, emptied(tmp_path / "around"))
        assert outcome != "fault", (what, content)


@pytest.mark.slow
@pytest.mark.parametrize("name", parsers())
def test_many_damaged_inputs_are_read_or_refused(name, tmp_path):
    parser, rng = parsers()[name], random.Random(f"slow {name}")
    for _ in range(round(500 * parser.share)):
        content = parser.damage(rng.choice(parser.sound), rng)
        assert trial(parser, content, tmp_path)[0] != "fault", content


def hangs(_content, _folder):
    while True:
        pass


def raises(_content, _folder):
    return {}["a"]


def writes_elsewhere(_content, folder):
    (folder / ".." / "x").write_text("")


def says_nothing(_content, _folder):
    raise InputError([])


@pytest.mark.parametrize(
    ("read", "what"),
    [(hangs, "more than 1 s"), (raises, "KeyError"), (writes_elsewhere, "elsewhere"), (says_nothing, "without a word")],
)
def test_a_reader_that_misbehaves_is_noticed(read, what, tmp_path):
    outcome, said = trial(Parser(read, (b"",)), b"", tmp_path)
    assert outcome == "fault"
    assert what in said
