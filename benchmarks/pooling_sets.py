"""Resolved forecasts for `pooling`: events made from quantiles, and sets drawn from known truths."""

from __future__ import annotations

from math import log
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from precursor.calibration.forecasts import ResolvedForecasts, resolved
from precursor.calibration.quantities import ResolvedQuantities, read_quantities, take

# Departures from the event drawn in `synthetic`: numbers of questions and experts; spreads over experts of bias,
# extremity and log noise; typical noise; share of answers missing; average and spread of log-odds; resolution.
USUAL: dict[str, Any] = {
    "questions": 120, "experts": 20, "bias": 0.3, "extremity": 0.2, "log_noise": 0.3, "noise": 0.8, "missing": 0.0,
    "average": 0.0, "spread": 1.5, "unit": 0.01,
}  # fmt: skip
SYNTHETIC = MappingProxyType(
    {
        "alike": {"bias": 0.0, "extremity": 0.0, "log_noise": 0.0},
        "noise": {"bias": 0.05, "extremity": 0.05, "log_noise": 0.7},
        "bias and slope": {"bias": 0.8, "extremity": 0.5},
        "planted best": {},
        "trolls": {},
        "half know": {},
        "worldviews": {},
        "many questions": {"questions": 200, "experts": 4},
        "few questions": {"questions": 15, "experts": 40},
        "extreme": {"average": -3.0, "spread": 2.5, "unit": 1e-4},
        "missing": {"experts": 40, "missing": 0.8},
        "everyone once": {"experts": 8},
        "crowd": {"questions": 60, "experts": 300},
        "chance": {},
    }
)


def covid_events(folder: Path, variable: str | None, *, last: bool) -> ResolvedForecasts:
    """Return events "above the last value known" or "above a threshold near the crowd's median", by target week.

    A forecaster's probability is that of the lognormal between and beyond the stated quantiles.
    """
    quantities = read_quantities(
        folder / "quantiles_ukcovid.csv", folder / "realisations_ukcovid.csv", group="target_end_date"
    )
    of_variable = np.array([quantities.attributes[q]["variable"] in (variable or q) for q in quantities.questions])
    quantities = take(quantities, of_variable[quantities.question] & (quantities.quantiles > 0).all(axis=1))
    random, logs = np.random.default_rng(1), np.log(quantities.quantiles)
    answers, outcomes, groups = {}, {}, {}
    for number, name in enumerate(quantities.questions):
        rows = np.flatnonzero(quantities.question == number)
        near = float(np.median(logs[rows, 2])) + float(random.choice([-0.3, -0.15, 0.0, 0.15, 0.3]))
        threshold = _last_known(quantities, name) if last else near
        if threshold is None:
            continue
        for row in rows:
            answers[name, quantities.experts[quantities.expert[row]]] = _above(
                logs[row], threshold, np.array(quantities.levels)
            )
        outcomes[name] = int(log(quantities.realised[number]) > threshold)
        groups[name] = quantities.group[number]
    return resolved(answers, outcomes, groups, unit=0.001)


def _last_known(quantities: ResolvedQuantities, name: str) -> float | None:
    asked = quantities.attributes[name]
    known = {
        row["target_end_date"]: float(row["realised_original"])
        for row in quantities.attributes.values()
        if row["variable"] == asked["variable"] and row["target_end_date"] <= asked["origin"]
    }
    return log(known[max(known)]) if known else None


def _above(logs: np.ndarray, threshold: float, levels: np.ndarray) -> float:
    z = ndtri(levels)
    piece = int(np.clip(np.searchsorted(logs, threshold) - 1, 0, len(logs) - 2))
    width = max(logs[piece + 1] - logs[piece], 1e-3)
    return round(float(1 - ndtr(z[piece] + (threshold - logs[piece]) / width * (z[piece + 1] - z[piece]))), 3)


def synthetic(kind: str, seed: int) -> ResolvedForecasts:
    """Return forecasts drawn as ``l = .2 + a + .7 b t + d + s StudentT(4)``, with what is peculiar to the kind."""
    s = {**USUAL, **SYNTHETIC[kind]}
    random = np.random.default_rng([seed, list(SYNTHETIC).index(kind)])
    shape = questions, experts = s["questions"], s["experts"]
    t = random.normal(s["average"], s["spread"], questions)
    outcome = (random.random(questions) < 1 / (1 + np.exp(-t))).astype(int)
    noise = s["noise"] * np.exp(s["log_noise"] * random.normal(size=experts)) * random.standard_t(4, shape)
    slope, bias = np.exp(s["extremity"] * random.normal(size=experts)), s["bias"] * random.normal(size=experts)
    logit = 0.2 + bias + 0.7 * np.outer(t, slope) + 0.5 * random.normal(size=(questions, 1)) + noise
    if kind == "planted best":
        logit[:, -1] = 2.5 * (2 * outcome - 1) + random.normal(0, 0.7, questions)
    elif kind == "trolls":
        logit[:, -1], logit[:, -2] = -3 * t, random.choice([-4.6, 4.6], questions)
    elif kind == "half know":
        logit[:, ::2] += np.outer(random.normal(0, 1.5, questions), np.ones((experts + 1) // 2)) - 0.7 * t[:, None]
    elif kind == "worldviews":
        logit += np.outer(random.normal(size=questions), random.normal(size=experts))
    elif kind == "chance":
        outcome = (random.random(questions) < 0.4).astype(int)
    stated = np.clip(np.round(1 / (1 + np.exp(-logit)) / s["unit"]) * s["unit"], 0, 1)
    there = random.random(shape) >= s["missing"]
    answers = {
        (f"q{q}", f"e{q}_{e}" if kind == "everyone once" else f"e{e}"): float(stated[q, e])
        for q, e in zip(*np.nonzero(there), strict=True)
    }
    groups = {f"q{q}": f"g{q // 6}" for q in range(questions)}
    return resolved(answers, {f"q{q}": int(outcome[q]) for q in range(questions)}, groups, unit=s["unit"])
