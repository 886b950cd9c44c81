"""Recovery: made-up fits are judged as they should be; a truth is told as it was meant; answers break as said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from precursor.campaigns.campaign import Result
from precursor.figures.recovery import misspecified_figure, recovery_figure
from precursor.figures.style import svg
from precursor.inference.decisions import Decisions
from precursor.inference.fits.fit import unconstrained_of
from precursor.inference.plan import Plan, plan_model
from precursor.inference.scenarios import open_scenario
from precursor.inference.surveys import SurveyReader, open_reader
from precursor.validation.crowd_document import crowd_document, crowd_group
from precursor.validation.crowds import TROLL, lumped_crowd
from precursor.validation.misspecified import KINDS, broken
from precursor.validation.misspecified_document import misspecified_document, misspecified_group
from precursor.validation.recovery import LEVELS, answers_at, recovery, truth_latent
from precursor.validation.recovery_document import group_document, recovery_document


@pytest.fixture(scope="module")
def reader() -> SurveyReader:
    return open_reader()


@pytest.fixture(scope="module")
def plan(reader: SurveyReader) -> Plan:
    return plan_model([lumped_crowd(reader, 10, open_scenario(reader.data, "critic"), troll=True)])


def fits(seed: int, *, off: float = 0.0, believed: float = 1.0, n: int = 60) -> Result:
    """Return made-up fits: normal posteriors of unit width about a truth that is ``off``, narrowed by ``believed``."""
    from scipy.stats import norm

    rng = np.random.default_rng(seed)
    truth = rng.standard_normal((n, 2))
    mean = truth + off + rng.standard_normal((n, 2))
    quantiles = mean[..., None] + believed * norm.ppf(LEVELS)
    return {"truth": truth, "mean": mean, "quantiles": quantiles, "divergences": np.zeros(n)}


def group(scenario: str, found: Result, believed: float = 1.0) -> dict[str, object]:
    settings = {"survey": "s", "scenario": scenario, "people": 5, "shared_error": [1.0, believed]}
    return group_document(settings, found)


def test_fair_intervals_pass_and_narrow_or_moved_ones_fail() -> None:
    mistaken = group("argument", fits(2, believed=0.3), 0.0)
    assert recovery_document([group("prior", fits(1)), mistaken])["passed"]
    assert not recovery_document([group("prior", fits(1, believed=0.5)), mistaken])["passed"]
    assert not recovery_document([group("prior", fits(1, off=1.5)), mistaken])["passed"]
    unnoticed = group("argument", fits(2), 0.0)
    assert not recovery_document([group("prior", fits(1)), unnoticed])["passed"], "a control that does not fail"


def test_a_crowd_that_becomes_certain_fails_form_by_form() -> None:
    settings = {"survey": "s", "scenario": "critic", "amplified_error": [0.0, 0.0], "shared_error": [1.0, 1.0]}
    floor = group_document({**settings, "people": "all"}, fits(5))

    def document(added: float, stretched: float, nothing: float = 0.3) -> dict[str, Any]:
        told = {
            added: {}, stretched: {"amplified_error": [1.0, 1.0]}, nothing: {"shared_error": [0.0, 0.0]},
        }  # fmt: skip
        groups = [
            crowd_group({**settings, "people": people, **form}, fits(6, believed=width))
            for people in (100, 1000)
            for width, form in told.items()
        ]
        return crowd_document(groups, floor)

    assert document(0.95, 1.0)["passed"]
    bold = document(0.5, 1.0)
    assert not bold["passed"]
    assert [demand["met"] for demand in bold["demands"].values()] == [False, True]
    assert "NOT MET" in "".join(bold["lines"])
    assert not document(0.95, 0.5)["passed"]
    assert not document(0.95, 1.0, nothing=0.6)["passed"], "hardly wider than without shared error"
    assert not crowd_document([], floor)["passed"], "nothing was judged"


def test_the_form_of_the_error_changes_how_a_crowd_scatters_and_not_where_it_stands(reader: SurveyReader) -> None:
    crowd = plan_model([lumped_crowd(reader, 300, open_scenario(reader.data, "critic"))])
    rng = np.random.default_rng(5)
    latent = truth_latent(crowd, "critic", 1, rng)
    latent[crowd.layout.shared_error] = 16.0
    shared = crowd.columns.shared >= 0
    question = crowd.columns.shared[shared]

    def located(share: float) -> tuple[np.ndarray, np.ndarray]:
        told = answers_at(crowd, Decisions(amplified_error=share), latent, np.random.default_rng(7))
        stated = (crowd.facing.turn * told.stated.location)[shared]
        middle = [np.median(stated[question == q]) for q in np.unique(question)]
        spread = [np.subtract(*np.quantile(stated[question == q], [0.75, 0.25])) for q in np.unique(question)]
        return np.array(middle), np.array(spread)

    (added, narrow), (stretched, wide) = located(0.0), located(1.0)
    assert np.median(np.abs(stretched - added)) < 0.5
    assert np.median(wide / narrow) > 1.2


def test_bias_and_width_are_those_of_the_fits() -> None:
    found = group("critic", fits(3, off=0.7, n=4000))
    assert found["bias"] == pytest.approx(0.7, abs=0.06)
    assert found["width"] == pytest.approx(2 * 1.6449, abs=1e-3)
    assert found["held"]["0.9"][0] < 0.9


def test_a_truth_near_a_scenario_is_near_it(plan: Plan, reader: SurveyReader) -> None:
    scenario = open_scenario(reader.data, "critic")
    latent = truth_latent(plan, "critic", 1, np.random.default_rng(1))
    natural = dict(zip(plan.space.names, plan.space.natural(unconstrained_of(plan, latent)), strict=True))
    assert natural["hr_long_term_goals_given_awareness"] == pytest.approx(5, rel=1.5)
    assert natural["emergence.long_horizon_fine_tuning.goal_directed"] == pytest.approx(0.95, abs=0.05)
    assert natural["guard"] < 0.05
    assert scenario.parameters["guard"] == 0


def test_without_errors_a_persons_answers_are_the_truth_and_a_worldview(plan: Plan) -> None:
    latent = np.zeros(len(plan.layout.names))
    latent[plan.layout.scales] = latent[plan.layout.noise] = -60.0
    answers = answers_at(plan, Decisions(), latent, np.random.default_rng(1))
    theta = plan.quantities.over(unconstrained_of(plan, latent[None]))[0][plan.facing.position]
    free = np.setdiff1d(np.arange(len(theta)), plan.columns.bounded)
    leaning = plan.facing.turn * (answers.stated.location - theta)
    people = np.array([row.unit.id for row in plan.observations.rows])
    for person in set(people[free]):
        own = leaning[free][people[free] == person]
        assert own == pytest.approx(own[0], abs=1e-3)
        assert abs(own[0] - plan.columns.side[free][people[free] == person][0]) < 5


def test_broken_answers_break_as_said(plan: Plan) -> None:
    rng = np.random.default_rng(2)
    latent = truth_latent(plan, "critic", 1, rng)
    honest = answers_at(plan, Decisions(), latent, rng).stated
    theta = plan.quantities.over(unconstrained_of(plan, latent[None]))[0][plan.facing.position]
    found = {kind: broken(plan, honest, theta, kind, np.random.default_rng(3)) for kind in KINDS}
    trolls = np.array([row.unit.id.endswith(TROLL) for row in plan.observations.rows])
    assert (found["as_modelled"][1] == ~trolls).all()
    assert (found["as_modelled"][0].location == honest.location).all()
    changed = {kind: np.flatnonzero(stated.location != honest.location) for kind, (stated, _) in found.items()}
    people = [row.unit.id for row in plan.observations.rows]
    assert len({people[i] for i in changed["block"]}) == 2
    assert len({people[i] for i in changed["outliers"]}) == 1
    block = found["block"][0].location - theta
    assert block[changed["block"]] == pytest.approx(3 * plan.facing.turn[changed["block"]])
    for kind, outward in (("troll_0", -1.0), ("troll_1", 1.0)):
        stated, active = found[kind]
        assert active.all()
        assert (stated.outward[trolls[plan.columns.bounded]] == outward).all()
        assert np.sign(stated.location[trolls]).tolist() == [outward] * int(trolls.sum())


def test_a_conclusion_that_follows_a_troll_fails() -> None:
    estimate = np.zeros((10, len(KINDS), 3))
    estimate[:, 1:, 1] = 2.0
    found = {"truth": np.zeros(10), "estimate": estimate, "held": np.ones((10, len(KINDS)))}
    assert misspecified_document([misspecified_group("argument", 20, found)])["passed"]
    estimate[:, 3, 0] = 3.0
    assert not misspecified_document([misspecified_group("argument", 20, found)])["passed"]
    nothing = {**found, "estimate": np.zeros_like(estimate)}
    assert not misspecified_document([misspecified_group("argument", 20, nothing)])["passed"]


@pytest.mark.slow
def test_a_truth_is_found_again() -> None:
    settings = {
        "survey": "lumped_chain", "people": 20, "scenario": "prior", "draws": 150, "tune": 200,
        "shared_error": [1.0, 1.0], "amplified_error": [0.0, 0.0],
    }  # fmt: skip
    found = [recovery(seed, settings) for seed in range(8)]
    held = [
        low <= truth <= high for f in found for truth, (low, *_, high) in zip(f["truth"], f["quantiles"], strict=True)
    ]
    assert np.mean(held) > 0.7
    assert all((np.diff(f["quantiles"], axis=1) > 0).all() for f in found)
    mistaken = replace(Decisions(), shared_error=0.0)
    assert mistaken.values["shared_error_on"] == 0


def test_the_figures_repeat_their_bytes() -> None:
    groups = [
        {**group(scenario, fits(i)), "people": people}
        for i, scenario in enumerate(("prior", "argument", "critic"))
        for people in (5, 20)
    ]
    document = recovery_document([*groups, group("argument", fits(2, believed=0.3), 0.0)])
    estimate = np.random.default_rng(1).standard_normal((10, len(KINDS), 3))
    broken_answers = {"truth": np.zeros(10), "estimate": estimate, "held": np.ones((10, len(KINDS)))}
    other = misspecified_document([misspecified_group(name, 20, broken_answers) for name in ("argument", "critic")])
    for figure, shown in ((recovery_figure, document), (misspecified_figure, other)):
        assert svg(figure(shown)) == svg(figure(shown))
        assert "SYNTHETIC" in svg(figure(shown))
