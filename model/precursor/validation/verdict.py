"""A campaign's verdict: every tested quantity with its p-value, and whether all of them pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Result
from precursor.validation.bands import bands, counts_below
from precursor.validation.ranks import SIGNIFICANCE, judged
from precursor.validation.tested import family_of, short_name

CONFIDENCE = 0.95
# Thinned draws that are more correlated than this, on average, are not near-independent: ranks pile up at the ends.
LAG_BELOW = 0.1


def verdict(results: Result, draws: int, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document of a campaign of simulated fits.

    Parameters
    ----------
    results
        Stacked results of `simulated_fit`, (fit, ...).
    draws
        Among how many draws each truth was ranked.
    manifest
        What made them.
    """
    names = [str(name) for name in results["names"][0]]
    ranks = results["ranks"]
    band = bands(len(ranks), draws, CONFIDENCE)
    found = judged(names, ranks, draws)
    lags = results["lag"].mean(axis=0)
    counts = {name: counts_below(column, draws) for name, column in zip(names, ranks.T, strict=True)}
    quantities = [
        {
            **one.as_json(),
            "name": short_name(one.name),
            "family": family_of(one.name),
            "within_band": bool(((counts[one.name] >= band.low) & (counts[one.name] <= band.high)).all()),
            "lag": float(lag),
            "below": counts[one.name].tolist(),
        }
        for one, lag in zip(found, lags, strict=True)
    ]
    independent = bool(lags.max() < LAG_BELOW)
    return {
        "campaign": manifest["campaign"],
        "passed": all(one.passed for one in found) and independent,
        "fits": len(ranks),
        "draws": draws,
        "quantities_tested": len(names),
        "significance": SIGNIFICANCE,
        "threshold": SIGNIFICANCE / len(names),
        "least_p_value": min(one.p_value for one in found),
        "outside_band": sum(not entry["within_band"] for entry in quantities),
        "expected_outside_band": (1 - CONFIDENCE) * len(names),
        "largest_mean_lag": float(lags.max()),
        "lag_below": LAG_BELOW,
        "divergent_draws": int(results["divergences"].sum()),
        "steps_a_draw": float(results["steps"].mean()),
        "band": {"points": (band.points / (draws + 1)).tolist(), "low": band.low.tolist(), "high": band.high.tolist()},
        "provenance": manifest["provenance"],
        "seed": manifest["seed"],
        "quantities": sorted(quantities, key=lambda entry: entry["p_value"]),
    }


def caught(names: np.ndarray, ranks: np.ndarray, draws: int) -> bool:
    """Return whether ranks, (fit, quantity), fail: what a planted mistake has to bring about."""
    return not all(one.passed for one in judged([str(name) for name in names], ranks, draws))
