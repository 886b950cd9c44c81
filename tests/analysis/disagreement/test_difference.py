from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from precursor.analysis.disagreement.concessions import concessions
from precursor.analysis.disagreement.difference import difference
from precursor.analysis.opening import open_sources
from precursor.analysis.queries import DECEPTIVE, DECEPTIVE_AT_REFERENCE
from precursor.analysis.sources import log_odds_over
from precursor.analysis.words.parameter_groups import groups_of
from precursor.network.grammar import parse_query
from precursor.problems import InputError
from tests.oracles.shapley import shapley

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def sides():
    return open_sources(["argument", "critic"], ROOT)


@pytest.fixture(scope="module")
def found(sides):
    return difference(*sides, DECEPTIVE)


def test_shares_sum_to_the_gap(found):
    assert found["exact"]
    assert sum(row["share"] for row in found["groups"]) == pytest.approx(found["gap"])
    assert found["gap"] == pytest.approx(found["b"]["log_odds"] - found["a"]["log_odds"])
    assert found["a"]["answer"] == pytest.approx(0.0027064657, abs=1e-9)
    assert found["b"]["answer"] == pytest.approx(0.6394482389, abs=1e-9)
    # The two sides differ by interactions: what is moved alone does not sum.
    assert abs(found["interactions"]["from_a"]) > 0.1


def test_shares_are_those_of_all_orders(sides, found):
    a, b = sides
    query = parse_query(DECEPTIVE)
    names = [row["group"] for row in found["groups"]]
    parts = groups_of(a.space)

    def value(members):
        row = a.unconstrained[0].copy()
        for name in members:
            row[parts[name]] = b.unconstrained[0, parts[name]]
        key = frozenset(members)
        if key not in known:
            known[key] = log_odds_over([query], a, row[None, :])[0, 0]
        return known[key]

    known = {}
    expected = shapley(names[:4], lambda members: value(members))
    few = replace(b, unconstrained=a.unconstrained.copy())
    for name in names[:4]:
        few.unconstrained[0, parts[name]] = b.unconstrained[0, parts[name]]
    again = {row["group"]: row["share"] for row in difference(a, few, DECEPTIVE)["groups"]}
    assert again == pytest.approx(expected)


def test_the_other_way_round_is_the_negative(sides, found):
    back = {row["group"]: row["share"] for row in difference(*reversed(sides), DECEPTIVE)["groups"]}
    assert back == pytest.approx({row["group"]: -row["share"] for row in found["groups"]})


def test_a_side_does_not_differ_from_itself(sides):
    same = difference(sides[0], sides[0], DECEPTIVE)
    assert (same["gap"], same["groups"]) == (0.0, [])


def test_half_the_gap_is_what_swapping_gives(sides, found):
    a, b = sides
    from precursor.analysis.words.parameter_groups import beliefs_of

    beliefs = beliefs_of(a.space)
    for start, end, key in ((a, b, "from_a"), (b, a, "from_b")):
        half = found["half"][key]
        for entry in half["best"]:
            row = start.unconstrained[0].copy()
            for name in entry["beliefs"]:
                row[beliefs[name]] = end.unconstrained[0, beliefs[name]]
            moved = log_odds_over([parse_query(DECEPTIVE)], a, row[None, :])[0, 0]
            first = found["a" if key == "from_a" else "b"]["log_odds"]
            assert (moved - first) / half["gap"] == pytest.approx(entry["closed"])
        assert half["greedy"][-1]["closed"] >= 0.5
        # A set is searched as a whole: it is no further from the other side than the greedy one of its size.
        for size, entry in enumerate(half["best"], 1):
            if size <= len(half["greedy"]):
                assert abs(1 - entry["closed"]) <= abs(1 - half["greedy"][size - 1]["closed"]) + 1e-12


def test_draws_agree_with_scenarios_where_they_are_the_same(sides):
    """Draws that are all equal have no Monte Carlo error but that of the orders."""
    a, b = sides
    many = [replace(side, unconstrained=np.repeat(side.unconstrained, 3, axis=0)) for side in sides]
    exact = {row["group"]: row for row in difference(a, b, DECEPTIVE_AT_REFERENCE)["groups"]}
    sampled = difference(*many, DECEPTIVE_AT_REFERENCE, pairs=300)
    assert not sampled["exact"]
    assert sum(row["share"] for row in sampled["groups"]) == pytest.approx(sampled["gap"])
    for row in sampled["groups"]:
        if row["group"] in exact:
            assert abs(row["share"] - exact[row["group"]]["share"]) < 5 * row["error"] + 1e-9
            assert row["alone"] == pytest.approx(exact[row["group"]]["alone"])
        else:
            assert row["share"] == pytest.approx(0.0, abs=1e-12)


def test_concessions(sides):
    table = concessions(*sides, DECEPTIVE, shares=(0.0, 0.5, 1.0))
    everything = table["rows"][-1]
    assert everything["part"] == "everything"
    assert everything["answers"][0]["mean"] == pytest.approx(table["a"]["mean"])
    assert everything["answers"][-1]["mean"] == pytest.approx(table["b"]["mean"])
    assert table["a"]["mean"] < everything["answers"][1]["mean"] < table["b"]["mean"]


def test_a_query_that_is_certain_is_refused(sides):
    with pytest.raises(InputError, match="certain or impossible"):
        difference(*sides, "P(tai_by_2100=yes)")
