"""Simulated answers: what is typed means what was meant, and the statistics are those of the expert model."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit, logit

from precursor.elicitation.answers import AnswerContext
from precursor.elicitation.answers.chips import parse_chips
from precursor.elicitation.answers.distribution import parse_distribution
from precursor.elicitation.answers.point import parse_point
from precursor.elicitation.indicators import events as events_of
from precursor.elicitation.questions import Question
from precursor.inference.decisions import RANKING_SLIP
from precursor.inference.plan import plan_model
from precursor.inference.quantities import contrasts
from precursor.inference.scenarios import open_scenario
from precursor.inference.simulation import (
    Population,
    Simulation,
    Truth,
    around,
    simulate,
    truths_at,
    typed,
    write_survey,
)
from precursor.inference.surveys import SurveyReader
from precursor.network.grammar import parse_query
from precursor.problems import InputError

SILENT = Population(
    person_bias=0.0, person_slope=0.0, target_residual=0.0, shared_error=0.0, loading_mean=0.0, loading_spread=0.0,
    noise=1e-12, width_factor=1e-12, width_spread=0.0,
)  # fmt: skip
EVENT = "P(human_extinction=yes | existential_catastrophe=yes)"
OTHER = "P(human_extinction=no | existential_catastrophe=yes)"
ODDS = st.floats(-20, 20)


def question(query: str = EVENT, form: str = "point", id_: str = "q", scale: str = "probability") -> Question:
    return Question(id=id_, wording="?", query=parse_query(query), forms=(form,), scale=scale)  # type: ignore[arg-type]


def seed_question(**known: object) -> Question:
    unit = {"realised": 20.0, "unit": "percent", "scale": "linear", **known}
    return Question(id="seed", wording="?", query=None, forms=("quantiles",), seed=True, **unit)  # type: ignore[arg-type]


def places(simulation: Simulation, id_: str = "q") -> np.ndarray:
    """Return where everybody stands on a question, before rounding, (person,)."""
    found = [answer.location for answer in simulation.answers if answer.question == id_]
    return np.array(found, dtype=float)


# What is typed


@given(ODDS)
def test_a_typed_probability_holds_what_was_meant(log_odds: float) -> None:
    read = parse_point(typed.probability(log_odds), AnswerContext())
    assert read.low * (1 - 1e-9) <= expit(log_odds) <= read.high * (1 + 1e-9)
    nearer = min(read.value, 1 - read.value)
    assert (read.high - read.low) / nearer < 0.11, "two significant digits"


@given(ODDS)
def test_a_typed_share_holds_what_was_meant(log_odds: float) -> None:
    read = parse_point(typed.percent(log_odds), AnswerContext(scale="linear"))
    assert read.value == pytest.approx(100 * expit(log_odds), rel=0.06)
    assert 100 - read.value == pytest.approx(100 * expit(-log_odds), rel=0.06)


@given(st.floats(-15, 15))
def test_a_typed_ratio_holds_what_was_meant(logarithm: float) -> None:
    read = parse_point(typed.ratio(logarithm), AnswerContext(scale="ratio"))
    assert read.low * (1 - 1e-9) <= math.exp(logarithm) <= read.high * (1 + 1e-9)


@given(st.lists(st.floats(0.0, 1.0), min_size=2, max_size=6).filter(lambda weights: sum(weights) > 1e-6))
def test_whole_percent_sum_to_a_hundred_and_stay_near(weights: list[float]) -> None:
    states = tuple(f"s{i}" for i in range(len(weights)))
    shares = np.array(weights) / sum(weights)
    text = typed.whole_percent(dict(zip(states, shares.tolist(), strict=True)))
    read = parse_distribution(text, AnswerContext(states=states))
    assert sum(read.probabilities) == pytest.approx(1)
    assert np.abs(np.array(read.probabilities) - shares).max() <= 0.01 + 1e-12


@given(st.floats(-12, 12))
def test_ten_chips_lie_where_the_answer_does(location: float) -> None:
    truth = Truth(question(form="chips"), location, 1.0)
    (answer,) = simulate([truth], 1, 1, population=SILENT).answers
    read = parse_chips(answer.answer, AnswerContext())
    assert sum(read.counts) == typed.CHIPS
    below = sum(n for high, n in zip(read.highs, read.counts, strict=True) if high <= expit(location))
    above = sum(n for low, n in zip(read.lows, read.counts, strict=True) if low > expit(location))
    # Rounding to whole chips may move one across the middle.
    assert max(below, above) <= typed.CHIPS / 2 + 1


# The expert model, part by part


def test_without_effects_everybody_states_the_truth() -> None:
    truths = [
        Truth(question(), -1.3, 1.0),
        Truth(question(form="quantiles", id_="spread"), 0.4, -1.0),
        Truth(seed_question(), 20.0),
    ]
    simulation = simulate(truths, 3, 1, population=SILENT)
    assert places(simulation) == pytest.approx([-1.3] * 3)
    assert places(simulation, "spread") == pytest.approx([0.4] * 3)
    assert places(simulation, "seed") == pytest.approx([logit(0.2)] * 3)


def test_noise_is_students_t() -> None:
    population = replace(SILENT, noise=0.7)
    noise = places(simulate([Truth(question(), 0.5, 1.0)], 3000, 2, population=population)) - 0.5
    assert stats.kstest(noise / 0.7, stats.t(4).cdf).pvalue > 0.01
    assert stats.kstest(noise / 0.9, stats.t(4).cdf).pvalue < 1e-4, "the test would not see a wrong scale"
    assert stats.kstest(noise / 0.7, stats.norm.cdf).pvalue < 1e-4, "the test would not see a wrong tail"


def spread_of(population: Population, value: float = -2.0, people: int = 4000, sign: float = 1.0) -> float:
    return float(places(simulate([Truth(question(), value, sign)], people, 3, population=population)).std())


def test_bias_slope_and_residual_have_their_scales() -> None:
    assert spread_of(replace(SILENT, person_bias=0.5)) == pytest.approx(0.5, rel=0.05)
    assert spread_of(replace(SILENT, person_slope=0.25)) == pytest.approx(0.5, rel=0.05)
    assert spread_of(replace(SILENT, person_slope=0.25), value=-4.0) == pytest.approx(1.0, rel=0.05)
    assert spread_of(replace(SILENT, target_residual=0.8)) == pytest.approx(0.8, rel=0.05)
    everything = replace(SILENT, person_bias=0.5, person_slope=0.25, target_residual=0.8)
    assert spread_of(everything) == pytest.approx(math.sqrt(0.25 + 0.25 + 0.64), rel=0.05)
    assert spread_of(everything) != pytest.approx(0.8, rel=0.05), "the test would not see a part left out"


def test_extremity_multiplies_the_log_odds() -> None:
    simulation = simulate([Truth(question(), -3.0, 1.0)], 5, 1, population=replace(SILENT, extremity=0.5))
    assert places(simulation) == pytest.approx([-1.5] * 5)


def test_bias_pushes_towards_bad_news() -> None:
    population = replace(SILENT, person_bias=1.0)
    truths = [Truth(question(), 0.0, 1.0), Truth(question("P(model_outcome=base_goal)", id_="good"), 0.0, -1.0)]
    simulation = simulate(truths, 50, 4, population=population)
    bias = np.array([person.bias for person in simulation.people])
    assert places(simulation) == pytest.approx(bias)
    assert places(simulation, "good") == pytest.approx(-bias)


def test_an_event_and_its_complement_are_one_question() -> None:
    everything = replace(Population(), noise=1e-12)
    event = simulate([Truth(question(), 1.2, 1.0)], 20, 5, population=everything)
    complement = simulate([Truth(question(OTHER), -1.2, -1.0)], 20, 5, population=everything)
    assert places(event) == pytest.approx(-places(complement))


def test_a_residual_belongs_to_a_target() -> None:
    population = replace(SILENT, target_residual=1.0)
    truths = [
        Truth(question(), 0.0, 1.0),
        Truth(question("P(human_extinction=yes)", id_="plain"), 0.0, 1.0),
        Truth(question("P(governance=weak)", id_="other"), 0.0, 1.0),
    ]
    simulation = simulate(truths, 400, 6, population=population)
    assert places(simulation, "plain") == pytest.approx(places(simulation))
    assert abs(np.corrcoef(places(simulation), places(simulation, "other"))[0, 1]) < 0.2


def test_shared_errors_and_loadings_are_one_a_question() -> None:
    population = replace(SILENT, shared_error=0.5)
    truths = [Truth(question("P(governance=weak, tai_by_2100=yes)", id_=f"q{i}"), 0.0, 1.0) for i in range(1500)]
    simulation = simulate(truths, 2, 7, population=population)
    by_person = np.reshape([answer.location for answer in simulation.answers], (2, -1))
    assert by_person[0] == pytest.approx(by_person[1])
    assert by_person[0].std() == pytest.approx(0.5, rel=0.08)
    assert by_person[0].std() != pytest.approx(0.7, rel=0.08)


def test_camps_part_on_a_loaded_question() -> None:
    population = replace(SILENT, loading_mean=1.0)
    simulation = simulate([Truth(question(), 0.0, 1.0)], 400, 8, population=population, camps=True)
    stated = places(simulation)
    concerned = np.array([person.camp == "concerned" for person in simulation.people])
    assert stated[concerned].mean() - stated[~concerned].mean() == pytest.approx(2.0, abs=0.15)
    unplaced = simulate([Truth(question(), 0.0, 1.0)], 400, 8, population=population)
    assert {person.camp for person in unplaced.people} == {""}


def test_bad_news_has_no_part_in_likelihood_ratios_and_known_quantities() -> None:
    population = replace(SILENT, person_bias=2.0, loading_mean=2.0, target_residual=2.0)
    ratio = question("LR(smoking_gun=yes : model_outcome=deceptive)", "likelihood_ratio", scale="ratio")
    simulation = simulate([Truth(ratio, 1.1), Truth(seed_question(), 20.0)], 10, 9, population=population)
    assert places(simulation) == pytest.approx([1.1] * 10)
    assert places(simulation, "seed") == pytest.approx([logit(0.2)] * 10)


def coverage(width_factor: float) -> float:
    """Return the share of stated central 90 % intervals that hold the known value."""
    population = replace(SILENT, width_factor=width_factor)
    answers = simulate([Truth(seed_question(), 20.0)], 3000, 10, population=population).answers
    ends = [[float(part.split(":")[1]) for part in answer.answer.split(";")] for answer in answers]
    return float(np.mean([low <= 20.0 <= high for low, _, high in ends]))


def test_the_width_factor_sets_how_often_intervals_hold_the_truth() -> None:
    for factor in (1.0, 1.5, 3.0):
        expected = 1 - 2 * stats.t(4).sf(stats.norm.ppf(0.95) / factor)
        assert coverage(factor) == pytest.approx(expected, abs=0.03)
    assert coverage(1.5) != pytest.approx(1 - 2 * stats.t(4).sf(stats.norm.ppf(0.95)), abs=0.03)


def test_events_with_an_outcome_are_likelier_where_they_happened() -> None:
    happened, not_happened = (
        Question(id="q", wording="?", query=None, forms=("point",), seed=True, outcome=outcome) for outcome in (1, 0)
    )
    stated = [
        [
            places(simulate([Truth(item, float(item.outcome or 0))], 1, seed, population=SILENT))[0]
            for seed in range(400)
        ]
        for item in (happened, not_happened)
    ]
    # Logistic weights on N(0, 1.5): the mean given the outcome, by quadrature.
    grid = np.linspace(-9, 9, 4001)
    weight = stats.norm(0, 1.5).pdf(grid) * expit(grid)
    expected = (grid * weight).sum() / weight.sum()
    assert np.mean(stated[0]) == pytest.approx(expected, abs=0.25)
    assert np.mean(stated[1]) == pytest.approx(-expected, abs=0.25)


# The rarest comes about by a slip only; the last cannot.
ORDERS = {"a < b = c": 0.6, "b < a = c": 0.3, "c < a = b": 0.1, "c < b < a": 1e-12, "a = b = c": 0.0}


def rankings(sharpness: float) -> np.ndarray:
    asked = question("order(base_goal_understood, goal_directed)", "ranking")
    population = replace(Population(), ranking_sharpness=sharpness)
    answers = simulate([Truth(asked, ORDERS)], 3000, 11, population=population).answers
    return np.array([sum(answer.answer == order for answer in answers) for order in ORDERS])


def expected_rankings(sharpness: float) -> np.ndarray:
    powers = np.array([0.6, 0.3, 0.1, 0.0]) ** sharpness
    return 3000 * ((1 - RANKING_SLIP) * powers / powers.sum() + RANKING_SLIP / 4)


def test_rankings_follow_the_network_to_a_power() -> None:
    counts = rankings(2.0)
    assert counts[4] == 0, "an order that cannot happen was stated"
    assert stats.chisquare(counts[:4], expected_rankings(2.0)).pvalue > 0.01
    assert stats.chisquare(counts[:4], expected_rankings(1.0)).pvalue < 1e-4, "the test would not see the power"


SHARES = {"deceptive": 0.1, "proxy": 0.3, "base_goal": 0.55, "not_goal_directed": 0.05}
BAD_NEWS = tuple(contrasts(4) @ np.array([0.5, 0.5, -0.5, -0.5]) / math.sqrt(2))


def contrast(population: Population, seed: int) -> np.ndarray:
    """Return everybody's log-odds of the first against the second state, (person,)."""
    asked = question("P(model_outcome)", "distribution")
    answers = simulate([Truth(asked, SHARES, BAD_NEWS)], 2000, seed, population=population).answers
    read = [parse_distribution(a.answer, AnswerContext(states=tuple(SHARES))).probabilities for a in answers]
    stated = np.maximum(np.array(read), 0.004)
    return np.asarray(np.log(stated[:, 2] / stated[:, 1]))


def test_a_distribution_without_effects_is_the_networks() -> None:
    asked = question("P(model_outcome)", "distribution")
    (answer,) = simulate([Truth(asked, SHARES, BAD_NEWS)], 1, 1, population=SILENT).answers
    assert answer.answer == "deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%"


def test_the_log_odds_of_two_states_have_the_noise_of_one_log_odds() -> None:
    noise = contrast(replace(SILENT, noise=0.3), 12) - math.log(0.55 / 0.3)
    assert stats.iqr(noise) == pytest.approx(0.3 * stats.iqr(stats.t(4).rvs(100_000, random_state=1)), rel=0.1)
    pushed = contrast(replace(SILENT, loading_mean=0.0, shared_error=0.0, person_bias=0.4), 13)
    # Along the direction of bad news both states move, in opposite ways, by half a unit over root two each.
    assert pushed.std() == pytest.approx(0.4 / math.sqrt(2), rel=0.1)


# Truths, seeds, folders


@pytest.fixture(scope="module")
def core(reader: SurveyReader) -> list[Question]:
    return [q for id_, q in reader.shared.questions.items() if id_.startswith(("core_", "seed_"))]


@pytest.fixture(scope="module")
def truths(reader: SurveyReader, core: list[Question]) -> tuple[Truth, ...]:
    events = events_of(reader.shared.indicators.values())
    scenario = around(open_scenario(reader.data, "argument", events), events, spread=0.3, seed=1)
    return truths_at(core, scenario, events)


def test_bad_news_is_the_same_for_people_and_fit(
    truths: tuple[Truth, ...], reader: SurveyReader, tmp_path: Path
) -> None:
    survey = reader.read(write_survey(simulate(truths, 2, 3), tmp_path / "synthetic_people"))
    plan = plan_model([survey])
    known = {truth.question.id: truth.bad_news for truth in truths}
    for i, row in enumerate(plan.observations.rows):
        acting = known[row.question.id]
        if isinstance(acting, tuple):
            assert plan.facing.push[i] == pytest.approx(acting[row.contrast])
        elif acting:
            assert plan.facing.turn[i] == acting, row.question.id


def test_around_a_scenario_nothing_is_certain(reader: SurveyReader, truths: tuple[Truth, ...]) -> None:
    scenario = open_scenario(reader.data, "argument")
    assert scenario.parameters["guard"] == 0
    moved = around(scenario, spread=0.3, seed=1)
    assert moved.regime == {}
    assert all(0 < value < 1 for name, value in moved.parameters.items() if not name.startswith(("hr_", "deployment")))
    still = around(scenario, spread=0.0, seed=1)
    assert still.parameters["emergence.pretraining.goal_directed"] == pytest.approx(0.05)
    assert still.parameters["guard"] == pytest.approx(0.01)
    assert all(math.isfinite(truth.value) for truth in truths if isinstance(truth.value, float))


def test_the_direction_of_bad_news_is_the_fits(truths: tuple[Truth, ...]) -> None:
    signs = {truth.question.id: truth.bad_news for truth in truths}
    assert signs["core_deceptive"] == 1.0
    assert signs["core_no_defection"] == -1.0
    assert signs["core_order"] == 0.0
    assert signs["core_lr_alignment_faking"] == 0.0
    direction = signs["core_outcome"]
    assert isinstance(direction, tuple)
    assert math.hypot(*direction) == pytest.approx(1)
    assert len(direction) == 3


def test_a_seed_gives_the_same_people_again(truths: tuple[Truth, ...]) -> None:
    assert simulate(truths, 3, 1) == simulate(truths, 3, 1)
    assert simulate(truths, 3, 1).answers != simulate(truths, 3, 2).answers
    assert Population.drawn(1) == Population.drawn(1) != Population.drawn(2)


def test_every_core_question_is_read_back(
    truths: tuple[Truth, ...], reader: SurveyReader, tmp_path: Path, core: list[Question]
) -> None:
    simulation = simulate(truths, 8, 3, camps=True, population=Population.drawn(5))
    folder = write_survey(simulation, tmp_path / "synthetic_people", truth="around the argument")
    survey = reader.read(folder)
    assert survey.synthetic
    assert len(survey.judgements) == 8 * len(core)
    assert {judgement.form for judgement in survey.judgements} == {q.forms[0] for q in core}
    for name in ("survey.toml", "responses.csv", "experts.csv"):
        assert "SYNTHETIC" in (folder / name).read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["synthetic_people"]
    with pytest.raises(InputError, match="exists"):
        write_survey(simulation, folder)


def test_what_cannot_be_simulated_is_refused_at_once() -> None:
    items = [Truth(question(form="verbal", id_=id_), 0.0, 1.0) for id_ in ("one", "two")]
    with pytest.raises(InputError) as caught:
        simulate(items, 0, 1)
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="'chips'"):
        simulate([Truth(question(), 0.0, 1.0)], 1, 1, forms={"q": "chips"})
