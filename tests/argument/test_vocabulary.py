"""What may stand in a query of the argument, and what is said of what may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest

from precursor.argument import vocabulary
from precursor.argument.events import Constraint, constraint_of
from precursor.argument.vocabulary import ArgumentVocabulary, require
from precursor.network.grammar import DistributionQuery, Event, NodeAt, parse_query
from precursor.problems import InputError
from tests.oracles.random_scenarios import QUERIES

VOCABULARY = ArgumentVocabulary()


@pytest.mark.parametrize("query", [query for query in QUERIES if not query.startswith("order(situationally_aware |")])
def test_every_legitimate_query_is_accepted(query: str, indicators: Mapping[str, Event]) -> None:
    assert VOCABULARY.problems(parse_query(query), indicators) == ()


@pytest.mark.parametrize(
    ("query", "message", "allowed"),
    [
        ("P(model_outcom=deceptive)", "no node 'model_outcom'", "model_outcome"),
        ("P(model_outcome=deceitful)", "no state 'deceitful'", "deceptive or proxy"),
        ("P(long_term_goals@pretrainig=yes)", "no phase 'pretrainig'", "pretraining"),
        ("P(governance@pretraining=weak)", "no value by phase", "governance"),
        ("P(emergence_order@pretraining=no_goal)", "no value by phase", "emergence_order"),
        ("P(aligned=yes | goverance=weak)", "no node 'goverance'", "governance"),
        ("P(aligned=yes | do(goverance=weak))", "no node 'goverance'", "governance"),
        ("P(aligned=yes | do(governance=middling))", "no state 'middling'", "strong or weak"),
        ("P(aligned=yes | do(goal_directed=yes))", "cannot be set with do()", ""),
        ("P(aligned=yes | do(emergence_order=no_goal))", "cannot be set with do()", ""),
        ("P(aligned=yes | do(aligned=yes))", "both asked for and set", "another target"),
        ("P(governance | do(governance=weak))", "both asked for and set", "another target"),
        ("P(aligned=yes | do(governance=weak), do(governance=strong))", "set twice", "one do()"),
        (
            "P(aligned=yes | governance=strong, do(governance=weak))",
            "contradicts do(governance=weak)",
            "governance=weak",
        ),
        ("P(aligned=yes | governance=strong, governance=weak)", "probability zero", "governance=strong"),
        ("P(aligned=yes | goal_directed=no, long_term_goals=yes)", "probability zero", "goal_directed=no"),
        (
            "P(aligned=yes | goal_directed=no, goal_directed < situationally_aware)",
            "probability zero",
            "goal_directed=no",
        ),
        ("P(governance=weak, governance=strong)", "contradicts itself", "governance=weak"),
        ("P(goal_directed < goal_directed)", "cannot come before itself", "two different"),
        ("P(goal_directed < governance)", "not a property", "goal_directed"),
        ("order(goal_directed)", "two or more different", "long_term_goals"),
        ("order(goal_directed, goal_directed)", "two or more different", "long_term_goals"),
        ("order(goal_directed, awareness)", "not a property", "situationally_aware"),
        ("E(correction)", "no quantity 'correction'", "correction_window"),
        ("E(correction_window | aligned=yes)", "assumptions as conditions only", "tai_by_2100"),
        ("E(correction_window | do(governance=weak))", "assumptions as conditions only", "tai_by_2100"),
        ("LR(governance=weak : governance=strong)", "the same node", "two different nodes"),
        ("parameter(gard)", "no parameter 'gard'", "guard"),
        ("P(nuclear_war=yes)", "no node 'nuclear_war'", ""),
    ],
)
def test_what_is_wrong_is_named_with_what_is_allowed(
    query: str, message: str, allowed: str, indicators: Mapping[str, Event]
) -> None:
    problems = VOCABULARY.problems(parse_query(query), indicators)
    assert len(problems) == 1
    assert message in problems[0].message
    assert allowed in str(problems[0].allowed)
    with pytest.raises(InputError):
        require(parse_query(query), indicators)


def test_every_problem_is_reported_at_once(indicators: Mapping[str, Event]) -> None:
    query = parse_query("P(alined=yes, governance=middling | goal_pointer@now=proxy, do(goal_directed=yes))")
    assert len(VOCABULARY.problems(query, indicators)) == 4


def test_an_indicator_exists_only_where_it_is_declared(indicators: Mapping[str, Event]) -> None:
    query = parse_query("P(crux=yes)")
    assert VOCABULARY.problems(query, indicators) == ()
    assert VOCABULARY.problems(query, {}) != ()


def test_scales_and_states() -> None:
    assert VOCABULARY.scale(parse_query("LR(aligned=yes : governance=weak)")) == "ratio"
    assert VOCABULARY.scale(parse_query("parameter(hr_wild_on_awareness)")) == "ratio"
    assert VOCABULARY.scale(parse_query("parameter(guard)")) == "probability"
    assert VOCABULARY.scale(parse_query("P(aligned=yes)")) == "probability"
    assert VOCABULARY.states(DistributionQuery(NodeAt("goal_pointer"))) == ("none", "proxy", "base")


def test_what_is_said_thousands_of_times_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = Counter[Event]()

    def counting(event: Event) -> Constraint:
        looked_at[event] += 1
        return constraint_of(event)

    monkeypatch.setattr(vocabulary, "constraint_of", counting)
    same = ", ".join(["model_outcome=deceptive"] * 2000)
    assert VOCABULARY.problems(parse_query(f"P({same} | {same})"), {}) == ()
    assert looked_at.total() < 10
