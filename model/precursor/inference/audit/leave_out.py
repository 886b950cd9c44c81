"""The headline without some of the answers: each expert, each camp, each survey and each published group in turn.

Draws given all answers stand for draws without some of them, with weights ``p(the rest) / p(all)``, the largest
smoothed (`reweighting.smoothing`).  Where the tail of the weights is too heavy, or too
few draws are left, they say nothing, and a short fit with those answers switched off is made instead if wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from precursor.inference.answers.observations import Observations
from precursor.inference.audit.posterior import AuditedPosterior
from precursor.inference.reweighting.smoothing import smoothed, weighted_quantiles

Kind = Literal["expert", "camp", "survey", "published_group"]
Refit = Callable[[np.ndarray, str], np.ndarray | None]
LEAST_EFFECTIVE = 100.0
LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class LeftOut:
    """Whose answers are switched off; ``mask``, (answer,), is 0 for them, 1 for the rest."""

    kind: Kind
    name: str
    label: str
    answers: int
    mask: np.ndarray


@dataclass(frozen=True)
class Without:
    """What is left without some answers.

    Attributes
    ----------
    method
        ``weights`` or ``refit``; ``none`` if neither can be trusted, and then there are no ``estimates``.
    estimates
        Of each headline quantity mean, 5 %, median and 95 % of the probability, (query, 4).
    errors
        Monte Carlo standard errors of the moves of the means, (query,), as if draws were independent.
    pareto_k, effective_draws
        Of the weights.
    """

    left_out: LeftOut
    method: Literal["weights", "refit", "none"]
    estimates: np.ndarray | None
    errors: np.ndarray | None
    pareto_k: float
    effective_draws: float


def everyone_in_turn(observations: Observations) -> tuple[LeftOut, ...]:
    """Return every expert, camp, survey and published group with an answer; a camp or survey that is all is none."""
    answers = observations.answers
    named: dict[tuple[Kind, str], tuple[str, list[int]]] = {}

    def add(kind: Kind, name: str, label: str, i: int) -> None:
        named.setdefault((kind, name), (label, []))[1].append(i)

    for i, answer in enumerate(answers):
        unit = answer.unit
        add("published_group" if unit.is_group else "expert", unit.id, unit.label, i)
        if not unit.is_group:
            add("camp", unit.group, unit.group, i)
        add("survey", answer.survey, answer.survey, i)
    found = []
    for (kind, name), (label, which) in named.items():
        mask = np.ones(len(answers))
        mask[which] = 0.0
        given = len({(answers[i].survey, answers[i].judgement.row, answers[i].question.id) for i in which})
        if kind in ("expert", "published_group") or mask.any():
            found.append(LeftOut(kind, name, label, given, mask))
    return tuple(found)


def without_each(
    posterior: AuditedPosterior, logits: np.ndarray, left_out: Sequence[LeftOut], refit: Refit | None = None
) -> tuple[Without, ...]:
    """Return the headline without each of some sets of answers.

    Parameters
    ----------
    logits
        Log-odds of the headline quantities at the posterior's draws, (draw, query).
    refit
        Given a mask and what it leaves out, draws of the same log-odds from a fit of its own, (draw, query), or
        ``None`` if that fit cannot be trusted either.  Asked only where the weights cannot be.
    """
    masks = [np.ones(len(posterior.plan.observations.answers)), *(one.mask for one in left_out)]
    densities = posterior.log_densities(masks)
    ratios = densities[1:] - densities[0]
    return tuple(_without(one, log_ratio, logits, refit) for one, log_ratio in zip(left_out, ratios, strict=True))


def _without(one: LeftOut, log_ratio: np.ndarray, logits: np.ndarray, refit: Refit | None) -> Without:
    weights = smoothed(log_ratio)
    measured = weights.pareto_k, weights.effective_draws
    if weights.trusted and weights.effective_draws >= LEAST_EFFECTIVE:
        errors = _errors_of_weighted(logits, weights.weights)
        return Without(one, "weights", estimates(logits, weights.weights), errors, *measured)
    again = None if refit is None else refit(one.mask, one.label)
    if again is None:
        return Without(one, "none", None, None, *measured)
    errors = np.sqrt(sum(probabilities(draws).var(axis=0) / len(draws) for draws in (logits, again)))
    return Without(one, "refit", estimates(again), errors, *measured)


def _errors_of_weighted(logits: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return standard errors of weighted less plain means: the same draws serve both."""
    values = probabilities(logits)
    terms = weights[:, None] * (values - weights @ values) - (values - values.mean(axis=0)) / len(values)
    return np.asarray(np.sqrt((terms**2).sum(axis=0)))


def probabilities(logits: np.ndarray) -> np.ndarray:
    """Return probabilities of log-odds."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))


def estimates(logits: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return mean, 5 %, median and 95 % of probabilities, (query, 4), from log-odds, (draw, query)."""
    flat = np.full(len(logits), 1.0 / len(logits)) if weights is None else weights
    values = probabilities(logits)
    quantiles = [weighted_quantiles(column, flat, np.array(LEVELS)) for column in values.T]
    return np.column_stack([flat @ values, np.array(quantiles)])
