"""Training from start to deployment: the distribution over states, averaged over training regimes.

Distributions are linear in the mixture over assumptions, so lanes that will move alike from some phase on are merged
at the end of the phase before: 270 propagations instead of one for each of 2,304 regimes and four phases.  A lane is
kept under what determines it (its rates, and the part of the question's profile that shaped its start), so questions
that share a part of the computation share it, whatever else they fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

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
# The assumptions that shape what has happened up to the end of each phase, beside those of the phases before.
USED_UP_TO = {
    PRETRAINING: ("unsupervised_pretraining", "data_rich_domain", ADVERSARIAL),
    SHORT: ("fine_tuning_objective", "goal_prompting", "long_horizon_training"),
    LONG: ("objective_revision",),
    DEPLOYMENT: ("train_deploy_regime", "deployment_memory"),
}
_GOAL_SHIFT = (StartClass.SHIFT_UNDERSTOOD, StartClass.SHIFT_NOT_UNDERSTOOD)
_CONFIGURING = ("data_rich_domain", "goal_prompting", "fine_tuning_objective", "long_horizon_training")
_LONG_HORIZONS = ("after_short_horizon", "from_start")


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

    def without(self, node: str) -> Profile:
        """Return the profile with nothing said of one assumption."""
        return Profile(tuple((name, setting) for name, setting in self.settings if name != node), self.masks)

    def about(self, phase: str, nodes: Iterable[str]) -> Profile:
        """Return what the profile says of the given assumptions and of the ends of phases up to ``phase``."""
        phases, wanted = PHASES[: PHASES.index(phase) + 1], set(nodes)
        return Profile(
            tuple((node, setting) for node, setting in self.settings if node in wanted),
            tuple((at, mask) for at, mask in self.masks if at in phases),
        )


@dataclass(frozen=True, slots=True)
class Lane:
    """One propagation: what its rates depend on, and the profile that its start depends on."""

    phase: str
    kind: tuple[object, ...]
    profile: Profile


@dataclass
class Training:
    """Runs the chain for any number of profiles on one algebra, keeping what they share."""

    algebra: Algebra
    space: StateSpace
    _ends: dict[Lane, Vector] = field(default_factory=dict)
    _rates: dict[tuple[object, ...], tuple[Scalar, ...]] = field(default_factory=dict)
    _moved: dict[tuple[Lane, tuple[StartClass, ...]], Vector] = field(default_factory=dict)
    _mixed: dict[tuple[str, Profile, str], Vector] = field(default_factory=dict)

    def weights(self, profile: Profile, node: str) -> dict[str, Scalar]:
        """Return the weight of each allowed state of an assumption."""
        setting = profile.setting(node)
        return {
            state: self.probability(node, state) if setting.weighted else self.algebra.one for state in setting.allowed
        }

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
        mixed = {
            PRETRAINING: self._mixed_pretraining, SHORT: self._mixed_short, LONG: self._mixed_long,
            DEPLOYMENT: self._mixed_deployment,
        }[phase]  # fmt: skip
        found = {}
        for state in profile.setting(ADVERSARIAL).allowed:
            key = (phase, profile.without(ADVERSARIAL), state)
            if key not in self._mixed:
                self._mixed[key] = self.algebra.combine(mixed(profile, state))
            found[state] = self._mixed[key]
        return found

    def lanes(self, phase: str, profile: Profile) -> list[tuple[Scalar, Vector, tuple[Scalar, ...], str]]:
        """Return weight, start, rates and adversarial state of a fine-tuning phase's lanes (for time integrals)."""
        result = []
        for adversarial, adversarial_weight in self.weights(profile, ADVERSARIAL).items():
            for weight, lane in (self._short_lanes if phase == SHORT else self._long_lanes)(profile, adversarial):
                start = self._short_start(lane) if phase == SHORT else self._long_start(lane)
                result.append(
                    (self.algebra.product(weight, adversarial_weight), start, self._lane_rates(lane), adversarial)
                )
        return result

    # Lanes by phase: which there are for a profile, with their weights.

    def _pretraining_lane(self, profile: Profile, rich: str, adversarial: str) -> Lane:
        return Lane(PRETRAINING, (rich, adversarial), profile.about(PRETRAINING, ("unsupervised_pretraining",)))

    def _short_lane(self, profile: Profile, configuration: Configuration) -> Lane:
        return Lane(SHORT, (configuration,), profile.about(SHORT, ("unsupervised_pretraining",)))

    def _short_lanes(self, profile: Profile, adversarial: str) -> list[tuple[Scalar, Lane]]:
        horizon = self.weights(profile, "long_horizon_training")
        groups = {
            from_start: [w for state, w in horizon.items() if (state == "from_start") == from_start]
            for from_start in (True, False)
        }
        return [
            (
                self.algebra.product(weight, self.algebra.total(members)),
                self._short_lane(profile, configuration),
            )
            for from_start, members in groups.items()
            if members
            for weight, configuration in self._configurations(profile, adversarial, from_start=from_start)
        ]

    def _long_lane(self, profile: Profile, configuration: Configuration) -> Lane:
        return Lane(LONG, (configuration,), profile.about(LONG, ("unsupervised_pretraining", "objective_revision")))

    def _long_lanes(self, profile: Profile, adversarial: str) -> list[tuple[Scalar, Lane]]:
        return [
            (self.algebra.product(weight, horizon_weight), self._long_lane(profile, configuration))
            for horizon, horizon_weight in self.weights(profile, "long_horizon_training").items()
            for weight, configuration in self._configurations(
                profile, adversarial, from_start=horizon == "from_start", no_long_horizon=horizon == "none"
            )
        ]

    def _configurations(
        self, profile: Profile, adversarial: str, *, from_start: bool = False, no_long_horizon: bool = False
    ) -> list[tuple[Scalar, Configuration]]:
        nodes = ("data_rich_domain", "goal_prompting", "fine_tuning_objective")
        rich, prompted, objectives = (self.weights(profile, node).items() for node in nodes)
        return [
            (
                self.algebra.product(w1, w2, w3),
                Configuration(domain, prompting, objective, adversarial, from_start, no_long_horizon),
            )
            for (domain, w1), (prompting, w2), (objective, w3) in product(rich, prompted, objectives)
        ]

    def _deployment_lanes(self, profile: Profile, adversarial: str) -> list[tuple[Scalar, Lane]]:
        """Return the lanes of deployment; a lane's own start is not weighted by what all its sources have in common."""
        lanes: list[tuple[Scalar, Lane]] = []
        kept = ("unsupervised_pretraining", "objective_revision")
        for kind, kind_weight in self._deployment_kinds(profile).items():
            if kind == FROZEN:
                about = profile.about(DEPLOYMENT, (*kept, *_CONFIGURING))
                lanes.append((kind_weight, Lane(DEPLOYMENT, (kind, None, adversarial), about)))
                continue
            horizon = profile.setting("long_horizon_training").allowed
            for horizon_weight, untrained in (
                (self.algebra.one, False),
                (self.weights(profile, "long_horizon_training").get("none"), True),
            ):
                if not any((state == "none") == untrained for state in horizon):
                    continue
                about = profile.about(DEPLOYMENT, kept if untrained else (*kept, "long_horizon_training"))
                lanes += [
                    (
                        self.algebra.product(kind_weight, horizon_weight, weight),
                        Lane(DEPLOYMENT, (kind, configuration, adversarial), about),
                    )
                    for weight, configuration in self._configurations(profile, adversarial, no_long_horizon=untrained)
                ]
        return lanes

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

    # Mixtures over the lanes of a phase.

    def _mixed_pretraining(self, profile: Profile, adversarial: str) -> list[tuple[Scalar, Vector]]:
        weights = self.weights(profile, "data_rich_domain")
        lanes = [(weight, self._pretraining_lane(profile, rich, adversarial)) for rich, weight in weights.items()]
        return self._run(lanes, self._pretraining_start)

    def _mixed_short(self, profile: Profile, adversarial: str) -> list[tuple[Scalar, Vector]]:
        return self._run(self._short_lanes(profile, adversarial), self._short_start)

    def _mixed_long(self, profile: Profile, adversarial: str) -> list[tuple[Scalar, Vector]]:
        return self._run(self._long_lanes(profile, adversarial), self._long_start)

    def _mixed_deployment(self, profile: Profile, adversarial: str) -> list[tuple[Scalar, Vector]]:
        return self._run(self._deployment_lanes(profile, adversarial), self._deployment_start)

    # Starts: what a lane begins with, from the ends of the phase before.

    def _pretraining_start(self, _lane: Lane) -> Vector:
        return self.algebra.unit(self.space.n_states, int(self.space.block[0]))

    def _short_start(self, lane: Lane) -> Vector:
        configuration: Configuration = lane.kind[0]  # type: ignore[assignment]
        before = self._pretraining_lane(
            lane.profile, configuration.data_rich_domain, configuration.adversarial_examples
        )
        return self._after_start(before, self._pretraining_start, _GOAL_SHIFT, configuration.adversarial_examples)

    def _long_start(self, lane: Lane) -> Vector:
        configuration: Configuration = lane.kind[0]  # type: ignore[assignment]
        before = self._short_lane(lane.profile, _before_long(configuration))
        ((_, end),) = self._run([(self.algebra.one, before)], self._short_start)
        terms = []
        for state, weight in self.weights(lane.profile, "objective_revision").items():
            revised = state == "between_phases"
            moved = self._after_start(
                before, self._short_start, (StartClass.OUTDATE,), configuration.adversarial_examples
            )
            terms.append((weight, moved if revised else end))
        return self.algebra.combine(terms)

    def _deployment_start(self, lane: Lane) -> Vector:
        kind, configuration, adversarial = lane.kind
        if kind == FROZEN:
            sources = self._long_lanes(lane.profile, str(adversarial))
        else:
            assert isinstance(configuration, Configuration)
            sources = self._trained_sources(lane.profile, configuration)
        return self.algebra.combine(self._run(sources, self._long_start))

    def _trained_sources(self, profile: Profile, configuration: Configuration) -> list[tuple[Scalar, Lane]]:
        """Return the long lanes that a deployment lane goes on from: one, or the two that trained for long horizons."""
        if configuration.no_long_horizon:
            return [(self.algebra.one, self._long_lane(profile, configuration))]
        weights = self.weights(profile, "long_horizon_training")
        return [
            (weights[state], self._long_lane(profile, _with_horizon(configuration, from_start=state == "from_start")))
            for state in _LONG_HORIZONS
            if state in weights
        ]

    # Running lanes.

    def _run(self, lanes: list[tuple[Scalar, Lane]], start: Callable[[Lane], Vector]) -> list[tuple[Scalar, Vector]]:
        """Return the (weighted, masked) ends of lanes of one phase; those not yet known are propagated together."""
        missing = [lane for lane in dict.fromkeys(lane for _, lane in lanes) if lane not in self._ends]
        self._prepare(missing)
        starts = [start(lane) for lane in missing]
        ends = self.algebra.propagate(self.space.chain, starts, [self._lane_rates(lane) for lane in missing])
        for lane, end in zip(missing, ends, strict=True):
            self._ends[lane] = self._finished(lane, end)
        return [(weight, self._ends[lane]) for weight, lane in lanes]

    def _prepare(self, lanes: list[Lane]) -> None:
        """Run the phase before for all lanes at once, so that they are propagated together and not one by one."""
        before: list[tuple[Scalar, Lane]] = []
        for lane in lanes:
            configuration = lane.kind[0] if lane.phase != DEPLOYMENT else lane.kind[1]
            if lane.phase == SHORT:
                assert isinstance(configuration, Configuration)
                before.append(
                    (
                        None,
                        self._pretraining_lane(
                            lane.profile, configuration.data_rich_domain, configuration.adversarial_examples
                        ),
                    )
                )
            elif lane.phase == LONG:
                assert isinstance(configuration, Configuration)
                before.append((None, self._short_lane(lane.profile, _before_long(configuration))))
            elif lane.phase == DEPLOYMENT and isinstance(configuration, Configuration):
                before += self._trained_sources(lane.profile, configuration)
            elif lane.phase == DEPLOYMENT:
                before += self._long_lanes(lane.profile, str(lane.kind[2]))
        starts = {SHORT: self._pretraining_start, LONG: self._short_start, DEPLOYMENT: self._long_start}
        if before:
            self._run(before, starts[lanes[0].phase])

    def _finished(self, lane: Lane, end: Vector) -> Vector:
        """Return a lane's end: pre-training mixed with its absence, and the profile's mask applied."""
        if lane.phase == PRETRAINING:
            ends = {"substantial": end, "absent": self._pretraining_start(lane)}
            trained = self.weights(lane.profile, "unsupervised_pretraining")
            end = self.algebra.combine([(weight, ends[state]) for state, weight in trained.items()])
        members = dict(lane.profile.masks).get(lane.phase)
        return end if members is None else self.algebra.mask(end, self.space.mask(members))

    def _lane_rates(self, lane: Lane) -> tuple[Scalar, ...]:
        key = (lane.phase, *lane.kind)
        if key not in self._rates:
            compute: Mapping[str, Callable[..., tuple[Scalar, ...]]] = {
                PRETRAINING: pretraining_rates, SHORT: short_rates, LONG: long_rates, DEPLOYMENT: deployment_rates,
            }  # fmt: skip
            self._rates[key] = compute[lane.phase](self.algebra, *lane.kind)
        return self._rates[key]

    def _after_start(
        self, before: Lane, start: Callable[[Lane], Vector], kinds: tuple[StartClass, ...], adversarial: str
    ) -> Vector:
        """Return a lane's end after a phase-start map: pointers move along its start edges with their weights."""
        key = (before, kinds)
        if key not in self._moved:
            ((_, vector),) = self._run([(self.algebra.one, before)], start)
            self._moved[key] = self.algebra.move(vector, self._moves(kinds, adversarial))
        return self._moved[key]

    def _moves(self, kinds: tuple[StartClass, ...], adversarial: str) -> list[Move]:
        going, staying = start_weights(self.algebra, adversarial), stay_weights(self.algebra, adversarial)
        edges = [edge for edge in self.space.start_edges if edge[2] in kinds]
        leaving = {source: kind for source, _, kind in edges}
        moves = [Move(source, target, going[kind]) for source, target, kind in edges]
        return moves + [
            Move(state, state, staying[leaving[state]] if state in leaving else self.algebra.one)
            for state in range(self.space.n_states)
        ]


def _before_long(configuration: Configuration) -> Configuration:
    """Return what the short phase of a long-phase configuration depended on."""
    return Configuration(
        configuration.data_rich_domain, configuration.goal_prompting, configuration.fine_tuning_objective,
        configuration.adversarial_examples, configuration.from_start,
    )  # fmt: skip


def _with_horizon(configuration: Configuration, *, from_start: bool) -> Configuration:
    return Configuration(
        configuration.data_rich_domain, configuration.goal_prompting, configuration.fine_tuning_objective,
        configuration.adversarial_examples, from_start,
    )  # fmt: skip
