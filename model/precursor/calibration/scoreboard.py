"""Every pooling method on the same questions, each question forecast from the others: the scoreboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from precursor.calibration import fitted_pools, pools
from precursor.calibration.expert_model import R_HAT_BELOW, Settings
from precursor.calibration.forecasts import ResolvedForecasts
from precursor.calibration.held_out import HeldOut, Progress, predict_held_out
from precursor.calibration.scores import (
    LOG_SCORE_FLOOR,
    Difference,
    brier,
    calibration_curve,
    decompose,
    log_score,
    paired_difference,
)

Method = Callable[[ResolvedForecasts, ResolvedForecasts], np.ndarray]


def _each(pool: Callable[[np.ndarray], float], values: str) -> Method:
    """Return the method that pools each question by itself and learns nothing."""

    def method(_known: ResolvedForecasts, asked: ResolvedForecasts) -> np.ndarray:
        stated = getattr(asked, values)
        return np.array([pool(stated[rows]) for rows in asked.by_question])

    return method


BASELINES: Mapping[str, Method] = MappingProxyType(
    {
        "mean": _each(pools.mean, "probability"),
        "median": _each(pools.median, "probability"),
        "log_odds": _each(pools.log_odds, "log_odds"),
        "extremised": fitted_pools.extremised,
        "extremised_2_5": _each(pools.extremised_2_5, "log_odds"),
        "recalibrated_log_odds": fitted_pools.recalibrated_log_odds,
        "neyman_roughgarden": _each(pools.neyman_roughgarden, "log_odds"),
        "beta_linear": fitted_pools.beta_linear,
        "best_expert": fitted_pools.best_expert,
    }
)
PRECURSOR = "precursor"


@dataclass(frozen=True, eq=False)
class Scoreboard:
    """Predictions of every method for every question, (question,) each, made without the question's group."""

    forecasts: ResolvedForecasts
    predictions: Mapping[str, np.ndarray]
    held_out: HeldOut
    seed: int

    @property
    def cluster(self) -> np.ndarray:
        """The number of each question's group, (question,)."""
        names = {name: number for number, name in enumerate(dict.fromkeys(self.forecasts.group))}
        return np.array([names[name] for name in self.forecasts.group])

    @property
    def order(self) -> tuple[str, ...]:
        """The methods, lowest mean Brier score first."""
        outcome = self.forecasts.outcome
        return tuple(sorted(self.predictions, key=lambda name: float(brier(self.predictions[name], outcome).mean())))

    def difference(self, method: str, score: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Difference:
        """Return by how much a method scores above (worse than) `precursor`, with its interval over groups."""
        outcome = self.forecasts.outcome
        ours, theirs = (score(self.predictions[name], outcome) for name in (PRECURSOR, method))
        return paired_difference(theirs, ours, self.cluster, seed=self.seed)


def predict_baselines(forecasts: ResolvedForecasts) -> dict[str, np.ndarray]:
    """Return each baseline's predictions, (question,), each group predicted from the other groups only."""
    group = np.array(forecasts.group)
    predictions = {name: np.zeros(group.size) for name in BASELINES}
    for name in dict.fromkeys(forecasts.group):
        asked = group == name
        known, left_out = forecasts.of_questions(~asked), forecasts.of_questions(asked)
        for method, predict in BASELINES.items():
            predictions[method][asked] = predict(known, left_out)
    return predictions


def score_methods(forecasts: ResolvedForecasts, settings: Settings, progress: Progress) -> Scoreboard:
    """Return the scoreboard; ``progress`` is told how far the fits are."""
    baselines = predict_baselines(forecasts)
    held_out = predict_held_out(forecasts, settings, progress)
    return Scoreboard(forecasts, {**baselines, PRECURSOR: held_out.probability}, held_out, settings.seed)


# --- as JSON -----------------------------------------------------------------------------------------------------


def as_document(board: Scoreboard) -> dict[str, Any]:
    """Return the document that ``precursor pool --json`` prints."""
    forecasts = board.forecasts
    single = brier(forecasts.probability, forecasts.outcome[forecasts.question])
    return {
        "data": {
            "questions": len(forecasts.questions),
            "experts": len(forecasts.experts),
            "answers": int(forecasts.question.size),
            "groups": len(set(forecasts.group)),
            "left_out": "group" if len(set(forecasts.group)) < len(forecasts.questions) else "question",
            "base_rate": float(forecasts.outcome.mean()),
            "individual_brier": float(single.mean()),
        },
        "log_score_floor": LOG_SCORE_FLOOR,
        "methods": [_method(board, name) for name in board.order],
        "predictions": [_prediction(board, number) for number in range(len(forecasts.questions))],
        "fits": fits_of(board.held_out),
        "passed": board.held_out.passed,
        "warnings": [warning.as_json() for warning in forecasts.warnings],
    }


def _method(board: Scoreboard, name: str) -> dict[str, Any]:
    prediction, outcome = board.predictions[name], board.forecasts.outcome
    curve = calibration_curve(prediction, outcome, seed=board.seed)
    return {
        "method": name,
        "brier": float(brier(prediction, outcome).mean()),
        "log_score": float(log_score(prediction, outcome).mean()),
        "minus_precursor": {
            "brier": asdict(board.difference(name, brier)),
            "log_score": asdict(board.difference(name, log_score)),
        },
        "decomposition": asdict(decompose(prediction, outcome)),
        "calibration_curve": {
            key: getattr(curve, key).tolist() for key in ("forecast", "observed", "low", "high", "count")
        },
    }


def _prediction(board: Scoreboard, number: int) -> dict[str, Any]:
    return {
        "question": board.forecasts.questions[number],
        "group": board.forecasts.group[number],
        "outcome": int(board.forecasts.outcome[number]),
        "probability": {name: float(board.predictions[name][number]) for name in board.order},
    }


def fits_of(held_out: HeldOut) -> dict[str, Any]:
    """Return how the fits of the expert model went."""
    return {
        "scheme": held_out.scheme,
        "fits": held_out.fits,
        "failed_fits": held_out.failed_fits,
        "r_hat_max": held_out.r_hat,
        "r_hat_threshold": R_HAT_BELOW,
    }
