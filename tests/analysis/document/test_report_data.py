"""The one document: its keys, that shares and distributions sum, and that every query in it can be asked again."""

from __future__ import annotations

import json
from itertools import product

import numpy as np
import pytest

from precursor.analysis.document.experts import about_training, judgements, whose
from precursor.analysis.document.report_data import report_data
from precursor.analysis.estimates import estimate, evenly, plain, share_below
from precursor.analysis.pathways.pathways import shapley_of_noisy_or
from precursor.analysis.queries import DECEPTIVE, DECEPTIVE_AT_REFERENCE, HEADLINE, meaning
from precursor.analysis.sensitivity.learning import bits_learnt
from precursor.argument.answer import answer_over
from precursor.argument.parameters import parameter_space
from precursor.network.grammar import parse_event, parse_query
from tests.analysis.fake_run import (
    INDICATOR_EVENTS,
    INDICATORS,
    dataset,
    draws,
    fake_run,
    few_judgements,
    judgement,
    with_summary,
)

KEYS = {
    "schema", "run", "headline", "stances", "stance_range", "nodes", "edges", "emergence", "pathways", "regimes",
    "parameters", "untouched", "prior_predictive", "judgements", "whose", "held_out", "waiting", "surveys", "checks",
    "provenance", "labels", "decisions", "scales", "experts", "audit", "analyses", "drivers", "cautions",
}  # fmt: skip


@pytest.fixture(scope="module")
def run():
    return fake_run()


@pytest.fixture(scope="module")
def data(run):
    return report_data(run)


def test_keys_and_json(data):
    assert set(data) == KEYS
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_the_headline_takes_the_runs_own_numbers(run, data):
    assert [entry["id"] for entry in data["headline"]] == list(HEADLINE)
    stated = {meaning(item["query"]): item for item in run.summary["headline"]}
    for entry in data["headline"]:
        item = stated.get(meaning(entry["query"]))
        if item:
            assert entry["posterior"]["mean"] == item["posterior"]["mean"]
            assert entry["next_expert"] == item["next_expert"]
            assert entry["prior"]["low"] == item["prior"]["low"]
        else:
            assert entry["next_expert"] is None


def test_the_prior_has_one_value_wherever_it_is_shown(run):
    """The run's own stance of nobody is the prior: the headline shows its mean, not that of other draws."""
    nobody, *others = run.summary["stances"]
    items = [{**item, "posterior": {**item["posterior"], "mean": 0.9}} for item in nobody["headline"]]
    moved = report_data(with_summary(run, stances=[{**nobody, "headline": items}, *others]))
    stated = moved["stances"][0]["headline"]
    assert stated
    for entry in moved["headline"]:
        shown = stated.get(entry["id"], {}).get("posterior", {}).get("mean")
        assert shown == (0.9 if entry["id"] in stated else None)
        assert (entry["prior"]["mean"] == shown) == (entry["id"] in stated)
    without = {entry["id"]: entry["prior"]["mean"] for entry in report_data(with_summary(run, stances=[]))["headline"]}
    assert 0.9 not in without.values()


@pytest.mark.parametrize("place", ["headline", "regimes", "acquired"])
def test_numbers_answer_the_query_beside_them(run, data, place):
    found = {
        "headline": [(e["query"], e["posterior"]) for e in data["headline"]],
        "regimes": [(s["query"], s["posterior"]) for g in data["regimes"] for s in g["states"]],
        "acquired": [(a["query"], a["posterior"]) for a in data["emergence"]["acquired"]],
    }[place]
    space = parameter_space(INDICATOR_EVENTS)
    indicators = {name: parse_event(about) for name, about in INDICATORS.items()}
    again = answer_over([parse_query(query) for query, _ in found], space, run.draws(), indicators)
    for (query, shown), values in zip(found, again, strict=True):
        assert shown["mean"] == pytest.approx(float(np.mean(values))), query
        assert shown["high"] == pytest.approx(float(np.quantile(values, 0.95))), query


def test_shares_sum_to_the_total(data):
    rows = data["pathways"]["pathways"]
    assert sum(row["share_of_total"] for row in rows) == pytest.approx(1.0)
    total = data["pathways"]["total"]["mean"]
    assert sum(row["existential_through"]["mean"] for row in rows) == pytest.approx(total)
    assert all(row["existential_through"]["low"] >= 0 for row in rows)


def test_ruling_deception_out_lowers_the_risk_and_the_two_ways_differ(data):
    paths = data["pathways"]
    assert paths["ruled_out_by_do"]["mean"] < paths["total"]["mean"]
    assert paths["given_not_deceptive"]["mean"] != pytest.approx(paths["ruled_out_by_do"]["mean"])
    assert 0 < paths["not_prosaic"]["mean"] < paths["total"]["mean"]


def test_shapley_against_the_average_over_all_orders():
    links = {"a": np.array([0.5]), "b": np.array([0.2]), "leak": np.array([0.1])}
    weights = np.random.default_rng(0).dirichlet(np.ones(4))
    flags = [(*pair, True) for pair in product((True, False), repeat=2)]
    happening = {flag: np.array([weight]) for flag, weight in zip(flags, weights, strict=True)}
    shares = shapley_of_noisy_or(happening, links)

    worlds = [(dict(zip(links, flag, strict=True)), weight[0]) for flag, weight in happening.items()]

    def risk(members):
        return sum(w * (1 - np.prod([1 - links[m][0] for m in members if active[m]])) for active, w in worlds)

    orders = [
        ("a", "b", "leak"),
        ("a", "leak", "b"),
        ("b", "a", "leak"),
        ("b", "leak", "a"),
        ("leak", "a", "b"),
        ("leak", "b", "a"),
    ]
    expected = dict.fromkeys(links, 0.0)
    for order in orders:
        for i, name in enumerate(order):
            expected[name] += (risk(order[: i + 1]) - risk(order[:i])) / len(orders)
    assert {name: share[0] for name, share in shares.items()} == pytest.approx(expected)


def test_distributions_sum_to_one(data):
    for node in data["nodes"]:
        assert sum(row["mean"] for row in node["posterior"]) == pytest.approx(1.0), node["node"]
    assert sum(row["mean"] for row in data["emergence"]["order"]["posterior"]) == pytest.approx(1.0)
    through = sum(row["posterior"]["mean"] for row in data["emergence"]["deceptive_through"])
    assert through == pytest.approx(data["headline"][0]["posterior"]["mean"])


def test_the_chain_only_grows(data):
    acquired = data["emergence"]["acquired"]
    for property_ in data["emergence"]["properties"]:
        means = [row["posterior"]["mean"] for row in acquired if row["property"] == property_]
        assert means == sorted(means)


def test_edges_end_at_nodes(data):
    names = {node["node"] for node in data["nodes"]} | {"training"}
    assert {edge[side] for edge in data["edges"] for side in ("from", "to")} <= names


def test_meaning_sees_through_spelling():
    swapped = "P(model_outcome=deceptive | tai_by_2100=yes, do(prosaic_paradigm=yes))"
    assert meaning(swapped) == meaning(DECEPTIVE)
    assert meaning(DECEPTIVE) != meaning(DECEPTIVE_AT_REFERENCE)
    assert meaning("P(existential_catastrophe=yes | do(deceptive_defection=no))") != meaning(
        "P(existential_catastrophe=yes | deceptive_defection=no)"
    )


def test_bits_are_zero_for_the_prior_itself_and_large_for_what_moved():
    space = parameter_space(INDICATOR_EVENTS)
    prior, posterior = draws(4000, 5)
    assert np.abs(bits_learnt(space, prior)).max() < 0.01
    learnt = bits_learnt(space, posterior)
    moves = np.sqrt(np.square(space.loadings).sum(axis=1)) > 0
    assert (learnt[::3][moves[::3]] > 0.4).all()
    assert (learnt[1::3] < 0.01).all()


def test_estimates():
    values = np.linspace(0, 1, 101)
    assert estimate(values) == pytest.approx({"mean": 0.5, "median": 0.5, "low": 0.05, "high": 0.95})
    assert share_below(values, (0.1,)) == {"0.1": pytest.approx(10 / 101)}
    assert evenly(np.arange(10), 4).tolist() == [0, 3, 6, 9]
    assert plain({"a": np.array([1.0, np.nan, np.inf]), "b": np.int64(3)}) == {"a": [1.0, None, None], "b": 3}


def test_whose_answers_they_are():
    rows = judgements(dataset(few_judgements()))
    found = whose(rows)
    assert found["answers"] == 5
    assert found["our_reading"] == 3
    assert found["groups"] == {"authors": 3, "forecasters": 2}
    assert found["most_about_training"]["label"] == "David W."
    assert found["most_about_training"]["share"] == pytest.approx(2 / 3)
    assert whose(judgements(dataset([judgement()])))["most_about_training"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (DECEPTIVE, True),
        ("parameter(guard)", True),
        ("parameter(p_human_extinction)", False),
        ("P(human_extinction=yes)", False),
        ("", False),
    ],
)
def test_what_bears_on_training(query, expected):
    assert about_training(query) is expected
