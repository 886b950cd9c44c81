"""The audit as one document, as JSON can hold it: of surveys alone, or of a fit or run as well.

Nothing here multiplies medians: what is multiplied at all is one expert's own answers (`inference.audit.coherence`), or
is computed draw by draw and summarised afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from precursor.analysis.audit.coherence import coherence_section
from precursor.analysis.audit.posterior import (
    conflict_section,
    effective_section,
    expected_section,
    headline_of,
    leave_out_section,
)
from precursor.analysis.estimates import plain
from precursor.campaigns.refits import Elsewhere, Wanted, refits_on
from precursor.elicitation.survey import Survey
from precursor.inference.audit.posterior import AuditedPosterior, posterior_of_fit, posterior_of_run
from precursor.inference.audit.refit import Refit, refit_by
from precursor.inference.fits.fit import Fit, Progress
from precursor.inference.runs.run import Run

SCHEMA = "precursor-audit/1"


def audit_document(
    source: Run | Fit | None,
    surveys: Sequence[Survey],
    *,
    refit: bool | Elsewhere = False,
    say: Progress | None = None,
) -> dict[str, Any]:
    """Return the audit of surveys, and of a run or fit to them.

    Parameters
    ----------
    source
        The run or fit; ``None`` audits coherence only, which needs no model.
    surveys
        Of a run those that it was fitted to, perhaps with more, which are audited for coherence.
    refit
        Fit anew, shortly, where weights cannot be trusted: here, or elsewhere, all at once.
    say
        Told how the refits go on.
    """
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "run": source.name if isinstance(source, Run) else None,
        "surveys": [{"id": survey.id, "answers": survey.answers, "synthetic": survey.synthetic} for survey in surveys],
        "coherence": coherence_section(surveys),
        "posterior": None,
    }
    if source is None:
        return _plain(document)
    posterior, warnings = _posterior(source, surveys)
    if not posterior.plan.observations.answers:
        return _plain(document)
    again = _refit(posterior, refit, say or (lambda _message: None)) if refit else None
    return _plain(
        {
            **document,
            "posterior": {"draws": len(posterior.latent), "warnings": warnings},
            "expected": expected_section(posterior),
            "conflict": conflict_section(posterior, again),
            "leave_out": leave_out_section(posterior, again),
            "effective_experts": effective_section(posterior),
        }
    )


def _plain(document: dict[str, Any]) -> dict[str, Any]:
    found = plain(document)
    assert isinstance(found, dict)
    return found


def _posterior(source: Run | Fit, surveys: Sequence[Survey]) -> tuple[AuditedPosterior, list[str]]:
    if isinstance(source, Fit):
        return posterior_of_fit(source), []
    fitted = [entry["id"] for entry in source.summary.get("surveys", [])]
    posterior = posterior_of_run(source, [survey for survey in surveys if survey.id in fitted])
    warnings = [f"The answers of {name} have changed since the run was made." for name in _changed(source, surveys)]
    if posterior.missing:
        warnings.append(
            f"The run lacks {len(posterior.missing)} of today's unknowns, which were drawn from the prior: what "
            "follows is approximate, and exact again once the run is made anew."
        )
    return posterior, warnings


def _changed(run: Run, surveys: Sequence[Survey]) -> list[str]:
    """Return the surveys whose answers are not the ones that the run's provenance has hashed."""
    recorded = run.provenance.get("inputs", {})
    return [
        survey.id
        for survey in surveys
        if any(recorded.get(f"surveys/{survey.id}/{file}", hash_) != hash_ for file, hash_ in survey.hashes.items())
    ]


def _refit(posterior: AuditedPosterior, where: bool | Elsewhere, say: Progress) -> Refit:
    plan = posterior.plan

    def logits_of(fit: Fit) -> np.ndarray:
        return headline_of(plan, fit.flat)

    if not isinstance(where, Elsewhere):
        return refit_by(plan, logits_of, say)
    wanted = Wanted()
    conflict_section(posterior, wanted)
    leave_out_section(posterior, wanted)
    return refits_on(plan, wanted, logits_of, where, say)
