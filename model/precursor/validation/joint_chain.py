"""One chain over parameters and answers together: transitions of the sampler, then answers drawn anew, and so on.

If density and simulation describe one joint distribution, the chain leaves it as it is, and the parameters stay draws
of the prior however long it runs (Geweke 2004, Getting it right, doi 10.1198/016214504000001132).  Every chain starts
from an exact draw of that distribution, so that nothing has to be burnt in and chains are independent of each other.

A density that leaves some answers out keeps the parameters' distribution: it is a right one of the others.  So the
answers' own density is looked at, form by form, between the transitions and the fresh answers: there the parameters
must have heard of the answers that they were given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from precursor.argument.answer import record_odds
from precursor.campaigns.campaign import Campaign, Result
from precursor.exact.circuit import Circuit
from precursor.inference.answers.stated import Stated
from precursor.inference.density.person_kernel import DEGREES_OF_FREEDOM
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.plan import Plan, plan_model
from precursor.inference.reweighting.effects import effect_names, effects_of
from precursor.inference.simulation.replication import Replicator
from precursor.inference.surveys import open_reader
from precursor.network.grammar import parse_query
from precursor.validation.expert_model import small_plan
from precursor.validation.hamiltonian import Steps, transition
from precursor.validation.latents import prior_latent
from precursor.validation.tested import form_of

SEED, CHAINS = 20_261_126, 100
CHECKPOINTS = (3, 10, 30)
# So many that the unknowns move away from answers that a wrong density has not heard of.
TRANSITIONS = 10
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
    def headline(self) -> Circuit:
        """The headline queries' masses, yes and no in turn."""
        queries = [parse_query(text) for text in HEADLINE]
        return record_odds(queries, self.plan.space, self.plan.observations.indicators)

    def density(self, latent: np.ndarray) -> tuple[float, np.ndarray]:
        """Return log-density and gradient, (latent,)."""
        value, gradient, _ = self.compiled(latent)
        return float(value), gradient

    @cached_property
    def forms(self) -> np.ndarray:
        """The form of every row, (row,)."""
        return np.array([form_of(row) for row in self.plan.observations.rows])

    def alone(self, latent: np.ndarray, stated: Stated) -> np.ndarray:
        """Return the mean log-density of the answers of each form, each answer alone, (form,).

        Location and scale are the simulator's, so that what a density leaves out is looked at all the same.
        """
        from scipy.stats import t

        location, scale = self.replicator.alone(latent)
        found = t.logpdf(stated.location, DEGREES_OF_FREEDOM, location, scale)
        bounded = self.plan.columns.bounded
        inside = stated.outward * (location - stated.location)[bounded] / scale[bounded]
        found[bounded] = t.logcdf(inside, DEGREES_OF_FREEDOM)
        return np.array([found[self.forms == form].mean() for form in np.unique(self.forms)])

    def quantities(self, latent: np.ndarray) -> np.ndarray:
        """Return the network's quantities, (quantity,)."""
        return np.asarray(self.compiled(latent)[2])

    def answer(
        self, latent: np.ndarray, quantities: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, float, Stated]:
        """Draw answers anew; return latents, those of bounds in their places, joint log-density, and the answers."""
        answers = self.replicator.draw(latent, rng, quantities)
        for name, array in answers.stated.data.items():
            if name in self.data:
                self.data[name].set_value(array)
        answered = latent.copy()
        answered[self.plan.layout.bound] = answers.bound
        return answered, float(self.compiled(answered)[0]), answers.stated

    def values(self, latents: np.ndarray, log_joint: np.ndarray, alone: np.ndarray) -> np.ndarray:
        """Return the statistics, (draw, statistic), at latents, (draw, latent).

        Of an effect x first and second moment of its place in its prior, ``u = Phi(x)`` and ``12 (u - 1/2)^2``: they
        are bounded, so that means of few chains are near to normal; of a headline query its probability and the square
        of that; the joint log-density; the answers of every form (`alone`), (draw, form).
        """
        from scipy.special import ndtr

        effects = effects_of(self.plan, latents).values
        every = np.stack([effects[name] for name in free_effects(self.plan)], axis=1)
        masses = self.headline.evaluate(
            self.plan.space.mean + latents[:, self.plan.layout.parameters] @ self.plan.space.loadings.T
        )
        place, probability = ndtr(every), masses[:, 0::2] / (masses[:, 0::2] + masses[:, 1::2])
        spread = 12 * (place - 0.5) ** 2
        return np.concatenate([place, probability, spread, probability**2, log_joint[:, None], alone], axis=1)


def free_effects(plan: Plan) -> tuple[str, ...]:
    """Return the effects that are standard normals before anything is answered: all but those of bounds."""
    return tuple(name for name in effect_names(plan) if not name.startswith(_BOUND))


def statistics_of(plan: Plan) -> tuple[str, ...]:
    """Return the names of the statistics (`Joint.values`)."""
    names = [*free_effects(plan), *HEADLINE]
    forms = sorted({form_of(row) for row in plan.observations.rows})
    alone = (f"log-density, each answer alone: {form}" for form in forms)
    return (*names, *(f"spread of {name}" for name in names), LOG_JOINT, *alone)


def joint_of(plan: Plan, fitted: Plan | None = None, active: np.ndarray | None = None) -> Joint:
    """Return the compiled joint model of a plan.

    ``fitted``, with a mistake in it, gives the log-density in the plan's stead; ``active`` (answer,) leaves answers out
    of it.
    """
    import pytensor

    from precursor.inference.density.model import model_of

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
def whole_plan() -> Plan:
    """Return the plan of all carried surveys that are fitted by default."""
    reader = open_reader()
    return plan_model([survey for survey in map(reader.read, reader.ids) if survey.fit_by_default])


@cache
def joint_named(surveys: str) -> Joint:
    """Return the joint model of one of the `PLANS`, compiled once a process."""
    return joint_of(PLANS[surveys]())


PLANS: Mapping[str, Callable[[], Plan]] = MappingProxyType({"small": small_plan, "whole": whole_plan})


def campaign(surveys: str, chains: int = CHAINS, seed: int = SEED) -> Campaign:
    """Return the campaign of one of the `PLANS`."""
    return Campaign(f"joint-{surveys}", f"{__name__}:joint_chain", seed, settings_of(surveys), chains)


def settings_of(surveys: str) -> dict[str, Any]:
    """Return the settings of a chain (`chain_of`)."""
    return {
        "surveys": surveys,
        "checkpoints": list(CHECKPOINTS),
        "transitions": TRANSITIONS,
        "step_size": _STEP_SIZE[surveys],
        "most_steps": 8,
        "reference": 20,
    }


def joint_chain(seed: int, settings: Mapping[str, Any]) -> Result:
    """Return what one chain of the joint model ``settings["surveys"]`` (of `PLANS`) finds (`chain_of`)."""
    return chain_of(joint_named(settings["surveys"]), seed, settings)


def chain_of(joint: Joint, seed: int, settings: Mapping[str, Any]) -> Result:
    """Return what one chain finds, and as many independent draws of the joint distribution as ``reference`` asks for.

    ``settings``: ``checkpoints`` (how often answers were drawn anew, rising), ``transitions`` in between,
    ``step_size``, ``most_steps``, ``reference``.

    Returns
    -------
    Result
        ``running`` (checkpoint, statistic): means over the chain's first rounds; ``there`` (checkpoint,
        statistic): where it stands then; ``reference`` (statistic): means over the independent draws; ``accepted``:
        mean acceptance.
    """
    rng = np.random.default_rng(seed)
    steps = Steps(settings["step_size"], settings["most_steps"])
    checkpoints = np.array(settings["checkpoints"])
    independent = [_fresh(joint, rng) for _ in range(settings["reference"])]
    latent, *_, stated = _fresh(joint, rng)
    visited, accepted = [], []
    for _ in range(checkpoints[-1]):
        for _ in range(settings["transitions"]):
            latent, acceptance = transition(joint.density, latent, steps, rng)
            accepted.append(acceptance)
        quantities = joint.quantities(latent)
        alone = joint.alone(latent, stated)
        latent, log_joint, stated = joint.answer(latent, quantities, rng)
        visited.append((latent, log_joint, alone, stated))
    values = _values(joint, visited)
    return {
        "running": np.cumsum(values, axis=0)[checkpoints - 1] / checkpoints[:, None],
        "there": values[checkpoints - 1],
        "reference": _values(joint, independent).mean(axis=0),
        "accepted": np.array(np.mean(accepted)),
    }


Visit = tuple[np.ndarray, float, np.ndarray, Stated]


def _fresh(joint: Joint, rng: np.random.Generator) -> Visit:
    """Return an exact draw of the joint distribution."""
    latent = prior_latent(joint.replicator, rng)
    quantities = joint.quantities(latent)
    answered, log_joint, stated = joint.answer(latent, quantities, rng)
    return answered, log_joint, joint.alone(answered, stated), stated


def _values(joint: Joint, visited: Sequence[Visit]) -> np.ndarray:
    latents, log_joint, alone, _ = zip(*visited, strict=True)
    return joint.values(np.array(latents), np.array(log_joint), np.array(alone))
