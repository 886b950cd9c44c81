"""One chain over parameters and answers together: a transition of the sampler, then answers drawn anew, and so on.

If density and simulation describe one joint distribution, the chain leaves it as it is, and the parameters stay draws
of the prior however long it runs (Geweke 2004, Getting it right, doi 10.1198/016214504000001132).  Every chain starts
from an exact draw of that distribution, so that nothing has to be burnt in and chains are independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from precursor.argument.answer import record_odds
from precursor.exact.circuit import Circuit
from precursor.inference.headline import HEADLINE
from precursor.inference.plan import Plan, plan_model
from precursor.inference.reweighting.effects import effect_names, effects_of
from precursor.inference.simulation.replication import Replicator
from precursor.inference.surveys import open_reader
from precursor.network.grammar import parse_query
from precursor.validation.campaign import Campaign, Result
from precursor.validation.expert_model import small_plan
from precursor.validation.hamiltonian import Steps, transition
from precursor.validation.latents import prior_latent

SEED, CHAINS = 20_261_126, 100
CHECKPOINTS = (10, 30, 100, 300)
# The step size at which some four in five proposals are accepted.
_STEP_SIZE = {"small": 0.12, "whole": 0.1}
LOG_JOINT = "log joint density"
_BOUND = "bound: "


@dataclass(frozen=True)
class Joint:
    """A plan, what draws its answers anew, and its compiled log-density with the answers as data.

    Attributes
    ----------
    compiled
        From latents, (latent,), to log-density, gradient and the network's quantities.
    data
        The compiled model's variables of the answers, by name.
    """

    plan: Plan
    replicator: Replicator
    compiled: Any
    data: Mapping[str, Any]

    @cached_property
    def free(self) -> np.ndarray:
        """Positions of the latents that are a priori standard normals whatever is answered: all but those of bounds."""
        names = self.plan.layout.names
        return np.array([i for i, name in enumerate(names) if not name.startswith(_BOUND)], dtype=np.int64)

    @cached_property
    def statistics(self) -> tuple[str, ...]:
        """Names of the statistics (`values`)."""
        names = [*(effect_names(self.plan)[i] for i in self.free), *HEADLINE]
        return (*names, *(f"spread of {name}" for name in names), LOG_JOINT)

    @cached_property
    def headline(self) -> Circuit:
        """The headline queries' masses, yes and no in turn."""
        queries = [parse_query(text) for text in HEADLINE]
        return record_odds(queries, self.plan.space, self.plan.observations.indicators)

    def density(self, latent: np.ndarray) -> tuple[float, np.ndarray]:
        """Return log-density and gradient, (latent,)."""
        value, gradient, _ = self.compiled(latent)
        return float(value), gradient

    def answer(self, latent: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, float]:
        """Draw the answers anew and return latents, those of bounds put in their places, and the joint log-density."""
        answers = self.replicator.draw(latent, rng, self.compiled(latent)[2])
        for name, array in answers.stated.data.items():
            if name in self.data:
                self.data[name].set_value(array)
        answered = latent.copy()
        answered[self.plan.layout.bound] = answers.bound
        return answered, float(self.compiled(answered)[0])

    def values(self, latents: np.ndarray, log_joint: np.ndarray) -> np.ndarray:
        """Return the statistics, (draw, statistic), at latents, (draw, latent).

        Of an effect x first and second moment of its place in its prior, ``u = Phi(x)`` and ``12 (u - 1/2)^2``: they
        are bounded, so that means of few chains are near to normal; of a headline query its probability and the square
        of that; the joint log-density.
        """
        from scipy.special import ndtr

        effects = effects_of(self.plan, latents).values
        every = np.stack([effects[name] for name in effect_names(self.plan)], axis=1)[:, self.free]
        masses = self.headline.evaluate(
            self.plan.space.mean + latents[:, self.plan.layout.parameters] @ self.plan.space.loadings.T
        )
        place, probability = ndtr(every), masses[:, 0::2] / (masses[:, 0::2] + masses[:, 1::2])
        spread = 12 * (place - 0.5) ** 2
        return np.concatenate([place, probability, spread, probability**2, log_joint[:, None]], axis=1)


def joint_of(plan: Plan, fitted: Plan | None = None, active: np.ndarray | None = None) -> Joint:
    """Return the compiled joint model of a plan.

    ``fitted``, with a mistake in it, gives the log-density in the plan's stead; ``active`` (answer,) leaves answers out
    of it.
    """
    import pytensor

    from precursor.inference.model import model_of

    pytensor.config.numba__fastmath = False
    model = model_of(plan if fitted is None else fitted)
    if active is not None:
        model["answer_active"].set_value(active)
    (free,) = model.value_vars
    density, quantities = model.logp(), model.replace_rvs_by_values([model["network_quantity"]])[0]
    outputs = [density, pytensor.grad(density, free), quantities]
    compiled = pytensor.function([free], outputs, mode="NUMBA", trust_input=True)
    return Joint(plan, Replicator(plan), compiled, {v.name: v for v in model.data_vars if v.name.startswith("stated_")})


@cache
def small_joint() -> Joint:
    """Return the joint model of the small survey in which every form of answer is at work."""
    return joint_of(small_plan())


@cache
def whole_joint() -> Joint:
    """Return the joint model of all carried surveys that are fitted by default."""
    reader = open_reader()
    return joint_of(plan_model([survey for survey in map(reader.read, reader.ids) if survey.fit_by_default]))


JOINTS: Mapping[str, Callable[[], Joint]] = MappingProxyType({"small": small_joint, "whole": whole_joint})


def campaign(surveys: str, chains: int = CHAINS, seed: int = SEED) -> Campaign:
    """Return the campaign of one of the `JOINTS`."""
    return Campaign(f"joint-{surveys}", f"{__name__}:joint_chain", seed, settings_of(surveys), chains)


def settings_of(surveys: str) -> dict[str, Any]:
    """Return the settings of a chain (`chain_of`)."""
    return {
        "surveys": surveys,
        "checkpoints": list(CHECKPOINTS),
        "step_size": _STEP_SIZE[surveys],
        "most_steps": 8,
        "reference": 20,
    }


def joint_chain(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return what one chain of the joint model ``settings["surveys"]`` (of `JOINTS`) finds (`chain_of`)."""
    return chain_of(JOINTS[settings["surveys"]](), seed, settings)


def chain_of(joint: Joint, seed: int, settings: Mapping[str, Any]) -> Result:
    """Return what one chain finds, and as many independent draws of the joint distribution as ``reference`` asks for.

    ``settings``: ``checkpoints`` (numbers of transitions, rising), ``step_size``, ``most_steps``, ``reference``.

    Returns
    -------
    Result
        ``running`` (checkpoint, statistic): means over the chain's first transitions; ``there`` (checkpoint,
        statistic): where it stands then; ``reference`` (statistic): means over the independent draws; ``accepted``:
        mean acceptance.
    """
    rng = np.random.default_rng(seed)
    steps = Steps(settings["step_size"], settings["most_steps"])
    checkpoints = np.array(settings["checkpoints"])
    independent = [joint.answer(prior_latent(joint.replicator, rng), rng) for _ in range(settings["reference"])]
    latent, _ = joint.answer(prior_latent(joint.replicator, rng), rng)
    visited, accepted = [], []
    for _ in range(checkpoints[-1]):
        latent, acceptance = transition(joint.density, latent, steps, rng)
        latent, log_joint = joint.answer(latent, rng)
        visited.append((latent, log_joint))
        accepted.append(acceptance)
    values = _values(joint, visited)
    return {
        "running": np.cumsum(values, axis=0)[checkpoints - 1] / checkpoints[:, None],
        "there": values[checkpoints - 1],
        "reference": _values(joint, independent).mean(axis=0),
        "accepted": np.array(np.mean(accepted)),
    }


def _values(joint: Joint, visited: Sequence[tuple[np.ndarray, float]]) -> np.ndarray:
    latents, log_joint = zip(*visited, strict=True)
    return joint.values(np.array(latents), np.array(log_joint))
