"""Pooling methods on quantities stated by quantiles: each left-out group is pooled with what the others taught.

``mean`` and ``median`` average the experts' quantiles level by level (on the logarithmic scale if every number is above
zero) and learn nothing; ``cooke`` is the optimised decision maker of the classical model, its weights learned from the
questions of the other groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from precursor.calibration.quantities import ResolvedQuantities
from precursor.calibration.scores import coverage, paired_difference

if TYPE_CHECKING:
    from precursor.calibration.classical.study import Study

AGAINST = "mean"


@dataclass(frozen=True, eq=False)
class QuantityScoreboard:
    """Pooled quantiles by method, (question, level); nan where a method has no answer."""

    quantities: ResolvedQuantities
    predictions: Mapping[str, np.ndarray]
    seed: int


def quantile_score(
    quantiles: np.ndarray, realised: np.ndarray, levels: tuple[float, ...], *, logarithmic: bool
) -> np.ndarray:
    """Return the mean over levels of the quantile score ``2 (1{y < q} - level) (q - y)``, (question,); 0 is best.

    T. Gneiting, A. E. Raftery (2007), JASA 102, 359-378, section 6.1.  With more and more levels it becomes the
    continuous ranked probability score.  ``logarithmic``: of the logarithms.
    """
    q, y = (np.log(values) if logarithmic else values for values in (quantiles, realised[:, None]))
    return (2.0 * ((y < q) - np.array(levels)) * (q - y)).mean(axis=1)


def pool_quantities(quantities: ResolvedQuantities, seed: int) -> QuantityScoreboard:
    """Return every method's quantiles for every question, each pooled without the question's group."""
    from precursor.calibration.classical.model import held_out

    study = _study(quantities)
    stated = np.log(study.quantiles) if quantities.positive else study.quantiles
    back = np.exp if quantities.positive else np.asarray
    cooke = np.zeros((len(quantities.questions), len(quantities.levels)))
    group = np.array(quantities.group)
    for name in dict.fromkeys(quantities.group):
        asked = np.flatnonzero(group == name)
        cooke[asked] = held_out(study, [quantities.questions[question] for question in asked])
    predictions = {"mean": back(np.nanmean(stated, axis=0)), "median": back(np.nanmedian(stated, axis=0))}
    return QuantityScoreboard(quantities, {**predictions, "cooke": cooke}, seed)


def _study(quantities: ResolvedQuantities) -> Study:
    from precursor.calibration.classical.study import Background, Study

    stated = np.full((len(quantities.experts), len(quantities.questions), len(quantities.levels)), np.nan)
    stated[quantities.expert, quantities.question] = quantities.quantiles
    scale: Background = "log" if quantities.positive else "linear"
    return Study(
        quantities.experts,
        quantities.questions,
        quantities.levels,
        stated,
        quantities.realised,
        (scale,) * len(quantities.questions),
    )


def as_document(board: QuantityScoreboard) -> dict[str, Any]:
    """Return the document that ``precursor pool --json`` prints for quantiles."""
    quantities = board.quantities
    rows = [_method(board, name) for name in board.predictions]
    return {
        "data": {
            "questions": len(quantities.questions),
            "experts": len(quantities.experts),
            "answers": int(quantities.question.size),
            "groups": len(set(quantities.group)),
            "left_out": "group" if len(set(quantities.group)) < len(quantities.questions) else "question",
            "scale": "log" if quantities.positive else "linear",
            "individual_coverage": _covered(quantities.quantiles, quantities.realised[quantities.question]),
            "interval": [quantities.levels[0], quantities.levels[-1]],
        },
        "methods": sorted(rows, key=lambda row: row["quantile_score"]),
        "passed": True,
        "warnings": [warning.as_json() for warning in quantities.warnings],
    }


def _method(board: QuantityScoreboard, name: str) -> dict[str, Any]:
    quantities, logarithmic = board.quantities, board.quantities.positive
    group = np.unique(np.array(quantities.group), return_inverse=True)[1]
    # Compared where both have an answer: nobody with weight may have answered a question.
    there = ~np.isnan(board.predictions[name]).any(axis=1)

    def score(method: str) -> np.ndarray:
        chosen = board.predictions[method][there]
        return quantile_score(chosen, quantities.realised[there], quantities.levels, logarithmic=logarithmic)

    return {
        "method": name,
        "brier": None,
        "log_score": None,
        "quantile_score": float(score(name).mean()),
        "coverage": _covered(board.predictions[name][there], quantities.realised[there]),
        "questions": int(there.sum()),
        "minus_mean": asdict(paired_difference(score(name), score(AGAINST), group[there], seed=board.seed)),
    }


def _covered(quantiles: np.ndarray, realised: np.ndarray) -> float:
    return coverage(quantiles[:, 0], quantiles[:, -1], realised)
