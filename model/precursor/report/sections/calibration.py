"""What was checked against outcomes: the expert model on resolved forecasts, never the headline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import (
    Block,
    Section,
    from_command,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.sections.missing import missing
from precursor.report.words import plural, signed, upper_first, words

_METHODS = {
    "precursor": "our expert model",
    "mean": "mean of probabilities",
    "median": "median",
    "log_odds": "mean of log-odds",
    "extremised": "log-odds, extremised (fitted)",
    "extremised_2_5": "log-odds × 2.5",
    "recalibrated_log_odds": "log-odds, recalibrated",
    "neyman_roughgarden": "Neyman–Roughgarden",
    "beta_linear": "beta-transformed linear pool",
    "best_expert": "best expert so far",
}


def calibration(data: Mapping[str, Any]) -> Section:
    """Return the section on what was checked against outcomes."""
    seeds = data["whose"]["seeds"]
    return section(
        "calibration",
        "What was checked against outcomes",
        paragraph(
            strong("The headline was not, and cannot be. "),
            "No question about the first transformative system has an outcome. "
            + (
                f"{plural(seeds, 'seed answer', 'seed answers')} in this run concern questions with known outcomes and "
                "inform how far people are to be trusted."
                if seeds
                else "No answer in this run concerns a question with a known outcome."
            ),
            says=["uncalibrated"],
        ),
        *_pooling(data),
    )


def _pooling(data: Mapping[str, Any]) -> list[Block]:
    known = data["analyses"].get("pooling", {})
    if not known.get("available"):
        found = missing(data, "pooling", "The score of the expert model on resolved forecasts")
        return [found] if found else []
    d = known["data"]
    ours = next(m for m in known["methods"] if m["method"] == "precursor")
    better = [m for m in known["methods"] if m["method"] != "precursor" and m["minus_precursor"]["brier"]["high"] < 0]
    worse = [m for m in known["methods"] if m["method"] != "precursor" and m["minus_precursor"]["brier"]["low"] > 0]
    base = d["base_rate"] * (1 - d["base_rate"])
    rows = [
        row(
            strong(_name(m)) if m is ours else _name(m),
            f"{m['brier']:.3f}",
            "" if m is ours else _gap(m),
            f"{m['log_score']:.2f}",
            f"{m['decomposition']['miscalibration']:.3f}",
        )
        for m in known["methods"]
    ]
    verdict = "better than the base rate" if ours["brier"] < base else "no better than the base rate"
    return [
        paragraph(
            "What can be checked is the part of the model that turns answers into probabilities, on other questions: "
            f"{d['answers']} forecasts of {d['experts']} people on {d['questions']} questions that have been resolved, "
            f"each predicted from the others. There our expert model is {verdict} (Brier score {ours['brier']:.3f} "
            f"against {base:.3f}; one forecaster alone: {d['individual_brier']:.3f}; lower is better). "
            f"{upper_first(plural(len(better), 'method is', 'methods are'))} clearly better, {len(worse)} clearly "
            f"worse, and on {d['questions']} questions of one kind the rest cannot be told apart.",
            says=["checked_against_outcomes"],
        ),
        table(
            "pooling",
            "Our expert model against other ways of pooling, on resolved forecasts.",
            "Brier score; difference to our model with its 90 % interval over questions (below zero: better than "
            "ours); log score (natural log); the part of the Brier score that is miscalibration. How these questions "
            "resemble ours, nobody can say.",
            head=("Method|l*", "Brier|r", "Difference, 90 %|r", "Log score|r", "Miscalibration|r"),
            rows=rows,
            source=from_command(known["command"], seed=known["seed"]),
        ),
    ]


def _name(method: Mapping[str, Any]) -> str:
    return _METHODS.get(method["method"], words(method["method"]))


def _gap(method: Mapping[str, Any]) -> str:
    gap = method["minus_precursor"]["brier"]
    return f"{signed(gap['mean'], 3)} ({signed(gap['low'], 3)} to {signed(gap['high'], 3)})"
