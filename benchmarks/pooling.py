"""The scoreboard of pooling methods on resolved forecasts, `precursor` beside the others.

Both rounds of repliCATS, each question forecast from the others; events made from the quantiles of UK COVID-19 (is the
reported number above the last one known, or above a threshold near the crowd's median), whole target weeks left out.
``--synthetic`` adds sets drawn from known truths, ``--seeds N`` of each, in groups of six questions.

Brier score of each method, lower is better; the difference of `recalibrated_log_odds` to `precursor`, above zero where
`precursor` is better, with its 90 % interval; seconds of processor time of all fits of `precursor`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pooling_sets import SYNTHETIC, covid_events, synthetic

from precursor.calibration.expert_model import Settings
from precursor.calibration.forecast_files import read_forecasts
from precursor.calibration.forecasts import ResolvedForecasts
from precursor.calibration.scoreboard import as_document, score_methods
from precursor.cli.outcome import table

FOLDER = Path(__file__).resolve().parents[1] / "data" / "calibration"
FILES = FOLDER / "forecasts_replicats.csv", FOLDER / "outcomes_replicats.csv"
SHOWN = ("precursor", "recalibrated_log_odds", "mean", "extremised_2_5", "beta_linear", "best_expert")


def main() -> None:
    """Print a row for each set as it is ready, then the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--synthetic", action="store_true", help="synthetic sets as well")
    parser.add_argument("--seeds", type=int, default=3, help="synthetic sets of each kind")
    arguments = parser.parse_args()
    rows = [("set", *SHOWN, "difference", "90 %", "R-hat", "s")]
    for name, forecasts in sets(arguments):
        rows.append(row(name, forecasts))
        print("  ".join(rows[-1]), file=sys.stderr)
    print("\n".join(table(rows)))


def sets(arguments: argparse.Namespace) -> Iterator[tuple[str, ResolvedForecasts]]:
    """Yield the name of each set, and its forecasts."""
    for number in (1, 2):
        yield f"repliCATS, round {number}", read_forecasts(*FILES, round_=number)
    for variable in ("cases", "deaths", None):
        for last in (True, False):
            name = f"COVID-19 {variable or 'both'}, {'last value' if last else 'threshold'}"
            yield name, covid_events(FOLDER, variable, last=last)
    if arguments.synthetic:
        for kind in SYNTHETIC:
            for seed in range(arguments.seeds):
                yield f"{kind}, {seed + 1}", synthetic(kind, seed + 1)


def row(name: str, forecasts: ResolvedForecasts) -> tuple[str, ...]:
    """Return one row of the table."""
    start = time.process_time()
    document = as_document(score_methods(forecasts, Settings(), lambda _message: None))
    seconds = time.process_time() - start
    methods = {method["method"]: method for method in document["methods"]}
    gap = methods["recalibrated_log_odds"]["minus_precursor"]["brier"]
    return (
        name, *(f"{methods[method]['brier']:.4f}" for method in SHOWN), f"{gap['mean']:+.4f}",
        f"({gap['low']:+.4f}, {gap['high']:+.4f})", f"{document['fits']['r_hat_max']:.3f}", f"{seconds:.0f}",
    )  # fmt: skip


if __name__ == "__main__":
    main()
