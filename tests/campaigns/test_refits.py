"""Refits as a campaign: what an audit asks for is fitted all at once, and nothing else than the audited answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from precursor.campaigns import InProcess, ResultsFolder, refits, run
from precursor.campaigns.refits import Elsewhere, Wanted, campaign, refits_on
from precursor.elicitation.store import shipped_data
from precursor.inference.fits.fit import Fit
from precursor.inference.plan import plan_model
from precursor.inference.surveys import open_reader
from precursor.problems import InputError

SMALL = shipped_data() / "validation" / "lumped_chain"


@pytest.fixture
def wanted() -> Wanted:
    plan = plan_model([open_reader(shipped_data()).read(SMALL)])
    masks = np.ones((3, len(plan.observations.answers)))
    masks[0, :4], masks[1, 5:], masks[2, :4] = 0.0, 0.0, 0.0
    found = Wanted()
    for mask in masks:
        assert found(mask, "someone") is None
    return found


def test_each_mask_is_wanted_once(wanted: Wanted) -> None:
    assert len(wanted.masks) == 2


def test_answers_that_have_changed_are_refused(wanted: Wanted, tmp_path: Path) -> None:
    moved = shutil.copytree(SMALL, tmp_path / "lumped_chain")
    plan = plan_model([open_reader(shipped_data()).read(moved)])
    planned = campaign(plan, [*wanted.masks.values()], str(shipped_data()))
    responses = moved / "responses.csv"
    responses.write_text(responses.read_text().replace("p0,deceptive_here,point,2%", "p0,deceptive_here,point,3%"))
    with pytest.raises(InputError, match="not the one that is to be fitted"):
        run(planned, ResultsFolder(tmp_path / "r"))


def test_nothing_wanted_nothing_fitted(tmp_path: Path) -> None:
    plan = plan_model([open_reader(shipped_data()).read(SMALL)])
    where = Elsewhere(InProcess(), ResultsFolder(tmp_path / "r"))
    refits_on(plan, Wanted(), lambda _fit: np.zeros((1, 1)), where, lambda _message: None)
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
def test_every_mask_has_its_fit_and_a_second_audit_fits_nothing(
    wanted: Wanted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_model([open_reader(shipped_data()).read(SMALL)])
    where = Elsewhere(InProcess(), ResultsFolder(tmp_path / "r"), str(shipped_data()))
    monkeypatch.setattr(refits, "good_enough", lambda _fit, _logits: True)

    def logits_of(fit: Fit) -> np.ndarray:
        return fit.flat[:, :1]

    found = refits_on(plan, wanted, logits_of, where, lambda _message: None)
    first, second = (found(mask, "someone") for mask in wanted.masks.values())
    assert first is not None
    assert second is not None
    assert first.latent.shape == second.latent.shape
    assert not np.array_equal(first.latent, second.latent)
    monkeypatch.setattr(InProcess, "results", None)
    again = refits_on(plan, wanted, logits_of, where, lambda _message: None)
    assert all(np.array_equal(again(mask, "").latent, found(mask, "").latent) for mask in wanted.masks.values())
