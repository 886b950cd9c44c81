import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from precursor.analysis.value.evidence_library import at_ratio
from precursor.analysis.value.forecasters_value import forecasters_value, parts_of, pooled, read_triples
from precursor.analysis.value.information_value import (
    complement_answer,
    discrimination,
    indicator_value,
    triple,
    values_of_information,
)
from precursor.problems import InputError
from tests.oracles.voi import by_enumeration

CSV = Path(__file__).parents[3] / "data" / "sources" / "fri_adversarial_collaboration.csv"
SHARE = st.floats(0.01, 0.99)


@given(SHARE, SHARE, SHARE)
@settings(max_examples=60, deadline=None)
def test_two_nodes_by_enumeration(p_e, if_event, if_not):
    """U is the event itself, c its leaf."""
    one = np.array([p_e])
    p_c, both = triple(one, one, one, np.array([if_event]), np.array([if_not]))
    found = indicator_value(one, p_c, both)
    joint = [
        [p_e * if_event, p_e * (1 - if_event)],
        [(1 - p_e) * if_not, (1 - p_e) * (1 - if_not)],
    ]
    expected = by_enumeration(joint)
    for name, value in expected.items():
        assert found["per_draw"][name]["mean"] == pytest.approx(value, abs=1e-9)
        assert found["predictive"][name] == pytest.approx(value, abs=1e-9)


def test_what_tells_nothing_is_worth_nothing_and_what_tells_all_the_whole_entropy():
    nothing = values_of_information(np.array(0.3), np.array(0.4), np.array(0.3))
    assert {name: float(value) for name, value in nothing.items()} == pytest.approx(
        {"variance": 0, "bits": 0, "shift": 0}, abs=1e-12
    )
    everything = values_of_information(np.array(0.3), np.array(0.3), np.array(1.0))
    assert everything["variance"] == pytest.approx(0.21)
    assert everything["bits"] == pytest.approx(-0.3 * np.log2(0.3) - 0.7 * np.log2(0.7))
    assert everything["shift"] == pytest.approx(2 * 0.21)
    certain = values_of_information(np.array(0.3), np.array(1.0), np.array(0.3))
    assert certain["bits"] == pytest.approx(0.0)


def test_three_numbers_that_do_not_hold_together_have_no_value():
    found = values_of_information(np.array([0.1, 0.1]), np.array([0.5, 0.2]), np.array([0.3, 0.3]))
    assert [bool(np.isnan(values[0])) for values in found.values()] == [True] * 3
    assert not any(np.isnan(values[1]) for values in found.values())


def test_the_belief_of_all_draws_learns_more_than_any_of_them():
    """An indicator that is certain either way in each draw teaches a draw nothing, but tells the draws apart."""
    p_u, p_c = np.array([0.1, 0.9]), np.array([0.01, 0.99])
    found = indicator_value(p_u, p_c, p_u * p_c)
    assert found["per_draw"]["bits"]["mean"] == pytest.approx(0.0, abs=1e-12)
    assert found["predictive"]["bits"] > 0.1


def test_discrimination():
    assert discrimination((0.5, 0.5, 0.8), (0.5, 0.5, 0.8)) == pytest.approx(0.0)
    # Both come to agree whatever the answer: the whole distance goes.
    a, b = (0.3, 0.2, 0.7), (0.6, 0.8, 0.7)
    assert complement_answer(*map(np.array, a)) == pytest.approx(complement_answer(*map(np.array, b)), abs=1e-9)
    assert discrimination(a, b) == pytest.approx(0.3)
    # They part further: negative.
    assert discrimination((0.5, 0.5, 0.9), (0.45, 0.5, 0.05)) < 0


def test_the_forecasters_formula_on_their_own_rows():
    """Each value recomputed from the raw table, by enumeration of the person's own joint distribution."""
    with CSV.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    crux = "power_seeking_shutdown"
    stated = {
        (row["expert"], row["quantity"], row["given"]): float(row["probability"]) for row in rows if row["probability"]
    }
    shifts, broken = {"Concerned": [], "Skeptical": []}, 0
    for expert, camp in {(row["expert"], row["camp"]) for row in rows}:
        try:
            u = stated[expert, "extinction_by_2100", f"(unconditional, stated with {crux})"]
            c, given_c = stated[expert, crux, ""], stated[expert, "extinction_by_2100", crux]
        except KeyError:
            continue
        if u < c * given_c - 1e-12:
            broken += 1
            continue
        shifts[camp].append(
            by_enumeration([[c * given_c, u - c * given_c], [c * (1 - given_c), 1 - u - c * (1 - given_c)]])["shift"]
        )
    found = {row["indicator"]: row for row in forecasters_value(read_triples(CSV))}
    assert len(found) == 5
    row = found[crux]
    assert row["people"] == sum(map(len, shifts.values())) + broken == 16
    assert row["incoherent"] == broken
    for camp, values in shifts.items():
        assert row["camps"][camp]["shift"] == pytest.approx(np.median(values), rel=1e-6, abs=1e-12)
    # One row of all these breaks P(c) P(U | c) <= P(U), as the source's notes say.
    assert sum(row["incoherent"] for row in found.values()) == 1


def test_the_median_of_values_is_not_the_value_of_medians():
    """Why the model's figure differs: the value is not linear in what people state."""
    rows = forecasters_value(read_triples(CSV))
    apart = []
    for row in rows:
        for camp in row["camps"].values():
            of_medians = float(values_of_information(*map(np.array, camp["median_triple"]))["shift"])
            apart.append(abs(of_medians - camp["shift"]) / camp["shift"])
    assert max(apart) > 0.5


def test_where_two_beliefs_differ_is_three_factors_of_their_expected_shifts():
    rows = [row["pooled"] for row in forecasters_value(read_triples(CSV))]
    for one in rows:
        for other in rows:
            assert np.prod([*parts_of(one, other).values()]) == pytest.approx(one["shift"] / other["shift"])


def test_a_pooled_belief_is_the_mean_of_coherent_people_camps_alike():
    first = np.array([[0.1, 0.5, 0.15], [0.3, 0.5, 0.5], [0.01, 0.9, 0.5]])  # the third cannot hold
    second = np.array([[0.4, 0.2, 0.6]])
    found = pooled([first, second])
    assert (found["p_u"], found["p_c"]) == (pytest.approx(0.3), pytest.approx(0.35))
    assert found["p_c"] * found["p_u_given_c"] == pytest.approx(0.5 * (0.5 * (0.075 + 0.25) + 0.12))
    assert pooled([first[2:]]) is None


@given(SHARE, SHARE, st.floats(0.05, 20.0))
@settings(max_examples=40, deadline=None)
def test_a_finding_at_a_ratio_is_bayes_rule(p_u, overlap, ratio):
    """E is U itself, or independent of U."""
    u, e = np.array([p_u]), np.array([overlap])
    assert at_ratio(u, u, u, ratio) == pytest.approx(ratio * p_u / (ratio * p_u + 1 - p_u))
    assert at_ratio(u, e, u * e, ratio) == pytest.approx(p_u)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError):
        read_triples(tmp_path / "none.csv")
