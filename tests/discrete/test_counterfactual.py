"""Counterfactuals against every response function written out."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from precursor.discrete.network import Network
from precursor.network.discrete import DiscreteNetwork
from precursor.problems import InputError
from tests.discrete.random_networks import random_network
from tests.oracles.brute_force import counterfactual

SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from(["monotone", "canonical"]), st.sampled_from([0.0, 0.3]))
def test_equals_every_response_function_summed(seed: int, assumption: str, zeros: float):
    network = random_network(seed, nodes=4, most_states=2, most_parents=2, zeros=zeros)
    rng = np.random.default_rng(seed)
    names = [str(name) for name in rng.permutation(list(network.states))]
    evidence = {name: int(rng.integers(2)) for name in names[:2]}
    do, event = {names[int(rng.integers(4))]: int(rng.integers(2))}, {names[int(rng.integers(4))]: 0}
    text = ", ".join(f"{n}=s{s}" for n, s in evidence.items())
    net = Network(network)
    assume(net.log_probability(text) > -20)
    (target,) = event
    found = net.counterfactual(f"P({target}=s0 | {text})", {n: f"s{s}" for n, s in do.items()}, assumption=assumption)
    expected = counterfactual(network.parents, network.tables, assumption, evidence, do, event)
    assert found.value == pytest.approx(expected, abs=1e-11)
    assert found.assumption == (assumption if found.assumed_of else None)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_ranks_of_ordered_states(seed: int):
    network = random_network(seed, nodes=3, most_states=3, most_parents=2)
    names = list(network.states)
    found = Network(network).counterfactual("P(n2 | n2=s1, n0=s0)", {"n0": "s1"}, assumption="monotone", ordered=names)
    expected = [
        counterfactual(network.parents, network.tables, "monotone", {"n2": 1, "n0": 0}, {"n0": 1}, {"n2": k})
        for k in range(len(network.states["n2"]))
    ]
    np.testing.assert_allclose(found.value.values, expected, rtol=0, atol=1e-11)


DRUG = DiscreteNetwork(
    {"drug": ("yes", "no"), "well": ("yes", "no"), "grade": ("low", "middle", "high")},
    {"well": ("drug",), "grade": ("drug",)},
    {
        "drug": np.array([0.5, 0.5]),
        "well": np.array([[0.8, 0.2], [0.5, 0.5]]),
        "grade": np.array([[0.2, 0.3, 0.5], [0.5, 0.3, 0.2]]),
    },
)


def test_the_assumptions_differ_and_are_named():
    """Of the ill without the drug, .3 / .5 are those whom a helpful drug helps; responses on their own say .8."""
    ask = ("P(well=yes | drug=no, well=no)", {"drug": "yes"})
    monotone = Network(DRUG).counterfactual(*ask, assumption="monotone")
    canonical = Network(DRUG).counterfactual(*ask, assumption="canonical")
    assert monotone.value == pytest.approx(0.3 / 0.5)
    assert canonical.value == pytest.approx(0.8)
    assert (monotone.assumption, monotone.assumed_of) == ("monotone", ("well",))
    assert canonical.assumption == "canonical"


def test_nobody_moves_against_a_monotone_effect():
    found = Network(DRUG).counterfactual("P(well=yes | drug=no, well=yes)", {"drug": "yes"}, assumption="monotone")
    assert found.value == pytest.approx(1.0, abs=1e-15)


@pytest.mark.parametrize("rare", ["first", "last"])
def test_ranks_of_states_too_rare_to_be_seen_in_a_sum(rare: str):
    """One in 1e18 turns out so; were it half as likely, half of those still would."""
    tables = np.array([[1.0, 1e-18], [1.0, 5e-19]])
    tables = tables if rare == "last" else tables[:, ::-1]
    states = {"x": ("a", "b"), "y": ("first", "last")}
    net = Network(DiscreteNetwork(states, {"y": ("x",)}, {"x": np.array([0.5, 0.5]), "y": tables}))
    found = net.counterfactual(f"P(y={rare} | x=a, y={rare})", {"x": "b"}, assumption="monotone")
    assert found.value == pytest.approx(0.5, rel=1e-12)


def test_what_the_network_identifies_needs_no_assumption():
    found = Network(DRUG).counterfactual("P(well=yes | drug=no)", {"drug": "yes"})
    assert found.value == pytest.approx(0.8)
    assert (found.assumption, found.assumed_of) == (None, ())
    assert Network(DRUG).counterfactual("P(drug=no | well=no)", {"well": "yes"}).value == pytest.approx(5 / 7)


def test_nothing_is_changed_by_doing_what_was():
    for assumption in ("monotone", "canonical"):
        found = Network(DRUG).counterfactual(
            "P(well=yes, grade=low | drug=no, well=no, grade=low)",
            {"drug": "no"},
            assumption=assumption,
            ordered=["grade"],
        )
        assert found.value == 0.0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "does not identify"),
        ({"assumption": "monotone"}, "more than two states"),
        ({"assumption": "guess"}, "Unknown assumption"),
        ({"assumption": "monotone", "ordered": ["grad"]}, "no node 'grad'"),
    ],
)
def test_refused_where_the_assumption_does_not_decide(options: dict, words: str):
    with pytest.raises(InputError, match=words):
        Network(DRUG).counterfactual("P(grade=low | grade=high, drug=no)", {"drug": "yes"}, **options)


def test_bad_counterfactuals_are_refused():
    net = Network(DRUG)
    with pytest.raises(InputError, match="no state 'maybe'"):
        net.counterfactual("P(well=yes)", {"drug": "maybe"})
    with pytest.raises(InputError, match="sets something"):
        net.counterfactual("P(well=yes)", {})
    with pytest.raises(InputError, match="no counterfactual"):
        net.counterfactual("LR(well=yes : drug=yes)", {"drug": "yes"})
    with pytest.raises(InputError, match="twin"):
        Network(DRUG, memory_limit=100).counterfactual("P(well=yes | well=no)", {"drug": "yes"}, assumption="monotone")


def test_over_draws_as_each_draw_alone():
    network = random_network(4, nodes=4, most_states=2, draws=5)
    ask = ("P(n3=s0 | n3=s1, n0=s0)", {"n0": "s1"})
    found = Network(network).counterfactual(*ask, assumption="monotone").value
    alone = [Network(network.at_draw(i)).counterfactual(*ask, assumption="monotone").value for i in range(5)]
    assert found.dims == ("draw",)
    np.testing.assert_allclose(found.values, alone, rtol=0, atol=1e-13)
