"""Exact answers: the model's check values, the oracles, draws against single scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from precursor.argument.answer import answer_at, answer_over, record_odds, space_for
from precursor.argument.nodes import ASSUMPTIONS
from precursor.argument.parameters import parameter_space
from precursor.argument.scenario import Scenario, read_scenario
from precursor.emergence.histories import PROPERTIES
from precursor.network.grammar import Event, LikelihoodRatioQuery, ParameterQuery, ProbabilityQuery, parse_query
from precursor.problems import InputError
from tests.oracles import joint
from tests.oracles.random_scenarios import INDICATOR_EVENTS, INDICATORS, QUERIES, random_parameters, random_regime
from tests.oracles.test_oracles_check_values import CHECKS

SCENARIOS = Path(__file__).parents[2] / "data" / "scenarios"
# The oracle ranks a single property; a query refuses to.
ASKED = tuple(query for query in QUERIES if not query.startswith("order(situationally_aware |"))
Answer = float | dict[str, float]


def answer(text: str, scenario: Scenario, indicators: Mapping[str, Event] | None = None) -> Answer:
    return answer_at(parse_query(text), scenario, indicators)


def differences(found: Answer, expected: Answer) -> list[float]:
    """Return absolute differences of probabilities, relative ones of what may be larger than one."""
    if isinstance(expected, dict):
        assert isinstance(found, dict)
        assert set(found) == set(expected)
        return [abs(found[state] - value) for state, value in expected.items()]
    assert isinstance(found, float)
    return [abs(found - expected) / max(1.0, abs(expected))]


def disagreements(scenario: Scenario, indicators: Mapping[str, Event], queries: tuple[str, ...]) -> list[str]:
    """Return the queries on which the package and the oracle differ by more than 1e-9, or only one of them refuses."""
    apart = []
    for query in queries:
        try:
            expected = joint.answer(query, scenario.parameters, dict(scenario.regime), INDICATORS)
        except joint.ImpossibleEvidence:
            with pytest.raises(InputError, match="probability zero"):
                answer(query, scenario, indicators)
            continue
        if max(differences(answer(query, scenario, indicators), expected)) > 1e-9:
            apart.append(query)
    return apart


@pytest.mark.parametrize(("name", "query", "expected"), CHECKS)
def test_check_values(name: str, query: str, expected: float) -> None:
    """The carried scenarios set every assumption; the check values have ten decimals."""
    scenario = read_scenario(SCENARIOS / f"{name}.toml")
    assert set(scenario.regime) == set(ASSUMPTIONS)
    assert answer(query, scenario) == pytest.approx(expected, rel=0, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_every_kind_of_query_agrees_with_the_sum_over_everything(seed: int, indicators: Mapping[str, Event]) -> None:
    rng = np.random.default_rng(seed)
    scenario = Scenario(
        "random", random_parameters(rng, INDICATORS), random_regime(rng, share=0.85 if seed < 7 else 0.7)
    )
    assert disagreements(scenario, indicators, ASKED) == []


@pytest.mark.slow
def test_nothing_set_agrees_with_the_sum_over_everything(indicators: Mapping[str, Event]) -> None:
    scenario = Scenario("random", random_parameters(np.random.default_rng(99), INDICATORS))
    assert disagreements(scenario, indicators, ASKED) == []


def test_a_slightly_different_scenario_disagrees(indicators: Mapping[str, Event]) -> None:
    """Negative control: one parameter off by a millionth is seen by the comparison with the oracle."""
    rng = np.random.default_rng(3)
    parameters = random_parameters(rng, INDICATORS, extreme=0.0)
    scenario = Scenario("random", parameters, {node: known[0] for node, known in ASSUMPTIONS.items()})
    name = "emergence.long_horizon_fine_tuning.long_term_goals"
    wrong = replace(scenario, parameters={**parameters, name: parameters[name] * (1 + 1e-6)})
    query = "P(long_term_goals=yes)"
    expected = joint.answer(query, parameters, dict(scenario.regime), INDICATORS)
    assert max(differences(answer(query, wrong, indicators), expected)) > 1e-9
    assert disagreements(scenario, indicators, (query,)) == []


@pytest.fixture(scope="module")
def draws() -> np.ndarray:
    """Two prior draws of the unconstrained parameters."""
    return parameter_space(INDICATOR_EVENTS).prior_draws(np.random.default_rng(5), 2)


def test_draws_agree_with_single_scenarios(draws: np.ndarray, indicators: Mapping[str, Event]) -> None:
    """One circuit for all queries, on a lumped state space, against plain numbers on the full one, in turns."""
    space = parameter_space(INDICATOR_EVENTS)
    queries = [parse_query(text) for text in (*ASKED, "parameter(guard)", "parameter(hr_wild_on_awareness)")]
    answers = answer_over(queries, space, draws, indicators)
    for i, values in enumerate(space.natural(draws)):
        scenario = Scenario("draw", dict(zip(space.names, values.tolist(), strict=True)))
        for query, found in list(zip(queries, answers, strict=True))[i::2]:
            at = {state: float(x[i]) for state, x in found.items()} if isinstance(found, dict) else float(found[i])
            assert max(differences(at, answer_at(query, scenario, indicators))) < 1e-9, str(query)


def test_recorded_odds_are_the_odds(draws: np.ndarray, indicators: Mapping[str, Event]) -> None:
    space = parameter_space(INDICATOR_EVENTS)
    queries = [parse_query(text) for text in ASKED]
    single = [query for query in queries if isinstance(query, ProbabilityQuery)]
    answers = dict(zip(single, answer_over(single, space, draws, indicators), strict=True))
    asked = [query for query, found in answers.items() if ((found > 0) & (found < 1)).all()]
    assert len(asked) > 40
    outputs = record_odds(asked, space, indicators).evaluate(draws).reshape(len(draws), -1, 2)
    expected = np.stack([answers[query] for query in asked], axis=1)
    np.testing.assert_allclose(outputs[..., 0] / outputs.sum(axis=2), expected, rtol=1e-9)


@pytest.mark.parametrize(
    "name", ["guard", "drift", "p_train_deploy_regime.frozen", "emergence.pretraining.goal_directed"]
)
def test_recorded_odds_of_a_parameter(name: str, draws: np.ndarray) -> None:
    space = parameter_space(INDICATOR_EVENTS)
    yes, no = record_odds([ParameterQuery(name)], space, {}).evaluate(draws).T
    value = space.natural(draws)[:, space.names.index(name)]
    np.testing.assert_allclose(yes / no, value if name == "drift" else value / (1 - value), rtol=1e-10)


def test_a_question_without_an_answer_to_give_is_refused() -> None:
    space = parameter_space()
    with pytest.raises(InputError, match="no answer can inform"):
        record_odds([parse_query("P(human_extinction=yes | tai_by_2100=no)")], space, {})


def test_lumping_keeps_what_queries_need() -> None:
    few = space_for([parse_query("P(model_outcome=deceptive)")], {})
    more = space_for([parse_query("P(long_term_goals < base_goal_understood)")], {})
    all_of_them = space_for([parse_query(f"order({', '.join(PROPERTIES)})")], {})
    assert few.n_states < more.n_states < all_of_them.n_states <= 65


def test_likelihood_ratio_is_a_ratio_of_two_queries(free: Scenario, indicators: Mapping[str, Event]) -> None:
    query = parse_query("LR(warning_shot=yes : human_extinction=yes | tai_by_2100=yes)")
    assert isinstance(query, LikelihoodRatioQuery)
    given, otherwise = (
        answer(f"P(warning_shot=yes | human_extinction={state}, tai_by_2100=yes)", free, indicators)
        for state in ("yes", "no")
    )
    assert isinstance(given, float)
    assert isinstance(otherwise, float)
    assert answer_at(query, free, indicators) == pytest.approx(given / otherwise, rel=1e-9)


def test_evidence_against_the_regime_is_refused_and_do_overrides_it(carried: Scenario) -> None:
    against = "P(model_outcome=deceptive | differential_adversarial_examples=absent)"
    with pytest.raises(InputError, match="probability zero"):
        answer(against, carried)
    overridden = "P(model_outcome=deceptive | do(differential_adversarial_examples=absent))"
    assert answer(overridden, carried) == 0.0
    assert answer("P(model_outcome=deceptive | do(differential_adversarial_examples=present))", carried) == answer(
        "P(model_outcome=deceptive)", carried
    )


def test_evidence_of_probability_zero_is_refused(carried: Scenario) -> None:
    never = "P(model_outcome=deceptive | goal_pointer@pretraining=base, prosaic_paradigm=yes)"
    with pytest.raises(InputError, match="probability zero"):
        answer(never, carried)
