from itertools import combinations

import numpy as np
import pytest

from precursor.analysis.camps import tilted
from precursor.analysis.value.expert_noise import STUDENT, ExpertNoise
from precursor.analysis.value.question_survey import first_of_each
from precursor.analysis.value.question_value import (
    best_set,
    discrimination_of_questions,
    greedy,
    joint_reduction,
    nested_reduction,
    reductions,
)
from precursor.problems import InputError
from tests.oracles.voi import gaussian_reduction

COVARIANCE = np.array(
    [
        [1.0, 0.8, 0.79, 0.3, 0.0],
        [0.8, 1.2, 1.15, 0.1, 0.0],
        [0.79, 1.15, 1.2, 0.1, 0.0],
        [0.3, 0.1, 0.1, 0.5, 0.0],
        [0.0, 0.0, 0.0, 0.0, 2.0],
    ]
)
NOISE = np.diag([0.3, 0.3, 0.2, 0.1]) + 0.05


def exact_draws(count=3000, seed=1):
    """Return draws whose sample covariance is exactly the one wanted."""
    raw = np.random.default_rng(seed).standard_normal((count, len(COVARIANCE)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(raw.T @ raw / count).T)
    return white @ np.linalg.cholesky(COVARIANCE).T


def test_gaussian_signals_by_precision_matrices():
    draws = exact_draws()
    y, s = draws[:, 0], draws[:, 1:]
    alone = reductions(y, s, NOISE)
    for i in range(4):
        assert alone[i] == pytest.approx(gaussian_reduction(COVARIANCE, NOISE[np.ix_([i], [i])], [i + 1]))
    chosen = [0, 1, 2]
    expected = gaussian_reduction(COVARIANCE, NOISE[np.ix_(chosen, chosen)], [1, 2, 3])
    assert joint_reduction(y, s, NOISE, chosen) == pytest.approx(expected)
    assert alone[3] == pytest.approx(0.0, abs=1e-12)


def test_an_answer_without_noise_is_the_squared_correlation():
    draws = exact_draws()
    found = reductions(draws[:, 0], draws[:, 1:], np.zeros((4, 4)))
    assert found[0] == pytest.approx(0.8**2 / 1.2)


def test_nested_monte_carlo_agrees_and_notices_wrong_noise():
    draws = exact_draws(6000)
    share, error = nested_reduction(draws[:, 0], draws[:, 1], NOISE[0, 0], 400, np.random.default_rng(2))
    expected = gaussian_reduction(COVARIANCE, NOISE[:1, :1], [1])
    assert abs(share - expected) < 4 * error + 0.01
    wrong = gaussian_reduction(COVARIANCE, 10 * NOISE[:1, :1], [1])
    assert abs(share - wrong) > 0.1


def test_greedy_knows_redundancy():
    """The second question says nearly what the first does: better a weaker one that says something else."""
    draws = exact_draws()
    y, s = draws[:, 0], draws[:, 1:]
    noise = np.diag([0.02, 0.02, 0.02, 0.02])
    alone = reductions(y, s, noise)
    assert np.argsort(-alone)[:2].tolist() == [0, 1]
    steps = greedy(y, s, noise, 3)
    assert [i for i, _ in steps][:2] == [0, 2]
    shares = [share for _, share in steps]
    assert shares == sorted(shares)
    assert [i for i, _ in greedy(y, s, noise, 2, allowed=[1, 3])] == [1, 3]


def test_a_set_is_the_best_of_all_sets_where_greedy_is_not():
    """The best single question is a mixture of two others, which together tell all: greedy keeps what it took first."""
    rng = np.random.default_rng(5)
    a, b, other = rng.standard_normal((3, 4000))
    y = a + b
    answers = np.stack([a + 0.1 * other, b - 0.1 * other, a + b + 0.7 * rng.standard_normal(4000), other], axis=1)
    noise = np.diag([0.01, 0.01, 0.01, 0.01])
    every = {pair: joint_reduction(y, answers, noise, pair) for pair in combinations(range(4), 2)}
    best = max(every, key=every.get)
    assert best == (0, 1)
    assert 2 in [i for i, _ in greedy(y, answers, noise, 2)]
    found = best_set(y, answers, noise, 2)
    assert sorted(i for i, _ in found) == [0, 1]
    assert found[-1][1] == pytest.approx(every[best])
    assert best_set(y, answers, noise, 0) == []
    assert len(best_set(y, answers, noise, 9, allowed=[1, 3])) == 2


def test_several_targets_count_alike():
    draws = exact_draws()
    targets, s = draws[:, [0, 4]], draws[:, 1:4]
    found = greedy(targets, s, np.eye(3), 1)
    shares = [np.mean([joint_reduction(targets[:, t], s, np.eye(3), [i]) for t in (0, 1)]) for i in range(3)]
    assert found == [(int(np.argmax(shares)), pytest.approx(max(shares)))]


def test_a_question_and_its_opposite_are_one():
    logits = np.random.default_rng(6).standard_normal((50, 2))
    answers = np.column_stack([logits, -logits[:, 0], logits[:, 1] + 1e-3])
    assert first_of_each(answers) == [0, 1, 0, 3]


def test_more_experts_help_but_never_beyond_what_all_share():
    noise = ExpertNoise(0.25, 0.1, 0.2, 0.6, 0.5, 0.05)
    square, facing = np.array([1.0, 4.0, 4.0]), np.array([1.0, -1.0, 1.0])
    one, ten, many = (noise.covariance(n, square, facing, ["a", "b", "b"]) for n in (1, 10, 10**9))
    assert one[0, 0] == pytest.approx(0.25 + 0.1 + STUDENT * (0.2 + 0.6 + 0.5 + 0.05))
    assert (np.diag(ten) < np.diag(one)).all()
    assert np.diag(many) == pytest.approx(0.35)
    # A person's bias acts on all answers, along bad news; the residual on those about the same thing only.
    assert one[0, 1] == pytest.approx(-(0.1 + STUDENT * 0.2))
    assert one[1, 2] == pytest.approx(-(0.1 + STUDENT * (0.2 + 0.6)))
    assert np.linalg.eigvalsh(one).min() > 0


def test_discrimination_of_questions_by_simulation():
    rng = np.random.default_rng(3)
    count, variance = 200_000, 0.4
    truth = [rng.normal(mean, 1.0, count) for mean in (-1.0, 1.0)]
    targets = (truth[0] + 0.3 * rng.standard_normal(count), 0.5 * truth[1] + rng.standard_normal(count) + 1.0)
    answers = tuple(side[:, None] for side in truth)
    found = discrimination_of_questions(targets, answers, np.array([[variance]]))[0]
    slope = [np.cov(t, s)[0, 1] / (np.var(s) + variance) for t, s in zip(targets, truth, strict=True)]
    heard = np.concatenate(truth) + np.sqrt(variance) * rng.standard_normal(2 * count)
    after = [t.mean() + k * (heard - s.mean()) for t, k, s in zip(targets, slope, truth, strict=True)]
    gap = targets[0].mean() - targets[1].mean()
    assert found == pytest.approx(1 - np.mean((after[0] - after[1]) ** 2) / gap**2, abs=0.01)


def test_camps_are_tilted_to_their_bottom_line_and_no_further_than_draws_reach():
    log_odds = np.random.default_rng(4).normal(-3.0, 1.5, 20_000)
    weights = tilted(log_odds, -5.0)
    assert weights @ log_odds == pytest.approx(-5.0, abs=1e-6)
    # The least tilt of a Normal keeps its spread.
    assert np.sqrt(weights @ (log_odds + 5.0) ** 2) == pytest.approx(1.5, abs=0.15)
    for wanted in (-9.5, 5.0):
        with pytest.raises(InputError, match=r"Too few .* near what the far camp stated of extinction \([0-9.]+ %\)"):
            tilted(log_odds, wanted, "the far camp")
