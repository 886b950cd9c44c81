"""What pgmpy 1.1.2 and pyAgrum 3.3.1 were seen to get wrong, a test each; every expected value is worked out by hand.

Where a library answers wrongly, or not at all, what it gave stands in the test's docstring.
"""

import math

import numpy as np
import pytest

from precursor.discrete.network import Network
from precursor.network import files
from precursor.network.discrete import DiscreteNetwork
from precursor.problems import InputError

TWO = ("s0", "s1")
PRIOR = np.array([0.3, 0.7])
TREATED = np.array([[0.9, 0.1], [0.2, 0.8]])
OUTCOME = np.array([[[0.1, 0.9], [0.5, 0.5]], [[0.4, 0.6], [0.8, 0.2]]])
REPORT = np.array([[0.9, 0.1], [0.2, 0.8]])
CONFOUNDED = Network(
    DiscreteNetwork(
        dict.fromkeys("AXYZ", TWO),
        {"X": ("A",), "Y": ("A", "X"), "Z": ("Y",)},
        {"A": PRIOR, "X": TREATED, "Y": OUTCOME, "Z": REPORT},
    )
)
UNDER_DO = PRIOR[:, None] * OUTCOME[:, 0]
"""P(A, Y | do(X=s0))."""


def test_pgmpy_drops_virtual_evidence_under_do():
    """`CausalInference.query(do=..., virtual_evidence=...)` gives P(Y | do(X)), .31, as if there were no evidence."""
    likelihood = np.array([0.2, 0.9])
    weighted = likelihood @ UNDER_DO
    found = CONFOUNDED.query("P(Y=s0 | do(X=s0))", virtual_evidence={"A": {"s0": 0.2, "s1": 0.9}})
    assert found == pytest.approx(weighted[0] / weighted.sum(), abs=1e-14)
    assert found != pytest.approx(CONFOUNDED.query("P(Y=s0 | do(X=s0))"), abs=1e-3)


def test_pgmpy_answers_wrongly_given_evidence_below_an_intervention():
    """`CausalInference.query(["Y"], do={"X": 0}, evidence={"Z": 0})` gives .354 and, of Z given Y, .361."""
    seen = UNDER_DO.sum(axis=0) * REPORT[:, 0]
    assert CONFOUNDED.query("P(Y=s0 | do(X=s0), Z=s0)") == pytest.approx(seen[0] / seen.sum(), abs=1e-14)
    assert CONFOUNDED.query("P(Z=s0 | do(X=s0), Y=s1)") == pytest.approx(0.2, abs=1e-14)


def test_pgmpy_refuses_to_ask_about_what_lies_above_an_intervention():
    """`CausalInference.query(["A"], do={"X": 0}, evidence={"Y": 1})` raises "Invalid causal query"."""
    given_y = UNDER_DO[:, 1] / UNDER_DO[:, 1].sum()
    assert CONFOUNDED.query("P(A=s0 | do(X=s0), Y=s1)") == pytest.approx(given_y[0], abs=1e-14)
    assert CONFOUNDED.query("P(A=s0 | do(X=s0))") == pytest.approx(0.3, abs=1e-14)


def test_pgmpy_refuses_the_node_that_was_set_as_a_target():
    """`CausalInference.query(["X"], do={"X": 0})` raises."""
    assert CONFOUNDED.query("P(X | do(X=s0))").values.tolist() == [1.0, 0.0]


def test_pgmpy_soft_interventions_act_as_likelihoods():
    """`simulate(virtual_intervention=...)` of X = s0 at .3 draws s0 in .347 of 40,000 samples.

    The node's own distribution is still there, and the numbers are taken as the likelihood of an observation.
    """
    soft = {"X": {"s0": 0.3, "s1": 0.7}}
    assert CONFOUNDED.query("P(X=s0)", soft_intervention=soft) == pytest.approx(0.3, abs=1e-15)
    assert CONFOUNDED.query("P(A=s0)", soft_intervention=soft) == pytest.approx(0.3, abs=1e-15)
    mixed = 0.3 * UNDER_DO.sum(axis=0) + 0.7 * PRIOR @ OUTCOME[:, 1]
    np.testing.assert_allclose(CONFOUNDED.query("P(Y)", soft_intervention=soft).values, mixed, rtol=0, atol=1e-15)


def test_pyagrum_takes_a_distribution_as_a_likelihood():
    """`setEvidence({"X": [.3, .7]})` puts P(X = s0) at .229: virtual evidence, the only kind there is."""
    numbers = {"X": {"s0": 0.3, "s1": 0.7}}
    assert CONFOUNDED.query("P(X=s0)", soft_evidence=numbers) == pytest.approx(0.3, abs=1e-14)
    prior = float(PRIOR @ TREATED[:, 0])
    expected = prior * 0.3 / (prior * 0.3 + (1 - prior) * 0.7)
    assert CONFOUNDED.query("P(X=s0)", virtual_evidence=numbers) == pytest.approx(expected, abs=1e-14)


def test_pgmpy_gives_nan_for_evidence_of_probability_zero():
    """`VariableElimination.query(["A"], evidence={"B": 1})` gives nan, nan."""
    tables = {"A": np.array([1.0, 0.0]), "B": np.array([[1.0, 0.0], [0.5, 0.5]])}
    net = Network(DiscreteNetwork(dict.fromkeys("AB", TWO), {"B": ("A",)}, tables))
    with pytest.raises(InputError, match="probability zero"):
        net.query("P(A | B=s1)")


def test_pgmpy_underflows_to_nan_and_pyagrum_to_incompatible_evidence():
    """1,200 observations of a naive Bayes network: nan in pgmpy, `IncompatibleEvidence` in pyAgrum."""
    count = 1200
    names = [f"E{i}" for i in range(count)]
    table = np.array([[0.1, 0.9], [0.2, 0.8]])
    tables = {"C": np.array([0.5, 0.5]), **dict.fromkeys(names, table)}
    net = Network(DiscreteNetwork(dict.fromkeys(["C", *names], TWO), dict.fromkeys(names, ("C",)), tables))
    evidence = {name: TWO[(i + 1) % 2] for i, name in enumerate(names)}
    log_odds = count / 2 * math.log(0.1 * 0.9 / (0.2 * 0.8))
    expected = 1 / (1 + math.exp(-log_odds))
    found = net.joint(["C"], evidence).values[0]
    assert found == pytest.approx(expected, rel=1e-10)
    assert net.marginals(evidence)["C"].values[0] == pytest.approx(expected, rel=1e-10)
    log_p = np.logaddexp(count / 2 * math.log(0.09), count / 2 * math.log(0.16)) + math.log(0.5)
    assert net.log_probability(evidence) == pytest.approx(log_p, rel=1e-13)


def test_pyagrum_does_not_read_states_that_are_no_identifiers():
    """`loadBN("child.bif")` is a syntax error at ``Asy/Patch``, and at ``<5``; networks in use have such states."""
    text = """network unknown { }
variable Disease { type discrete [ 2 ] { Asy/Patch, Normal }; }
variable Age { type discrete [ 3 ] { <5, 5-12, 12+ }; }
probability ( Age ) { table 0.2, 0.3, 0.5; }
probability ( Disease | Age ) { (<5) 0.1, 0.9; (5-12) 0.2, 0.8; (12+) 0.3, 0.7; }
"""
    net = Network(files.loads(text, "bif"))
    assert net.query('P(Disease="Asy/Patch" | Age="12+")') == pytest.approx(0.3, abs=1e-15)
    assert net.query('P(Disease="Asy/Patch")') == pytest.approx(0.23, abs=1e-15)


def test_pgmpy_ignores_what_it_does_not_know():
    """`VariableElimination.query(["Y"], elimination_order=["A", "nope"])` returns a table over X and Y."""
    with pytest.raises(InputError, match="no node 'nope'"):
        CONFOUNDED.mpe(of=["Y", "nope"])


def test_pyagrum_counterfactuals_name_no_assumption():
    """`counterfactual(profile={"X": 0, "Y": 1}, on="Y", whatif="X", values={"X": 1})` gives .577, which is `canonical`.

    Had a unit's rank been kept the answer would be another, so the assumption belongs to it.
    """
    ask = ("P(Y=s0 | X=s0, Y=s1)", {"X": "s1"})
    abducted = PRIOR * TREATED[:, 0] * OUTCOME[:, 0, 1]
    abducted /= abducted.sum()
    canonical = CONFOUNDED.counterfactual(*ask, assumption="canonical")
    assert canonical.value == pytest.approx(float(abducted @ OUTCOME[:, 1, 0]), abs=1e-14)
    ranks = [(OUTCOME[a, 1, 0] - OUTCOME[a, 0, 0]) / OUTCOME[a, 0, 1] for a in (0, 1)]
    monotone = CONFOUNDED.counterfactual(*ask, assumption="monotone")
    assert monotone.value == pytest.approx(float(abducted @ ranks), abs=1e-14)
    with pytest.raises(InputError, match="does not identify"):
        CONFOUNDED.counterfactual(*ask)
