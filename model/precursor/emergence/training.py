"""Training from start to deployment: the distribution over states, averaged over training regimes.

Distributions are linear in the mixture over assumptions, so lanes that will move alike from some phase on are merged
at the end of the phase before: 272 propagations instead of one for each of 2,304 regimes and four phases.  Results are
kept per `Profile` prefix, so questions that share their past share its computation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from precursor.emergence.histories import DEPLOYMENT, LONG, PHASES, PRETRAINING, SHORT
from precursor.emergence.regime import (
    FROZEN,
    OPPOSED,
    TRAINED_IN_THE_WILD,
    TRAINING_ASSUMPTIONS,
    TRAINING_GOES_ON,
    Configuration,
    deployment_rates,
    long_rates,
    pretraining_rates,
    short_rates,
    start_weights,
    stay_weights,
)
from precursor.emergence.state_space import StartClass, StateSpace
from precursor.exact.algebra import Algebra, Move, Scalar, Vector

ADVERSARIAL = "differential_adversarial_examples"
# The assumptions that shape what has happened up to the end of each phase.
USED_UP_TO = {
    PRETRAINING: ("unsupervised_pretraining", "data_rich_domain", ADVERSARIAL),
    SHORT: ("fine_tuning_objective", "goal_prompting", "long_horizon_training"),
    LONG: ("objective_revision",),
    DEPLOYMENT: ("train_deploy_regime", "deployment_memory"),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """Which states an assumption may take, and whether they count with their probability or with weight one.

    ``weighted=False`` is an intervention, or (assumptions being independent roots) evidence.
    """

    allowed: tuple[str, ...]
    weighted: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """What a question fixes about training.

    Attributes
    ----------
    settings
        By training assumption; those left out are averaged over.
    masks
        By phase, the full states (indices) allowed at its end.
    """

    settings: tuple[tuple[str, Setting], ...] = ()
    masks: tuple[tuple[str, frozenset[int]], ...] = ()

    def setting(self, node: str) -> Setting:
        """Return how an assumption is treated."""
        return dict(self.settings).get(node, Setting(TRAINING_ASSUMPTIONS[node], weighted=True))

    def upto(self, phase: str) -> Profile:
        """Return the part of the profile that bears on what has happened by the end of ``phase``."""
        phases = PHASES[: PHASES.index(phase) + 1]
        used = {node for earlier in phases for node in USED_UP_TO[earlier]}
        return Profile(
            tuple((node, setting) for node, setting in self.settings if node in used),
            tuple((at, mask) for at, mask in self.masks if at in phases),
        )


@dataclass
class Training:
    """Runs the chain for any number of profiles on one algebra, keeping what they share."""

    algebra: Algebra
    space: StateSpace
    _kept: dict[tuple[str, Profile], dict[object, Vector]] = field(default_factory=dict)
    _rates: dict[tuple[object, ...], tuple[Scalar, ...]] = field(default_factory=dict)

    def weights(self, profile: Profile, node: str) -> dict[str, Scalar]:
        """Return the weight of each allowed state of an assumption."""
        setting = profile.setting(node)
        return {state: self.probability(node, state) if setting.weighted else self.algebra.one for state in setting.allowed}

    def probability(self, node: str, state: str) -> Scalar:
        """Return the prior probability of an assumption's state."""
        states = TRAINING_ASSUMPTIONS[node]
        if len(states) > 2:  # noqa: PLR2004 - a binary node has one parameter, the others one per state
            return self.algebra.value(f"p_{node}.{state}")
        return self.algebra.value(f"p_{node}") if state == states[0] else self.algebra.complement(f"p_{node}")

    def all_weight(self, profile: Profile, node: str) -> Scalar:
        """Return the total weight of an assumption that no computed phase uses."""
        setting = profile.setting(node)
        if not setting.weighted or set(setting.allowed) == set(TRAINING_ASSUMPTIONS[node]):
            return self.algebra.one
        return self.algebra.total(self.weights(profile, node).values())

    def at_end_of(self, phase: str, profile: Profile) -> dict[str, Vector]:
        """Return the (masked) distribution at the end of a phase, by state of the adversarial-examples assumption.

        Everything else is averaged over with its weight; the weight of the adversarial-examples state itself is not
        included, nor that of assumptions which only matter later.
        """
        profile = profile.upto(phase)
        lanes = {
            PRETRAINING: self._pretraining, SHORT: self._short, LONG: self._long, DEPLOYMENT: self._deployment,
        }[phase](profile)  # fmt: skip
        merged: dict[str, list[tuple[Scalar, Vector]]] = {}
        for key, vector in lanes.items():
            adversarial, weight = self._lane_weight(phase, profile, key)
            merged.setdefault(adversarial, []).append((weight, vector))
        return {adversarial: self.algebra.combine(terms) for adversarial, terms in merged.items()}

    def lanes(self, phase: str, profile: Profile) -> list[tuple[Scalar, Vector, tuple[Scalar, ...], str]]:
        """Return, for a fine-tuning phase, weight, start, rates and adversarial state of every lane (for time integrals)."""
        profile = profile.upto(phase)
        starts, rates = (self._short_starts if phase == SHORT else self._long_starts)(profile)
        result = []
        for key, start in starts.items():
            adversarial, weight = self._lane_weight(phase, profile, key)
            weight = self.algebra.product(weight, self.weights(profile, ADVERSARIAL)[adversarial])
            result.append((weight, start, rates[key], adversarial))
        return result

    def _lane_weight(self, phase: str, profile: Profile, key: tuple[str, ...]) -> tuple[str, Scalar]:
        """Return the adversarial state of a lane and the weight of what its key still keeps apart."""
        nodes = {
            PRETRAINING: ("data_rich_domain", ADVERSARIAL),
            SHORT: ("data_rich_domain", "goal_prompting", "fine_tuning_objective", "horizon", ADVERSARIAL),
            LONG: ("data_rich_domain", "goal_prompting", "fine_tuning_objective", "long_horizon_training", ADVERSARIAL),
            DEPLOYMENT: (ADVERSARIAL,),
        }[phase]  # fmt: skip
        factors = []
        for node, state in zip(nodes, key, strict=True):
            if node == "horizon":
                factors.append(self._horizon_weight(profile, state))
            elif node != ADVERSARIAL:
                factors.append(self.weights(profile, node)[state])
        return key[-1], self.algebra.product(*factors)

    def _horizon_weight(self, profile: Profile, horizon: str) -> Scalar:
        weights = self.weights(profile, "long_horizon_training")
        return self.algebra.total(
            [weight for state, weight in weights.items() if (state == "from_start") == (horizon == "from_start")]
        )

    def _mask(self, profile: Profile, phase: str) -> np.ndarray | None:
        members = dict(profile.masks).get(phase)
        return None if members is None else self.space.mask(members)

    def _advance(
        self, phase: str, profile: Profile, starts: dict[tuple[str, ...], Vector], rates: dict[tuple[str, ...], tuple[Scalar, ...]]
    ) -> dict[tuple[str, ...], Vector]:
        ends = self.algebra.propagate(self.space.chain, list(starts.values()), [rates[key] for key in starts])
        mask = self._mask(profile, phase)
        return {
            key: end if mask is None else self.algebra.mask(end, mask) for key, end in zip(starts, ends, strict=True)
        }

    def _remember(self, phase: str, profile: Profile, compute: object) -> dict[tuple[str, ...], Vector]:
        key = (phase, profile)
        if key not in self._kept:
            self._kept[key] = compute()  # type: ignore[operator]
        return self._kept[key]  # type: ignore[return-value]

    def _rates_of(self, key: tuple[object, ...], compute: object) -> tuple[Scalar, ...]:
        if key not in self._rates:
            self._rates[key] = compute()  # type: ignore[operator]
        return self._rates[key]

    def _pretraining(self, profile: Profile) -> dict[tuple[str, ...], Vector]:
        """Return lanes by (data_rich_domain, adversarial examples)."""
        return self._remember(PRETRAINING, profile, lambda: self._run_pretraining(profile))

    def _run_pretraining(self, profile: Profile) -> dict[tuple[str, ...], Vector]:
        algebra, empty = self.algebra, self.algebra.unit(self.space.n_states, int(self.space.block[0]))
        keys = list(product(profile.setting("data_rich_domain").allowed, profile.setting(ADVERSARIAL).allowed))
        trained = self.weights(profile, "unsupervised_pretraining")
        if "substantial" not in trained:
            ends = dict.fromkeys(keys, empty)
        else:
            rates = {
                key: self._rates_of((PRETRAINING, *key), lambda key=key: pretraining_rates(algebra, *key)) for key in keys
            }
            plain = Profile(profile.settings, ())
            ends = self._advance(PRETRAINING, plain, dict.fromkeys(keys, empty), rates)
        mask = self._mask(profile, PRETRAINING)
        mixed = {}
        for key, end in ends.items():
            terms = [(weight, end if state == "substantial" else empty) for state, weight in trained.items()]
            vector = algebra.combine(terms)
            mixed[key] = vector if mask is None else algebra.mask(vector, mask)
        return mixed

    def _short_starts(
        self, profile: Profile
    ) -> tuple[dict[tuple[str, ...], Vector], dict[tuple[str, ...], tuple[Scalar, ...]]]:
        before = self._pretraining(profile.upto(PRETRAINING))
        shifted = {key: self._pointers_moved(vector, key[-1], (StartClass.SHIFT_UNDERSTOOD, StartClass.SHIFT_NOT_UNDERSTOOD)) for key, vector in before.items()}
        horizons = sorted(
            {"from_start" if state == "from_start" else "later" for state in profile.setting("long_horizon_training").allowed}
        )
        starts, rates = {}, {}
        for (rich, adversarial), vector in shifted.items():
            for prompting, objective, horizon in product(
                profile.setting("goal_prompting").allowed, profile.setting("fine_tuning_objective").allowed, horizons
            ):
                key = (rich, prompting, objective, horizon, adversarial)
                configuration = Configuration(rich, prompting, objective, adversarial, from_start=horizon == "from_start")
                starts[key] = vector
                rates[key] = self._rates_of((SHORT, configuration), lambda c=configuration: short_rates(self.algebra, c))
        return starts, rates

    def _short(self, profile: Profile) -> dict[tuple[str, ...], Vector]:
        """Return lanes by (data_rich_domain, goal_prompting, objective, from_start or later, adversarial examples)."""
        return self._remember(SHORT, profile, lambda: self._advance(SHORT, profile, *self._short_starts(profile)))

    def _long_starts(
        self, profile: Profile
    ) -> tuple[dict[tuple[str, ...], Vector], dict[tuple[str, ...], tuple[Scalar, ...]]]:
        algebra = self.algebra
        before = self._short(profile.upto(SHORT))
        revision = self.weights(profile, "objective_revision")
        starts, rates = {}, {}
        for (rich, prompting, objective, horizon, adversarial), vector in before.items():
            moved = {
                "none": lambda v=vector: v,
                "between_phases": lambda v=vector, a=adversarial: self._pointers_moved(v, a, (StartClass.OUTDATE,)),
            }
            start = algebra.combine([(weight, moved[state]()) for state, weight in revision.items()])
            for trained in profile.setting("long_horizon_training").allowed:
                if (trained == "from_start") != (horizon == "from_start"):
                    continue
                key = (rich, prompting, objective, trained, adversarial)
                configuration = Configuration(rich, prompting, objective, adversarial, no_long_horizon=trained == "none")
                starts[key] = start
                rates[key] = self._rates_of((LONG, configuration), lambda c=configuration: long_rates(algebra, c))
        return starts, rates

    def _long(self, profile: Profile) -> dict[tuple[str, ...], Vector]:
        """Return lanes by (data_rich_domain, goal_prompting, objective, long_horizon_training, adversarial examples)."""
        return self._remember(LONG, profile, lambda: self._advance(LONG, profile, *self._long_starts(profile)))

    def _deployment(self, profile: Profile) -> dict[tuple[str, ...], Vector]:
        """Return lanes by (adversarial examples,), all deployment regimes summed."""
        return self._remember(DEPLOYMENT, profile, lambda: self._run_deployment(profile))

    def _run_deployment(self, profile: Profile) -> dict[tuple[str, ...], Vector]:
        algebra = self.algebra
        kinds = self._deployment_kinds(profile)
        merged: dict[tuple[object, ...], list[tuple[Scalar, Vector]]] = {}
        for key, vector in self._long(profile.upto(LONG)).items():
            adversarial, weight = self._lane_weight(LONG, profile, key)
            rich, prompting, objective, trained, _ = key
            configuration = Configuration(rich, prompting, objective, adversarial, no_long_horizon=trained == "none")
            for kind, kind_weight in kinds.items():
                lane = (kind, None if kind == FROZEN else configuration, adversarial)
                merged.setdefault(lane, []).append((algebra.product(weight, kind_weight), vector))
        starts = {lane: algebra.combine(terms) for lane, terms in merged.items()}
        rates = {
            lane: self._rates_of((DEPLOYMENT, *lane), lambda lane=lane: deployment_rates(algebra, *lane)) for lane in starts
        }
        ends = self._advance(DEPLOYMENT, profile, starts, rates)  # type: ignore[arg-type]
        by_adversarial: dict[tuple[str, ...], list[tuple[Scalar, Vector]]] = {}
        for lane, end in ends.items():
            by_adversarial.setdefault((str(lane[2]),), []).append((algebra.one, end))
        return {key: algebra.combine(terms) for key, terms in by_adversarial.items()}

    def _deployment_kinds(self, profile: Profile) -> dict[str, Scalar]:
        """Return the weight of each way in which deployment can go on, memory included."""
        algebra = self.algebra
        regime, memory = self.weights(profile, "train_deploy_regime"), self.weights(profile, "deployment_memory")
        any_memory = self.all_weight(profile, "deployment_memory")
        kinds = {
            FROZEN: algebra.product(regime.get("frozen"), any_memory),
            TRAINING_GOES_ON: algebra.product(regime.get("alternating"), memory.get("fresh")),
            TRAINED_IN_THE_WILD: algebra.total(
                [
                    algebra.product(regime.get("alternating"), memory.get("carried")),
                    algebra.product(regime.get("continual_same"), any_memory),
                ]
            ),
            OPPOSED: algebra.product(regime.get("continual_opposed"), any_memory),
        }
        return {kind: weight for kind, weight in kinds.items() if weight is not None}

    def _pointers_moved(self, vector: Vector, adversarial: str, kinds: tuple[StartClass, ...]) -> Vector:
        """Return the vector after a phase-start map: each pointer moves along its start edge with that edge's weight."""
        going, staying = start_weights(self.algebra, adversarial), stay_weights(self.algebra, adversarial)
        edges = [edge for edge in self.space.start_edges if edge[2] in kinds]
        leaving = {source: kind for source, _, kind in edges}
        moves = [Move(source, target, going[kind]) for source, target, kind in edges]
        moves += [
            Move(state, state, staying[leaving[state]] if state in leaving else self.algebra.one)
            for state in range(self.space.n_states)
        ]
        return self.algebra.move(vector, moves)
