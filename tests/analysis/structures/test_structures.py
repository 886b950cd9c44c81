"""Structures, and the crossed table, against answers at scenarios whose parameters are written otherwise."""

from dataclasses import replace
from math import prod
from pathlib import Path

import numpy as np
import pytest

from precursor.analysis.opening import open_sources
from precursor.analysis.queries import DECEPTIVE
from precursor.analysis.sources import log_odds_over, source_of_scenario
from precursor.analysis.structures.structures import AS_IT_IS, GIVEN, PROPERTIES, STRUCTURES, crossed, structures
from precursor.argument.answer import answer_at
from precursor.argument.scenario import Scenario
from precursor.elicitation.store import find_root
from precursor.inference.scenarios import open_scenario
from precursor.network.grammar import parse_query

ROOT = Path(__file__).parents[3]
COUPLINGS = ("long_term_goals_given_awareness", "awareness_given_long_term_goals", "understanding_given_awareness")
FIXED = {
    "couplings_at_one": {f"hr_{name}": 1.0 for name in COUPLINGS},
    "no_correction": {f"correction.{phase}_horizon_fine_tuning": 0.0 for phase in ("short", "long")},
    "guard_0": {"guard": 0.0},
    "guard_1": {"guard": 1.0},
}


def scenario(name: str) -> Scenario:
    return open_scenario(find_root(ROOT), name)


def at(made: Scenario, text: str) -> float:
    return answer_at(parse_query(text), made, {})


@pytest.fixture(scope="module", params=["argument", "critic", "open"])
def made(request) -> Scenario:
    """A scenario; the last leaves its assumptions open, so that examples may be absent."""
    if request.param != "open":
        return scenario(request.param)
    critic = scenario("critic")
    return replace(critic, name="open", regime={}, parameters={**critic.parameters, "p_plays_along": 0.7})


def found(made: Scenario) -> dict[str, float]:
    source = source_of_scenario(made, {})
    return {one.name: float(one.probability(source)[0]) for one in STRUCTURES}


def test_fixed_parameters_are_another_scenario(made: Scenario) -> None:
    values = found(made)
    assert values[AS_IT_IS] == pytest.approx(at(made, DECEPTIVE), rel=1e-10)
    for name, parameters in FIXED.items():
        other = replace(made, parameters={**made.parameters, **parameters})
        assert values[name] == pytest.approx(at(other, DECEPTIVE), rel=1e-10)


def test_order_ignored_is_the_product_of_marginals(made: Scenario) -> None:
    marginals = [at(made, f"P({name}=yes | {GIVEN})") for name in PROPERTIES]
    pointer = at(made, f"P(goal_pointer=proxy | goal_directed=yes, {GIVEN})")
    present = at(made, f"P(differential_adversarial_examples=present | {GIVEN})")
    expected = prod([*marginals, present, made.parameters["p_plays_along"]])
    values = found(made)
    assert values["order_and_pointer_ignored"] == pytest.approx(expected, rel=1e-10)
    assert values["order_ignored"] == pytest.approx(expected * pointer, rel=1e-10)


def test_dropping_the_requirement_adds_hidden_proxies(made: Scenario) -> None:
    """By the law of total probability over whether examples are there, each set instead of observed."""
    prone = ", ".join(f"{name}=yes" for name in (*PROPERTIES,))
    states = {"present": 1.0, "absent": 0.0}
    if not made.regime:
        p = made.parameters["p_differential_adversarial_examples"]
        states = {"present": p, "absent": 1 - p}
    total = sum(
        weight * at(made, f"P({prone}, goal_pointer=proxy | {GIVEN}, do(differential_adversarial_examples={state}))")
        for state, weight in states.items()
    )
    values = found(made)
    assert values["no_adversarial_requirement"] == pytest.approx(total * made.parameters["p_plays_along"], rel=1e-10)
    assert (values["no_adversarial_requirement"] > values[AS_IT_IS] * 1.01) == (not made.regime)


def test_the_crossed_table_swaps_whole_groups() -> None:
    a, b = open_sources(["argument", "critic"], ROOT)
    table = crossed(a, b)
    by_groups = {frozenset(row["from_b"]): row["probability"] for row in table["rows"]}
    assert len(by_groups) == 16
    assert by_groups[frozenset()] == pytest.approx(0.0027064657, abs=1e-9)
    assert by_groups[frozenset(table["groups"])] == pytest.approx(0.6394482389, abs=1e-9)
    one, other = scenario("argument"), scenario("critic")
    parts = ("point_base", "correction", "guard", "hr_objective_on_correction")
    swapped = {name: value for name, value in other.parameters.items() if name.split(".")[0] in parts}
    expected = at(replace(one, parameters={**one.parameters, **swapped}), DECEPTIVE)
    assert by_groups[frozenset({"pointing", "correction"})] == pytest.approx(expected, rel=1e-9)
    gap = np.diff(log_odds_over([parse_query(DECEPTIVE)], a, np.stack([a.unconstrained[0], b.unconstrained[0]]))[:, 0])
    assert sum(row["share"] for row in table["shares"]) == pytest.approx(float(gap[0]), abs=1e-9)


def test_the_document_says_what_it_is() -> None:
    a, b = open_sources(["argument", "critic"], ROOT)
    document = structures([a, b], a, b)
    assert document["sources"] == ["argument", "critic"]
    assert {one["kind"] for one in document["structures"]} == {"re-evaluated"}
    usual = document["structures"][0]["answers"]
    assert [answer["change"] for answer in usual] == [0.0, 0.0]
