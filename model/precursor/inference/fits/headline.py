"""The headline of a fit: probability, interval, next expert, shares below, with the prior beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from precursor.argument.answer import record_odds
from precursor.argument.nodes import ASSUMPTIONS
from precursor.argument.parameters import ParameterSpace
from precursor.exact.circuit import Circuit
from precursor.inference.answers.rows import KNOWN_QUANTITIES, LIKELIHOOD_RATIOS
from precursor.inference.decisions import CAMP_SPREAD, GROUP_BIAS_SD, LOADING_MEAN, LOADING_MEAN_SD, NOISE, SCALES
from precursor.inference.fits.fit import Fit
from precursor.network.grammar import Event, parse_query

MASS = 0.9
LEVELS = (0.01, 0.05, 0.1)
PRIOR_DRAWS, PRIOR_SEED = 4000, 7
DECEPTIVE = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"
REFERENCE = ", ".join(f"do({node}={states[0]})" for node, states in ASSUMPTIONS.items())
HEADLINE = (
    DECEPTIVE,
    f"P(model_outcome=deceptive | {REFERENCE})",
    "P(existential_catastrophe=yes)",
    "P(existential_catastrophe=yes | tai_by_2100=yes)",
    "P(human_extinction=yes)",
)


def headline_logits(fit: Fit, unconstrained: np.ndarray) -> np.ndarray:
    """Return log-odds of the headline queries, (draws, query), at unconstrained parameters (draws, parameter)."""
    return logits_of(headline_circuit(fit.plan.space, fit.plan.observations.indicators), unconstrained)


def headline_circuit(space: ParameterSpace, indicators: Mapping[str, Event]) -> Circuit:
    """Return the masses of the headline queries' events and of their complements, recorded."""
    return record_odds([parse_query(text) for text in HEADLINE], space, indicators)


def logits_of(odds: Circuit, unconstrained: np.ndarray) -> np.ndarray:
    """Return log-odds, (draws, query), from a circuit of pairs of masses at parameters, (draws, parameter)."""
    masses = odds.evaluate(unconstrained)
    return np.log(masses[:, 0::2]) - np.log(masses[:, 1::2])


def prior_draws(fit: Fit) -> np.ndarray:
    """Return the prior draws that a run is compared with, (draws, parameter)."""
    return fit.plan.space.prior_draws(np.random.default_rng(PRIOR_SEED), PRIOR_DRAWS)


def headline_items(
    fit: Fit, logits: np.ndarray, before: np.ndarray, *, ask_expert: bool = True
) -> list[dict[str, Any]]:
    """Return the headline as ``summary.json`` holds it, from posterior and prior log-odds, (draws, query).

    Without ``ask_expert`` nothing is said of the next expert (the prior alone knows of none).
    """
    return items_of(logits, before, next_experts(fit, logits) if ask_expert else None)


def items_of(logits: np.ndarray, before: np.ndarray, experts: np.ndarray | None) -> list[dict[str, Any]]:
    """Return the same of any draws; ``experts`` are what next experts would state, log-odds (draws, query)."""
    return [
        {
            "query": text,
            "prior": _three(_expit(before[:, i])),
            "posterior": {"mean": float(_expit(logits[:, i]).mean()), **_three(_expit(logits[:, i])), "mass": MASS},
            "next_expert": None if experts is None else _three(_expit(experts[:, i])),
            "share_below": {f"{level:g}": float((_expit(logits[:, i]) < level).mean()) for level in LEVELS},
        }
        for i, text in enumerate(HEADLINE)
    ]


def next_experts(fit: Fit, logits: np.ndarray) -> np.ndarray:
    """Return what a new expert would state for each query, log-odds (draws, query); see `next_expert`."""
    return np.stack([next_expert(fit, column) for column in logits.T], axis=1)


def next_expert(fit: Fit, logit: np.ndarray) -> np.ndarray:
    """Return the log-odds that a new expert, of either camp with equal chance, would state for a quantity; (draws,).

    Where a fit listens to one camp (`Decisions.camp`), the new expert is of that camp.  Predictive of bias, slope,
    worldview, shared error, residual and noise (model.md, section 4); the new question's loading and shared error are
    new too.
    """
    rng = np.random.default_rng(fit.settings.seed + 1)
    latent = fit.latent.reshape(-1, fit.latent.shape[-1])
    scale = scales(fit, latent)
    n = len(logit)
    side = rng.choice([-1.0, 1.0], n)
    apart = fit.plan.decisions.values["camps_apart"]
    loading = scale["loading_mean"] + apart * scale["loading_spread"] * rng.standard_normal(n)
    shared = _camp_bias(fit, latent, side, rng) + fit.plan.decisions.extremity * logit + apart * side * loading
    error = scale["shared_error"] * rng.standard_normal(n)
    shared = shared + error
    leant_on = logit + fit.plan.decisions.amplified_error * error
    own_sd = np.sqrt(
        scale["person_bias"] ** 2 + (scale["person_slope"] * leant_on) ** 2 + (CAMP_SPREAD * loading) ** 2
        + scale["target_residual"] ** 2 + scale["noise"] ** 2
    )  # fmt: skip
    return shared + own_sd * rng.standard_t(4, n)


def scales(fit: Fit, latent: np.ndarray) -> dict[str, np.ndarray]:
    """Return the scales of the expert model by name, (draws,); ``noise`` is that of forecasters where there are any."""
    plan, n = fit.plan, len(latent)
    rng = np.random.default_rng(fit.settings.seed + 2)

    def latent_or_prior(part: slice, i: int) -> np.ndarray:
        return latent[:, part][:, i] if part.stop > part.start + i else rng.standard_normal(n)

    found = {
        name: plan.decisions.times(name) * prior.median * np.exp(prior.log_sd * latent_or_prior(plan.layout.scales, i))
        for i, (name, prior) in enumerate(SCALES.items())
    }
    found["loading_mean"] = LOADING_MEAN + LOADING_MEAN_SD * latent_or_prior(plan.layout.loading_mean, 0)
    groups = plan.observations.noise_groups
    persons = [i for i, name in enumerate(groups) if name not in (LIKELIHOOD_RATIOS, KNOWN_QUANTITIES)]
    which = groups.index("forecasters") if "forecasters" in groups else next(iter(persons), len(groups))
    noise = NOISE.median * np.exp(NOISE.log_sd * latent_or_prior(plan.layout.noise, which))
    found["noise"] = plan.decisions.times("noise") * noise
    return found


def _camp_bias(fit: Fit, latent: np.ndarray, side: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the bias of the new expert's camp: that of a fitted camp on the same side, else a new one.

    Of the one camp that is listened to, it is that camp's own (that of its first group).
    """
    bias = GROUP_BIAS_SD * rng.standard_normal(len(side))
    sides = {row.unit.group: row.unit.side for row in fit.plan.observations.rows if not row.unit.is_group}
    camp = fit.plan.decisions.camp
    members = {row.unit.group for row in fit.plan.observations.rows if camp and row.unit.camp == camp}
    for i, group in enumerate(fit.plan.observations.groups):
        if group in members:
            return GROUP_BIAS_SD * np.asarray(latent[:, fit.plan.layout.group_bias][:, i])
        if sides.get(group) and not camp:
            here = side == sides[group]
            bias[here] = GROUP_BIAS_SD * latent[here][:, fit.plan.layout.group_bias][:, i]
    return bias


def _three(values: np.ndarray) -> dict[str, float]:
    low, median, high = np.quantile(values, [(1 - MASS) / 2, 0.5, (1 + MASS) / 2])
    return {"median": float(median), "low": float(low), "high": float(high)}


def _expit(logit: np.ndarray) -> np.ndarray:
    return 0.5 * (1.0 + np.tanh(0.5 * logit))
