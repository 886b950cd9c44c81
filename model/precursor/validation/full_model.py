"""Simulation-based calibration of the whole shipped model, around its real posterior.

Truths from the prior would test the fit where nobody needs it.  Truths from the posterior are not uniformly ranked
among draws given simulated answers *alone*: they were not drawn from that fit's prior.  Given the real answers and the
simulated ones together they are: with truth ~ p(theta | real) and simulated ~ p(answers | truth), the truth is
one more draw from p(theta | real, simulated).  That is posterior SBC: Säilynoja, Schmitt, Bürkner and Vehtari (2025),
Posterior SBC: Simulation-Based Calibration Checking Conditional on Data, arXiv:2502.03279.

Here the simulated answers are those of as many new people and groups, who answer the same questions in the same forms.
Both halves are one compiled model; with the new half switched off it gives the truths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from precursor.campaigns.campaign import Campaign, Result
from precursor.elicitation.survey import Survey
from precursor.inference.answers.observations import Observations, assembled, observe
from precursor.inference.answers.rows import Ranked, Row
from precursor.inference.audit.refit import good_enough
from precursor.inference.fits.fit import Progress, Settings
from precursor.inference.fits.headline import headline_logits
from precursor.inference.plan import Plan, plan_of
from precursor.inference.surveys import open_reader
from precursor.validation.ranks import thinned
from precursor.validation.simulated_fit import Bench, Length, simulated_fit

NAME = "full_model"
FITS, SEED = 50, 20_261_127
LENGTH = Length(target_accept=0.85)
BASE = Settings(draws=300, tune=300, target_accept=0.85)
AGAIN = " (simulated)"


def campaign(truths: np.ndarray, seed: int = SEED, length: Length = LENGTH, root: str | None = None) -> Campaign:
    """Return the campaign of given truths, (fit, latent), each drawn from the posterior."""
    return campaign_again({f"{i:05d}": {"truth": truth.tolist()} for i, truth in enumerate(truths)}, seed, length, root)


def campaign_again(
    each: Mapping[str, Mapping[str, Any]], seed: int = SEED, length: Length = LENGTH, root: str | None = None
) -> Campaign:
    """Return the campaign of truths that were kept, by task."""
    settings = {field.name: getattr(length, field.name) for field in fields(length)} | {"root": root}
    return Campaign(NAME, f"{__name__}:fit_around_posterior", seed, settings, each=each)


def truths_of_posterior(count: int, seed: int, say: Progress, root: str | None = None) -> np.ndarray:
    """Return truths, (count, latent), from the posterior of the real answers.

    Raises `RuntimeError` if that fit is not even good enough for an audit (`audit.refit.good_enough`: R-hat below 1.05,
    100 effective draws of everything): then its draws are none of the posterior.
    """
    here = bench(root)
    fit = here.sampler.sample(replace(BASE, seed=seed), say, 1.0 - here.simulated, "The real posterior")
    if not good_enough(fit, headline_logits(fit, fit.flat)):
        raise RuntimeError("The fit that truths are drawn from did not converge.")
    return thinned(fit.latent.reshape(-1, fit.latent.shape[-1]), count)


def fit_around_posterior(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return one simulated fit (`simulated_fit`), of real and simulated answers together."""
    length = {field.name: settings[field.name] for field in fields(Length)}
    truth = np.array(settings["truth"])
    return simulated_fit(bench(settings["root"]), truth, Length(**length), np.random.default_rng(seed))


@cache
def bench(root: str | None = None) -> Bench:
    """Return the bench of the doubled plan, compiled once a process; the new half is simulated."""
    plan = doubled_plan(default_surveys(root))
    new = np.array([float(answer.unit.id.endswith(AGAIN)) for answer in plan.observations.answers])
    return Bench.of(plan, simulated=new)


def default_surveys(root: str | Path | None = None) -> list[Survey]:
    """Return the surveys that are fitted by default."""
    reader = open_reader(root)
    return [survey for survey in map(reader.read, reader.ids) if survey.fit_by_default]


def hashes_of_surveys(root: str | Path | None = None) -> dict[str, str]:
    """Return the SHA-256 of every file of the surveys that are fitted by default."""
    found = default_surveys(root)
    return {f"{survey.id}/{file}": hash_ for survey in found for file, hash_ in survey.hashes.items()}


def doubled_plan(surveys: Sequence[Survey]) -> Plan:
    """Return the plan of every answer twice: once as given, once by a new unit (id with `AGAIN`) of the same kind."""
    return plan_of(doubled(observe(surveys)))


def doubled(observations: Observations) -> Observations:
    """Return observations with a new unit beside each, with the same answers.

    An event happens once, so its outcome cannot be simulated beside the real one: seed questions are refused.
    """
    if observations.seeds:
        raise ValueError(f"Events with known outcomes cannot be doubled: {', '.join(observations.seeds)}.")
    rows = sorted(
        [*observations.rows, *map(_again, observations.rows)], key=lambda row: (row.unit.is_group, row.unit.id)
    )
    ranked = [*observations.ranked, *map(_again, observations.ranked)]
    return assembled(observations.surveys, rows, ranked, observations.waiting)


def _again[Answer: (Row, Ranked)](answer: Answer) -> Answer:
    return replace(answer, unit=replace(answer.unit, id=f"{answer.unit.id}{AGAIN}"))
