"""The alarm of every run: silent where exact and simulated agree, loud where one of them is wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from precursor.inference.fits import exact_against_simulated as alarm
from precursor.inference.fits.exact_against_simulated import BELOW, exact_against_simulated
from precursor.inference.fits.fit import Fit, Settings, prior_fit
from precursor.inference.fits.headline import HEADLINE, headline_logits
from precursor.inference.plan import plan_model

FEWER = 30_000


@pytest.fixture(scope="module")
def drawn() -> Fit:
    return prior_fit(plan_model(()), Settings(draws=250, chains=4, seed=11))


@pytest.fixture(scope="module")
def logits(drawn: Fit) -> np.ndarray:
    return headline_logits(drawn, drawn.flat)


def test_the_alarm_is_silent_and_repeats(drawn: Fit, logits: np.ndarray) -> None:
    found = exact_against_simulated(drawn, logits, FEWER)
    assert found.passed
    assert 0.0 < found.value < 4.0
    assert found == exact_against_simulated(drawn, logits, FEWER)


@pytest.mark.parametrize("query", range(len(HEADLINE)))
def test_the_alarm_hears_every_headline_query(drawn: Fit, logits: np.ndarray, query: int) -> None:
    """Negative control, and the stated power: at full size odds off by 30 % in one query are noticed."""
    wrong = logits.copy()
    wrong[:, query] += np.log(1.3)
    found = exact_against_simulated(drawn, wrong)
    assert not found.passed
    assert found.value > BELOW


def test_the_alarm_hears_draws_that_are_not_those_of_the_numbers(drawn: Fit, logits: np.ndarray) -> None:
    """Negative control: right on average, wrong draw by draw."""
    assert not exact_against_simulated(drawn, logits[::-1], FEWER).passed


def test_the_alarm_hears_a_simulator_gone_wrong(
    drawn: Fit, logits: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control."""
    simulate = alarm.simulate
    monkeypatch.setattr(
        alarm,
        "simulate",
        lambda values, rng, do: simulate(
            values, rng, {**do, "goal_prompting": "no", "train_deploy_regime": "continual_opposed"}
        ),
    )
    assert not exact_against_simulated(drawn, logits, FEWER).passed


@pytest.mark.parametrize(("draws", "chains"), [(1, 1), (1, 2), (3, 1)])
def test_few_draws(draws: int, chains: int) -> None:
    few = prior_fit(plan_model(()), Settings(draws=draws, chains=chains))
    assert exact_against_simulated(few, headline_logits(few, few.flat), FEWER).passed


def test_what_is_no_probability_is_heard_and_can_be_written(drawn: Fit, logits: np.ndarray) -> None:
    found = exact_against_simulated(drawn, np.where(logits > 2.0, np.nan, logits), FEWER)
    assert not found.passed
    assert np.isfinite(found.value)


def test_extreme_draws(drawn: Fit) -> None:
    """Draws far out in the prior's tails: still finite, still in agreement."""
    far = replace(drawn, latent=drawn.latent[:, :10] * 12.0)
    assert exact_against_simulated(far, headline_logits(far, far.flat), FEWER).passed


@pytest.mark.slow
def test_no_false_alarm_in_many_seeds() -> None:
    """Forty runs at full size: none above four, as five queries in two halves would have it (probability .97)."""
    values = []
    for seed in range(40):
        fitted = prior_fit(plan_model(()), Settings(draws=250, chains=4, seed=seed))
        values.append(exact_against_simulated(fitted, headline_logits(fitted, fitted.flat)).value)
    assert max(values) < 4.0
    assert np.median(values) > 0.7
