"""What was learned from resolved forecasts is what the expert model assumes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from precursor.inference.decisions import NOISE, SCALES, Decisions
from precursor.inference.fits.fit import Sampler, Settings
from precursor.inference.plan import plan_model
from tests.inference.conftest import Make

LEARNED = tomllib.loads(
    (Path(__file__).parents[2] / "data" / "calibration" / "dispersions.toml").read_text(encoding="utf-8")
)["dispersion"]
PRIORS = {
    "person_bias": SCALES["person_bias"],
    "person_slope": SCALES["person_slope"],
    "width_factor": SCALES["width_factor"],
    "width_factor_spread": SCALES["width_spread"],
    "noise": NOISE,
}


@pytest.mark.parametrize("name", PRIORS)
def test_prior_is_what_was_learned_and_widened(name: str) -> None:
    prior, learned = PRIORS[name], LEARNED[name]["prior"]
    assert prior.median == pytest.approx(learned["median"], rel=0.05)
    assert prior.log_sd == pytest.approx(learned["log_sd"], abs=0.02)


@pytest.mark.parametrize("name", PRIORS)
def test_what_transfers_is_wider_than_what_was_learned(name: str) -> None:
    learned = LEARNED[name]["learned"]
    low, high = (PRIORS[name].median * 2.718281828 ** (sign * 1.645 * PRIORS[name].log_sd) for sign in (-1, 1))
    assert low < learned["low"]
    assert learned["high"] < high


def test_no_population_bias_or_extremity_is_carried_over() -> None:
    assert set(LEARNED) <= {*PRIORS, "noise_spread"}


@pytest.mark.slow
def test_a_survey_of_two_people_is_fitted_under_other_decisions(make: Make) -> None:
    # No question is centred, so whether shared errors are is no data of the compiled model.
    survey = make("two_people", "p0,deceptive,point,2%,\np1,deceptive,point,30%,")
    sampler = Sampler.compiled_from(plan_model([survey]), lambda _message: None)
    settings = Settings(draws=50, tune=50, chains=1, cores=1)
    found = sampler.sample(settings, lambda _message: None, decisions=Decisions(shared_error=0.0))
    assert found.plan.decisions.shared_error == 0
    assert np.isfinite(found.latent).all()
