"""Commands killed at random moments lose nothing (see `killing`)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def killed(*words):
    """Kill in a process of its own: children are forked, which one that has computed in parallel cannot do."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.killing", *words],
        cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr.decode()
    return json.loads(done.stdout)


def test_killed_a_few_times():
    found = killed("--kills", "4", "--operations", "accept", "report")
    assert (sum(found["hits"].values()), found["wrong"]) == (4, [])


@pytest.mark.slow
def test_killed_two_hundred_times():
    found = killed("--kills", "200")
    assert (found["kills"], found["wrong"]) == (200, [])
    assert any("writing" in moment for moment in found["hits"])
