"""What the tests of the argument share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from precursor.argument.scenario import Scenario, read_scenario
from precursor.network.grammar import Event, parse_event
from tests.oracles.random_scenarios import INDICATORS, random_parameters

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def indicators() -> Mapping[str, Event]:
    """The oracles' indicators, one of every kind."""
    return {name: parse_event(about) for name, about in INDICATORS.items()}


@pytest.fixture(scope="session", params=["argument", "critic"])
def carried(request: pytest.FixtureRequest) -> Scenario:
    """A scenario file that the repository carries."""
    return read_scenario(DATA / "scenarios" / f"{request.param}.toml")


@pytest.fixture(scope="session", params=range(2))
def free(request: pytest.FixtureRequest) -> Scenario:
    """A random scenario with nothing set."""
    return Scenario("random", random_parameters(np.random.default_rng(request.param + 40), INDICATORS, extreme=0.0))
