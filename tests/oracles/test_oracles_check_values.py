"""The oracles themselves: the model's check values, and identities that do not depend on how they are computed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.linalg import expm

from precursor.network.grammar import ProbabilityQuery, StateEvent, parse_query
from tests.oracles import joint
from tests.oracles import training_chain as chain
from tests.oracles.random_scenarios import INDICATORS, QUERIES, random_parameters, random_regime

REFERENCE = {node: states[0] for node, states in joint.ASSUMPTIONS.items()}
SETTINGS = {"base_goal_understood": 0, "goal_directed": 1, "long_term_goals": 2, "situationally_aware": 3}
TABLES = {
    "argument": (((0.95, 0.98, 0.98), (0.05, 0.7, 0.95), (0.005, 0.02, 0.6), (0.02, 0.2, 0.8)), (0.98, 0.98)),
    "critic": (((0.3, 0.6, 0.9), (0.4, 0.9, 0.95), (0.2, 0.5, 0.8), (0.4, 0.6, 0.9)), (0.5, 0.5)),
}
CHECKS = [
    ("argument", "P(model_outcome=deceptive)", 0.0027064657),
    ("argument", "P(model_outcome=base_goal)", 0.9818719962),
    ("argument", "P(base_goal_understood < goal_directed)", 0.9727306188),
    ("argument", "P(long_term_goals < base_goal_understood)", 0.0002446681),
    ("critic", "P(model_outcome=deceptive)", 0.6394482389),
    ("critic", "P(model_outcome=base_goal)", 0.3285808776),
    ("critic", "P(base_goal_understood < long_term_goals)", 0.5968381517),
]


def check_scenario(name: str) -> dict[str, float]:
    """Return the scenario of a row of the table of check values; what the row leaves open is drawn at random."""
    emergence, correction = TABLES[name]
    critic = name == "critic"
    given = {
        f"emergence.{phase}.{node}": emergence[row][column]
        for node, row in SETTINGS.items()
        for column, phase in enumerate(chain.PHASES[:3])
    }
    given |= {f"correction.{phase}": value for phase, value in zip(chain.FINE_TUNING, correction, strict=True)}
    given |= {f"emergence_in_context.{node}": 0.0 for node in (chain.L, chain.S)}
    given |= {f"point_base.understood.{examples}": 0.5 if critic else 0.95 for examples in ("present", "absent")}
    given |= {f"point_base.not_understood.{examples}": 0.05 for examples in ("present", "absent")}
    given |= {"guard": 0.0, "p_goal_shift": 1.0, "p_plays_along": 1.0, "hr_understanding_given_awareness": 1.0}
    given |= dict.fromkeys(
        ("hr_long_term_goals_given_awareness", "hr_awareness_given_long_term_goals"), 1.0 + 4 * critic
    )
    return random_parameters(np.random.default_rng(7)) | given


def number(
    query: str,
    parameters: dict[str, float],
    regime: dict[str, str] | None = None,
    indicators: dict[str, str] | None = None,
    *,
    precise: bool = False,
) -> float:
    """Return the answer to a query that asks for a single number."""
    found = joint.answer(query, parameters, regime, indicators, precise=precise)
    assert isinstance(found, float)
    return found


@pytest.mark.parametrize("precise", [False, True])
@pytest.mark.parametrize(("name", "query", "expected"), CHECKS)
def test_check_values(name: str, query: str, expected: float, precise: bool) -> None:
    found = number(query, check_scenario(name), REFERENCE, precise=precise)
    assert found == pytest.approx(expected, rel=0, abs=1e-10)


def hazards(parameters: dict[str, float], name: str) -> list[float]:
    """Return a property's cumulative hazard in each of the three training phases of the reference configuration."""
    return [-np.log1p(-parameters[f"emergence.{phase}.{name}"]) for phase in chain.PHASES[:3]]


@pytest.mark.parametrize("regime", chain.CHAIN_ASSUMPTIONS["train_deploy_regime"])
def test_understanding_alone_is_a_sum_of_hazards(regime: str) -> None:
    parameters = random_parameters(np.random.default_rng(1), extreme=0.0) | {"hr_understanding_given_awareness": 1.0}
    changed = {"data_rich_domain": "no", "goal_prompting": "no", "fine_tuning_objective": "ai_feedback"}
    poor, unprompted = (parameters[f"hr_{name}_on_understanding"] for name in ("data_poor", "no_prompting"))
    tuned = poor * unprompted * parameters["hr_objective_on_understanding.ai_feedback"]
    first, short, long = hazards(parameters, chain.C)
    exposure = 0.0 if regime == "frozen" else parameters["deployment_exposure"]
    expected = poor * first + tuned * (short + long * (1.0 + exposure))
    found = number("P(base_goal_understood=no)", parameters, REFERENCE | changed | {"train_deploy_regime": regime})
    assert found == pytest.approx(np.exp(-expected), rel=1e-10)


@pytest.mark.parametrize("memory", ["fresh", "carried"])
@pytest.mark.parametrize("regime", chain.CHAIN_ASSUMPTIONS["train_deploy_regime"])
def test_awareness_alone_is_a_sum_of_hazards(regime: str, memory: str) -> None:
    parameters = random_parameters(np.random.default_rng(2), extreme=0.0) | {"hr_awareness_given_long_term_goals": 1.0}
    _, short, long = hazards(parameters, chain.S)
    recalls = regime.startswith("continual") or (regime == "alternating" and memory == "carried")
    wild = parameters["hr_wild_on_awareness"] if recalls else 1.0
    in_context = -np.log1p(-parameters["emergence_in_context.situationally_aware"])
    deployed = in_context + (0.0 if regime == "frozen" else long * wild)
    expected = short + long + parameters["deployment_exposure"] * deployed
    changed = {"train_deploy_regime": regime, "deployment_memory": memory, "unsupervised_pretraining": "absent"}
    found = number("P(situationally_aware=no)", parameters, REFERENCE | changed)
    assert found == pytest.approx(np.exp(-expected), rel=1e-10)


def test_there_are_35_histories_and_65_states() -> None:
    assert len(chain.histories()) == 35
    assert len(chain.STATES) == 65


def random_case(seed: int) -> tuple[dict[str, float], dict[str, str]]:
    """Return a random scenario and a random complete configuration."""
    rng = np.random.default_rng(seed)
    return random_parameters(rng, INDICATORS), random_regime(rng, share=1.0)


@pytest.mark.parametrize("seed", range(4))
def test_both_exponentials_agree(seed: int) -> None:
    parameters, configuration = random_case(seed)
    for phase in chain.PHASES:
        rates = chain.phase_rates(parameters, configuration, phase)
        precise = chain.propagator(rates, precise=True).astype(float)
        np.testing.assert_allclose(chain.propagator(rates), precise, rtol=0, atol=1e-11)
        np.testing.assert_allclose(precise.sum(axis=1), 1.0, rtol=1e-12)
        assert (precise >= 0.0).all()


@pytest.mark.parametrize("seed", range(4))
def test_correction_window_is_the_integral_of_the_time_in_its_states(seed: int) -> None:
    rng = np.random.default_rng(seed)
    parameters, configuration = random_parameters(rng, extreme=0.0), random_regime(rng, share=1.0)
    inside = chain.in_window(configuration)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    mass, expected = chain.initial(), 0.0
    for phase in chain.PHASES[:3]:
        mass = mass @ chain.start_map(parameters, configuration, phase)
        rates = chain.phase_rates(parameters, configuration, phase)
        if phase in chain.FINE_TUNING:
            at_nodes = [mass @ expm(chain.generator(rates) * (node + 1) / 2) @ inside for node in nodes]
            expected += float(np.dot(weights, at_nodes)) / 2
        mass = mass @ chain.propagator(rates)
    found = number("E(correction_window)", parameters, configuration)
    assert found == pytest.approx(expected, rel=1e-8)


def test_phase_by_phase_sums_equal_the_sum_over_explicit_paths() -> None:
    parameters, configuration = random_case(11)
    configuration["prosaic_paradigm"] = "yes"
    query = parse_query(
        "P(long_term_goals@short_horizon_fine_tuning=no, goal_pointer@long_horizon_fine_tuning=proxy,"
        " base_goal_understood@pretraining=no, goal_directed < situationally_aware, model_outcome=base_goal)"
    )
    assert isinstance(query, ProbabilityQuery)
    adversarial = configuration["differential_adversarial_examples"] == "present"
    *on_chain, outcome = query.events
    assert isinstance(outcome, StateEvent)
    expected = 0.0
    for ends, chance in chain.paths(parameters, configuration):
        at = dict(zip(chain.PHASES, ends, strict=True))
        if all(joint.holds(event, at[joint.phase_of(event)]) for event in on_chain):
            distribution = joint.state_outcome(parameters["p_plays_along"], adversarial, ends[-1])
            expected += chance * distribution.get(outcome.state, 0.0)
    assert number(str(query), parameters, configuration) == pytest.approx(expected, rel=1e-9)


def test_probabilities_of_the_paths_sum_to_one() -> None:
    parameters, configuration = random_case(3)
    assert sum(chance for _, chance in chain.paths(parameters, configuration)) == pytest.approx(1.0, abs=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_every_distribution_sums_to_one(seed: int) -> None:
    parameters, configuration = random_case(seed)
    for query in QUERIES:
        try:
            found = joint.answer(query, parameters, configuration, INDICATORS)
        except joint.ImpossibleEvidence:
            continue
        if isinstance(found, dict):
            assert sum(found.values()) == pytest.approx(1.0, abs=1e-9), query


def test_averaging_over_an_assumption_is_the_weighted_mean_of_setting_it() -> None:
    parameters, configuration = random_case(5)
    del configuration["train_deploy_regime"]
    query = "P(existential_catastrophe=yes | do(tai_by_2100=yes, prosaic_paradigm=yes){})"
    parts = [
        parameters[f"p_train_deploy_regime.{state}"]
        * number(query.format(f", do(train_deploy_regime={state})"), parameters, configuration)
        for state in joint.ASSUMPTIONS["train_deploy_regime"]
    ]
    assert number(query.format(""), parameters, configuration) == pytest.approx(sum(parts), rel=1e-12)


def test_rankings_of_two_properties() -> None:
    texts = [text for _, text in joint.rankings(("a", "b"))]
    assert sorted(set(texts)) == ["a < b", "a = b", "b < a"]


def test_an_order_event_is_the_union_of_its_rankings() -> None:
    parameters, configuration = random_case(6)
    found = joint.answer("order(goal_directed, base_goal_understood)", parameters, configuration)
    direct = number("P(goal_directed < base_goal_understood)", parameters, configuration)
    assert isinstance(found, dict)
    assert found["goal_directed < base_goal_understood"] == pytest.approx(direct, rel=1e-12)


def test_an_indicator_obeys_bayes() -> None:
    parameters, configuration = random_case(8)
    prior = number("P(human_extinction=yes)", parameters, configuration | {"tai_by_2100": "yes"})
    event, other = (parameters[f"p_indicator.crux.{key}"] for key in ("event", "not_event"))
    expected = prior * event / (prior * event + (1 - prior) * other)
    query = "P(human_extinction=yes | crux=yes, crux=yes)"
    found = number(query, parameters, configuration | {"tai_by_2100": "yes"}, INDICATORS)
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("node", joint.CHAIN_NODES)
def test_do_on_what_is_read_off_the_chain_is_refused(node: str) -> None:
    parameters, configuration = random_case(9)
    with pytest.raises(ValueError, match="refused"):
        number(f"P(aligned=yes | do({node}={joint.CHAIN_NODES[node][0]}))", parameters, configuration)


def test_evidence_against_what_is_set_is_impossible() -> None:
    parameters, _ = random_case(10)
    with pytest.raises(joint.ImpossibleEvidence):
        number("P(aligned=yes | governance=weak, do(governance=strong))", parameters, REFERENCE)


def test_queries_are_distinct_and_name_every_node() -> None:
    assert len(set(QUERIES)) == len(QUERIES) >= 80
    nodes = itertools.chain(joint.ASSUMPTIONS, joint.CHAIN_NODES, joint.DOWNSTREAM, INDICATORS)
    text = " ".join(QUERIES)
    assert [node for node in nodes if node not in text] == []
