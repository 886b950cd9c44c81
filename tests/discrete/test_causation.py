"""Bounds of necessity and sufficiency against a linear programme over every response type."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from precursor.discrete.network import Network
from precursor.network.discrete import DiscreteNetwork
from precursor.problems import InputError
from tests.discrete.random_networks import joint_of, random_network

TYPES = [(0, 0), (0, 1), (1, 0), (1, 1)]
"""What the effect does (0: it happens) under the cause's states 0 and 1."""


def extremes(observed: np.ndarray, experiments: np.ndarray, wanted: list[float]) -> list[float]:
    """Return the least and the largest mass of what is wanted among all (state of the cause, response type)."""
    cells = [(x, kind) for x in (0, 1) for kind in TYPES]
    rows = [[float(a == x and kind[a] == y) for a, kind in cells] for x in (0, 1) for y in (0, 1)]
    rows += [[float(kind[x] == 0) for _, kind in cells] for x in (0, 1)]
    fixed = [*observed.ravel(), *experiments]
    found = [linprog(sign * np.array(wanted), A_eq=rows, b_eq=fixed, method="highs") for sign in (1, -1)]
    assert all(programme.success for programme in found)
    return [found[0].fun, -found[1].fun]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_closer_and_no_wider_than_all_response_types_allow(seed: int):
    network = random_network(seed, nodes=4, most_states=2)
    rng = np.random.default_rng(seed)
    cause, effect = (f"n{i}" for i in sorted(rng.permutation(4)[:2]))
    net, joint = Network(network), joint_of(network)
    observed = np.array([[joint.probability({cause: x, effect: y}) for y in (0, 1)] for x in (0, 1)])
    assume(observed.min() > 1e-3)
    set_to = [
        DiscreteNetwork(network.states, {**network.parents, cause: ()}, {**network.tables, cause: np.eye(2)[x]})
        for x in (0, 1)
    ]
    experiments = np.array([joint_of(one).probability({effect: 0}) for one in set_to])
    found = net.causation(f"{cause}=s0", f"{effect}=s0")
    cells = [(x, kind) for x in (0, 1) for kind in TYPES]
    helped = [float(kind == (0, 1)) for _, kind in cells]
    by_cause = [[h * (a == x) for (a, _), h in zip(cells, helped, strict=True)] for x in (0, 1)]
    for interval, wanted, among in (
        (found.both, helped, 1.0),
        (found.necessity, by_cause[0], observed[0, 0]),
        (found.sufficiency, by_cause[1], observed[1, 1]),
    ):
        expected = np.array(extremes(observed, experiments, wanted)) / among
        np.testing.assert_allclose(interval, expected, rtol=0, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["monotone", "canonical"]))
def test_values_under_an_assumption_lie_within(seed: int, assumption: str):
    net = Network(random_network(seed, nodes=4, most_states=2))
    found = net.causation("n1=s0", "n3=s0")
    without = net.counterfactual("P(n3=s1 | n1=s0, n3=s0)", {"n1": "s1"}, assumption=assumption)
    lower, upper = found.necessity
    assert lower - 1e-9 <= without.value <= upper + 1e-9


NET = Network(
    DiscreteNetwork(
        {"w": ("a", "b"), "x": ("yes", "no"), "y": ("yes", "no"), "many": ("a", "b", "c")},
        {"y": ("w", "x")},
        {
            "w": np.array([0.5, 0.5]),
            "x": np.array([0.4, 0.6]),
            "y": np.array([[[0.9, 0.1], [0.9, 0.1]], [[0.8, 0.2], [0.3, 0.7]]]),
            "many": np.array([0.2, 0.3, 0.5]),
        },
    )
)


def test_what_is_known_before_the_cause_counts():
    """Where the effect does not depend on the cause in probability, it may still follow it in tenths of the units."""
    assert NET.causation("x=yes", "y=yes", "w=a").both == pytest.approx((0.0, 0.1))
    assert NET.causation("x=yes", "y=yes", {"w": "b"}).both == pytest.approx((0.5, 0.7))
    soft = NET.causation("x=yes", "y=yes", "w=b", soft_intervention={"x": {"yes": 0.1, "no": 0.9}})
    assert soft.necessity == pytest.approx((0.5 / 0.8, 0.7 / 0.8))


def test_draws_as_each_draw_alone_and_nan_where_nothing_was():
    network = random_network(2, nodes=4, most_states=2, draws=3)
    found = Network(network).causation("n0=s0", "n3=s1")
    for draw in range(3):
        alone = Network(network.at_draw(draw)).causation("n0=s0", "n3=s1")
        assert [float(end[draw]) for end in found.necessity] == pytest.approx(list(alone.necessity))
    never = NET.causation("x=yes", "y=yes", soft_intervention={"x": {"yes": 0.0, "no": 1.0}})
    assert np.isnan(never.necessity[0])
    assert np.isfinite(never.sufficiency[0])


@pytest.mark.parametrize(
    ("cause", "effect", "conditions", "words"),
    [
        ("many=a", "y=yes", "", "3 states"),
        ("x=yes", "x=no", "", "own effect"),
        ("x=yes", "w=a", "y=yes", "may be an effect"),
        ("x=yes", "y=yes", "do(x=no)", "set already"),
        ("x=yes", "y=maybe", "", "no state 'maybe'"),
    ],
)
def test_what_the_bounds_do_not_cover_is_refused(cause: str, effect: str, conditions: str, words: str):
    with pytest.raises(InputError, match=words):
        NET.causation(cause, effect, conditions)
