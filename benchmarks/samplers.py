"""The package's sampler beside ``pm.sample`` at its defaults, on the shipped model: effective draws a second.

    python benchmarks/samplers.py [--draws N] [--tune N]

Both sample the same ``pm.Model`` with two chains on two cores, from one seed.  ``pm.sample`` would take nutpie, too,
where that is installed, so the sampler is named: PyMC's own NUTS, everything else as it comes.  Compiling is counted
apart.  Effective draws are the smallest bulk effective sample size of any unknown.
"""

from __future__ import annotations

import argparse
import time
import warnings

import arviz as az
import numpy as np
import pymc as pm

from precursor.inference.density.model import model_of
from precursor.inference.fits.fit import Sampler, Settings
from precursor.inference.plan import Plan, plan_model
from precursor.inference.surveys import open_reader

SEED = 1


def least_ess(draws: np.ndarray) -> float:
    """Return the smallest bulk effective sample size, of draws (chain, draw, latent)."""
    return min(float(az.ess(draws[:, :, i], method="bulk")) for i in range(draws.shape[2]))


def by_package(plan: Plan, draws: int, tune: int) -> tuple[float, float, np.ndarray]:
    """Return seconds of compiling and of sampling, and the draws."""
    sampler = Sampler.compiled_from(plan, lambda _message: None)
    fitted = sampler.sample(Settings(draws=draws, tune=tune, chains=2, seed=SEED), lambda _message: None)
    return sampler.seconds, fitted.seconds["sample"], fitted.latent


def by_pymc(plan: Plan, draws: int, tune: int) -> tuple[float, float, np.ndarray]:
    """Return the same of ``pm.sample``, whose own clock says how long it sampled; the rest of a first call compiles.

    A second call finds compiled code in the caches, so what compiling takes cannot be subtracted from it.
    """
    with model_of(plan), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        found = pm.sample(
            draws=draws, tune=tune, chains=2, cores=2, random_seed=SEED, nuts_sampler="pymc", progressbar=False,
            compute_convergence_checks=False,
        )  # fmt: skip
        whole = time.perf_counter() - start
    seconds = float(found["posterior"].attrs["sampling_time"])
    return whole - seconds, seconds, found["posterior"]["standard_normal"].values


def main() -> None:
    """Print both, and the ratio."""
    parser = argparse.ArgumentParser(description="The package's sampler beside pm.sample.")
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--tune", type=int, default=400)
    options = parser.parse_args()
    reader = open_reader()
    plan = plan_model([survey for name in reader.ids if (survey := reader.read(name)).fit_by_default])
    rates = []
    for name, sample in (("package", by_package), ("pm.sample", by_pymc)):
        compiled, seconds, draws = sample(plan, options.draws, options.tune)
        ess = least_ess(draws)
        rates.append(ess / seconds)
        print(f"{name}: compiled in {compiled:.1f} s; 2 x {options.draws} draws after {options.tune}", end=" ")
        print(f"in {seconds:.1f} s, least effective sample size {ess:.0f}, {rates[-1]:.2f} a second", flush=True)
    print(f"ratio of effective draws a second {rates[0] / rates[1]:.1f}")


if __name__ == "__main__":
    main()
