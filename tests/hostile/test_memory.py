"""With little memory left, in a process of its own: inputs are read or refused, and nothing is left half written."""

import io
import multiprocessing
import random
from contextlib import redirect_stderr

import pytest

from precursor.cli.main import main
from precursor.writing import UNFINISHED, new_folder, write_file
from tests.hostile.parsers import Parser, parsers
from tests.hostile.test_hostile import FILES, parser_of
from tests.hostile.trial import MEGABYTES, limit_memory, trial

MEGABYTE = 2**20
DAMAGED = 3


def hog(_content, _folder):
    return bytearray(2 * MEGABYTES * MEGABYTE)


def in_a_child(work, folder):
    """Return what a function of a folder found in a process that may have 500 MB more than it began with."""
    context = multiprocessing.get_context("forkserver")
    results = context.SimpleQueue()
    process = context.Process(target=_limited, args=(work, folder, results))
    process.start()
    found = results.get()
    process.join()
    return found


def _limited(work, folder, results):
    try:
        results.put(work(folder))
    except BaseException as error:
        results.put(repr(error))
        raise


def faults_with_little_memory(folder):
    for parser in parsers().values():
        for sound in parser.sound:
            trial(parser, sound, folder)
    limit_memory()
    inputs = [(parser_of(path), path.read_bytes()) for path in FILES]
    for name, parser in parsers().items():
        rng = random.Random(f"memory {name}")
        inputs += [(name, parser.damage(rng.choice(parser.sound), rng)) for _ in range(DAMAGED)]
    found = [(name, trial(parsers()[name], content, folder)) for name, content in inputs]
    return len(found), [one for one in found if one[1][0] == "fault"], trial(Parser(hog, (b"",)), b"", folder)


@pytest.mark.slow
def test_every_parser_with_little_memory(tmp_path):
    tried, faults, control = in_a_child(faults_with_little_memory, tmp_path)
    assert tried == DAMAGED * len(parsers()) + len(FILES)
    assert faults == []
    assert control == ("fault", f"more than {MEGABYTES} MB")


def written_with_little_memory(folder):
    write_file(folder / "f", b"1")
    limit_memory()
    found = []
    for write in (write_too_much, lambda place: write_file(place / "f", bytes(2 * MEGABYTES * MEGABYTE))):
        try:
            write(folder)
        except MemoryError:
            found.append("no memory")
    return found


def write_too_much(folder):
    with new_folder(folder / "made") as made:
        (made / "a").write_bytes(b"x" * MEGABYTE)
        (made / "b").write_bytes(bytearray(2 * MEGABYTES * MEGABYTE))


def test_a_write_without_memory_leaves_what_was_there(tmp_path):
    assert in_a_child(written_with_little_memory, tmp_path) == ["no memory", "no memory"]
    assert [path.name for path in tmp_path.rglob("*")] == ["f"]
    assert (tmp_path / "f").read_bytes() == b"1"
    assert not list(tmp_path.rglob(f"{UNFINISHED}*"))


def test_a_command_without_memory_says_so(monkeypatch):
    def nothing_left(_arguments):
        raise MemoryError

    monkeypatch.setattr("precursor.cli.surveys.run", nothing_left)
    with redirect_stderr(io.StringIO()) as err:
        assert main(["surveys"]) == 2
    assert "not enough memory" in err.getvalue()
