"""The structures that are a change of parameters, fitted anew to a run's surveys and combined by stacking.

A structure that changes only what is read off the chain (order ignored, no examples needed) says nothing else of the
answers, or nothing at all: it has no density to stack on, and stays side by side (``not_refitted``).

The document: ``refits``, each with ``structure``, ``title``, ``kind`` (``run``: the run's own draws; ``refit``: a
shorter fit), ``converged`` (R-hat below 1.05 and no divergence; for the run, its own checks), ``checks``, ``headline``
(``query``, ``mean``, ``median``, ``low``, ``high``, ``mass``), ``elpd`` and ``elpd_se`` (log predictive density of each
unit's answers from the others', summed), ``difference`` and ``difference_se`` (of it to the run), ``pareto_k_above``
(units whose left-out density cannot be trusted: shape above 0.7); ``stacking`` (over those that converged; ``null``
where there are not two structures and two units): ``weights`` (by structure), ``units``, ``pareto_k_above`` (in any of
them), ``gain_over_equal`` and its ``gain_se``, ``told_apart`` (gain above two standard errors; the
weights were chosen on the same units, so the gain flatters them), ``headline``;
``not_refitted`` (``structure``, ``reason``).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from precursor.analysis.estimates import plain
from precursor.analysis.structures.structures import AS_IT_IS, PARAMETERS_OF, STRUCTURES
from precursor.inference.audit.posterior import AuditedPosterior
from precursor.inference.density.held import holding
from precursor.inference.fits.fit import Progress, Sampler, duration
from precursor.inference.fits.headline import HEADLINE, MASS, headline_circuit, logits_of
from precursor.inference.fits.stacking import (
    LeftOutDensities,
    gain_over_equal,
    left_out,
    stacking_weights,
    total_with_error,
    unit_log_densities,
)
from precursor.inference.fits.stances import STANCE_SETTINGS, readable, sampled_until_readable
from precursor.inference.plan import Plan
from precursor.inference.reweighting.smoothing import LARGEST_K, weighted_quantiles

SEED = 20_261_126
_CLEAR = 2.0
_READ_OFF = "it changes only what is read off: the answers have the density that they have as it is"
_REASONS = {
    "order_ignored": _READ_OFF,
    "order_and_pointer_ignored": _READ_OFF,
    "no_adversarial_requirement": "it changes what counts as deceptive, not the chain: there is no plan of it to fit",
}


@dataclass(frozen=True)
class StructureFit:
    """A structure's fit: log-odds of the headline, (draw, query), and what is left out of it."""

    name: str
    kind: str
    converged: bool
    checks: list[dict[str, Any]]
    logits: np.ndarray
    left_out: LeftOutDensities


def refits(
    posterior: AuditedPosterior,
    summary: Mapping[str, Any],
    say: Progress,
    settings: Any = STANCE_SETTINGS,  # noqa: ANN401
) -> dict[str, Any]:
    """Return the document (see above) of a run's posterior; each structure is compiled and sampled in turn."""
    plan, start = posterior.plan, time.monotonic()
    own = _found(plan, posterior.latent, AS_IT_IS, "run", bool(summary["converged"]), list(summary.get("checks", [])))
    fits = [own]
    for i, (name, values) in enumerate(PARAMETERS_OF.items()):
        sampler = Sampler.compiled_from(holding(plan, values), say)
        fit, checks = sampled_until_readable(sampler, replace(settings, seed=SEED + i), say, f"Structure {name}")
        latent = fit.latent.reshape(-1, fit.latent.shape[-1])
        fits.append(_found(fit.plan, latent, name, "refit", readable(checks), [check.as_json() for check in checks]))
        left = (time.monotonic() - start) / (i + 1) * (len(PARAMETERS_OF) - i - 1)
        say(f"{i + 1} of {len(PARAMETERS_OF)} structures fitted, about {duration(left)} left.")
    return document_of(fits, [unit.label for unit in plan.observations.units])


def _found(
    plan: Plan, latent: np.ndarray, name: str, kind: str, converged: bool, checks: list[dict[str, Any]]
) -> StructureFit:
    unconstrained = plan.space.mean + latent[:, plan.layout.parameters] @ plan.space.loadings.T
    logits = logits_of(headline_circuit(plan.space, plan.observations.indicators), unconstrained)
    return StructureFit(name, kind, converged, checks, logits, left_out(unit_log_densities(plan, latent)))


def document_of(fits: Sequence[StructureFit], labels: Sequence[str]) -> dict[str, Any]:
    """Return the document of fits, the run's first; ``labels`` name the units (those of rankings alone have none)."""
    titles = {one.name: one.title for one in STRUCTURES}
    rows = []
    for one in fits:
        elpd, error = total_with_error(one.left_out.log_density)
        difference, own_error = total_with_error(one.left_out.log_density - fits[0].left_out.log_density)
        rows.append(
            {
                "structure": one.name,
                "title": titles[one.name],
                "kind": one.kind,
                "converged": one.converged,
                "checks": one.checks,
                "headline": _headline(one.logits, np.full(len(one.logits), 1 / len(one.logits))),
                "elpd": elpd,
                "elpd_se": error,
                "difference": difference,
                "difference_se": own_error,
                "pareto_k_above": _above([one], labels),
            }
        )
    left = [{"structure": name, "reason": reason} for name, reason in _REASONS.items()]
    return plain({"refits": rows, "stacking": _stacked(fits, labels), "not_refitted": left})


def _stacked(fits: Sequence[StructureFit], labels: Sequence[str]) -> dict[str, Any] | None:
    used = [one for one in fits if one.converged]
    if len(used) < 2 or len(used[0].left_out.log_density) < 2:  # noqa: PLR2004 - nothing to tell apart, or by
        return None
    densities = np.stack([one.left_out.log_density for one in used], axis=1)
    weights = stacking_weights(densities)
    gain, error = gain_over_equal(densities, weights)
    of_draws = [np.full(len(one.logits), w / len(one.logits)) for one, w in zip(used, weights, strict=True)]
    return {
        "weights": {one.name: float(w) for one, w in zip(used, weights, strict=True)},
        "units": len(densities),
        "pareto_k_above": _above(used, labels),
        "gain_over_equal": gain,
        "gain_se": error,
        "told_apart": bool(gain > _CLEAR * error),
        "headline": _headline(np.concatenate([one.logits for one in used]), np.concatenate(of_draws)),
    }


def _above(fits: Sequence[StructureFit], labels: Sequence[str]) -> list[str]:
    above = np.any([one.left_out.pareto_k > LARGEST_K for one in fits], axis=0)
    named = [*labels, *(f"ranking only {i + 1}" for i in range(len(above) - len(labels)))]
    return [name for name, bad in zip(named, above, strict=True) if bad]


def _headline(logits: np.ndarray, weights: np.ndarray) -> list[dict[str, Any]]:
    values = 0.5 * (1.0 + np.tanh(0.5 * logits))
    levels = np.array([(1 - MASS) / 2, 0.5, (1 + MASS) / 2])
    found = []
    for i, text in enumerate(HEADLINE):
        low, median, high = weighted_quantiles(values[:, i], weights, levels)
        mean = float(weights @ values[:, i])
        found.append({"query": text, "mean": mean, "median": median, "low": low, "high": high, "mass": MASS})
    return found
