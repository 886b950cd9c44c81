"""Simulated fits: what is drawn, what is ranked, and, slowly, that right fits pass and planted mistakes do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from precursor.campaigns import Campaign, ResultsFolder, run
from precursor.inference.plan import Plan
from precursor.inference.simulation.replication import Replicator
from precursor.validation.expert_model import campaign, small_plan
from precursor.validation.full_model import AGAIN, doubled
from precursor.validation.latents import prior_latent
from precursor.validation.simulated_fit import mixed
from precursor.validation.tested import RankedQuantities
from precursor.validation.verdict import verdict
from tests.validation.planted_mistakes import MISTAKES

FEW = 30


@pytest.fixture(scope="module")
def plan() -> Plan:
    return small_plan()


def test_every_part_of_the_density_is_at_work(plan: Plan) -> None:
    forms = {getattr(answer.judgement, "form", "summary") for answer in plan.observations.answers}
    assert forms >= {
        "point", "bound", "quantiles", "verbal", "chips", "ranking", "distribution", "likelihood_ratio", "summary",
    }  # fmt: skip
    assert all(len(array) for array in plan.stated.data.values())
    assert len(plan.stated.data) == 5
    for centres in (plan.shared_centres, plan.placed_centres):
        assert {0.0, 1.0} <= set(centres.well_answered), "centred questions and others"
        assert centres.leading.nnz > len(centres.lead), "one follows another"
    assert plan.observations.widths
    assert plan.observations.noise_groups


def test_shared_errors_and_loadings_of_the_prior_are_normal_at_their_scales(plan: Plan) -> None:
    """Whether their latents are centred or not."""
    rng, replicator = np.random.default_rng(1), Replicator(plan)
    errors, loadings = [], []
    for _ in range(80):
        latent = prior_latent(replicator, rng)
        found, scale = replicator.shared(latent), replicator.scale(latent)
        omega = np.where(plan.shared_centres.in_widths > 0, scale["known_shared_error"], scale["shared_error"])
        errors.append(found.shared_error / omega)
        loadings.append(found.loading / scale["loading_spread"])
    columns = np.hstack([errors, loadings]).T
    assert min(stats.kstest(column, "norm").pvalue for column in columns) * len(columns) > 0.01
    raw = [replicator.shared(rng.standard_normal(len(plan.layout.names))).shared_error for _ in range(80)]
    centred = plan.shared_centres.well_answered > 0
    assert np.std(raw, axis=0)[centred].min() > 1.5, "standard-normal latents would not do"


def test_tested_quantities_have_names_of_their_own_and_vary(plan: Plan) -> None:
    rng = np.random.default_rng(2)
    latent = np.array([prior_latent(Replicator(plan), rng) for _ in range(20)])
    tested = RankedQuantities(plan)
    values = tested.at(plan, latent)
    assert values.shape == (20, len(tested.names))
    assert len(set(tested.names)) == len(tested.names)
    assert np.isfinite(values).all()
    assert (values.std(axis=0) > 0).all()


def test_distances_look_at_the_answers(plan: Plan) -> None:
    rng = np.random.default_rng(5)
    latent, tested = prior_latent(Replicator(plan), rng)[None], RankedQuantities(plan)
    other = replace(plan, stated=Replicator(plan).draw(latent[0], rng).stated)
    changed = tested.at(plan, latent) != tested.at(other, latent)
    names = [name for name, different in zip(tested.names, changed[0], strict=True) if different]
    assert [name for name in tested.names if name.startswith(("distance", "joint", "parting", "log-density"))] == names


def test_a_doubled_plan_has_every_answer_again_and_only_those_are_simulated(plan: Plan) -> None:
    rows = tuple(row for row in plan.observations.rows if row.kind != "event_seed")
    observations = replace(plan.observations, rows=rows, seeds=())
    twice = doubled(observations)
    assert len(twice.answers) == 2 * len(observations.answers)
    assert sum(answer.unit.id.endswith(AGAIN) for answer in twice.answers) == len(observations.answers)
    assert len(twice.units) == 2 * len(observations.units)
    assert twice.groups == observations.groups
    assert twice.noise_groups == observations.noise_groups
    with pytest.raises(ValueError, match="Events"):
        doubled(plan.observations)


def test_simulated_answers_take_the_place_of_those_that_are_wanted_only(plan: Plan) -> None:
    rng = np.random.default_rng(4)
    anew = Replicator(plan).draw(prior_latent(Replicator(plan), rng), rng).stated
    wanted = (rng.random(len(plan.observations.answers)) < 0.5).astype(float)
    found = mixed(plan, anew, wanted)
    n_rows = len(plan.observations.rows)
    assert np.array_equal(found.location, np.where(wanted[:n_rows] > 0, anew.location, plan.stated.location))
    for i, cells in enumerate(plan.rankings.of_ranking.toarray() > 0):
        source = anew if wanted[n_rows + i] else plan.stated
        assert np.array_equal(found.orders[cells], source.orders[cells])


@pytest.mark.slow
def test_a_few_right_fits_pass(tmp_path: Path) -> None:
    folder = ResultsFolder(tmp_path)
    found = verdict(run(campaign(FEW), folder), 49, folder.manifest)
    assert found["passed"], [entry["name"] for entry in found["quantities"] if not entry["passed"]]


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_planted_mistakes_are_caught(tmp_path: Path, mistake: str) -> None:
    planted = Campaign(mistake, "tests.validation.planted_mistakes:fit_with_mistake", 1, {"mistake": mistake}, FEW)
    folder = ResultsFolder(tmp_path)
    assert not verdict(run(planted, folder), 49, folder.manifest)["passed"]
