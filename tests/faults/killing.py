"""Kill commands that write, at random moments, and look at what is left.

``python -m tests.faults.killing --kills 200 --seed 1``

A child process is forked for each command and killed (SIGKILL).  Half the kills come at a moment of the whole command,
half after it has begun to write.  What only computes (the sampler, the summary, the report's numbers and its pages) is
replaced by what it had found once, so that many kills fall where something can be lost.  After every kill: each run and
each survey is whole and is what it was, the same command works, and then nothing unfinished is left.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from precursor import writing
from precursor.analysis.tables.run_list import run_rows
from precursor.cli.main import main
from precursor.inference.fits import fit as fits
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.plan import plan_model
from precursor.inference.runs.run import PROVENANCE, Run, run_names, write_run
from precursor.inference.surveys import open_reader
from tests.cli.conftest import write_survey
from tests.cli.test_cli_compare import data_folder, fitted_run

OPERATIONS = ("fit", "accept", "report", "update")
# An update takes ten times as long as the others, nearly all of it to compute the preview.
CYCLE = ("fit", "accept", "report") * 3 + ("update",)
# So few draws do not pass the checks of a run, which is then written all the same.
DONE = (0, 1)
SETTINGS = ("--draws", "50", "--chains", "2")


_ESTIMATE = {"mean": 0.07, "median": 0.05, "low": 0.01, "high": 0.3, "mass": 0.9}
FOUND = {
    "headline": [
        {"query": query, "prior": _ESTIMATE, "posterior": _ESTIMATE, "next_expert": _ESTIMATE} for query in HEADLINE
    ],
    "checks": [{"name": "r_hat_max", "passed": False, "value": 1.1, "threshold": 1.01}],
    "converged": False, "quick": True, "indicators": {}, "untouched_parameters": [], "surveys": [],
}  # fmt: skip


def prepared(root: Path) -> Path:
    """Fill a folder with surveys, and a run with a report."""
    data_folder(root)
    fit = fits.prior_fit(plan_model([]), fits.Settings(draws=50, chains=2))
    write_run(root / "reports" / "told", fit, FOUND, {"made": "now"})
    for file, size in (("report.pdf", 400_000), ("report.html", 200_000), ("report.json", 200_000)):
        (root / "reports" / "told" / file).write_bytes(b"0" * size)
    return root


def prepared_for_update(root: Path) -> Path:
    """Add a run of one of the surveys, which `update` may add the other to."""
    made = fitted_run(root, "first", ["old"], draws=50, pool=200)
    recorded = made / PROVENANCE
    recorded.write_text(json.dumps({**json.loads(recorded.read_text()), "made": "now"}))
    return root


def in_a_child(prepare: Callable[[Path], Path], root: Path) -> Path:
    """Prepare a folder in a process of its own: one that has computed in parallel cannot be forked."""
    pid = os.fork()
    if not pid:
        prepare(root)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    return root


class Bench:
    """A data folder with a run and surveys, and the four commands on it."""

    def __init__(self, root: Path) -> None:
        """Work in a folder that was `prepared`."""
        self.root, self.made = root, 0

    def words(self, operation: str) -> list[str]:
        """Return a command that has not been given before."""
        self.made += 1
        name = f"n{self.made}"
        if operation == "accept":
            write_survey(self.root / "drafts" / name, "".join(f"e{i},deceptive,point,2%\n" for i in range(200)))
            return ["accept", str(self.root / "drafts" / name)]
        if operation == "report":
            return ["report", "told"]
        return [operation, *(["first", "new"] if operation == "update" else []), *SETTINGS, "--name", name]

    @contextmanager
    def computed(self) -> Iterator[None]:
        """Replace what only computes."""
        pages, numbers = b"1" * 400_000, {"run": "1" * 200_000}
        with (
            mock.patch.object(fits.Sampler, "compiled_from", lambda plan, _say: SimpleNamespace(
                sample=lambda settings, _say: fits.prior_fit(plan, settings)
            )),
            mock.patch("precursor.inference.runs.summary.summarise", return_value=FOUND),
            mock.patch("precursor.analysis.document.report_analyses.analyses", return_value={}),
            mock.patch("precursor.report.write.report_data", return_value=numbers),
            mock.patch("precursor.report.write.document", return_value={"sections": []}),
            mock.patch("precursor.report.write.require_supported"),
            mock.patch("precursor.report.write.pictures", return_value=[]),
            mock.patch("precursor.report.write.typeset", return_value=pages),
            mock.patch("precursor.report.write.page", return_value="1" * 200_000),
            mock.patch("precursor.analysis.comparison.comparison.comparison_document", return_value={}),
            mock.patch("precursor.inference.comparison.runs.compare_sides", return_value=None),
            mock.patch("precursor.cli.update.comparison_lines", return_value=()),
        ):  # fmt: skip
            yield


def child(bench: Bench, words: list[str], began: int) -> int:
    """Fork, run a command there, and return the child's id; a byte is sent when it begins to write."""
    pid = os.fork()
    if pid:
        return pid
    status = 99
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        if not os.environ.get("SHOW"):
            os.dup2(silent, 2)
        unfinished = writing._unfinished

        def telling(folder: Path) -> object:
            os.write(began, b"w")
            return unfinished(folder)

        with bench.computed(), mock.patch.object(writing, "_unfinished", telling):
            status = main([*words, "--root", str(bench.root)])
    finally:
        os._exit(status)


def ended(bench: Bench, words: list[str], kill_after: Callable[[int], None] | None = None) -> tuple[int, float, float]:
    """Run a command to its end, or kill it; return its status, and the seconds before and since it began to write."""
    reads, writes = os.pipe()
    start = time.monotonic()
    pid = child(bench, words, writes)
    os.close(writes)
    if kill_after is not None:
        kill_after(reads)
        os.kill(pid, signal.SIGKILL)
    began = time.monotonic() if kill_after is None and os.read(reads, 1) else start
    _, status = os.waitpid(pid, 0)
    os.close(reads)
    return os.waitstatus_to_exitcode(status), began - start, time.monotonic() - began


def state(root: Path) -> dict[str, bytes]:
    """Return every file of the runs and the store that a reader may see."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for part in ("reports", "data")
        for path in sorted((root / part).rglob("*"))
        if path.is_file() and writing.UNFINISHED not in str(path)
    }


def faults(root: Path, before: dict[str, bytes], *, replaced: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what is not whole, or not what it was; ``replaced`` files may be either of two."""
    yield from (f"run: {row}" for row in run_rows(root) if row["errors"])
    for name in run_names(root):
        run = Run.open(name, root)
        _ = run.summary, run.posterior
    reader = open_reader(root)
    for id_ in reader.ids:
        reader.read(id_)
    now = state(root)
    yield from (f"gone or changed: {file}" for file in before if file not in replaced and now.get(file) != before[file])
    yield from (f"of two reports: {file}" for file in replaced if len(set(now[file])) != 1 and file.endswith("pdf"))


def once(bench: Bench, operation: str, rng: random.Random, usual: tuple[float, float]) -> tuple[str, list[str]]:
    """Kill one command; return where it was hit, and what was wrong afterwards."""
    words, before = bench.words(operation), state(bench.root)
    replaced = tuple(f"reports/told/{name}" for name in ("report.pdf", "report.json")) * (operation == "report")
    whole, writing_first = rng.random() * sum(usual), rng.random() < 0.5
    delay = rng.random() * usual[1]

    def kill_after(reads: int) -> None:
        if writing_first and os.read(reads, 1):
            time.sleep(delay)
        elif not writing_first:
            time.sleep(whole)

    status, _, _ = ended(bench, words, kill_after)
    left = len(list(bench.root.rglob(f"{writing.UNFINISHED}*")))
    found = list(faults(bench.root, before, replaced=replaced))
    moment = "done" if status >= 0 else "writing" if left else "elsewhere"
    status, _, _ = ended(bench, words)
    taken = (
        status == 2
        and operation != "report"
        and any(words[-1].rpartition("/")[2] in name for name in new(bench, before))
    )
    if status not in DONE and not taken:
        found.append(f"the next {operation} ended with {status}")
    if taken:
        ended(bench, bench.words(operation))
    found += [f"left: {path}" for path in bench.root.rglob(f"{writing.UNFINISHED}*")]
    found += list(faults(bench.root, before, replaced=replaced))
    for name in new(bench, before):
        shutil.rmtree(bench.root / name)
    return moment, found


def new(bench: Bench, before: dict[str, bytes]) -> set[str]:
    """Return the folders of runs and surveys that were not there before."""
    return {str(Path(file).parent) for file in state(bench.root)} - {str(Path(file).parent) for file in before}


def kills(
    count: int, seed: int, root: Path, operations: Sequence[str] = OPERATIONS
) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Return how many kills hit what, and everything that was wrong."""
    rng, bench = random.Random(seed), Bench(in_a_child(prepared, root))
    if "update" in operations:
        in_a_child(prepared_for_update, root)
    with bench.computed():
        pass  # imports here, once, what every child would
    cycle = [operation for operation in CYCLE if operation in operations]
    usual = {}
    for operation in operations:
        # The first is slower: it imports.
        for _ in range(2):
            status, until, since = ended(bench, bench.words(operation))
            assert status in DONE, (operation, status)
        usual[operation] = (until, since)
        print(f"{operation}: {until:.2f} s, then {since:.3f} s of writing", file=sys.stderr, flush=True)
    hits: Counter[tuple[str, str]] = Counter()
    wrong: list[str] = []
    for i in range(count):
        operation = cycle[i % len(cycle)]
        moment, found = once(bench, operation, rng, usual[operation])
        hits[operation, moment] += 1
        wrong += [f"kill {i}, {operation}: {what}" for what in found]
        print(f"{i + 1} of {count}: {operation}, {moment}, wrong so far: {len(wrong)}", file=sys.stderr, flush=True)
    return hits, wrong


def command() -> int:
    """Kill as often as asked and print what was hit, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--operations", nargs="+", choices=OPERATIONS, default=OPERATIONS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        hits, wrong = kills(arguments.kills, arguments.seed, Path(folder), arguments.operations)
    counts = {f"{operation}, killed {moment}": hits[operation, moment] for operation, moment in sorted(hits)}
    print(json.dumps({"kills": arguments.kills, "seed": arguments.seed, "hits": counts, "wrong": wrong}, indent=1))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(command())
