import json
from pathlib import Path

import numpy as np
import pytest

from precursor.cli.main import main

DATA = Path(__file__).parents[2] / "data" / "calibration"


@pytest.fixture
def files(tmp_path):
    """Write FORECASTS and OUTCOMES from text; return their paths."""

    def write(forecasts, outcomes):
        paths = tmp_path / "forecasts.csv", tmp_path / "outcomes.csv"
        for path, text in zip(paths, (forecasts, outcomes), strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return paths

    return write


@pytest.fixture
def pool(capsys):
    """Run ``precursor pool`` with words; return status, parsed JSON or text, stderr."""

    def run(*words):
        status = main(["pool", *map(str, words)])
        out, err = capsys.readouterr()
        return status, json.loads(out) if "--json" in words else out, err

    return run


@pytest.fixture
def simulate():
    """Make answers from the model, as {(question, expert): probability} and {question: outcome}."""

    def make(seed, questions, experts, *, bias=0.3, extremity=0.2, noise=0.7, best=False):
        random = np.random.default_rng(seed)
        t = random.normal(0.0, 1.5, questions)
        outcome = random.random(questions) < 1 / (1 + np.exp(-t))
        a, b = bias * random.normal(size=experts), np.exp(extremity * random.normal(size=experts))
        logit = a + np.outer(t + random.normal(0, 0.5, questions), b) * 0.7
        logit += noise * random.standard_t(4, (questions, experts))
        if best:
            logit[:, -1] = 2.5 * (2 * outcome - 1) + random.normal(0, 0.7, questions)
        stated = np.round(1 / (1 + np.exp(-logit)), 2)
        answers = {(f"q{q}", f"e{e}"): stated[q, e] for q in range(questions) for e in range(experts)}
        return answers, {f"q{q}": int(outcome[q]) for q in range(questions)}

    return make
