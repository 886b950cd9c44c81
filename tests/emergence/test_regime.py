"""Rates, phase-start maps and merged regimes against the oracle's, configuration by configuration."""

from __future__ import annotations

import numpy as np
import pytest

from precursor.emergence.histories import DEPLOYMENT, PHASES
from precursor.emergence.regime import TRAINING_ASSUMPTIONS
from precursor.emergence.state_space import full_space, states
from precursor.emergence.training import ADVERSARIAL, Profile, Setting, Training
from precursor.exact.algebra import Numbers
from tests.oracles import training_chain as oracle
from tests.oracles.random_scenarios import random_parameters, random_regime

ORDER = [
    next(i for i, s in enumerate(states()) if (s.history, s.pointer) == (o.history, o.pointer)) for o in oracle.STATES
]


def random_case(seed: int) -> tuple[dict[str, float], dict[str, str]]:
    rng = np.random.default_rng(seed)
    regime = random_regime(rng, share=1.0)
    return random_parameters(rng), {node: regime[node] for node in TRAINING_ASSUMPTIONS}


def at_end_of(phase: str, parameters: dict[str, float], regime: dict[str, str]) -> np.ndarray:
    """Return the distribution at the end of a phase in one configuration, in the oracle's order of states."""
    profile = Profile(tuple((node, Setting((state,), weighted=False)) for node, state in regime.items()))
    ends = Training(Numbers(parameters), full_space()).at_end_of(phase, profile)
    return ends[regime[ADVERSARIAL]][0][ORDER]


def oracles(phase: str, parameters: dict[str, float], regime: dict[str, str]) -> np.ndarray:
    mass = oracle.initial()
    for at in PHASES[: PHASES.index(phase) + 1]:
        mass = mass @ oracle.start_map(parameters, regime, at)
        mass = mass @ oracle.propagator(oracle.phase_rates(parameters, regime, at))
    return mass


@pytest.mark.parametrize("seed", range(25))
def test_every_phase_of_a_configuration_agrees_with_the_oracle(seed: int) -> None:
    parameters, regime = random_case(seed)
    for phase in PHASES:
        found, expected = at_end_of(phase, parameters, regime), oracles(phase, parameters, regime)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10, err_msg=f"{phase} {regime}")


@pytest.mark.parametrize("examples", TRAINING_ASSUMPTIONS[ADVERSARIAL])
@pytest.mark.parametrize("memory", TRAINING_ASSUMPTIONS["deployment_memory"])
@pytest.mark.parametrize("way", TRAINING_ASSUMPTIONS["train_deploy_regime"])
def test_every_way_of_deploying_agrees_with_the_oracle(way: str, memory: str, examples: str) -> None:
    """With nothing extreme, so that every hazard shows."""
    parameters = random_parameters(np.random.default_rng(8), extreme=0.0)
    for horizon in TRAINING_ASSUMPTIONS["long_horizon_training"]:
        _, regime = random_case(2)
        regime |= {"train_deploy_regime": way, "deployment_memory": memory, ADVERSARIAL: examples}
        regime |= {"long_horizon_training": horizon}
        found, expected = at_end_of(DEPLOYMENT, parameters, regime), oracles(DEPLOYMENT, parameters, regime)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


def test_another_configuration_is_another_distribution() -> None:
    """Negative control: every assumption's state moves the distribution, so a mixed-up one would be seen above."""
    rng = np.random.default_rng(1)
    parameters = random_parameters(rng, extreme=0.0)
    reference = {node: known[0] for node, known in TRAINING_ASSUMPTIONS.items()} | {
        "train_deploy_regime": "alternating"
    }
    here = at_end_of(DEPLOYMENT, parameters, reference)
    for node, known in TRAINING_ASSUMPTIONS.items():
        for state in known:
            if state != reference[node]:
                there = at_end_of(DEPLOYMENT, parameters, reference | {node: state})
                assert np.abs(here - there).max() > 1e-6, (node, state)


@pytest.mark.parametrize("seed", range(2))
def test_merging_regimes_is_averaging_over_them(seed: int) -> None:
    """All regimes at once, with merged lanes, against the weighted sum of single configurations."""
    rng = np.random.default_rng(seed)
    parameters = random_parameters(rng)
    free = ("long_horizon_training", "train_deploy_regime", "unsupervised_pretraining", "objective_revision")
    regime = {node: states_[0] for node, states_ in TRAINING_ASSUMPTIONS.items() if node not in free}
    algebra = Numbers(parameters)
    training = Training(algebra, full_space())
    fixed = tuple((node, Setting((state,), weighted=False)) for node, state in regime.items())
    merged = training.at_end_of(DEPLOYMENT, Profile(fixed))["present"][0]
    total = np.zeros(65)
    for index in np.ndindex(*(len(TRAINING_ASSUMPTIONS[node]) for node in free)):
        chosen = {node: TRAINING_ASSUMPTIONS[node][i] for node, i in zip(free, index, strict=True)}
        weight = np.prod([float(training.probability(node, state)[0]) for node, state in chosen.items()])
        settings = (*fixed, *((node, Setting((state,), weighted=False)) for node, state in chosen.items()))
        total += weight * training.at_end_of(DEPLOYMENT, Profile(settings))["present"][0]
    np.testing.assert_allclose(merged, total, rtol=0, atol=1e-12)
