"""``summary.json``: what a run found, whether to trust it, and what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from precursor.argument.answer import record_odds
from precursor.elicitation.survey import Survey
from precursor.inference.fits.checks import checks_of, converged, require_chains
from precursor.inference.fits.exact_against_simulated import exact_against_simulated
from precursor.inference.fits.fit import Fit
from precursor.inference.fits.headline import headline_items, headline_logits, prior_draws
from precursor.inference.fits.other_decisions import DecidedFit, decisions_summary
from precursor.inference.fits.stances import StanceFit
from precursor.inference.runs.expert_table import expert_table
from precursor.inference.runs.scale_table import scale_table
from precursor.inference.runs.stance_table import stance_table
from precursor.network.grammar import ProbabilityQuery

# A parameter counts as untouched if its posterior has the prior's mean within a tenth of the prior's standard
# deviation, and that deviation within a tenth: what Monte Carlo error alone does to a few thousand draws.
_UNTOUCHED = 0.1


def summarise(
    fit: Fit,
    stances: Sequence[StanceFit],
    held_out: Sequence[Survey],
    *,
    quick: bool,
    other_decisions: Sequence[DecidedFit] = (),
) -> dict[str, Any]:
    """Return the summary of a fit, as JSON can hold it.

    Raises `InputError` for a fit of one chain, or of fewer than four draws: nothing would show whether it converged.
    """
    require_chains(fit)
    logits, before = headline_logits(fit, fit.flat), headline_logits(fit, prior_draws(fit))
    headline = headline_items(fit, logits, before)
    checks = (
        *checks_of(fit, logits.reshape(*fit.latent.shape[:2], -1)),
        exact_against_simulated(fit, logits),
    )
    return {
        "headline": headline,
        "checks": [check.as_json() for check in checks],
        "surveys": [_survey(fit, survey) for survey in fit.plan.observations.surveys],
        "experts": expert_table(fit),
        "untouched_parameters": untouched(fit),
        "converged": converged(checks),
        "quick": quick,
        "stances": stance_table(fit, stances, logits, before, certified=converged(checks)),
        "decisions": decisions_summary(
            fit.plan.decisions, headline, other_decisions, before, certified=converged(checks)
        ),
        "scales": scale_table(fit),
        "stated": stated(fit, stances, held_out),
        "waiting": [
            {"survey": w.survey, "form": w.form, "answers": w.answers, "reason": w.reason}
            for w in fit.plan.observations.waiting
        ],
        "indicators": {name: str(about) for name, about in fit.plan.observations.indicators.items()},
    }


def _survey(fit: Fit, survey: Survey) -> dict[str, Any]:
    fitted = Counter(answer.survey for answer in fit.plan.observations.judged)
    return {
        "id": survey.id,
        "title": survey.title,
        "source": survey.source,
        "answers": survey.answers,
        "fitted": fitted[survey.id],
        "experts": len(survey.answering),
        "synthetic": survey.synthetic,
    }


def untouched(fit: Fit) -> list[str]:
    """Return the parameters whose posterior is their prior, within Monte Carlo error."""
    space = fit.plan.space
    draws = fit.flat
    prior_sd = np.sqrt((space.loadings**2).sum(axis=1))
    varying = prior_sd > 0
    moved = np.zeros(len(space.names), dtype=bool)
    shift = np.abs(draws.mean(axis=0) - space.mean)[varying] / prior_sd[varying]
    stretch = np.abs(draws.std(axis=0)[varying] / prior_sd[varying] - 1)
    moved[varying] = (shift > _UNTOUCHED) | (stretch > _UNTOUCHED)
    # The first state of a distribution has no spread of its own: it is as touched as its fellows.
    for i in np.flatnonzero(~varying):
        fellows = [j for j, p in enumerate(space.parameters) if p.group == space.parameters[i].group and varying[j]]
        moved[i] = moved[fellows].any()
    return sorted(name for name, touched in zip(space.names, moved, strict=True) if not touched)


def stated(fit: Fit, stances: Sequence[StanceFit], held_out: Sequence[Survey]) -> list[dict[str, Any]]:
    """Return authors' held-out bottom lines beside what premises imply: those of the author's side, where fitted."""
    found = []
    by_person = _premises_by_person(fit, stances)
    for survey in held_out:
        latest = {(j.person, j.question, j.text): j for j in survey.judgements}
        for judgement in latest.values():
            query = survey.questions[judgement.question].query
            if not isinstance(query, ProbabilityQuery):
                continue
            basis, draws = by_person.get(judgement.person, ("all surveys", fit))
            found.append(
                {
                    "person": survey.experts[judgement.expert].get("name", judgement.expert),
                    "survey": survey.id,
                    "question": judgement.question,
                    "query": str(query),
                    "answer": judgement.text,
                    "basis": basis,
                    "implied": _implied(draws, query),
                }
            )
    return found


def _premises_by_person(fit: Fit, stances: Sequence[StanceFit]) -> Mapping[str, tuple[str, Fit]]:
    return {
        row.unit.id: (found.stance.title, found.fit)
        for found in stances
        for row in fit.plan.observations.rows
        if row.survey in found.stance.surveys
    }


def _implied(fit: Fit, query: ProbabilityQuery) -> dict[str, float]:
    masses = record_odds([query], fit.plan.space, fit.plan.observations.indicators).evaluate(fit.flat)
    values = masses[:, 0] / masses.sum(axis=1)
    low, high = np.quantile(values, [0.05, 0.95])
    return {"mean": float(values.mean()), "low": float(low), "high": float(high)}
