"""The laws of every answer form, and a truth found again by scanning the density: no sampling."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit, logsumexp
from scipy.stats import norm

from precursor.argument.answer import answer_over
from precursor.argument.parameters import parameter_space
from precursor.elicitation.answers import AnswerContext, Chips, Distribution, parse_answer
from precursor.inference import quantities
from precursor.inference.answers.statements import distribution, statement
from precursor.inference.answers.statements.chips import histogram_quantiles
from precursor.inference.decisions import SCALES, Decisions
from precursor.inference.density.pointwise import pointwise, terms_over
from precursor.inference.plan import Plan, plan_model, plan_of
from precursor.network.grammar import parse_event, parse_query
from tests.inference.conftest import Make

QUESTIONS = """
[[question]]
id = "guarding"
wording = "How far?"
query = "parameter(guard)"
forms = ["point", "quantiles", "bound", "verbal", "chips"]

[[question]]
id = "mix"
wording = "Share out."
query = "P(model_outcome | prosaic_paradigm=yes, tai_by_2100=yes)"
forms = ["distribution"]

[[question]]
id = "order"
wording = "In which order?"
query = "order(base_goal_understood, goal_directed, long_term_goals | prosaic_paradigm=yes)"
forms = ["ranking"]

[[question]]
id = "lr"
wording = "How many times as probable?"
query = "LR(smoking_gun=yes : model_outcome=deceptive)"
forms = ["likelihood_ratio"]

[[question]]
id = "lr_with"
wording = "How many times as probable with a defection?"
query = "LR(smoking_gun=yes : deceptive_defection=yes)"
forms = ["likelihood_ratio"]

[[question]]
id = "lr_without"
wording = "How many times as probable without a defection?"
query = "LR(smoking_gun=yes : deceptive_defection=no)"
forms = ["likelihood_ratio"]

[[question]]
id = "year"
wording = "When?"
seed = true
realised = 2024
unit = "year"
scale = "linear"
forms = ["quantiles"]

[[question]]
id = "papers"
wording = "How many?"
seed = true
realised = 100
unit = "papers"
scale = "log"
forms = ["quantiles"]
"""


def planned(make: Make, lines: list[str], name: str = "forms") -> Plan:
    """Return the plan of a survey of one answer an expert."""
    return plan_model([make(name, "\n".join(f"e{i},{line}," for i, line in enumerate(lines)), questions=QUESTIONS)])


def at_zero(plan: Plan, n: int = 1) -> np.ndarray:
    return np.zeros((n, len(plan.layout.names)))


def along(plan: Plan, name: str, values: np.ndarray) -> np.ndarray:
    """Return latents that are zero but for the one named."""
    latents = at_zero(plan, len(values))
    latents[:, plan.layout.names.index(name)] = values
    return latents


# A truth found again.  Everything but one latent is held at zero, answers are simulated with that one at TRUTH and
# without an error that all share, and the density is scanned along it.
EXPERIMENT = {"smoking_gun": parse_event("model_outcome=deceptive")}
TRUTH, FLIPPED = 1.2, -1.2
SCAN = np.linspace(-3.0, 3.0, 61)
NEAR = 0.45


def maximum(plan: Plan, name: str) -> float:
    return float(SCAN[np.argmax(pointwise(plan, along(plan, name, SCAN)).total)])


def truth_of(text: str, latent: str, value: float):
    """Return the network's answer with every latent at zero but one."""
    space = parameter_space(EXPERIMENT)
    latents = np.zeros((1, len(space.latents)))
    latents[0, space.latents.index(latent.removeprefix("parameter: "))] = value
    (answer,) = answer_over([parse_query(text)], space, space.mean + latents @ space.loadings.T, EXPERIMENT)
    return {k: float(v[0]) for k, v in answer.items()} if isinstance(answer, dict) else float(answer[0])


def percent(log_odds: float) -> str:
    return f"{min(max(100 * expit(log_odds), 1e-6), 100 - 1e-6):.9f}%"


def on_a_probability(form: str, place: float) -> str:
    match form:
        case "point":
            return percent(place)
        case "quantiles":
            return "; ".join(
                f"{level}%: {percent(place + shift)}" for level, shift in ((5, -0.6), (50, 0.0), (95, 0.6))
            )
    edges = [expit(place + shift) for shift in (-1.2, -0.3, 0.3, 1.2)]
    return "; ".join(
        f"{low:.9f}-{high:.9f}: {n}" for low, high, n in zip(edges[:-1], edges[1:], (2, 6, 2), strict=True)
    )


def simulated(form: str, value: float) -> tuple[list[str], str]:
    """Return answers of 400 people in a form, with effects and noise as the model has them, and what they inform."""
    rng = np.random.default_rng(1)
    tail = np.sqrt(4 / rng.chisquare(4, 400))
    slopes = 1 + 0.25 * tail * rng.standard_normal(400)
    noise = 0.7 * tail[:, None] * rng.standard_normal((400, 3))
    # Bias, worldview of somebody without a camp, residual on the target.
    own = tail * np.sqrt(0.5**2 + 1.0**2 + 0.8**2) * rng.standard_normal(400)
    match form:
        case "point" | "quantiles" | "chips":
            latent = "parameter: guard"
            truth = logit(truth_of("parameter(guard)", latent, value))
            places = slopes * truth + own + noise[:, 0]
            return [f"guarding,{form},{on_a_probability(form, place)}" for place in places], latent
        case "likelihood_ratio":
            latent = "parameter: p_indicator.smoking_gun.event"
            truth = math.log(truth_of("LR(smoking_gun=yes : model_outcome=deceptive)", latent, value))
            return [f"lr,{form},{math.exp(place):.6g}" for place in slopes * truth + noise[:, 0]], latent
        case "distribution":
            latent = "parameter: p_plays_along"
            truth = truth_of("P(model_outcome | prosaic_paradigm=yes, tai_by_2100=yes)", latent, value)
            basis, logs = quantities.contrasts(4), np.log(list(truth.values()))
            residual = 0.8 * tail[:, None] * rng.standard_normal((400, 3))
            told = np.exp((slopes[:, None] * (basis @ logs) + residual + noise) @ basis / 2)
            shares = [dict(zip(truth, share / share.sum(), strict=True)) for share in told]
            return [
                "mix,distribution," + "; ".join(f"{k}: {p:.9f}" for k, p in said.items()) for said in shares
            ], latent
    latent = "parameter: ease of base_goal_understood"
    text = "order(base_goal_understood, goal_directed, long_term_goals | prosaic_paradigm=yes)"
    orders = {order: p for order, p in truth_of(text, latent, value).items() if " < " in order}
    drawn = rng.choice(list(orders), 400, p=np.array(list(orders.values())) / sum(orders.values()))
    return [f"order,ranking,{order}" for order in drawn], latent


@pytest.mark.parametrize("form", ["point", "quantiles", "chips", "likelihood_ratio", "distribution", "ranking"])
def test_truth_is_found_again_and_another_truth_is_not(make: Make, form: str) -> None:
    for truth in (TRUTH, FLIPPED):
        answers, latent = simulated(form, truth)
        found = maximum(plan_of(planned(make, answers).observations, Decisions(shared_error=0.0)), latent)
        assert found == pytest.approx(truth, abs=NEAR)
        assert found != pytest.approx(-truth, abs=NEAR)


@pytest.mark.parametrize("unit", ["year", "papers"])
def test_width_factor_is_found_again_in_known_quantities(make: Make, unit: str) -> None:
    rng = np.random.default_rng(2)
    place, step = {"year": (2024, lambda x: 2024 + x), "papers": (100, lambda x: 100 * math.exp(x))}[unit]
    assert step(0.0) == place
    found = {}
    for factor in (1.0, 5.0):
        missed = factor * rng.standard_normal(60)
        answers = [
            f"{unit},quantiles,25%: {step(e - 0.674):.8f}; 50%: {step(e):.8f}; 75%: {step(e + 0.674):.8f}"
            for e in missed
        ]
        plan = planned(make, answers)
        latents = along(plan, "scale: width_factor", SCAN * 1.5)
        # The noise of known quantities would explain narrow misses as well: it is held small.
        latents[:, plan.layout.names.index("noise: known quantities")] = -3.0
        best = 1.5 * SCAN[np.argmax(pointwise(plan, latents).total)]
        prior = SCALES["width_factor"]
        found[factor] = prior.median * math.exp(prior.log_sd * best)
    assert found[1.0] == pytest.approx(1.0, rel=0.35)
    assert found[5.0] == pytest.approx(5.0, rel=0.35)


# Laws.


def test_probabilities_of_all_orders_sum_to_one(make: Make) -> None:
    observations = planned(make, ["order,ranking,goal_directed < base_goal_understood"]).observations
    (ranking,) = observations.ranked
    alone = tuple(replace(ranking, stated=(order,)) for order in ranking.orders)
    plan = plan_of(replace(observations, ranked=alone))
    latents = np.random.default_rng(3).standard_normal((20, len(plan.layout.names)))
    np.testing.assert_allclose(np.exp(terms_over(plan, latents).rankings).sum(axis=1), 1.0, atol=1e-12)
    without = plan_of(replace(observations, ranked=alone[1:]))
    assert (np.exp(terms_over(without, latents).rankings).sum(axis=1) < 1.0 - 1e-4).all()


def test_a_tie_is_at_least_as_probable_as_each_of_its_refinements(make: Make) -> None:
    tied = "goal_directed < base_goal_understood = long_term_goals"
    refined = [
        "goal_directed < base_goal_understood < long_term_goals",
        "goal_directed < long_term_goals < base_goal_understood",
    ]
    plan = planned(make, [f"order,ranking,{text}" for text in (tied, *refined)])
    latents = np.random.default_rng(4).standard_normal((50, len(plan.layout.names)))
    union, one, other = np.exp(terms_over(plan, latents).rankings).T
    assert (union >= one + other - 1e-12).all()
    # Beyond its refinements, a tie holds the order in which neither of the two is ever acquired.
    assert (union > one + other).any()


def test_a_property_left_out_may_stand_anywhere(make: Make) -> None:
    lines = ["base_goal_understood < long_term_goals", "base_goal_understood < goal_directed < long_term_goals"]
    plan = planned(make, [f"order,ranking,{line}" for line in lines])
    short, full = (set(ranking.stated) for ranking in plan.observations.ranked)
    assert full < short


def test_order_of_the_states_of_a_distribution_does_not_matter(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        "mix,distribution,deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%",
        "mix,distribution,deceptive: 40%; proxy: 40%; base_goal: 20%; not_goal_directed: 0",
    ]
    plans = [planned(make, [line]) for line in lines]
    latents = [np.random.default_rng(5).standard_normal((6, len(plan.layout.names))) for plan in plans]
    before = [pointwise(plan, here).total for plan, here in zip(plans, latents, strict=True)]
    original, order = quantities.contrasts, [2, 0, 3, 1]

    def reordered(states: int) -> np.ndarray:
        """Return the contrasts of the states in another order."""
        found = np.zeros((states - 1, states))
        found[:, order] = original(states)
        return found

    monkeypatch.setattr(quantities, "contrasts", reordered)
    monkeypatch.setattr(distribution, "contrasts", reordered)
    for line, here, expected in zip(lines, latents, before, strict=True):
        np.testing.assert_allclose(pointwise(planned(make, [line]), here).total, expected, atol=1e-9)
    monkeypatch.setattr(quantities, "contrasts", original)
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(pointwise(planned(make, lines[:1]), latents[0]).total, before[0], atol=1e-3)


@pytest.mark.parametrize(("stated", "negated"), [("2 to 8", "0.125 to 0.5"), (">4", "<0.25")])
def test_ratio_for_the_negated_hypothesis_is_the_inverse(make: Make, stated: str, negated: str) -> None:
    one, other, wrong = (
        planned(make, [f"{id_},likelihood_ratio,{text}"])
        for id_, text in (("lr_with", stated), ("lr_without", negated), ("lr_without", stated))
    )
    latents = np.random.default_rng(6).standard_normal((6, len(one.layout.names)))
    expected = pointwise(one, latents).total
    np.testing.assert_allclose(pointwise(other, latents).total, expected, atol=1e-8)
    assert np.abs(pointwise(wrong, latents).total - expected).max() > 0.1


def chips(edges: list[float], counts: list[int]) -> Chips:
    return Chips(tuple(edges[:-1]), tuple(edges[1:]), tuple(counts))


@given(st.floats(0.001, 0.4), st.floats(0.01, 0.5), st.integers(1, 40))
def test_all_chips_in_one_bin_are_the_uniform_distribution_on_it(low: float, width: float, n: int) -> None:
    levels = (0.05, 0.25, 0.5, 0.9)
    found = histogram_quantiles(chips([low, low + width], [n]), levels)
    assert found == pytest.approx([low + width * level for level in levels])


@settings(max_examples=50)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6).filter(any), st.integers(2, 5))
def test_finer_bins_with_the_same_shares_change_nothing(counts: list[int], times: int) -> None:
    edges = np.linspace(0.05, 0.8, len(counts) + 1)
    finer = np.linspace(0.05, 0.8, times * len(counts) + 1)
    coarse = statement(chips(edges.tolist(), [times * n for n in counts]), {})
    fine = statement(chips(finer.tolist(), [n for n in counts for _ in range(times)]), {})
    assert coarse is not None
    assert fine is not None
    assert fine.location == pytest.approx(coarse.location, abs=1e-8)
    assert fine.width == pytest.approx(coarse.width, abs=1e-8)


def test_chips_elsewhere_say_something_else() -> None:
    low, high = (statement(chips([0.1, 0.2, 0.3], counts), {}) for counts in ([9, 1], [1, 9]))
    assert low is not None
    assert high is not None
    assert high.location - low.location > 0.3


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_coarser_rounding_widens_on_average(seed: int) -> None:
    shares = np.random.default_rng(seed).uniform(0.02, 0.98, 40)
    context = AnswerContext("probability")
    variances = [
        [statement(parse_answer("point", f"{share:.{digits}f}", context), {}) for share in shares]
        for digits in (4, 3, 2)
    ]
    means = [np.mean([said.variance for said in every if said is not None]) for every in variances]
    assert means[0] < means[1] < means[2]


def test_coarser_rounding_of_a_distribution_widens_on_average() -> None:
    totals = []
    for digits in (3, 1):
        spread = []
        for shares in np.random.default_rng(8).dirichlet([4, 4, 4, 4], 30):
            typed = "; ".join(f"{k}: {100 * p:.{digits}f}%" for k, p in zip("abcd", shares, strict=True))
            said = parse_answer("distribution", typed, AnswerContext("probability", states=tuple("abcd")))
            assert isinstance(said, Distribution)
            spread.append((distribution.stated_contrasts(said).rounding ** 2).sum())
        totals.append(np.mean(spread))
    assert totals[1] > 10 * totals[0]


THETA, ERROR = np.linspace(-4.0, 4.0, 81), np.linspace(-4.0, 4.0, 61)


def posterior_mean(plan: Plan) -> float:
    """Return the mean of the guard's latent, the question's shared error integrated out, all else held at zero."""
    theta, error = (grid.ravel() for grid in np.meshgrid(THETA, ERROR))
    latents = along(plan, "parameter: guard", theta)
    if plan.observations.shared_questions:
        latents[:, plan.layout.shared_error.start] = error
    density = pointwise(plan, latents).total + norm.logpdf(latents).sum(axis=1)
    return float(np.exp(density - logsumexp(density)) @ theta)


def test_a_cloned_expert_moves_the_posterior_less_than_a_new_one(make: Make) -> None:
    def plan_with(second: str, person: str) -> Plan:
        first = make("first", "a,guarding,point,70%,", questions=QUESTIONS, experts="a,,lab,a")
        if not second:
            return plan_model([first])
        again = make("again", f"b,guarding,point,{second},", questions=QUESTIONS, experts=f"b,,lab,{person}")
        return plan_model([first, again])

    alone = posterior_mean(plan_with("", ""))
    same = posterior_mean(plan_with("70%", "a"))
    clone, new = (posterior_mean(plan_with("71%", person)) for person in ("a", "b"))
    assert same == pytest.approx(alone, abs=1e-9)
    assert 0 < clone - alone < 0.6 * (new - alone)
