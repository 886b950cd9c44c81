"""The preview of an update, as a document: the headline before and after, and whether to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from precursor.analysis.estimates import MASS, estimate, plain
from precursor.inference.reweighting.smoothing import weighted_quantiles
from precursor.inference.update.preview import Preview

METHOD = (
    "Importance weights of the run's draws, effects of new questions and groups drawn from their priors; "
    "Pareto-smoothed (Vehtari et al. 2024)."
)


def preview_document(seen: Preview, changed_files: Sequence[str] = ()) -> dict[str, Any]:
    """Return a preview as JSON can hold it; ``changed_files`` are shared files that are not as they were.

    ``pareto_k`` is ``None`` where it is not finite: with ``trusted`` true all weights are equal, else one is alone.
    """
    levels = np.array([(1 - MASS) / 2, 0.5, (1 + MASS) / 2])
    headline = []
    for i, query in enumerate(seen.queries):
        draws = 0.5 * (1.0 + np.tanh(0.5 * seen.log_odds[:, i]))
        low, median, high = weighted_quantiles(draws, seen.weighted.weights, levels)
        mean = float(seen.weighted.weights @ draws)
        after = {"mean": mean, "median": float(median), "low": float(low), "high": float(high)}
        headline.append({"query": query, "before": estimate(draws), "after": after})
    return plain(
        {
            "headline": headline,
            "synthetic": any(survey.synthetic for survey in seen.changes.after.observations.surveys),
            "trusted": seen.trusted,
            "pareto_k": seen.weighted.pareto_k,
            "threshold": seen.weighted.threshold,
            "effective_draws": seen.weighted.effective_draws,
            "draws": len(seen.log_odds),
            "answers": {
                "added": int((seen.changes.after.rows & ~seen.changes.before.rows).sum())
                + int((seen.changes.after.ranked & ~seen.changes.before.ranked).sum()),
                "removed": int((seen.changes.before.rows & ~seen.changes.after.rows).sum())
                + int((seen.changes.before.ranked & ~seen.changes.after.ranked).sum()),
            },
            "changed_files": list(changed_files),
            "method": METHOD,
        }
    )
