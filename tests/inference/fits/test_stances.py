"""Whom a stance listens to, what a camp's own stance learns, and that its draws can be asked of a run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from precursor.elicitation.survey import Survey
from precursor.inference.ask import ask, query
from precursor.inference.decisions import Decisions
from precursor.inference.density.model import decided_data
from precursor.inference.fits.checks import Check
from precursor.inference.fits.fit import Fit, Settings
from precursor.inference.fits.headline import headline_logits, next_expert, prior_draws
from precursor.inference.fits.stances import Stance, StanceFit, readable, stances_of
from precursor.inference.fits.store import tree_bytes
from precursor.inference.plan import Plan, listening, plan_model
from precursor.inference.runs.run import POSTERIOR, PROVENANCE, SUMMARY, Run
from precursor.inference.runs.stance_draws import in_equal_parts, stance_dataset
from precursor.inference.runs.stance_table import stance_table
from precursor.problems import InputError
from tests.inference.conftest import Built, built
from tests.oracles import experts

Surveys = tuple[Survey, ...]
QUERY = "P(existential_catastrophe=yes)"
PASSED = (Check("r_hat_max", True, 1.0, 1.01), Check("divergences", True, 0.0, 0.0))


def active_of(plan: Plan, stance: Stance) -> np.ndarray:
    return np.array([stance.listens_to(a.survey, a.unit) for a in plan.observations.answers])


def stance_fit(plan: Plan, stance: Stance, draws: int, seed: int) -> StanceFit:
    """Return a stance's fit whose draws are the prior's: what is done with draws does not depend on whence they are."""
    heard = listening(plan, active_of(plan, stance), Decisions(camp=stance.camp))
    latent = np.random.default_rng(seed).standard_normal((2, draws, len(plan.layout.names)))
    return StanceFit(stance, Fit(heard, Settings(draws=draws, chains=2), latent, {}), PASSED)


@pytest.fixture(scope="module")
def plan(many_sided: Surveys) -> Plan:
    return plan_model(many_sided)


@pytest.fixture(scope="module")
def fits(plan: Plan) -> list[StanceFit]:
    return [stance_fit(plan, stance, 50 + 10 * i, i) for i, stance in enumerate(stances_of(plan.observations))]


@pytest.fixture(scope="module")
def run(plan: Plan, fits: list[StanceFit], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Write a run of draws of the prior, with its stances' draws."""
    folder = tmp_path_factory.mktemp("made") / "reports" / "staged"
    folder.mkdir(parents=True)
    (folder.parents[1] / "data").mkdir()
    latent = np.random.default_rng(9).standard_normal((2, 30, len(plan.layout.names)))
    fit = Fit(plan, Settings(draws=30, chains=2), latent, {})
    tree = fit.posterior
    for found in fits:
        tree[f"stances/{found.stance.name}"] = stance_dataset(found)
    (folder / POSTERIOR).write_bytes(tree_bytes(tree))
    logits, before = headline_logits(fit, fit.flat), headline_logits(fit, prior_draws(fit))
    indicators = {name: str(event) for name, event in plan.observations.indicators.items()}
    table = stance_table(fit, fits, logits, before, certified=False)
    summary = {"stances": table, "converged": False, "indicators": indicators}
    (folder / SUMMARY).write_text(json.dumps(summary), encoding="utf-8")
    (folder / PROVENANCE).write_text("{}", encoding="utf-8")
    return Run.open(folder)


def test_camps_are_listened_to_by_person_across_surveys(plan: Plan) -> None:
    found = {stance.name: stance for stance in stances_of(plan.observations)}
    assert list(found) == ["camp_concerned", "camp_skeptical"]
    answers = plan.observations.answers
    heard = [a for a, on in zip(answers, active_of(plan, found["camp_skeptical"]), strict=True) if on]
    # p0 answered both surveys, and only the first says of which camp he is.
    assert {a.unit.id for a in heard} == {"p0", "p2", "p4", "p6"}
    assert {a.survey for a in heard} == {"first", "second"}
    assert not any(a.unit.is_group for a in heard)


def test_premises_are_a_stance_unless_they_are_all_there_is(reader) -> None:
    both = plan_model([reader.read("argument_premises"), reader.read("critics_premises")])
    assert [stance.name for stance in stances_of(both.observations)] == ["argument_premises", "critics_premises"]
    assert stances_of(plan_model([reader.read("critics_premises")]).observations) == []


def test_only_what_active_answers_tell_stays_centred(plan: Plan) -> None:
    everybody = np.ones(len(plan.observations.answers))
    assert plan.shared_centres.well_answered.any()
    assert plan.placed_centres.well_answered.any()
    same = listening(plan, everybody, Decisions())
    np.testing.assert_array_equal(same.shared_centres.well_answered, plan.shared_centres.well_answered)
    np.testing.assert_array_equal(same.placed_centres.well_answered, plan.placed_centres.well_answered)
    # Six people make a question well answered, and a camp has four.
    (concerned, _) = stances_of(plan.observations)
    one = listening(plan, active_of(plan, concerned), Decisions(camp="concerned"))
    assert not one.shared_centres.well_answered.any()
    assert not one.placed_centres.well_answered.any()


@pytest.mark.slow
def test_a_listening_model_is_the_oracles_and_needs_no_building(plan: Plan, many_sided: Surveys) -> None:
    (concerned, _) = stances_of(plan.observations)
    heard = listening(plan, active_of(plan, concerned), Decisions(camp="concerned", transfer=2.0))
    anew, changed = Built(heard, "FAST_COMPILE"), built(many_sided)
    (latents,) = anew.draws(seed=3, n=1)
    before = changed.at(latents)
    for name, value in decided_data(heard).items():
        changed.model[name].set_value(value)
    assert anew.at(latents) == pytest.approx(experts.log_density(anew.setting, anew.named(latents)), abs=1e-8)
    assert changed.at(latents) == pytest.approx(anew.at(latents), abs=1e-9)
    assert abs(changed.at(latents) - before) > 0.1


def test_the_next_expert_of_a_camp_is_not_a_worldview_away(plan: Plan) -> None:
    (stance, _) = stances_of(plan.observations)
    latent = np.zeros((2, 10_000, len(plan.layout.names)))
    theta = np.zeros(20_000)
    camp = Fit(listening(plan, active_of(plan, stance), Decisions(camp=stance.camp)), Settings(), latent, {})
    spread = {
        name: float(next_expert(fit, theta).var())
        for name, fit in (("camp", camp), ("all", Fit(plan, Settings(), latent, {})))
    }
    # Of all, a camp is a loading, Normal(1, 1), to one side: its mean square, 2, is added to a variance near 4.
    assert 1.0 < spread["all"] - spread["camp"] < 3.0


def test_the_linear_pool_is_the_mixture_of_the_camps(run: Run) -> None:
    table = {stance["name"]: stance for stance in run.summary["stances"]}
    assert list(table) == ["prior", "camp_concerned", "camp_skeptical", "linear_pool", "default"]
    assert table["linear_pool"]["pool_of"] == ["camp_concerned", "camp_skeptical"]
    assert table["linear_pool"]["draws"] == 2 * table["camp_concerned"]["draws"] == 200
    pooled = query(QUERY, run=run, stance="linear_pool").values
    parts = [query(QUERY, run=run, stance=name).values for name in table["linear_pool"]["pool_of"]]
    assert pooled.mean() == pytest.approx(np.mean([part.mean() for part in map(_hundred, parts)]), rel=1e-12)
    item = next(item for item in table["linear_pool"]["headline"] if item["query"] == QUERY)
    assert pooled.mean() == pytest.approx(item["posterior"]["mean"], rel=1e-4)


def _hundred(draws: np.ndarray) -> np.ndarray:
    return draws[np.linspace(0, len(draws) - 1, 100).round().astype(int)]


def test_equal_parts_of_unequal_draws_weigh_alike() -> None:
    found = in_equal_parts([np.zeros((4, 2)), np.ones((9, 2))])
    assert found.shape == (8, 2)
    assert found.mean() == 0.5


def test_every_stance_of_a_run_can_be_asked(run: Run, fits: list[StanceFit]) -> None:
    assert run.stances == ["prior", "camp_concerned", "camp_skeptical", "linear_pool", "default"]
    for found in fits:
        item = next(i for s in run.summary["stances"] if s["name"] == found.stance.name for i in s["headline"][2:3])
        draws = query(QUERY, run=run, stance=found.stance.name)
        assert draws.sizes["draw"] == len(found.fit.flat)
        assert float(draws.mean()) == pytest.approx(item["posterior"]["mean"], rel=1e-4)
    np.testing.assert_array_equal(query(QUERY, run=run, stance="default"), query(QUERY, run=run))
    assert query(QUERY, run=run, stance="prior").sizes["draw"] == len(run.prior_draws())
    asked = ask([QUERY], run=run, stance="camp_concerned")
    assert asked.source.converged
    assert not ask([QUERY], run=run).source.converged


def test_what_cannot_be_asked_says_what_can(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no stance 'camp_concernd'") as caught:
        query(QUERY, run=run, stance="camp_concernd")
    assert "camp_concerned" in str(caught.value.problems[0].allowed)
    with pytest.raises(InputError, match="A scenario has no stances"):
        query(QUERY, scenario="argument", stance="prior", root=Path(__file__).parents[3])
    # A run as it was written before: its stances in words, without their draws.
    old = tmp_path / "old"
    old.mkdir()
    for name in (SUMMARY, PROVENANCE):
        (old / name).write_bytes((run.folder / name).read_bytes())
    posterior = xr.Dataset({"standard_normal": run.posterior["posterior"]["standard_normal"]})
    xr.DataTree.from_dict({"posterior": posterior}).to_netcdf(old / POSTERIOR, engine="h5netcdf")
    before = Run.open(old)
    assert before.stances == ["prior", "default"]
    assert query(QUERY, run=before, stance="prior").sizes["draw"] == 4000
    for name in ("camp_concerned", "linear_pool"):
        with pytest.raises(InputError, match="without the draws of its stances") as caught:
            query(QUERY, run=before, stance=name)
        assert "precursor run" in str(caught.value.problems[0].allowed)


def test_a_shorter_run_is_readable_below_its_own_threshold_and_without_divergences() -> None:
    def checks(r_hat: float, divergences: float) -> tuple[Check, ...]:
        return (Check("r_hat_max", r_hat < 1.01, r_hat, 1.01), Check("divergences", divergences == 0, divergences, 0.0))

    assert readable(checks(1.04, 0))
    assert not readable(checks(1.06, 0))
    assert not readable(checks(1.0, 1))
