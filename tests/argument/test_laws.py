"""Laws that any answer obeys, whatever the parameters: checked on random scenarios with nothing set."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from precursor.argument.answer import answer_at
from precursor.argument.nodes import (
    ASSUMPTIONS,
    CHAIN_READINGS,
    DOWNSTREAM,
    MODEL_OUTCOME,
    NODES,
    PHASES,
    READ_AT_PHASES,
)
from precursor.argument.scenario import Scenario
from precursor.network.grammar import Event, parse_query

PAIRS = [
    ("human_extinction=yes", "model_outcome=deceptive"),
    ("goal_pointer=proxy", "goal_pointer@short_horizon_fine_tuning=base"),
    ("base_goal_understood < goal_directed", "aligned=yes"),
    ("governance=weak", "existential_catastrophe=yes"),
    ("train_deploy_regime=continual_opposed", "emergence_order=long_horizon_first"),
    ("objective_revision=none", "goal_directed@pretraining=yes"),
    ("deployment_memory=carried", "situationally_aware@short_horizon_fine_tuning=no"),
    ("tai_by_2100=yes", "human_extinction=no"),
    ("crux=yes", "warning_shot=no"),
    ("early_awareness=yes", "model_outcome=base_goal"),
]
PARTITIONS = [
    "model_outcome",
    "emergence_order",
    "train_deploy_regime",
    "goal_pointer@pretraining",
    "governance",
    "crux",
]
TARGETS = [
    "existential_catastrophe=yes",
    "long_term_goals < base_goal_understood",
    "situationally_aware=no",
    "aligned=yes",
]


@pytest.fixture
def ask(free: Scenario, indicators: Mapping[str, Event]) -> Asker:
    """A random scenario to put questions to."""
    return Asker(free, indicators)


class Asker:
    """Answers texts at one scenario."""

    def __init__(self, scenario: Scenario, indicators: Mapping[str, Event]) -> None:
        self.scenario, self.indicators = scenario, indicators

    def __call__(self, text: str) -> float:
        found = answer_at(parse_query(text), self.scenario, self.indicators)
        assert isinstance(found, float)
        return found

    def distribution(self, text: str) -> dict[str, float]:
        found = answer_at(parse_query(text), self.scenario, self.indicators)
        assert isinstance(found, dict)
        return found


def variables() -> list[str]:
    return [*NODES, "crux", "order_study", *(f"{node}@{phase}" for node in READ_AT_PHASES for phase in PHASES)]


def test_every_distribution_sums_to_one_and_is_made_of_its_events(ask: Asker) -> None:
    for variable in variables():
        found = ask.distribution(f"P({variable})")
        assert sum(found.values()) == pytest.approx(1.0, abs=1e-12)
        state, probability = list(found.items())[-1]
        assert ask(f"P({variable}={state})") == pytest.approx(probability, abs=1e-12)


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_chain_rule(ask: Asker, left: str, right: str) -> None:
    """``P(a, b) = P(a | b) P(b) = P(b | a) P(a)``: Bayes' rule."""
    both = ask(f"P({left}, {right})")
    assert both == pytest.approx(ask(f"P({left} | {right})") * ask(f"P({right})"), rel=1e-10)
    assert both == pytest.approx(ask(f"P({right} | {left})") * ask(f"P({left})"), rel=1e-10)


@pytest.mark.parametrize("partition", PARTITIONS)
@pytest.mark.parametrize("target", TARGETS)
def test_total_probability(ask: Asker, target: str, partition: str) -> None:
    parts = ask.distribution(f"P({partition})")
    total = sum(p * ask(f"P({target} | {partition}={state})") for state, p in parts.items() if p > 0)
    assert total == pytest.approx(ask(f"P({target})"), rel=1e-10)


@pytest.mark.parametrize(
    ("event", "complements"),
    [
        ("human_extinction=yes", ["human_extinction=no"]),
        ("goal_pointer=proxy", ["goal_pointer=none", "goal_pointer=base"]),
        ("situationally_aware@pretraining=no", ["situationally_aware@pretraining=yes"]),
        ("crux=yes", ["crux=no"]),
        ("goal_directed < base_goal_understood", ["base_goal_understood < goal_directed"]),
    ],
)
def test_complement(ask: Asker, event: str, complements: list[str]) -> None:
    """An event and its complement share out any condition (of an order: one of the two has been acquired)."""
    given = "aligned=no, tai_by_2100=yes"
    if "<" in event:
        given = "base_goal_understood=yes, goal_directed=yes, tai_by_2100=yes"
    assert sum(ask(f"P({e} | {given})") for e in (event, *complements)) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("node", ASSUMPTIONS)
def test_observing_a_root_is_setting_it(ask: Asker, node: str) -> None:
    for state in ASSUMPTIONS[node]:
        for target in TARGETS:
            assert ask(f"P({target} | {node}={state})") == pytest.approx(
                ask(f"P({target} | do({node}={state}))"), rel=1e-12
            )


def test_observing_what_has_causes_is_not_setting_it(ask: Asker) -> None:
    """Negative control of the law above."""
    seen = ask("P(long_term_goals=yes | model_outcome=base_goal)")
    done = ask("P(long_term_goals=yes | do(model_outcome=base_goal))")
    assert done == pytest.approx(ask("P(long_term_goals=yes)"), rel=1e-12)
    assert abs(seen - done) > 1e-4


@pytest.mark.parametrize("node", [MODEL_OUTCOME, *DOWNSTREAM])
def test_setting_a_node_leaves_what_is_upstream_alone(ask: Asker, node: str) -> None:
    state = NODES[node][0]
    for upstream in ("goal_pointer=proxy", "base_goal_understood@pretraining=yes", "tai_by_2100=yes"):
        assert ask(f"P({upstream} | do({node}={state}))") == pytest.approx(ask(f"P({upstream})"), rel=1e-12)


def test_conditions_that_say_nothing_new_change_nothing(ask: Asker) -> None:
    plain = ask("P(human_extinction=yes | goal_directed=yes)")
    assert ask("P(human_extinction=yes | goal_directed=yes, goal_directed@deployment=yes)") == plain
    assert ask("P(human_extinction=yes | goal_directed=yes, goal_directed=yes)") == plain


def test_definitions(ask: Asker) -> None:
    assert ask("P(model_outcome=deceptive | differential_adversarial_examples=absent, prosaic_paradigm=yes)") == 0.0
    assert ask("P(existential_catastrophe=yes | tai_by_2100=no)") == 0.0
    assert ask("P(existential_catastrophe=yes | human_extinction=yes)") == pytest.approx(1.0, abs=1e-14)
    assert ask("P(deceptive_defection=yes | model_outcome=proxy)") == 0.0
    assert ask("P(model_outcome=base_goal | aligned=yes)") == pytest.approx(1.0, abs=1e-14)
    assert ask("P(deception_catastrophe=yes | deceptive_defection=yes, oversight_contains=no)") == 1.0
    assert ask("P(goal_pointer@pretraining=base)") == 0.0


@pytest.mark.parametrize("node", CHAIN_READINGS)
def test_a_reading_at_the_end_of_deployment_needs_no_phase(ask: Asker, node: str) -> None:
    if node in READ_AT_PHASES:
        assert ask.distribution(f"P({node}@deployment)") == ask.distribution(f"P({node})")
