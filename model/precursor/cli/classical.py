"""``precursor classical STUDY``: Cooke's classical model of a study in EXCALIBUR's files, or of a survey."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

from precursor.cli.outcome import Outcome, table
from precursor.problems import InputError, Problem

if TYPE_CHECKING:
    from precursor.calibration.classical.decision_maker import DecisionMaker
    from precursor.calibration.classical.model import ClassicalResult
    from precursor.calibration.classical.study import Study


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("study", metavar="STUDY", help="a .dtt file with its .rls file beside it, or a survey")
    parser.add_argument("--overshoot", default="0.1", metavar="SHARE", help="of the intrinsic range (0.1)")
    parser.add_argument("--power", default="1", metavar="SHARE", help="of the seeds, in calibration scores (1)")
    parser.add_argument("--significance", default="0", metavar="LEVEL", help="the lowest calibration that counts (0)")


def run(arguments: argparse.Namespace) -> Outcome:
    """Score the experts of a study and the decision makers made of them."""
    from precursor.calibration.classical.model import classical_model

    options = {name: _number(name, getattr(arguments, name)) for name in ("overshoot", "power", "significance")}
    study = _study(arguments.study, arguments.root)
    result = classical_model(study, **options)
    document = {
        "study": arguments.study,
        **options,
        "levels": list(study.levels),
        "seeds": int(study.seeds.sum()),
        "seeds_in_calibration": result.seeds,
        "experts": _experts(result),
        "decision_makers": [_decision_maker(made) for made in result.decision_makers],
        "items": _items(result),
        "warnings": [warning.as_json() for warning in study.warnings],
    }
    return Outcome(document, _lines(result))


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(Problem(f"--{name} {text!r} is no number.", "a number such as 0.1"))
    return value


def _study(name: str, root: str | None) -> Study:
    from precursor.calibration.classical.excalibur import is_study_file, read_study

    if is_study_file(Path(name)):
        return read_study(name)
    from precursor.calibration.classical.survey_study import study_of
    from precursor.inference.surveys import load_survey

    return study_of(load_survey(name, root=root))


def _experts(result: ClassicalResult) -> list[dict[str, object]]:
    scores, weights = result.scores, result.scores.weight()
    total = weights.sum()
    return [
        {
            "expert": expert,
            "calibration": _value(scores.calibration[i]),
            "information_seed": _value(scores.information_seed[i]),
            "information_all": _value(scores.information_all[i]),
            "weight": _value(weights[i]),
            "normalised_weight": _value(weights[i] / total) if total > 0 else None,
            "seeds": int(scores.seeds_answered[i]),
        }
        for i, expert in enumerate(result.study.experts)
    ]


def _decision_maker(made: DecisionMaker) -> dict[str, object]:
    return {
        "name": made.name,
        "calibration": _value(made.calibration),
        "information_seed": _value(made.information_seed),
        "information_all": _value(made.information_all),
        "weight": _value(made.weight),
        "significance": made.significance,
    }


def _items(result: ClassicalResult) -> list[dict[str, object]]:
    study = result.study
    return [
        {
            "item": item,
            "scale": study.scales[i],
            "realisation": _value(study.realisations[i]),
            "quantiles": {made.name: [_value(q) for q in made.quantiles[i]] for made in result.decision_makers},
        }
        for i, item in enumerate(study.items)
    ]


def _value(number: float) -> float | None:
    """Return a number for JSON, which has no nan."""
    return float(number) if math.isfinite(number) else None


def _lines(result: ClassicalResult) -> tuple[str, ...]:
    study = result.study
    seeds = int(study.seeds.sum())
    head = ("", "calibration", "information, seeds", "information, all", "weight")
    keys = ("calibration", "information_seed", "information_all", "weight")
    rows = [(str(row["expert"]), *(_shown(row[key]) for key in keys)) for row in _experts(result)]
    makers = [
        (str(row["name"]), *(_shown(row[key]) for key in keys), _shown(row["significance"]))
        for row in map(_decision_maker, result.decision_makers)
    ]
    return (
        f"Experts: {len(study.experts)}; items: {len(study.items)}, of which seeds: {seeds}; "
        f"seeds in calibration scores: {result.seeds:g}",
        "",
        *table([("expert", *head[1:]), *rows]),
        "",
        *table([("decision maker", *head[1:], "significance"), *makers]),
        *_remarks(result),
        *(f"Warning: {warning}" for warning in study.warnings),
    )


def _remarks(result: ClassicalResult) -> list[str]:
    remarks = [
        f"Warning: {expert} answered no seed, and has no weight but in 'equal'."
        for expert, answered in zip(result.study.experts, result.scores.seeds_answered, strict=True)
        if not answered
    ]
    asked = result.study.answered.any(axis=0)
    for made in result.decision_makers:
        silent = [
            item for item, w, a in zip(result.study.items, made.weights.T, asked, strict=True) if a and not w.any()
        ]
        if silent:
            remarks.append(f"Warning: '{made.name}' says nothing of {', '.join(silent)}: nobody with weight answered.")
    return remarks


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else "-"
