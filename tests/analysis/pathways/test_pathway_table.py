from pathlib import Path

import numpy as np
import pytest

from precursor.analysis.opening import open_source
from precursor.analysis.pathways import pathways, priorities
from precursor.analysis.pathways.interventions import CLAIMS, claimed, effect
from precursor.analysis.pathways.interventions_by_regime import OTHERS, interventions_by_regime
from precursor.analysis.pathways.interventions_by_regime import queries as queries_by_regime
from precursor.analysis.pathways.pathway_table import pathway_document, pathway_table, queries
from precursor.analysis.queries import CATASTROPHE
from precursor.analysis.source_answers import answers_at
from precursor.analysis.sources import Source
from precursor.argument.answer import answer_over
from precursor.argument.nodes import PATHWAYS
from precursor.argument.parameters import parameter_space
from precursor.emergence.regime import TRAINING_ASSUMPTIONS
from precursor.network.grammar import parse_query
from tests.oracles.shapley import shapley

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def source():
    space = parameter_space()
    return Source("made", "run", space, {}, space.prior_draws(np.random.default_rng(1), 40))


def without(source, members):
    """Return P(catastrophe) per draw with the links of all but some pathways cut, by the network itself."""
    values = source.unconstrained.copy()
    for name in (*PATHWAYS, pathways.LEAK):
        if name not in members:
            parameter = "p_existential_leak" if name == pathways.LEAK else f"p_existential.{name}"
            values[:, source.space.names.index(parameter)] = -np.inf
    return answer_over([parse_query(CATASTROPHE)], source.space, values)[0]


def test_shares_are_those_of_the_network_with_links_cut(source):
    answers = answers_at(source, queries())
    found = pathways.shares(answers)
    known = {}

    def value(members):
        if members not in known:
            known[members] = without(source, members)[0]
        return known[members]

    expected = shapley((*PATHWAYS, pathways.LEAK), value)
    assert {name: share[0] for name, share in found.items()} == pytest.approx(expected)
    assert sum(found.values()) == pytest.approx(answers.values(CATASTROPHE))


def test_the_fall_is_what_the_rest_would_not_have_done(source):
    answers = answers_at(source, queries())
    total = answers.values(CATASTROPHE)
    everything = frozenset((*PATHWAYS, pathways.LEAK))
    for row in pathway_table(answers)["pathways"]:
        rest = without(source, everything - {row["pathway"]})
        assert row["fall"]["mean"] == pytest.approx(np.mean(total - rest))
        # Causes overlap: what is lost by removing one is less than its share, and the falls do not sum to the total.
        assert row["fall"]["mean"] < row["existential_through"]["mean"]
        assert row["fall"]["probability_of_sign"] == 1.0


def test_the_document(source):
    document = pathway_document(source, [open_source("argument", ROOT)])
    assert [one["source"] for one in document["priorities"]] == ["made", "argument"]
    rows = document["interventions"]
    for row in rows:
        if row["reference"]:
            assert row["against_reference"]["mean"] == row["against_reference"]["high"] == 0.0
    asked = [parse_query(row["query"]) for row in rows[:6]]
    found = answer_over(asked, source.space, source.unconstrained)
    assert [row["probability"]["mean"] for row in rows[:6]] == pytest.approx([values.mean() for values in found])
    absent = next(
        row for row in rows if (row["target"], row["state"]) == ("deceptive", "absent") and "adversarial" in row["node"]
    )
    # Without differential adversarial examples nothing counts as deceptive, by definition.
    assert absent["probability"]["high"] == 0.0
    assert (absent["against_reference"]["sign"], absent["against_reference"]["probability_of_sign"]) == (-1, 1.0)


def test_rankings(source):
    answers = answers_at(source, priorities.queries())
    found = priorities.priorities(answers)
    falls = [row["fall"]["mean"] for row in found["areas"]]
    assert falls == sorted(falls, reverse=True)
    assert sum(row["first"] for row in found["areas"]) == pytest.approx(1.0)
    assert found["ranking_holds"] <= min(row["above_next"] for row in found["areas"][:-1])
    one = answers_at(open_source("critic", ROOT), priorities.queries())
    critic = priorities.priorities(one)
    assert critic["areas"][0]["area"] == "deception"
    assert critic["ranking_holds"] == 1.0


def test_the_probability_of_a_sign():
    assert effect(np.array([1.0, 2.0, -1.0, 3.0]))["probability_of_sign"] == 0.75
    assert effect(np.zeros(4)) == {
        "mean": 0.0, "median": 0.0, "low": 0.0, "high": 0.0, "sign": 0, "probability_of_sign": 1.0,
    }  # fmt: skip


def test_what_is_claimed_is_of_states_that_there_are_and_counted_draw_by_draw():
    for node, state in CLAIMS:
        assert state in TRAINING_ASSUMPTIONS[node][1:]
    differences = np.array([0.02, 0.005, -0.03, 0.2])
    assert claimed("data_rich_domain", "no", differences)["probability"] == 0.75
    assert claimed("long_horizon_training", "none", differences)["probability"] == 0.25
    # No difference: within one point.
    assert claimed("fine_tuning_objective", "ai_feedback", differences)["probability"] == 0.25
    assert claimed("governance", "weak", differences) is None


@pytest.fixture(scope="module")
def under_regimes(source):
    return answers_at(source, queries_by_regime())


@pytest.mark.parametrize(
    ("target", "query"),
    [
        ("deceptive", "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes, do({}))"),
        ("catastrophe", "P(existential_catastrophe=yes | do({}))"),
    ],
)
def test_interventions_under_every_regime_and_objective_average_to_those_under_none(
    source, under_regimes, target, query
):
    rows = [row for row in interventions_by_regime(under_regimes) if row["target"] == target]
    states = sum(len(states) - 1 for states in OTHERS[target].values())
    assert len({(row["regime"], row["objective"]) for row in rows}) == 12
    assert len(rows) == 12 * states
    natural = source.space.natural(source.unconstrained)
    weight = {
        (node, state): natural[:, source.space.names.index(f"p_{node}.{state}")]
        for node in ("train_deploy_regime", "fine_tuning_objective")
        for state in TRAINING_ASSUMPTIONS[node]
    }
    own = [row for row in rows if row["state"] == "from_start"]
    mixed = sum(
        under_regimes.values(row["query"])
        * weight["train_deploy_regime", row["regime"]]
        * weight["fine_tuning_objective", row["objective"]]
        for row in own
    )
    asked = parse_query(query.format("long_horizon_training=from_start"))
    expected = answer_over([asked], source.space, source.unconstrained)[0]
    assert mixed == pytest.approx(expected)
    # Memory of deployment matters only where training and deployment alternate.
    memory = {row["regime"]: row["against_reference"] for row in rows if row["node"] == "deployment_memory"}
    assert [regime for regime, found in memory.items() if abs(found["mean"]) > 1e-12] == ["alternating"]


def test_governance_is_set_for_catastrophe_only(under_regimes):
    rows = [row for row in interventions_by_regime(under_regimes) if row["node"] == "governance"]
    assert {row["target"] for row in rows} == {"catastrophe"}
    assert all(row["claimed"] is None for row in rows)
