"""What a thousand people's answers leave open, with people whose extremity differs and with people who are alike in it.

    python -m scripts.thousand_people [--people 1000] [--draws 400] [--tune 600]

One truth around the critic's scenario, five questions of the small network (all SYNTHETIC), two chains each.  Prints
the truth, the chains' means, the width of the 90 % interval in log-odds, R-hat and the effective draws.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

import arviz as az
import numpy as np

from precursor.inference.decisions import SCALES, Decisions
from precursor.inference.fits.fit import Settings
from precursor.validation.recovery import answers_at, crowd_of, truth_latent

SEED, CHAINS = 12_345, 2
ALIKE = 0.002


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, count in (("--people", 1000), ("--draws", 400), ("--tune", 600)):
        parser.add_argument(name, type=int, default=count)
    arguments = parser.parse_args()
    for median in (SCALES["person_slope"].median, ALIKE):
        with spread_of_extremity(median):
            print(f"spread of extremity {median:g}: {fitted(arguments)}", flush=True)


@contextmanager
def spread_of_extremity(median: float) -> Iterator[None]:
    """Decide otherwise how far people's extremity differs: decisions are frozen, and this one is to be another."""
    usual = SCALES["person_slope"].median
    object.__setattr__(SCALES["person_slope"], "median", median)
    crowd_of.cache_clear()
    try:
        yield
    finally:
        object.__setattr__(SCALES["person_slope"], "median", usual)


def fitted(arguments: argparse.Namespace) -> str:
    crowd = crowd_of("lumped_chain", arguments.people, "critic")
    rng = np.random.default_rng(SEED)
    latent = truth_latent(crowd.plan, "critic", SEED, rng)
    answers = answers_at(crowd.plan, Decisions(), latent, rng)
    settings = Settings(arguments.draws, arguments.tune, chains=CHAINS, seed=1, target_accept=0.85, cores=2)
    fit = crowd.sampler.given(answers.stated).sample(settings, lambda _message: None, decisions=Decisions())
    draws = np.stack([crowd.logits(chain)[:, 0] for chain in fit.latent])
    low, high = np.quantile(draws, [0.05, 0.95])
    return (
        f"truth {crowd.logits(latent[None])[0, 0]:.2f}, chains {np.round(draws.mean(axis=1), 2)}, "
        f"width {high - low:.2f}, R-hat {float(az.rhat(draws)):.3f}, effective draws {float(az.ess(draws)):.0f}"
    )


if __name__ == "__main__":
    main()
