"""Simulation-based calibration of both samplers (S. Talts et al. 2018, arXiv 1804.06788).

Parameters drawn from their priors and data drawn given them: the rank of the truth among posterior draws is uniform.
"""

import numpy as np
import pytest
from scipy.stats import chisquare

from precursor.calibration import answer_kernel, outcome_kernel
from tests.oracles import experts_and_outcomes as forwards

ANSWERS = np.array([[0.0, 1.0], [0.2, 0.4], [-0.9, 0.5], [-1.4, 0.5], [-0.4, 0.5], [-1.2, 0.5]])
OUTCOMES = np.array([[0.3, 0.5], [1.5, 0.8], [-0.3, 0.6]])
EXPERTS, QUESTIONS, BINS = 5, 8, 6
ROUNDING = 0.25


def ranks_of_answers(seeds, believed=ANSWERS):
    return np.array([rank_of_answers(np.random.default_rng(seed), believed) for seed in seeds])


def rank_of_answers(random, believed):
    truth, stated, side, expert, question = forwards.answers(
        random, ANSWERS, EXPERTS, QUESTIONS, centre=0.2, rounding=ROUNDING, ends=2.5
    )
    counted, variance = np.ones(QUESTIONS, dtype=bool), np.full(expert.size, ROUNDING**2)
    scalars, effects, consensus, *_ = answer_kernel.sample(
        random, stated, side, variance, expert, question, counted, 0.2, believed, EXPERTS, 120, 700
    )
    found = [scalars, effects[:, 0, :1], effects[:, 1, 1:2], effects[:, 2, :1], consensus[:, :1]]
    return (np.concatenate(found, axis=1)[::14] < truth).mean(axis=0)


def ranks_of_outcomes(seeds, believed=OUTCOMES):
    return np.array([rank_of_outcomes(np.random.default_rng(seed), believed) for seed in seeds])


def rank_of_outcomes(random, believed):
    expert, question = np.repeat(np.arange(4), 25), np.tile(np.arange(25), 4)
    at, weight = random.normal(0, 1.2, 25), random.uniform(0.5, 2.0, 100)
    pull = weight * random.normal(0, 1, 100)
    truth, sign = forwards.outcomes(random, OUTCOMES, at, pull, weight, 0.7, expert, question)
    known, first = np.ones(25, dtype=bool), np.arange(0, 125, 25)
    scalars, log_odds, trust = outcome_kernel.sample(
        random, at, pull, weight, 0.7, first, expert, question, sign, known, believed, 120, 700
    )
    return (np.concatenate([scalars, trust[:, :1], log_odds[:, :1]], axis=1)[::14] < truth).mean(axis=0)


def p_values(ranks):
    """How surprising the ranks of each quantity are if they are uniform."""
    place = np.minimum((ranks * BINS).astype(int), BINS - 1)
    return np.array([chisquare(np.bincount(column, minlength=BINS)).pvalue for column in place.T])


@pytest.mark.parametrize(("ranks", "sets"), [(ranks_of_answers, 96), (ranks_of_outcomes, 96)])
def test_the_truth_may_stand_anywhere_among_the_draws(ranks, sets):
    values = p_values(ranks(range(sets)))
    # Bonferroni at one in a hundred.
    assert values.min() > 0.01 / values.size


@pytest.mark.parametrize("wrong", [0, 4, 5])
def test_negative_control_a_sampler_of_another_model_is_caught(wrong):
    believed = ANSWERS.copy()
    believed[wrong, 0] += 1.5 * ANSWERS[wrong, 1]
    assert p_values(ranks_of_answers(range(96), believed)).min() < 1e-4


def test_negative_control_another_prior_of_the_curve_is_caught():
    believed = OUTCOMES.copy()
    believed[2, 0] += 1.5
    assert p_values(ranks_of_outcomes(range(96), believed)).min() < 1e-4


@pytest.mark.parametrize("bound", [-3.0, 0.0, 0.29, 0.31, 2.0, 8.0])
def test_draws_beyond_a_bound_are_truncated_normal(bound):
    from scipy.stats import kstest, truncnorm

    random = np.random.default_rng(8)
    drawn = [answer_kernel.beyond(random, bound) for _ in range(2000)]
    assert kstest(drawn, truncnorm(bound, np.inf).cdf).pvalue > 1e-3
    other = truncnorm(bound - 0.3, np.inf) if bound >= 0 else truncnorm(bound + 1.5, np.inf)
    assert kstest(drawn, other.cdf).pvalue < 1e-3
