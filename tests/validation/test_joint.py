"""The joint-distribution test: its arithmetic on made-up chains, and, slowly, that planted mistakes are caught."""

from __future__ import annotations

import numpy as np
import pytest

from precursor.campaigns.campaign import Result
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.simulation.replication import Replicator
from precursor.validation.expert_model import small_plan
from precursor.validation.joint_chain import LOG_JOINT, Joint, chain_of, joint_named, settings_of, statistics_of
from precursor.validation.joint_verdict import joint_document, verdicts
from tests.validation.mistaken_joints import mistaken_joint

EFFECTS = 40
NAMES = [*(f"x{i}" for i in range(EFFECTS)), *HEADLINE]
NAMES = [*NAMES, *(f"spread of {name}" for name in NAMES), LOG_JOINT]


def made_up(shift: float = 0.0, stretch: float = 1.0, chains: int = 60, seed: int = 1) -> Result:
    """Return chains of independent draws of the prior, the first effect's places moved and all of them stretched."""
    rng = np.random.default_rng(seed)
    place = rng.random((chains, 100, EFFECTS))
    place = np.clip(0.5 + stretch * (place - 0.5), 0.0, 1.0 - 1e-12)
    place[..., 0] = np.clip(place[..., 0] + shift, 0.0, 1.0 - 1e-12)
    other = rng.random((2, chains, 100, len(HEADLINE)))
    log_joint = rng.standard_normal((chains, 100, 1))
    values = np.concatenate([place, other[0], 12 * (place - 0.5) ** 2, other[1], log_joint], axis=2)
    reference = np.full((chains, len(NAMES)), 0.5) + 0.01 * rng.standard_normal((chains, len(NAMES)))
    reference[:, -1] -= 0.5
    return {
        "running": values.mean(axis=1)[:, None],
        "there": values[:, -1:],
        "reference": reference,
        "accepted": np.full(chains, 0.8),
    }


def passed(chains: Result) -> bool:
    return verdicts(chains, NAMES, [100])[0].passed


def test_draws_of_the_prior_pass() -> None:
    assert all(passed(made_up(seed=seed)) for seed in range(3))


def test_a_moved_effect_and_stretched_effects_fail() -> None:
    moved = verdicts(made_up(shift=0.05), NAMES, [100])[0]
    assert not moved.passed
    assert "x0" in moved.worst
    assert not passed(made_up(stretch=0.9))


def test_of_few_rounds_only_the_ranks_are_asked() -> None:
    chains = made_up(shift=0.05)
    assert verdicts(chains, NAMES, [10])[0].passed
    assert not verdicts(made_up(shift=0.4), NAMES, [10])[0].passed


def test_the_document_names_what_is_furthest_off() -> None:
    document = joint_document(made_up(shift=0.05), NAMES, [100])
    assert not document["passed"]
    assert document["statistics"][0]["name"].endswith("x0")
    assert document["checkpoints"][0]["furthest"].endswith("x0")


@pytest.mark.slow
def test_a_density_that_ignores_the_answers_is_seen_in_their_own() -> None:
    plan = small_plan()
    replicator = Replicator(plan)

    def ignoring(latent: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
        return float(-0.5 * latent @ latent), -latent, replicator.quantities(latent)

    settings = {"checkpoints": [1], "transitions": 1, "step_size": 1.0, "most_steps": 3, "reference": 2}
    found = [chain_of(Joint(plan, replicator, ignoring, {}), seed, settings) for seed in range(80)]
    names = statistics_of(plan)
    verdict = verdicts({name: np.array([chain[name] for chain in found]) for name in found[0]}, names, [1])[0]
    own = names.index("log-density, each answer alone: point")
    assert verdict.p_value[own] < 1e-3
    assert verdict.t[own] < 0, "the answers are less dense than those that the unknowns have heard of"


def few(joint: str) -> Result:
    settings = {**settings_of("small"), "checkpoints": [5, 30], "reference": 5}
    made = joint_named("small") if joint == "" else mistaken_joint(joint)
    found = [chain_of(made, seed, settings) for seed in range(25)]
    return {name: np.array([chain[name] for chain in found]) for name in found[0]}


@pytest.mark.slow
def test_the_model_passes() -> None:
    assert verdicts(few(""), statistics_of(small_plan()), [5, 30])[-1].passed


@pytest.mark.slow
@pytest.mark.parametrize("mistake", ["wrong_sign", "no_worldview"])
def test_a_planted_mistake_is_caught(mistake: str) -> None:
    assert not verdicts(few(mistake), statistics_of(small_plan()), [5, 30])[-1].passed
