"""The limit of many people: exact on a linear model, and an interval that shared error keeps open."""

from __future__ import annotations

import numpy as np
import pytest

from precursor.validation.many_people import asked_of, derivatives, many_people, mode_of

LINEAR = np.array([[1.0, 0.5, 0.0], [0.0, 2.0, -1.0]])


def linear(x: np.ndarray) -> np.ndarray:
    return x @ LINEAR.T + 0.3


def test_on_a_linear_model_the_mode_is_the_known_mean() -> None:
    stated, error = np.array([1.0, -2.0]), 0.5
    exact = np.linalg.solve(np.eye(3) + LINEAR.T @ LINEAR / error**2, LINEAR.T @ (stated - 0.3) / error**2)
    assert mode_of(linear, stated, error, 3) == pytest.approx(exact, abs=1e-6)
    assert derivatives(linear, np.ones(3)) == pytest.approx(LINEAR, abs=1e-6)


def test_shared_error_leaves_something_open_and_without_it_nothing_is() -> None:
    settings = {"survey": "lumped_chain", "scenario": "critic", "people": "all"}
    wide, narrow = (many_people(1, {**settings, "shared_error": [times, times]}) for times in (1.0, 0.02))
    assert wide["sd"][0] > 0.1
    assert narrow["sd"][0] < wide["sd"][0] / 5
    assert narrow["mean"] == pytest.approx(narrow["truth"], abs=0.1)


@pytest.mark.slow
def test_fits_that_do_not_believe_in_the_error_miss() -> None:
    settings = {"survey": "lumped_chain", "scenario": "prior", "people": "all"}

    def held(believed: float) -> float:
        found = [many_people(seed, {**settings, "shared_error": [1.0, believed]}) for seed in range(12)]
        return float(np.mean([f["quantiles"][0, 0] <= f["truth"][0] <= f["quantiles"][0, -1] for f in found]))

    assert held(1.0) >= 0.6
    assert held(0.1) <= 0.5
    assert len(asked_of("lumped_chain").position) == 5
