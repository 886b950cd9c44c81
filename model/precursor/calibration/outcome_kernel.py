"""Metropolis sampling of what outcomes say of the consensus and of the experts: one chain, compiled."""

# Compiled by Numba: typed at the call, one argument for each array.
# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from precursor.exact.compiling import compiled

_jit = compiled(nogil=True)
INTERCEPT, SLOPE, LOG_TAU = range(3)
_MOVES = 4
_LONGEST = 4.0


@_jit
def _log_outcome(t: float, sign: float) -> float:
    x = -sign * t
    return -(x + np.log1p(np.exp(-x))) if x > 0 else -np.log1p(np.exp(x))


@_jit
def _log_outcomes(where, line, sign, known):
    total = 0.0
    for q in range(where.size):
        if known[q]:
            total += _log_outcome(line[0] + line[1] * where[q], sign[q])
    return total


@_jit
def _log_normal(value: float, prior: np.ndarray) -> float:
    return -0.5 * ((value - prior[0]) / prior[1]) ** 2


@_jit
def _log_student(value: float, prior: np.ndarray) -> float:
    """Return Student's log-density, four degrees of freedom: a prior that gives way where many outcomes say so."""
    return -2.5 * np.log1p(((value - prior[0]) / prior[1]) ** 2 / 4.0)


@_jit
def _tuned(step: float, accepted: bool, rate: float, sweep: int, tune: int) -> float:
    """Return the next step of a Metropolis move (H. Robbins, S. Monro 1951), the same once tuning is over."""
    if sweep >= tune:
        return step
    return min(_LONGEST, step * np.exp(((1.0 if accepted else 0.0) - rate) * min(1.0, 5.0 / (sweep + 1.0) ** 0.6)))


@_jit
def _shifted(at, pull, weight, prior_weight, expert, question, trust, moved, total):
    """Fill the numerator and the denominator of every shift, and return the weighted consensus."""
    moved[:] = 0.0
    total[:] = prior_weight
    factor = np.exp(trust)
    for i in range(expert.size):
        moved[question[i]] += (factor[expert[i]] - 1.0) * pull[i]
        total[question[i]] += factor[expert[i]] * weight[i]
    return at + moved / total


@_jit
def _move_trust(
    random, at, pull, weight, first, question, line, sign, known, tau, trust, moved, total, where, steps, sweep, tune
):
    """Move the trust in one expert after the other; a move concerns only the questions the expert answered."""
    for e in range(trust.size):
        to = trust[e] + steps[e] * random.standard_normal()
        change = np.exp(to) - np.exp(trust[e])
        gain = 0.5 * (trust[e] ** 2 - to**2) / tau**2
        for i in range(first[e], first[e + 1]):
            q = question[i]
            if known[q]:
                there = at[q] + (moved[q] + change * pull[i]) / (total[q] + change * weight[i])
                gain += _log_outcome(line[0] + line[1] * there, sign[q])
                gain -= _log_outcome(line[0] + line[1] * where[q], sign[q])
        accepted = np.log(random.random()) < gain
        if accepted:
            trust[e] = to
            for i in range(first[e], first[e + 1]):
                q = question[i]
                moved[q] += change * pull[i]
                total[q] += change * weight[i]
                where[q] = at[q] + moved[q] / total[q]
        steps[e] = _tuned(steps[e], accepted, 0.44, sweep, tune)


@_jit
def _move_tau(random, trust, log_tau, prior):
    squares = (trust**2).sum()
    for _ in range(_MOVES):
        step = 2.4 * random.standard_normal() / np.sqrt(2.0 * trust.size + prior[1] ** -2)
        to = log_tau + step
        gain = -trust.size * step - 0.5 * squares * (np.exp(-2.0 * to) - np.exp(-2.0 * log_tau))
        gain += _log_normal(to, prior) - _log_normal(log_tau, prior)
        if np.log(random.random()) < gain:
            log_tau = to
    return log_tau


@_jit
def _move_line(random, where, line, sign, known, priors, step, sweep, tune):
    """Move intercept and slope together, in the shape of the curvature where the prior has its centre."""
    p00, p01, p11 = priors[0, 1] ** -2, 0.0, priors[1, 1] ** -2
    for q in range(where.size):
        if known[q]:
            t = priors[0, 0] + where[q]
            w = 1.0 / (2.0 + np.exp(t) + np.exp(-t))
            p00 += w
            p01 += w * where[q]
            p11 += w * where[q] ** 2
    root00 = np.sqrt(p00)
    root10 = p01 / root00
    root11 = np.sqrt(p11 - root10**2)
    here = _log_outcomes(where, line, sign, known)
    proposed = np.empty(2)
    for _ in range(_MOVES):
        z1 = random.standard_normal() / root11
        z0 = (random.standard_normal() - root10 * z1) / root00
        proposed[0], proposed[1] = line[0] + step * z0, line[1] + step * z1
        there = _log_outcomes(where, proposed, sign, known)
        gain = there - here
        for k in range(2):
            gain += _log_student(proposed[k], priors[k]) - _log_student(line[k], priors[k])
        accepted = np.log(random.random()) < gain
        if accepted:
            line[:] = proposed
            here = there
        step = _tuned(step, accepted, 0.35, sweep, tune)
    return step


@_jit
def sample(random, at, pull, weight, prior_weight, first, expert, question, sign, known, priors, tune, draws):
    """Run one chain; answers stand in the order of their experts, ``first`` (expert + 1,) says where each begins.

    Returns scalars (draw, 3): intercept, slope, log tau; log-odds (draw, question); trust (draw, expert).
    """
    questions, experts = at.size, first.size - 1
    line = np.array([priors[INTERCEPT, 0], priors[SLOPE, 0]])
    log_tau, step, steps = (
        priors[LOG_TAU, 0] + priors[LOG_TAU, 1] * random.standard_normal(),
        1.7,
        np.full(experts, 1.0),
    )
    trust, proposed = np.empty(experts), np.empty(experts)
    for e in range(experts):
        trust[e] = np.exp(log_tau) * random.standard_normal()
    moved, total, moved2, total2 = np.empty(questions), np.empty(questions), np.empty(questions), np.empty(questions)
    kept, kept_t, kept_trust = np.empty((draws, 3)), np.empty((draws, questions)), np.empty((draws, experts))
    scale_step = 0.5
    for sweep in range(tune + draws):
        # Afresh each sweep, so that rounding errors of the running sums do not pile up.
        where = _shifted(at, pull, weight, prior_weight, expert, question, trust, moved, total)
        _move_trust(
            random, at, pull, weight, first, question, line, sign, known, np.exp(log_tau), trust, moved, total, where,
            steps, sweep, tune,
        )  # fmt: skip
        log_tau = _move_tau(random, trust, log_tau, priors[LOG_TAU])
        for _ in range(2):
            change = scale_step * random.standard_normal()
            proposed[:] = trust * np.exp(change)
            there = _shifted(at, pull, weight, prior_weight, expert, question, proposed, moved2, total2)
            gain = _log_outcomes(there, line, sign, known) - _log_outcomes(where, line, sign, known)
            gain += _log_normal(log_tau + change, priors[LOG_TAU]) - _log_normal(log_tau, priors[LOG_TAU])
            accepted = np.log(random.random()) < gain
            if accepted:
                trust[:] = proposed
                where[:] = there
                log_tau += change
            scale_step = _tuned(scale_step, accepted, 0.44, sweep, tune)
        step = _move_line(random, where, line, sign, known, priors, step, sweep, tune)
        if sweep >= tune:
            kept[sweep - tune, 0], kept[sweep - tune, 1], kept[sweep - tune, 2] = line[0], line[1], log_tau
            kept_t[sweep - tune] = line[0] + line[1] * where
            kept_trust[sweep - tune] = trust
    return kept, kept_t, kept_trust
