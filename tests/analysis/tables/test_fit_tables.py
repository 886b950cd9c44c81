from pathlib import Path

import precursor
from precursor.inference.fits.fit import Settings

REPOSITORY = Path(__file__).parents[3]
SMALL = REPOSITORY / "notebooks" / "small_survey"
DECEPTIVE = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"


def prior(draws=300):
    return precursor.fit([], Settings(draws=draws))


def test_the_prior_is_a_fit_that_can_be_asked():
    found = prior()
    values = precursor.query(DECEPTIVE, run=found)
    assert values.sizes == {"draw": 1200}
    assert 0.05 < float(values.mean()) < 0.3
    assert precursor.judgements(found) == []


def test_independent_draws_pass_and_chains_that_lie_apart_do_not():
    found = prior()
    rows = precursor.checks(found)
    assert [row["name"] for row in rows][:2] == ["r_hat_max", "ess_bulk_min"]
    assert all(row["meaning"] for row in rows)
    assert rows[1]["passed"]
    found.latent[0] += 1.0
    assert not precursor.checks(found)[0]["passed"]


def test_the_small_survey_is_sound_and_synthetic():
    survey = precursor.load_survey(SMALL, REPOSITORY)
    assert survey.synthetic
    assert len(survey.judgements) == 16
