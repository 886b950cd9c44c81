"""Forty simulated experts are believed as far as they should be: the truth lies in the posterior's interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from precursor.argument.answer import answer_at, answer_over
from precursor.argument.scenario import read_scenario
from precursor.elicitation.survey import Survey
from precursor.inference.fits.fit import Fit, Settings, fit
from precursor.inference.surveys import SurveyReader
from tests.inference.conftest import REPOSITORY, Make

QUESTIONS = (
    "deceptive_if_prosaic",
    "goal_directed_before_understanding",
    "awareness_short_horizon",
    "long_term_goals_short_horizon",
    "base_if_goal_directed",
    "understanding_pretraining",
)
SETTINGS = Settings(draws=300, tune=300, chains=2, seed=1, cores=2)
EXPERTS = 40


def truth(reader: SurveyReader, name: str) -> dict[str, float]:
    """Return the log-odds of every question at a scenario, assumptions averaged as its parameters say."""
    scenario = replace(read_scenario(REPOSITORY / "data" / "scenarios" / f"{name}.toml"), regime={})
    queries = {id_: reader.shared.questions[id_].query for id_ in QUESTIONS}
    return {id_: float(logit(answer_at(query, scenario))) for id_, query in queries.items()}


def simulated(make: Make, theta: Mapping[str, float], seed: int) -> Survey:
    """Return a survey of two camps; bias, slope, worldview, residuals and noise are drawn as the model has them."""
    rng = np.random.default_rng(seed)
    loading = dict(zip(theta, rng.normal(1.0, 0.5, len(theta)), strict=True))
    answers, people = [], []
    for e in range(EXPERTS):
        side = (-1.0, 1.0)[e % 2]
        heavy_tail = np.sqrt(4 / rng.chisquare(4))
        bias, slope, worldview = rng.normal(0, 0.5), rng.normal(0, 0.25), rng.normal(0, 0.5)
        people.append(f"e{e},{('skeptical', 'concerned')[e % 2]},lab,e{e}")
        for question, value in theta.items():
            own = bias + slope * value + worldview * loading[question] + rng.normal(0, 0.8) + rng.normal(0, 0.7)
            stated = expit(value + side * loading[question] + heavy_tail * own)
            answers.append(f"e{e},{question},point,{min(max(stated, 1e-6), 1 - 1e-6):.8f},")
    return make("simulated", "\n".join(answers), experts="\n".join(people))


def covered(found: Fit, theta: Mapping[str, float], reader: SurveyReader) -> list[str]:
    """Return the questions whose log-odds lie in the posterior's 98 % interval."""
    queries = [reader.shared.questions[question].query for question in theta]
    inside = []
    for (question, value), answers in zip(
        theta.items(), answer_over(queries, found.plan.space, found.flat), strict=True
    ):
        low, high = np.quantile(logit(answers), [0.01, 0.99])
        if low <= value <= high:
            inside.append(question)
    return inside


@pytest.mark.slow
def test_truth_is_recovered_and_another_truth_is_not(make: Make, reader: SurveyReader) -> None:
    critic, argument = truth(reader, "critic"), truth(reader, "argument")
    found = fit([simulated(make, critic, seed=1)], SETTINGS)
    assert found.statistics["diverging"].mean() < 0.01
    assert len(covered(found, critic, reader)) >= len(QUESTIONS) - 1
    assert len(covered(found, argument, reader)) <= len(QUESTIONS) / 2
