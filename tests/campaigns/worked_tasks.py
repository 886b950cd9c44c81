"""Tasks for the tests of the runner: cheap, and one of them fatal to its worker, once."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def draw(seed: int, settings: Mapping[str, Any]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {"values": settings.get("scale", 1.0) * rng.standard_normal(3), "rank": np.array(rng.integers(10))}


def draw_or_die(seed: int, settings: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The worker that comes first to the marked place kills itself; whoever redoes the task finds the mark."""
    mark = Path(settings["folder"]) / f"died-{seed % 3}"
    if seed % 3 == 0 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return draw(seed, settings)


def fail(seed: int, settings: Mapping[str, Any]) -> dict[str, np.ndarray]:  # noqa: ARG001
    raise ValueError("A task that fails.")
