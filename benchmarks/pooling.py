"""The scoreboard of pooling methods on the shipped resolved forecasts, both rounds side by side.

Every question is forecast from the others.  Brier and natural log score, lower is better; sorted by the first round.
"""

from __future__ import annotations

import sys
from pathlib import Path

from precursor.calibration.expert_model import Settings
from precursor.calibration.forecast_files import read_forecasts
from precursor.calibration.scoreboard import as_document, score_methods
from precursor.cli.outcome import table

FOLDER = Path(__file__).resolve().parents[1] / "data" / "calibration"
FILES = FOLDER / "forecasts_replicats.csv", FOLDER / "outcomes_replicats.csv"


def main() -> None:
    """Print one table."""
    documents = []
    for round_ in (1, 2):
        forecasts = read_forecasts(*FILES, round_=round_)
        board = score_methods(forecasts, Settings(), lambda message: print(message, file=sys.stderr))
        documents.append(as_document(board))
    first, second = ({m["method"]: m for m in document["methods"]} for document in documents)
    rows = [("method", "Brier, round 1", "round 2", "log score, round 1", "round 2")]
    rows += [
        (name, *(f"{board[name][score]:.4f}" for score in ("brier", "log_score") for board in (first, second)))
        for name in first
    ]
    print("\n".join(table(rows)))
    for number, document in enumerate(documents, 1):
        fits = document["fits"]
        print(f"Round {number}: R-hat at most {fits['r_hat_max']:.3f}, {fits['divergences']} divergences.")


if __name__ == "__main__":
    main()
