"""What asking a question is worth before it is asked: the expected fall of a target's variance.

*Linear-Gaussian preposterior.*  With target y, true answers s (log-odds) and a panel's noise N, the expected variance
of y after the answers is ``Var(y) - C (V + N)^-1 C'``, ``C = Cov(y, s)`` and ``V = Var(s)`` over the draws: exact if
y and s are jointly Gaussian, else the best linear rule's.  Answers in common with those already chosen count once, so
a greedy choice knows redundancy.  The fall of entropy is ``-1/2 log2`` of the remaining share.

*Nested Monte Carlo*, as its check: a panel's answer is simulated from a draw, all draws are weighted by its density,
and the weighted variance of y is averaged over simulated answers.

*Perfect answer*: the given-data first-order index of y on s, what n cannot exceed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

_NOTHING = 1e-9


def reductions(target: np.ndarray, answers: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return the share of the target's variance that each question alone is expected to remove, (question,).

    Parameters
    ----------
    target
        (draw,).
    answers
        True answers, (draw, question).
    noise
        Noise covariance, (question, question).
    """
    y = target - target.mean()
    s = answers - answers.mean(axis=0)
    covariance = y @ s / len(y)
    return np.asarray(covariance**2 / ((s**2).mean(axis=0) + np.diag(noise)) / np.mean(y**2))


def joint_reduction(target: np.ndarray, answers: np.ndarray, noise: np.ndarray, chosen: Sequence[int]) -> float:
    """Return the share of the target's variance that several questions together are expected to remove."""
    y = target - target.mean()
    s = answers[:, chosen] - answers[:, chosen].mean(axis=0)
    covariance = y @ s / len(y)
    whole = s.T @ s / len(y) + noise[np.ix_(chosen, chosen)]
    return float(covariance @ np.linalg.solve(whole, covariance) / np.mean(y**2))


def greedy(
    target: np.ndarray, answers: np.ndarray, noise: np.ndarray, count: int, allowed: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """Return the questions that a survey of ``count`` should hold, with the share removed by all up to each.

    At every step the question that adds most to those before it.  Several targets, (draw, target), count alike: the
    share is the mean of theirs.
    """
    chosen: list[int] = []
    steps: list[tuple[int, float]] = []
    rest = list(range(answers.shape[1])) if allowed is None else list(allowed)
    removed = _remover(target, answers, noise)
    while rest and len(chosen) < count:
        shares = [removed([*chosen, i]) for i in rest]
        top = int(np.argmax(shares))
        chosen.append(rest.pop(top))
        steps.append((chosen[-1], shares[top]))
    return steps


def best_set(
    target: np.ndarray, answers: np.ndarray, noise: np.ndarray, count: int, allowed: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """Return the set of ``count`` questions that removes most together, the most useful first, as `greedy` does.

    Greedy, then exchanges: as long as one question of the set can be replaced by another to the benefit of the whole,
    the best exchange is made.  So no set that differs in one question is better.
    """
    rest = list(range(answers.shape[1])) if allowed is None else list(allowed)
    chosen = [i for i, _ in greedy(target, answers, noise, count, rest)]
    removed = _remover(target, answers, noise)
    best = removed(chosen) if chosen else 0.0
    while chosen:
        others = [i for i in rest if i not in chosen]
        sets = [[*chosen[:place], i, *chosen[place + 1 :]] for place in range(len(chosen)) for i in others]
        shares = [removed(one) for one in sets]
        if not sets or max(shares) <= best + _NOTHING:
            break
        best, chosen = max(shares), sets[int(np.argmax(shares))]
    return greedy(target, answers, noise, count, chosen)


def _remover(target: np.ndarray, answers: np.ndarray, noise: np.ndarray) -> Callable[[Sequence[int]], float]:
    """Return `joint_reduction`, averaged over targets, with the moments taken once."""
    y = target.reshape(len(target), -1)
    y = (y - y.mean(axis=0)) / y.std(axis=0)
    s = answers - answers.mean(axis=0)
    covariance, whole = s.T @ y / len(y), s.T @ s / len(y) + noise

    def removed(chosen: Sequence[int]) -> float:
        own = covariance[chosen]
        return float(np.mean(np.sum(own * np.linalg.solve(whole[np.ix_(chosen, chosen)], own), axis=0)))

    return removed


def nested_reduction(
    target: np.ndarray, answer: np.ndarray, variance: float, outer: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the share of variance removed by one question, and its Monte Carlo error.

    Parameters
    ----------
    answer
        True answers, (draw,).
    variance
        Of the Gaussian noise.
    outer
        Number of simulated answers.
    """
    truth = rng.integers(len(answer), size=outer)
    stated = answer[truth] + np.sqrt(variance) * rng.standard_normal(outer)
    before = float(np.var(target))
    after = np.empty(outer)
    for i, value in enumerate(stated):
        log_weight = -0.5 * (value - answer) ** 2 / variance
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.sum()
        mean = weight @ target
        after[i] = weight @ (target - mean) ** 2
    return 1.0 - float(after.mean()) / before, float(after.std(ddof=1) / np.sqrt(outer)) / before


def discrimination_of_questions(
    targets: tuple[np.ndarray, np.ndarray], answers: tuple[np.ndarray, np.ndarray], noise: np.ndarray
) -> np.ndarray:
    """Return the share of two camps' squared disagreement that each question is expected to remove, (question,).

    Both camps see the same answer and learn from it by their own linear-Gaussian rule; the answer is drawn from either
    camp's belief with equal chance.  Negative where the answer is expected to part them.

    Parameters
    ----------
    targets
        Each camp's draws of the target, (draw,).
    answers
        Each camp's draws of the true answers, (draw, question).
    noise
        Noise covariance, (question, question).
    """
    gains, spreads = [], []
    for target, answer in zip(targets, answers, strict=True):
        s = answer - answer.mean(axis=0)
        spread = (s**2).mean(axis=0) + np.diag(noise)
        gains.append((target - target.mean()) @ s / len(s) / spread)
        spreads.append(spread)
    gap = targets[0].mean() - targets[1].mean()
    apart = answers[0].mean(axis=0) - answers[1].mean(axis=0)
    rules = gains[0] - gains[1]
    if_first = (gap - gains[1] * apart) ** 2 + rules**2 * spreads[0]
    if_second = (gap - gains[0] * apart) ** 2 + rules**2 * spreads[1]
    return np.asarray(1.0 - 0.5 * (if_first + if_second) / gap**2)
