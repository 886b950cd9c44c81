"""Would it still have been deceptive, had differential adversarial examples been absent?

Asked of the network of the argument itself, at a scenario, with its hidden nodes of 65 states.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from precursor.argument.export import network_at
from precursor.argument.scenario import read_scenario
from precursor.discrete.network import Network
from precursor.network.discrete import DiscreteNetwork
from precursor.problems import InputError

CAUSE = "differential_adversarial_examples"
SCENARIOS = Path(__file__).parents[2] / "data" / "scenarios"
QUESTION = (f"P(model_outcome | model_outcome=deceptive, {CAUSE}=present)", {CAUSE: "absent"})


@pytest.fixture(scope="module", params=["argument", "critic"])
def network(request: pytest.FixtureRequest) -> Network:
    scenario = read_scenario(SCENARIOS / f"{request.param}.toml")
    regime = {node: state for node, state in scenario.regime.items() if node != CAUSE}
    return Network(network_at(replace(scenario, regime=regime)))


def test_the_twin_network_is_refused_with_its_size(network: Network):
    with pytest.raises(InputError, match=r'twin of "training_state@\w+" would take about [\d,]+ bytes'):
        network.counterfactual(*QUESTION, assumption="canonical")


def test_they_were_necessary_for_deception_whatever_the_responses(network: Network):
    """By definition there is no deception without them: the bounds close, and sufficiency is P(deceptive | do)."""
    found = network.causation(f"{CAUSE}=present", "model_outcome=deceptive")
    assert found.necessity == pytest.approx((1.0, 1.0), abs=1e-12)
    present = network.query(f"P(model_outcome=deceptive | do({CAUSE}=present))")
    assert found.sufficiency == pytest.approx((present, present), rel=1e-9)
    assert 0 < present < 1


def test_what_it_would_have_been_instead_on_the_projection(network: Network):
    """Projected on cause and outcome, the responses of the whole chain are those of one node.

    That is another assumption than one on every node of the chain, so it is made by name, on a network of two nodes.
    """
    joint = network.joint([CAUSE, "model_outcome"]).values
    prior = joint.sum(axis=1)
    states = {node: network.declaration.states[node] for node in (CAUSE, "model_outcome")}
    projected = Network(
        DiscreteNetwork(states, {"model_outcome": (CAUSE,)}, {CAUSE: prior, "model_outcome": joint / prior[:, None]})
    )
    canonical = projected.counterfactual(*QUESTION, assumption="canonical")
    absent = network.query(f"P(model_outcome | do({CAUSE}=absent))").values
    np.testing.assert_allclose(canonical.value.values, absent, rtol=0, atol=1e-12)
    ranked = projected.counterfactual(*QUESTION, assumption="monotone", ordered=["model_outcome"])
    assert float(ranked.value.sel(model_outcome="proxy")) == pytest.approx(1.0, abs=1e-12)
    assert float(canonical.value.sel(model_outcome="proxy")) < 1
    assert ranked.assumed_of == canonical.assumed_of == ("model_outcome",)
