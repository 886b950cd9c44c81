"""The expert model on resolved forecasts, drawn forwards from its priors: what a sampler has to invert."""

import numpy as np


def answers(random, priors, experts, questions, *, centre, rounding, ends):
    """Return (truth, stated, side, expert, question); answers beyond ``ends`` are censored there."""
    scalars = random.normal(priors[:, 0], priors[:, 1])
    average, typical = scalars[0], scalars[4]
    spread, sd_bias, sd_extremity, sd_noise = np.exp(scalars[[1, 2, 3, 5]])
    # Independent and equal variances, given that they sum to zero: less their mean.
    bias, extremity = (sd * random.normal(size=experts) for sd in (sd_bias, sd_extremity))
    bias, extremity = bias - bias.mean(), extremity - extremity.mean()
    log_noise = random.normal(typical, sd_noise, experts)
    consensus = random.normal(average, spread, questions)
    expert, question = (axis.ravel() for axis in np.meshgrid(np.arange(experts), np.arange(questions)))
    c = consensus[question]
    scale = np.sqrt(np.exp(2 * log_noise[expert]) + rounding**2)
    stated = c + bias[expert] + extremity[expert] * (c - centre) + scale * random.standard_t(4, expert.size)
    side = np.where(stated < -ends, -1.0, np.where(stated > ends, 1.0, 0.0))
    truth = [average, spread, sd_bias, sd_extremity, typical, sd_noise, bias[0], extremity[1], log_noise[0]]
    return [*truth, consensus[0]], np.clip(stated, -ends, ends), side, expert, question


def outcomes(random, priors, at, pull, weight, prior_weight, expert, question):
    """Return (truth, sign): intercept, slope, log tau, first trust and log-odds; 1 where it happened, else -1."""
    intercept, slope = priors[:2, 0] + priors[:2, 1] * random.standard_t(4, 2)
    log_tau = random.normal(*priors[2])
    trust = np.exp(log_tau) * random.normal(size=expert.max() + 1)
    t = np.empty(at.size)
    for q in range(at.size):
        rows = question == q
        factor = np.exp(trust[expert[rows]])
        moved = at[q] + ((factor - 1) * pull[rows]).sum() / (prior_weight + (factor * weight[rows]).sum())
        t[q] = intercept + slope * moved
    happened = random.random(at.size) < 1 / (1 + np.exp(-t))
    return [intercept, slope, log_tau, trust[0], t[0]], np.where(happened, 1.0, -1.0)
