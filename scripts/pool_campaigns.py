"""Rank the truths of several campaigns of one check together: chance differs between seeds, a mistake does not.

    python -m scripts.pool_campaigns RESULTS RESULTS ... [--check expert_model]

Each is a folder of ``precursor validate --out``; the campaigns have to be of one source and have different seeds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from precursor.campaigns import ResultsFolder
from precursor.validation.ranks import SIGNIFICANCE, judged
from precursor.validation.simulated_fit import Length
from scripts.validation_figures import tasks

SHOWN = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path, nargs="+")
    parser.add_argument("--check", default="expert_model")
    arguments = parser.parse_args()
    folders = [ResultsFolder(path / arguments.check) for path in arguments.results]
    if len({folder.manifest["provenance"]["source"] for folder in folders}) > 1:
        raise SystemExit("The campaigns are of different sources.")
    if len({folder.manifest["seed"] for folder in folders}) < len(folders):
        raise SystemExit("Two campaigns have the same seed.")
    found = [folder.stacked(tasks(folder.folder)) for folder in folders]
    names = [str(name) for name in np.atleast_2d(found[0]["names"])[0]]
    ranks = np.concatenate([result["ranks"] for result in found])
    quantities = judged(names, ranks, Length().thinned)
    wanted = SIGNIFICANCE / len(names)
    least = sorted(quantities, key=lambda one: one.p_value)[:SHOWN]
    print(f"{len(ranks)} fits, {len(names)} quantities; least p-value {least[0].p_value:.2g}, wanted {wanted:.2g}.")
    for one in least:
        print(f"  {one.p_value:.2g}  {one.name}")


if __name__ == "__main__":
    main()
