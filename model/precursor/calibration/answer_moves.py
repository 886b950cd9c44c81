"""Metropolis moves of noise and spreads, for `answer_kernel`.

``steps`` holds one length for each move: scaling biases, scaling extremities, shifting everyone's log s, scaling their
differences, then each expert's log s.  Lengths are tuned while ``sweep < tune``.
"""

# Compiled by Numba: typed at the call, one argument for each array.
# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from precursor.exact.compiling import compiled

_jit = compiled(nogil=True)

DEGREES_OF_FREEDOM = 4.0
# Order of the scalars, and of the rows of `priors` (location, scale; of logarithms for spreads).
AVERAGE, SPREAD, SD_BIAS, SD_EXTREMITY, TYPICAL, SD_NOISE = range(6)
_RATE = 0.44
MOVES = 4
_LONGEST = 2.0


@_jit
def _log_student(misfit: float, squared: float) -> float:
    return -0.5 * np.log(squared) - 0.5 * (DEGREES_OF_FREEDOM + 1.0) * np.log1p(
        misfit * misfit / (DEGREES_OF_FREEDOM * squared)
    )


@_jit
def _log_normal(value: float, prior: np.ndarray) -> float:
    return -0.5 * ((value - prior[0]) / prior[1]) ** 2


@_jit
def _tuned(step: float, accepted: bool, sweep: int, tune: int) -> float:
    """Return the next step of a Metropolis move (H. Robbins, S. Monro 1951), the same once tuning is over."""
    if sweep >= tune:
        return step
    return min(_LONGEST, step * np.exp(((1.0 if accepted else 0.0) - _RATE) * min(1.0, 5.0 / (sweep + 1.0) ** 0.6)))


@_jit
def _log_answers_by_expert(distance, rounding, log_noise, expert, active):
    """Return the log-density of every expert's answers, precisions integrated out, (expert,)."""
    total = np.zeros(log_noise.size)
    squared = np.exp(2.0 * log_noise)
    for i in range(expert.size):
        if active[i]:
            total[expert[i]] += _log_student(distance[i], squared[expert[i]] + rounding[i])
    return total


@_jit
def move_noise(random, distance, rounding, expert, active, scalars, priors, log_noise, steps, sweep, tune):
    """Move log s of every expert, then its centre and spread, alone and with everyone's log s; steps[3:]."""
    experts = log_noise.size
    here = _log_answers_by_expert(distance, rounding, log_noise, expert, active)
    proposed = np.empty(experts)
    for e in range(experts):
        proposed[e] = log_noise[e] + steps[5 + e] * random.standard_normal()
    there = _log_answers_by_expert(distance, rounding, proposed, expert, active)
    prior = np.array([scalars[TYPICAL], scalars[SD_NOISE]])
    for e in range(experts):
        gain = there[e] - here[e] + _log_normal(proposed[e], prior) - _log_normal(log_noise[e], prior)
        accepted = np.log(random.random()) < gain
        if accepted:
            log_noise[e], here[e] = proposed[e], there[e]
        steps[5 + e] = _tuned(steps[5 + e], accepted, sweep, tune)
    for _ in range(MOVES):
        _move_noise_prior(random, scalars, priors, log_noise)
    for kind in range(2):
        step = steps[3 + kind] * random.standard_normal()
        centre, spread = scalars[TYPICAL], scalars[SD_NOISE]
        to_centre, to_spread = (centre + step, spread) if kind == 0 else (centre, spread * np.exp(step))
        for e in range(experts):
            proposed[e] = to_centre + (log_noise[e] - centre) * to_spread / spread
        there = _log_answers_by_expert(distance, rounding, proposed, expert, active)
        gain = there.sum() - here.sum() + _log_normal(to_centre, priors[TYPICAL]) - _log_normal(centre, priors[TYPICAL])
        gain += _log_normal(np.log(to_spread), priors[SD_NOISE]) - _log_normal(np.log(spread), priors[SD_NOISE])
        accepted = np.log(random.random()) < gain
        if accepted:
            scalars[TYPICAL], scalars[SD_NOISE] = to_centre, to_spread
            log_noise[:] = proposed
            here = there
        steps[3 + kind] = _tuned(steps[3 + kind], accepted, sweep, tune)


@_jit
def _move_noise_prior(random, scalars, priors, log_noise):
    """Draw the centre of log s given its spread, and move the spread, given everyone's log s."""
    spread, prior = scalars[SD_NOISE], priors[TYPICAL]
    precision = log_noise.size / spread**2 + 1.0 / prior[1] ** 2
    mean = (log_noise.sum() / spread**2 + prior[0] / prior[1] ** 2) / precision
    scalars[TYPICAL] = mean + random.standard_normal() / np.sqrt(precision)
    squares = ((log_noise - scalars[TYPICAL]) ** 2).sum()
    scalars[SD_NOISE] = moved_spread(random, spread, squares, log_noise.size, priors[SD_NOISE])


@_jit
def moved_spread(random: np.random.Generator, spread: float, squares: float, count: int, prior: np.ndarray) -> float:
    """Return a spread after a Metropolis step given normal effects with this sum of squares."""
    step = 2.4 * random.standard_normal() / np.sqrt(2.0 * count + 1.0 / prior[1] ** 2)
    proposed = spread * np.exp(step)
    gain = -count * step - 0.5 * squares * (proposed**-2 - spread**-2)
    gain += _log_normal(np.log(proposed), prior) - _log_normal(np.log(spread), prior)
    return proposed if np.log(random.random()) < gain else spread


@_jit
def move_spread_with_effects(
    random, column, scalars, priors, effects, distance, centred, precision, expert, active, steps, sweep, tune
):
    """Scale the biases (column 0) or extremities (1) and their spread together; ``distance`` is logit - consensus."""
    which = SD_BIAS + column
    step = steps[column] * random.standard_normal()
    factor = np.exp(step)
    gain = _log_normal(np.log(scalars[which]) + step, priors[which]) - _log_normal(
        np.log(scalars[which]), priors[which]
    )
    for i in range(expert.size):
        if active[i]:
            e = expert[i]
            rest = distance[i] - effects[e, 0] - effects[e, 1] * centred[i]
            moved = (factor - 1.0) * effects[e, column] * (centred[i] if column == 1 else 1.0)
            gain -= 0.5 * precision[i] * (moved * moved - 2.0 * moved * rest)
    accepted = np.log(random.random()) < gain
    if accepted:
        scalars[which] *= factor
        effects[:, column] *= factor
    steps[column] = _tuned(steps[column], accepted, sweep, tune)


@_jit
def draw_population(random, consensus, counted, scalars, priors):
    """Draw the average of the consensus over questions, and move its spread."""
    count, total = 0, 0.0
    for q in range(consensus.size):
        if counted[q]:
            count += 1
            total += consensus[q]
    prior, spread = priors[AVERAGE], scalars[SPREAD]
    precision = count / spread**2 + 1.0 / prior[1] ** 2
    mean = (total / spread**2 + prior[0] / prior[1] ** 2) / precision
    scalars[AVERAGE] = mean + random.standard_normal() / np.sqrt(precision)
    squares = 0.0
    for q in range(consensus.size):
        if counted[q]:
            squares += (consensus[q] - scalars[AVERAGE]) ** 2
    for _ in range(MOVES):
        scalars[SPREAD] = moved_spread(random, scalars[SPREAD], squares, count, priors[SPREAD])
