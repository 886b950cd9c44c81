"""Whole or not at all: a disk that is full, two at once, what a killed process leaves, places that are odd."""

import errno
import multiprocessing
import os
import resource
import signal
import threading

import pytest

from precursor import writing
from precursor.problems import InputError
from precursor.writing import UNFINISHED, new_folder, remove_unfinished, write_file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write_some(folder, size=1000):
    with new_folder(folder / "made") as made:
        for name in ("a", "b"):
            (made / name).write_bytes(b"x" * size)


def test_a_folder_and_a_file_are_written(tmp_path):
    write_some(tmp_path)
    write_file(tmp_path / "f", b"1", new=True)
    write_file(tmp_path / "f", b"2")
    assert names(tmp_path) == ["f", "made"]
    assert (tmp_path / "f").read_bytes() == b"2"
    assert names(tmp_path / "made") == ["a", "b"]


def test_what_is_there_is_not_written_over(tmp_path):
    write_some(tmp_path)
    (tmp_path / "f").write_bytes(b"1")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("f", "dangling"):
        with pytest.raises(InputError, match="already"):
            write_file(tmp_path / name, b"2", new=True)
    for name in ("made", "f", "dangling"):
        with pytest.raises(InputError, match="already"), new_folder(tmp_path / name):
            pass
    assert names(tmp_path) == ["dangling", "f", "made"]
    assert (tmp_path / "f").read_bytes() == b"1"


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_is_not_replaced(tmp_path, make):
    make(tmp_path / "taken")
    before = (tmp_path / "taken").stat()
    with pytest.raises(InputError, match="not a file"):
        write_file(tmp_path / "taken", b"1")
    assert (tmp_path / "taken").stat().st_ino == before.st_ino
    assert names(tmp_path) == ["taken"]


@pytest.mark.parametrize("name", ["a\0b", "\0", "\ud800"])
def test_a_name_that_no_disk_can_hold_is_refused(tmp_path, name):
    with pytest.raises(InputError, match="cannot name"):
        write_file(tmp_path / name, b"1")
    with pytest.raises(InputError, match="cannot name"), new_folder(tmp_path / name):
        pass
    assert names(tmp_path) == []


def test_a_link_is_replaced_and_what_it_points_to_is_not_touched(tmp_path):
    (tmp_path / "outside").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path / "outside")
    write_file(tmp_path / "link", b"2")
    assert (tmp_path / "outside").read_bytes() == b"1"
    assert not (tmp_path / "link").is_symlink()


def fail_with(number):
    def fail(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    return fail


NUMBERS = pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])


@NUMBERS
@pytest.mark.parametrize("step", ["pathlib.Path.mkdir", "pathlib.Path.write_bytes", "pathlib.Path.rename", "os.fsync"])
def test_a_folder_that_fails_at_any_step_is_not_there(tmp_path, monkeypatch, step, number):
    with monkeypatch.context() as patch:
        patch.setattr(step, fail_with(number))
        with pytest.raises(OSError, match=os.strerror(number)):
            write_some(tmp_path)
    assert names(tmp_path) == []
    write_some(tmp_path)


@NUMBERS
@pytest.mark.parametrize("step", ["tempfile.mkdtemp", "pathlib.Path.write_bytes", "pathlib.Path.replace", "os.fsync"])
def test_a_file_that_fails_at_any_step_is_as_it_was(tmp_path, monkeypatch, step, number):
    write_file(tmp_path / "f", b"1")
    with monkeypatch.context() as patch:
        patch.setattr(step, fail_with(number))
        with pytest.raises(OSError, match=os.strerror(number)):
            write_file(tmp_path / "f", b"2")
    assert names(tmp_path) == ["f"]
    assert (tmp_path / "f").read_bytes() == b"1"


def _with_little_disk(folder, most, results):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    try:
        write_some(folder)
        results.put("written")
    except OSError as error:
        results.put(error.errno)


@pytest.mark.parametrize("most", [0, 1, 500, 999, 1000])
def test_a_disk_that_is_full_after_some_bytes_leaves_nothing(tmp_path, most):
    """The system itself cuts the writing short."""
    context = multiprocessing.get_context("forkserver")
    results = context.SimpleQueue()
    process = context.Process(target=_with_little_disk, args=(tmp_path, most, results))
    process.start()
    process.join()
    assert results.get() == ("written" if most == 1000 else errno.EFBIG)
    assert names(tmp_path) == (["made"] if most == 1000 else [])


def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path):
    left = tmp_path / f"{UNFINISHED}abc"
    (left / "made").mkdir(parents=True)
    (left / "made" / "a").write_bytes(b"x")
    write_some(tmp_path)
    assert names(tmp_path) == ["made"]


def test_what_a_living_process_works_on_is_left_alone(tmp_path):
    with new_folder(tmp_path / "made") as made:
        assert remove_unfinished(tmp_path) == 0
        write_file(tmp_path / "f", b"1")
        assert made.is_dir()
    assert names(tmp_path) == ["f", "made"]


def test_a_link_that_looks_unfinished_is_not_followed(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / f"{UNFINISHED}x").symlink_to(tmp_path / "kept")
    write_file(tmp_path / "f", b"1")
    assert (tmp_path / "kept").is_dir()


@pytest.mark.parametrize("folder", [True, False])
def test_of_many_at_once_one_wins_and_the_others_are_told(tmp_path, folder):
    barrier, results = threading.Barrier(4), []

    def one(i):
        barrier.wait(timeout=10)
        try:
            if folder:
                write_some(tmp_path, size=100 + i)
            else:
                write_file(tmp_path / "made", b"x" * (100 + i), new=True)
            results.append(i)
        except InputError as error:
            results.append(str(error))

    threads = [threading.Thread(target=one, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [i for i in results if isinstance(i, int)]
    assert all("already" in result for result in results if result != winner)
    made = tmp_path / "made" / "a" if folder else tmp_path / "made"
    assert made.stat().st_size == 100 + winner
    assert names(tmp_path) == ["made"]


def test_without_locks_all_but_the_cleaning_works(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "fcntl", None)
    (tmp_path / f"{UNFINISHED}abc").mkdir()
    write_some(tmp_path)
    assert names(tmp_path) == [f"{UNFINISHED}abc", "made"]
