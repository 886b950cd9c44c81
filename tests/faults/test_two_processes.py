"""Two processes that want the same name at the same moment: one wins, the other is told, and nothing is mixed."""

import contextlib
import io
import multiprocessing

import pytest

from precursor.cli.main import main
from precursor.inference.fits import fit as fits
from precursor.inference.plan import plan_model
from precursor.inference.runs.run import Run, write_run
from precursor.inference.surveys import open_reader
from precursor.writing import UNFINISHED
from tests.cli.conftest import QUESTIONS, write_survey

ROUNDS = 5
SEEDS = (1, 2)
WAIT = 120


def accepting(root, seed, barrier, results):
    found = []
    for i in range(ROUNDS):
        words = ["accept", str(root / f"drafts-{seed}" / f"s{i}"), "--root", str(root)]
        barrier.wait(WAIT)
        with contextlib.redirect_stderr(io.StringIO()) as err, contextlib.redirect_stdout(io.StringIO()):
            status = main(words)
        found.append((status, err.getvalue()))
    results.put((seed, found))


def writing_runs(root, seed, barrier, results):
    fit = fits.prior_fit(plan_model([]), fits.Settings(draws=50, chains=2, seed=seed))
    summary, found = {"converged": seed == 1, "indicators": {}}, []
    for i in range(ROUNDS):
        barrier.wait(WAIT)
        found.append(write_run(root / "reports" / f"r{i}", fit, summary, {"seed": seed}).name)
    results.put((seed, found))


def by_two_processes(work, root):
    """Return what each of two processes found, by seed."""
    context = multiprocessing.get_context("forkserver")
    barrier, results = context.Barrier(2), context.SimpleQueue()
    processes = [context.Process(target=work, args=(root, seed, barrier, results)) for seed in SEEDS]
    for process in processes:
        process.start()
    for process in processes:
        process.join(WAIT)
    assert [process.exitcode for process in processes] == [0, 0]
    return dict(results.get() for _ in processes)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "data" / "questions").mkdir(parents=True)
    (tmp_path / "data" / "questions" / "a.toml").write_text(QUESTIONS)
    (tmp_path / "data" / "indicators").mkdir()
    for seed in SEEDS:
        for i in range(ROUNDS):
            rows = "".join(f"e{j},deceptive,point,{seed}%\n" for j in range(100 * seed))
            write_survey(tmp_path / f"drafts-{seed}" / f"s{i}", rows)
    return tmp_path


def test_two_processes_accept_the_same_survey(root):
    found = by_two_processes(accepting, root)
    reader = open_reader(root)
    assert reader.ids == tuple(f"s{i}" for i in range(ROUNDS))
    for i in range(ROUNDS):
        (winner,) = [seed for seed in SEEDS if found[seed][i][0] == 0]
        status, err = found[3 - winner][i]
        assert status == 2
        assert f"There is a survey 's{i}' already" in err
        # Reading compares every file with its recorded hash.
        assert len(reader.read(f"s{i}").judgements) == 100 * winner
        drafted, kept = root / f"drafts-{winner}" / f"s{i}", root / "data" / "surveys" / f"s{i}"
        assert (kept / "responses.csv").read_bytes() == (drafted / "responses.csv").read_bytes()
    assert unfinished(root) == []


@pytest.mark.slow
def test_two_processes_write_a_run_of_the_same_name(root):
    found = by_two_processes(writing_runs, root)
    for i in range(ROUNDS):
        assert {found[seed][i] for seed in SEEDS} == {f"r{i}", f"r{i}-2"}
        for seed in SEEDS:
            run = Run.open(found[seed][i], root)
            # Opened, a run's files are compared with the hashes that were written beside them.
            assert (run.provenance["seed"], run.summary["converged"]) == (seed, seed == 1)
            assert run.posterior["posterior"]["standard_normal"].shape[:2] == (2, 50)
    assert unfinished(root) == []


def unfinished(root):
    return list(root.rglob(f"{UNFINISHED}*"))
