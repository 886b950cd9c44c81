"""What the document of refitted structures says, from fits made up; one end to end on a tiny survey (slow)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from precursor.analysis.structures.refits import StructureFit, document_of, refits
from precursor.analysis.structures.structures import AS_IT_IS, PARAMETERS_OF, STRUCTURES
from precursor.inference.audit.posterior import posterior_of_fit
from precursor.inference.fits.fit import Settings, fit
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.fits.stacking import LeftOutDensities
from tests.inference.conftest import make, reader  # noqa: F401 - fixtures

LABELS = ("ann", "bob", "cy", "dee")


def made(name: str, logit: float, density: list[float], *, converged: bool = True, worst: float = 0.1) -> StructureFit:
    logits = np.full((50, len(HEADLINE)), logit)
    left = LeftOutDensities(np.array(density), np.array([0.1, 0.2, worst, 0.3]))
    return StructureFit(name, "refit", converged, [], logits, left)


def test_the_stacked_headline_is_the_mixture() -> None:
    one, other = made(AS_IT_IS, -1.0, [0.0, 0.0, 0.0, -np.inf]), made("guard_0", 2.0, [-np.inf] * 3 + [0.0], worst=0.9)
    with np.errstate(invalid="ignore"):
        document = document_of([one, other], LABELS)
    stacking = document["stacking"]
    assert stacking["weights"] == pytest.approx({AS_IT_IS: 0.75, "guard_0": 0.25})
    expected = 0.75 * expit(-1.0) + 0.25 * expit(2.0)
    assert [item["mean"] for item in stacking["headline"]] == pytest.approx([expected] * len(HEADLINE))
    assert document["refits"][0]["pareto_k_above"] == []
    assert document["refits"][1]["pareto_k_above"] == stacking["pareto_k_above"] == ["cy"]


def test_what_did_not_converge_is_not_stacked() -> None:
    bad = made("guard_0", 2.0, [5.0] * 4, converged=False)
    document = document_of([made(AS_IT_IS, -1.0, [0.0] * 4), bad], LABELS)
    assert document["stacking"] is None
    third = made("guard_1", 0.0, [0.0] * 4)
    document = document_of([made(AS_IT_IS, -1.0, [0.0] * 4), bad, third], LABELS)
    assert document["stacking"]["weights"] == pytest.approx({AS_IT_IS: 0.5, "guard_1": 0.5})
    assert not document["stacking"]["told_apart"]


def test_a_clear_gain_is_told() -> None:
    better = made("guard_0", 0.0, [-1.0, -1.1, -0.9, -1.0])
    document = document_of([made(AS_IT_IS, 0.0, [-3.0, -3.2, -2.9, -3.0]), better], LABELS)
    assert document["stacking"]["told_apart"]
    assert document["refits"][1]["difference"] == pytest.approx(8.1)


def test_every_structure_is_fitted_or_says_why_not() -> None:
    document = document_of([made(AS_IT_IS, 0.0, [0.0] * 4)], LABELS)
    named = {AS_IT_IS, *PARAMETERS_OF, *(one["structure"] for one in document["not_refitted"])}
    assert named == {one.name for one in STRUCTURES}


@pytest.mark.slow
def test_a_tiny_survey_end_to_end(make) -> None:  # noqa: F811 - the fixture
    answers = [f"p{i},deceptive_if_prosaic,point,{said}," for i, said in enumerate(("2%", "10%", "5%"))]
    survey = make("tiny", "\n".join(answers), experts="\n".join(f"p{i},,lab,p{i}" for i in range(3)))
    found = fit([survey], Settings(draws=200, tune=200, chains=2, seed=1))
    short = Settings(draws=150, tune=150, chains=2, target_accept=0.8)
    heard: list[str] = []
    document = refits(posterior_of_fit(found), {"converged": True}, heard.append, short)
    assert [one["structure"] for one in document["refits"]] == [AS_IT_IS, *PARAMETERS_OF]
    assert sum(document["stacking"]["weights"].values()) == pytest.approx(1.0)
    assert any("left" in line for line in heard)
