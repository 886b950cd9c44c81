"""A disk that is really full, or really read-only: what was there is as it was, and the command says why."""

import errno
import json
from contextlib import contextmanager

import pytest

from precursor.cli.main import main
from precursor.inference.fits import fit as fits
from precursor.inference.plan import plan_model
from precursor.inference.runs.run import Run, check_room, write_run
from precursor.inference.surveys import open_reader
from precursor.problems import InputError
from precursor.writing import UNFINISHED
from tests.cli.conftest import write_survey
from tests.faults.conftest import MEGABYTE
from tests.faults.killing import DONE, Bench, prepared, prepared_for_update, state

KILOBYTE = 1024
FULL, READ_ONLY = "No space left on device", "Read-only file system"
NO_ROOM = "The disk has"
# An update first computes its preview, which takes seconds.
UPDATE = pytest.param("update", marks=pytest.mark.slow)


@pytest.fixture(scope="module")
def bench(disk):
    return Bench(prepared(disk.folder))


@contextmanager
def filled(disk, left):
    disk.fill(left)
    try:
        yield
    finally:
        disk.empty()


@contextmanager
def read_only(disk):
    disk.read_only(True)
    try:
        yield
    finally:
        disk.read_only(False)


def given(bench, operation):
    if operation == "update" and not (bench.root / "reports" / "first").exists():
        prepared_for_update(bench.root)
    return bench.words(operation)


def refused(bench, words, capsys):
    """Return what a command says that has to change nothing."""
    before = state(bench.root)
    with bench.computed():
        status = main([*words, "--json", "--root", str(bench.root)])
    assert status == 2
    assert state(bench.root) == before
    assert list(bench.root.rglob(f"{UNFINISHED}*")) == []
    (problem,) = json.loads(capsys.readouterr().out)["errors"]
    return problem["message"]


def works(bench, words):
    with bench.computed():
        return main([*words, "--root", str(bench.root)]) in DONE


@pytest.mark.parametrize(
    ("operation", "left", "message"),
    [
        ("accept", 0, FULL),
        ("accept", 4 * KILOBYTE, FULL),
        ("report", 0, FULL),
        ("report", 64 * KILOBYTE, FULL),
        ("fit", 0, FULL),
        ("fit", 9 * MEGABYTE, NO_ROOM),
        pytest.param("update", 0, FULL, marks=pytest.mark.slow),
        pytest.param("update", 9 * MEGABYTE, NO_ROOM, marks=pytest.mark.slow),
    ],
)
def test_a_command_on_a_full_disk(bench, disk, capsys, operation, left, message):
    words = given(bench, operation)
    with filled(disk, left):
        assert refused(bench, words, capsys).startswith(message)
    assert works(bench, words)


@pytest.mark.parametrize("left", [0, 4, 16, 64, 80])
def test_a_disk_that_is_full_while_a_run_is_written(disk, bench, left):
    """The room looked for before the fit may be gone after it."""
    fit = fits.prior_fit(plan_model([]), fits.Settings(draws=50, chains=2))
    before, target = state(bench.root), bench.root / "reports" / f"full-{left}"
    with filled(disk, left * KILOBYTE), pytest.raises(OSError, match=FULL) as caught:
        write_run(target, fit, {"indicators": {}}, {})
    assert caught.value.errno == errno.ENOSPC
    assert state(bench.root) == before
    assert list(bench.root.rglob(f"{UNFINISHED}*")) == []
    assert Run.open(write_run(target, fit, {"indicators": {}}, {}).folder).posterior is not None


def test_room_is_looked_for_before_a_fit(disk):
    target = disk.folder / "reports" / "large"
    check_room(target, 1_000_000)
    with pytest.raises(InputError, match="this run may take 410 MB"):
        check_room(target, 50_000_000)


@pytest.mark.parametrize("operation", ["accept", "report", "fit", UPDATE])
def test_a_command_on_a_read_only_disk(bench, disk, capsys, operation):
    words = given(bench, operation)
    with read_only(disk):
        assert refused(bench, words, capsys) == READ_ONLY
    assert works(bench, words)


@pytest.mark.parametrize(("place", "message"), [(read_only, READ_ONLY), (lambda disk: filled(disk, 0), FULL)])
def test_a_survey_cannot_be_retracted_there_and_is_whole(bench, disk, capsys, place, message):
    id_ = f"kept_{message[:2].lower()}"
    write_survey(bench.root / "data" / "surveys" / id_, "ada,deceptive,point,2%\n")
    with place(disk):
        assert refused(bench, ["retract", id_], capsys) == message
    assert len(open_reader(bench.root).read(id_).judgements) == 1
    assert works(bench, ["retract", id_])
    assert not (bench.root / "data" / "surveys" / id_ / "responses.csv").exists()
