"""Simulation-based calibration of the expert model: truths from the prior, every form of answer, a small network.

Draw everything unknown from its prior, simulate answers, fit them: over many fits the truth's rank among the draws is
uniform, whatever the quantity (Talts et al. 2018, arXiv:1804.06788).  The survey that is answered sets every assumption
(``data/validation/lumped_chain``), so that the chain runs once, on its lumped states, and a fit takes seconds.  The
simulator draws every person's effects one by one; the fit has them integrated out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Campaign, Result
from precursor.elicitation.store import shipped_data
from precursor.inference.plan import Plan, plan_model
from precursor.inference.surveys import open_reader
from precursor.validation.latents import prior_latent
from precursor.validation.simulated_fit import Bench, Length, simulated_fit

NAME = "expert_model"
FITS, SEED = 500, 20_261_126


def campaign(fits: int = FITS, seed: int = SEED, length: Length | None = None) -> Campaign:
    """Return the campaign."""
    settings = {name: getattr(length or Length(), name) for name in Length.__dataclass_fields__}
    return Campaign(NAME, f"{__name__}:fit_from_prior", seed, settings, fits)


def fit_from_prior(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return one simulated fit (`simulated_fit`) of a truth from the prior."""
    return simulated_from_prior(bench(), seed, settings)


def simulated_from_prior(bench: Bench, seed: int, settings: Mapping[str, Any]) -> Result:
    """Return one simulated fit on a given bench."""
    rng = np.random.default_rng(seed)
    return simulated_fit(bench, prior_latent(bench.replicator, rng), replace(Length(), **settings), rng)


@cache
def small_plan() -> Plan:
    """Return the plan of the small survey."""
    data = shipped_data()
    return plan_model([open_reader(data).read(data / "validation" / "lumped_chain")])


@cache
def bench() -> Bench:
    """Return the bench, compiled once a process."""
    return Bench.of(small_plan())
