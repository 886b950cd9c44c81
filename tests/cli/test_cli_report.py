"""The report of a whole run, made twice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
FILES = ("report.pdf", "report.html", "report.json")


def report(root, hash_seed):
    """Return the bytes of a report made by a process of its own."""
    subprocess.run(
        [sys.executable, "-m", "precursor.cli.main", "report", "baseline", "--root", str(root)],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
    )
    return {name: (root / "reports" / "baseline" / name).read_bytes() for name in FILES}


@pytest.mark.slow
def test_at_full_draws_two_processes_write_the_same_bytes(tmp_path):
    """Nothing hangs on the order of sets, on a clock, or on where the run lies."""
    made = []
    for name, hash_seed in (("one", "1"), ("another", "2")):
        root = tmp_path / name
        shutil.copytree(REPOSITORY / "data", root / "data")
        shutil.copytree(REPOSITORY / "reports" / "baseline", root / "reports" / "baseline")
        made.append(report(root, hash_seed))
    assert [name for name in FILES if made[0][name] != made[1][name]] == []
