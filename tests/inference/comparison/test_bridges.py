"""Populations between two posteriors: they change nothing that could be known without them."""

import numpy as np
import pytest

from precursor.inference.comparison import bridges as compare_bridges
from precursor.inference.comparison.runs import compare_sides
from precursor.inference.comparison.sides import Side
from precursor.inference.decisions import Decisions
from precursor.inference.density.pointwise import pointwise
from precursor.inference.plan import plan_model

QUERIES = ("parameter(guard)",)
CAMPS = "ada,skeptical,old,\nbob,concerned,old,"


@pytest.fixture(scope="module")
def sides(make):
    survey = make(
        "old",
        "ada,guard,point,10%,\nbob,guard,point,90%,\nada,p_goal_shift,point,30%,\nbob,guard,bound,>50%,",
        experts=CAMPS,
    )
    plan = plan_model([survey])
    rng = np.random.default_rng(1)
    latent = rng.standard_normal((3000, len(plan.layout.names)))
    log_density = pointwise(plan, latent).total
    weights = np.exp(log_density - log_density.max())
    after = latent[rng.choice(len(latent), 800, p=weights / weights.sum())]
    prior = plan_model([])
    before = rng.standard_normal((800, len(prior.layout.names)))
    return (
        Side("prior", (), Decisions(), prior.layout.names, before),
        Side("posterior", (survey,), Decisions(), plan.layout.names, after),
    )


def test_populations_in_between_leave_the_parts_as_they_are(sides, monkeypatch):
    plain = compare_sides(*sides, QUERIES)
    assert plain.bridges == 0
    said = []
    monkeypatch.setattr(compare_bridges, "ENOUGH", 1.2 * plain.split.least_effective)
    monkeypatch.setattr(compare_bridges, "MOST_STATES", 5)
    monkeypatch.setattr(compare_bridges, "_POPULATION", 300)
    bridged = compare_sides(*sides, QUERIES, say=said.append)
    assert 1 <= bridged.bridges == len(said) <= 3
    assert bridged.split.least_effective > plain.split.least_effective
    for one, other in zip(plain.moves, bridged.moves, strict=True):
        slack = 4 * np.hypot(one.errors, other.errors)
        assert (np.abs(one.parts - other.parts) < slack).all()
        assert abs(other.residual) < 5 * other.error
        # Negative control: the parts are no small matter.
        assert np.abs(one.parts).max() > slack.max()
