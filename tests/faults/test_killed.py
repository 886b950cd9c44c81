"""Commands killed at random moments lose nothing (see `killing`)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.mark.slow
def test_killed_two_hundred_times():
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.faults.killing", "--kills", "200"],
        cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}, capture_output=True, check=False,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert (found["kills"], found["wrong"]) == (200, [])
    assert any("writing" in moment for moment in found["hits"])
