"""Plant four mistakes, one at a time, and count how often simulation-based calibration catches them: its power.

    python -m scripts.negative_controls RESULTS [--fits N] [--scheduler none|local|ADDRESS] [--out FILE]

RESULTS is the folder of ``precursor validate --out``: the right fits there show how often the check is wrong to fail.
Fits with a mistake are kept in it too and an interrupted run goes on.  Power at n fits is the share of disjoint batches
of n fits that fail.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from precursor.campaigns import Campaign, ResultsFolder, Scheduler, run, scheduler_of
from precursor.campaigns.campaign import Result
from precursor.validation.ranks import judged
from precursor.validation.simulated_fit import Length
from precursor.validation.tested import family_of, short_name
from precursor.writing import write_file

FUNCTION = "tests.validation.planted_mistakes:fit_with_mistake"
MISTAKES = ("wrong_sign", "ignored_censoring", "no_worldview", "dropped_form")
BATCHES = (10, 20, 30, 60)
SEED = 20_261_128
DRAWS = Length().thinned


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("--fits", type=int, default=100)
    parser.add_argument("--scheduler", default="none")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    scheduler = scheduler_of(arguments.scheduler)
    found = {name: summary(planted(arguments, name, scheduler)) for name in MISTAKES}
    right = ResultsFolder(arguments.results / "expert_model")
    if right.exists:
        tasks = sorted(path.stem for path in (right.folder / "tasks").glob("*.npz"))
        found = {"none": summary(right.stacked(tasks)), **found}
    text = json.dumps(found, indent=1) + "\n"
    if arguments.out:
        write_file(arguments.out, text.encode())
    print(text if not arguments.out else "\n".join(lines(found)))


def planted(arguments: argparse.Namespace, mistake: str, scheduler: Scheduler) -> Result:
    campaign = Campaign(mistake, FUNCTION, SEED, {"mistake": mistake}, arguments.fits)
    folder = ResultsFolder(arguments.results / "planted" / mistake)
    return run(campaign, folder, scheduler, say=lambda message: print(message, file=sys.stderr, flush=True))


def summary(results: Result) -> dict[str, Any]:
    """Return the share of batches that fail, and which quantities tell most over all fits."""
    names, ranks = [str(name) for name in results["names"][0]], results["ranks"]
    failed = sorted((one for one in judged(names, ranks, DRAWS) if not one.passed), key=lambda one: one.p_value)
    by_family: dict[str, int] = {}
    for one in failed:
        by_family[family_of(one.name)] = by_family.get(family_of(one.name), 0) + 1
    return {
        "fits": len(ranks),
        "caught_share": {str(n): share_caught(names, ranks, n) for n in BATCHES if n <= len(ranks)},
        "batches": {str(n): len(ranks) // n for n in BATCHES if n <= len(ranks)},
        "caught_with_all": bool(failed),
        "failed_quantities": len(failed),
        "failed_by_family": by_family,
        "tell_most": [{"quantity": short_name(one.name), "p_value": one.p_value} for one in failed[:5]],
    }


def share_caught(names: list[str], ranks: np.ndarray, fits: int) -> float:
    batches = [ranks[start : start + fits] for start in range(0, len(ranks) - fits + 1, fits)]
    return float(np.mean([not all(one.passed for one in judged(names, batch, DRAWS)) for batch in batches]))


def lines(found: dict[str, Any]) -> list[str]:
    return [
        f"{name:18} {entry['fits']:4} fits  caught: "
        + ", ".join(f"{100 * share:.0f} % of {entry['batches'][n]} x {n}" for n, share in entry["caught_share"].items())
        for name, entry in found.items()
    ]


if __name__ == "__main__":
    main()
