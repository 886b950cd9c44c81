"""Bands and p-values against simulation: they hold uniform ranks as often as they say, and no others."""

from __future__ import annotations

import numpy as np
import pytest

from precursor.validation.bands import Bands, bands, counts_below, gamma_of, p_value, points_of, probability_within
from precursor.validation.ranks import judged, ranks_of, thinned


def uniform(sets: int, fits: int, draws: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, draws + 1, (sets, fits))


@pytest.mark.parametrize(("fits", "draws"), [(30, 19), (100, 99)])
def test_bands_hold_uniform_ranks_as_often_as_they_say(fits: int, draws: int) -> None:
    found = bands(fits, draws, 0.9)
    counts = np.array([counts_below(ranks, draws) for ranks in uniform(4000, fits, draws)])
    share = ((counts >= found.low) & (counts <= found.high)).all(axis=1).mean()
    exact = probability_within(found, fits, draws)
    assert exact >= 0.9
    assert share == pytest.approx(exact, abs=4 * np.sqrt(0.09 / 4000))


def test_p_values_are_those_of_simulated_ranks() -> None:
    gammas = np.sort([gamma_of(ranks, 49) for ranks in uniform(4000, 40, 49)])
    for ranks in uniform(5, 40, 49, seed=2):
        simulated = np.searchsorted(gammas, gamma_of(ranks, 49) * (1 + 1e-9)) / len(gammas)
        assert p_value(ranks, 49) == pytest.approx(simulated, abs=4 * np.sqrt(0.25 / 4000))


def test_bands_and_p_value_agree() -> None:
    found = bands(60, 30, 0.95)
    for ranks in uniform(200, 60, 30, seed=3):
        counts = counts_below(ranks, 30)
        inside = bool(((counts >= found.low) & (counts <= found.high)).all())
        assert inside == (p_value(ranks, 30) > 1 - probability_within(found, 60, 30) + 1e-12)


def test_unbounded_bands_hold_everything() -> None:
    points = points_of(20)
    everything = Bands(points, np.zeros(len(points), dtype=int), np.full(len(points), 15))
    assert probability_within(everything, 15, 20) == pytest.approx(1.0)


@pytest.mark.parametrize("wrong", ["shifted", "too narrow", "too wide"])
def test_wrong_ranks_are_caught(wrong: str) -> None:
    rng = np.random.default_rng(4)
    shift, scale = {"shifted": (0.5, 1.0), "too narrow": (0.0, 1.7), "too wide": (0.0, 0.5)}[wrong]
    truth = shift + scale * rng.standard_normal((200, 1))
    ranks = np.array([ranks_of(one, rng.standard_normal((99, 1)), rng) for one in truth])
    (found,) = judged(["x"], ranks, 99)
    assert not found.passed
    assert found.p_value < 1e-4


def test_right_ranks_pass() -> None:
    rng = np.random.default_rng(5)
    truth = rng.standard_normal((200, 3))
    ranks = np.array([ranks_of(one, rng.standard_normal((99, 3)), rng) for one in truth])
    found = judged(["a", "b", "c"], ranks, 99)
    assert all(one.passed for one in found)
    assert all(abs(one.mean - 0.5) < 0.1 and abs(one.spread - 1) < 0.3 for one in found)


def test_ties_are_broken_evenly() -> None:
    rng = np.random.default_rng(6)
    ranks = np.array([ranks_of(np.zeros(1), np.zeros((9, 1)), rng)[0] for _ in range(2000)])
    assert np.bincount(ranks, minlength=10).min() > 120


def test_thinning_keeps_both_ends() -> None:
    assert thinned(np.arange(100)[:, None], 12)[[0, -1], 0].tolist() == [0, 99]
    with pytest.raises(ValueError, match="cannot be thinned"):
        thinned(np.zeros((5, 1)), 6)
