"""Gibbs sampling of what the answers say of the experts: one chain, compiled.

Student's t with four degrees of freedom is a normal distribution whose precision is drawn from a gamma distribution
(A. F. M. Smith, G. O. Roberts 1993, JRSS B 55, 3-23, for the sampler; K. L. Lange, R. J. A. Little, J. M. G. Taylor
1989, JASA 84, 881-896, for the mixture).  Given those precisions, consensus, bias and extremity are normal; noise and
the spreads move by Metropolis steps, the spreads twice: given the effects, and together with them (the centred and the
non-centred half of Y. Yu, X.-L. Meng 2011, J. Comp. Graph. Stat. 20, 531-570).  The precisions are integrated out
where noise moves, and drawn anew directly after (D. A. van Dyk, T. Park 2008, JASA 103, 790-796).

Steps of the Metropolis moves are tuned while tuning and fixed afterwards.
"""

# Compiled by Numba: typed at the call, one argument for each array.
# ruff: noqa: ANN001, ANN201, ANN202, PLR0913, PLR0917
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from precursor.calibration.answer_moves import (
    AVERAGE,
    DEGREES_OF_FREEDOM,
    MOVES,
    SD_BIAS,
    SD_EXTREMITY,
    SD_NOISE,
    SPREAD,
    TYPICAL,
    draw_population,
    move_noise,
    move_spread_with_effects,
    moved_spread,
)
from precursor.exact.compiling import compiled

_jit = compiled(nogil=True)


@_jit
def beyond(random: np.random.Generator, bound: float) -> float:
    """Return a standard normal draw above ``bound`` (C. P. Robert 1995, Statistics and Computing 5, 121-125)."""
    if bound < 0.3:  # noqa: PLR2004 - where plain rejection is the quicker
        while True:
            z = random.standard_normal()
            if z > bound:
                return z
    rate = 0.5 * (bound + np.sqrt(bound * bound + 4.0))
    while True:
        z = bound + random.standard_exponential() / rate
        if random.random() < np.exp(-0.5 * (z - rate) ** 2):
            return z


@_jit
def _zero_sum(x: np.ndarray, variance: np.ndarray) -> None:
    """Condition normal draws, (expert, 2) with covariances (expert, 3), on sums of zero, in place."""
    v00, v01, v11 = variance[:, 0].sum(), variance[:, 1].sum(), variance[:, 2].sum()
    s0, s1 = x[:, 0].sum(), x[:, 1].sum()
    determinant = v00 * v11 - v01 * v01
    m0, m1 = (v11 * s0 - v01 * s1) / determinant, (v00 * s1 - v01 * s0) / determinant
    for e in range(x.shape[0]):
        x[e, 0] -= variance[e, 0] * m0 + variance[e, 1] * m1
        x[e, 1] -= variance[e, 1] * m0 + variance[e, 2] * m1


@_jit
def _draw_consensus(random, logit, loading, offset, precision, question, average, spread, consensus):
    count = consensus.size
    total = np.full(count, 1.0 / spread**2)
    pull = np.full(count, average / spread**2)
    for i in range(logit.size):
        q = question[i]
        weighted = precision[i] * loading[i]
        total[q] += weighted * loading[i]
        pull[q] += weighted * (logit[i] - offset[i])
    for q in range(count):
        consensus[q] = pull[q] / total[q] + random.standard_normal() / np.sqrt(total[q])


@_jit
def _draw_effects(random, centred, distance, precision, expert, active, sd_bias, sd_extremity, effects):
    """Draw (bias, extremity - 1) of every expert, (expert, 2), given the consensus and the precisions."""
    count = effects.shape[0]
    p00, p01, p11 = np.full(count, 1.0 / sd_bias**2), np.zeros(count), np.full(count, 1.0 / sd_extremity**2)
    r0, r1 = np.zeros(count), np.zeros(count)
    for i in range(expert.size):
        if active[i]:
            e, p, x = expert[i], precision[i], centred[i]
            p00[e] += p
            p01[e] += p * x
            p11[e] += p * x * x
            r0[e] += p * distance[i]
            r1[e] += p * x * distance[i]
    variance = np.empty((count, 3))
    for e in range(count):
        determinant = p00[e] * p11[e] - p01[e] ** 2
        v00, v01, v11 = p11[e] / determinant, -p01[e] / determinant, p00[e] / determinant
        root = np.sqrt(v00)
        z0, z1 = random.standard_normal(), random.standard_normal()
        effects[e, 0] = v00 * r0[e] + v01 * r1[e] + root * z0
        effects[e, 1] = v01 * r0[e] + v11 * r1[e] + v01 / root * z0 + np.sqrt(v11 - v01 * v01 / v00) * z1
        variance[e, 0], variance[e, 1], variance[e, 2] = v00, v01, v11
    _zero_sum(effects, variance)


@_jit
def sample(random, stated, side, rounding, expert, question, counted, centre, priors, experts, tune, draws):
    """Run one chain.

    Parameters
    ----------
    random
        The chain's own generator.
    stated, side, rounding, expert, question
        The answers, (answer,): log-odds, -1 or 1 where censored, variance of rounding, numbers of expert and question.
    counted
        (question,): whether the experts and the population are learned from the question's answers.  The consensus of
        the others is drawn given what was learned, without a way back.
    centre, priors
        Where extremity turns; locations and scales, (scalar, 2).
    experts, tune, draws
        Numbers of experts, and of sweeps thrown away and kept.

    Returns
    -------
    scalars (draw, scalar), effects (draw, 3, expert): bias, extremity - 1, log s; consensus (draw, question); and means
    over draws, (answer,), of each answer's pull on its consensus and of its weight, and the mean of 1 / spread^2.
    """
    answers, questions = stated.size, counted.size
    logit, active = stated.copy(), np.empty(answers, np.bool_)
    for i in range(answers):
        active[i] = counted[question[i]]
    scalars = np.array([centre, 1.0, 0.3, 0.2, priors[TYPICAL, 0], 0.2])
    for k in (SPREAD, SD_BIAS, SD_EXTREMITY, SD_NOISE):
        scalars[k] = np.exp(priors[k, 0] + 0.5 * priors[k, 1] * random.standard_normal())
    effects, log_noise = np.zeros((experts, 2)), np.full(experts, scalars[TYPICAL])
    consensus, precision = np.zeros(questions), np.ones(answers)
    loading, offset, distance, centred = np.ones(answers), np.zeros(answers), np.empty(answers), np.empty(answers)
    _draw_consensus(random, logit, loading, offset, precision, question, scalars[AVERAGE], scalars[SPREAD], consensus)
    steps = np.full(5 + experts, 0.3)
    kept, kept_effects = np.empty((draws, 6)), np.empty((draws, 3, experts))
    kept_consensus = np.empty((draws, questions))
    pull, weight, shrinkage = np.zeros(answers), np.zeros(answers), 0.0
    for sweep in range(tune + draws):
        for i in range(answers):
            e, c = expert[i], consensus[question[i]]
            location = c + effects[e, 0] + effects[e, 1] * (c - centre)
            if side[i] != 0:
                sd = np.sqrt(1.0 / precision[i])
                logit[i] = location + side[i] * sd * beyond(random, side[i] * (stated[i] - location) / sd)
            distance[i] = logit[i] - location
        move_noise(random, distance, rounding, expert, active, scalars, priors, log_noise, steps, sweep, tune)
        noise = np.exp(2.0 * log_noise)
        for i in range(answers):
            e = expert[i]
            squared = noise[e] + rounding[i]
            rate = 0.5 * (DEGREES_OF_FREEDOM + distance[i] ** 2 / squared)
            precision[i] = random.standard_gamma(0.5 * (DEGREES_OF_FREEDOM + 1.0)) / rate / squared
            loading[i] = 1.0 + effects[e, 1]
            offset[i] = effects[e, 0] - effects[e, 1] * centre
        _draw_consensus(
            random, logit, loading, offset, precision, question, scalars[AVERAGE], scalars[SPREAD], consensus
        )
        for i in range(answers):
            centred[i] = consensus[question[i]] - centre
            distance[i] = logit[i] - consensus[question[i]]
        _draw_effects(
            random, centred, distance, precision, expert, active, scalars[SD_BIAS], scalars[SD_EXTREMITY], effects
        )
        for column in range(2):
            for _ in range(MOVES):
                scalars[SD_BIAS + column] = moved_spread(
                    random,
                    scalars[SD_BIAS + column],
                    (effects[:, column] ** 2).sum(),
                    experts - 1,
                    priors[SD_BIAS + column],
                )
            move_spread_with_effects(
                random,
                column,
                scalars,
                priors,
                effects,
                distance,
                centred,
                precision,
                expert,
                active,
                steps,
                sweep,
                tune,
            )
        draw_population(random, consensus, counted, scalars, priors)
        if sweep < tune:
            continue
        kept[sweep - tune] = scalars
        kept_effects[sweep - tune, :2], kept_effects[sweep - tune, 2] = effects.T, log_noise
        kept_consensus[sweep - tune] = consensus
        shrinkage += scalars[SPREAD] ** -2 / draws
        for i in range(answers):
            e = expert[i]
            extremity = 1.0 + effects[e, 1]
            left = distance[i] - effects[e, 0] - effects[e, 1] * centred[i]
            pull[i] += precision[i] * extremity * left / draws
            weight[i] += precision[i] * extremity**2 / draws
    return kept, kept_effects, kept_consensus, pull, weight, shrinkage
