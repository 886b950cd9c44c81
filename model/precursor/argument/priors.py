"""Every parameter of the argument: its scale, its prior, and why.

A prior is Normal on the parameter's own scale (log-odds for probabilities, logs for hazards and ratios), written as

    unconstrained = mean + sd * own + sum of shared levels,        own, level ~ Normal(0, 1) independent.

Shared levels keep the *spread* of what the parameters imply: with independent priors the many factors of a long
argument average each other out, and the prior of P(deceptive) would huddle in the middle, which is an answer.  A
median is the inverse link at the mean, in closed form (for a simplex: of the means, renormalised).

The priors take no side.  Both sides' values (the scenarios `argument` and `critic`) lie well within them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from precursor.argument.nodes import ASSUMPTIONS, OUTCOMES, PATHWAYS
from precursor.emergence.histories import (
    FINE_TUNING_PHASES,
    LONG,
    LONG_TERM_GOALS,
    PRETRAINING,
    PROPERTIES,
    SHORT,
    SITUATIONALLY_AWARE,
    TRAINING_PHASES,
)
from precursor.network.grammar import Event
from precursor.network.indicators import finding_read, is_finding

Scale = Literal["logit", "log", "simplex"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter and its prior.

    Attributes
    ----------
    name
        Dotted, as in scenario files.
    scale
        ``logit`` (a probability), ``log`` (a hazard, ratio or duration), ``simplex`` (one state of a distribution).
    mean, sd
        Of the unconstrained value; ``sd`` is that of its own part.
    reason
        Why this prior.
    levels
        Shared standard-normal levels with their loadings.
    hazard
        Whether the probability stands for the cumulative hazard ``-log(1 - p)`` (then it must be below one).
    """

    name: str
    scale: Scale
    mean: float
    sd: float
    reason: str
    levels: tuple[tuple[str, float], ...] = ()
    hazard: bool = False

    @property
    def group(self) -> str:
        """The dotted name without its last part: the distribution that a simplex state belongs to."""
        return self.name.rpartition(".")[0]


def _emergence() -> Iterator[Parameter]:
    means = {PRETRAINING: -2.0, SHORT: 0.0, LONG: 1.5}
    reason = "more training, and nearer to the goal, brings more; what comes easily does so in every phase; a fast world is fast in all"
    for phase in TRAINING_PHASES:
        for property_ in PROPERTIES:
            yield Parameter(
                f"emergence.{phase}.{property_}",
                "logit",
                means[phase],
                1.0,
                reason,
                ((f"ease of {property_}", 2.0), ("pace of emergence", 1.0)),
                hazard=True,
            )


def _correction() -> Iterator[Parameter]:
    reason = "whether training on differential adversarial examples re-points a goal is the crux: from hardly ever to nearly always, alike in both phases"
    for phase in FINE_TUNING_PHASES:
        yield Parameter(
            f"correction.{phase}", "logit", 0.0, 0.7, reason, (("strength of correction", 3.0),), hazard=True
        )


def _point_base() -> Iterator[Parameter]:
    reason = "understanding first should help, how much is disputed (.05 to .95 either way)"
    for known, mean in (("understood", 0.2), ("not_understood", -1.8)):
        for examples, penalty in (("present", 0.0), ("absent", -0.5)):
            yield Parameter(
                f"point_base.{known}.{examples}",
                "logit",
                mean + penalty,
                1.2,
                reason,
                (("readiness to point at the base goal", 2.5),),
            )


def _objectives() -> Iterator[Parameter]:
    for objective in ASSUMPTIONS["fine_tuning_objective"][1:]:
        yield Parameter(
            f"hr_objective_on_understanding.{objective}",
            "log",
            0.0,
            0.5,
            "the argument: about 1; a factor of two either way is open",
        )
        yield Parameter(
            f"hr_objective_on_correction.{objective}",
            "log",
            0.0,
            0.5,
            "no stated view; a factor of two either way is open",
        )


def _in_context() -> Iterator[Parameter]:
    for property_ in (LONG_TERM_GOALS, SITUATIONALLY_AWARE):
        yield Parameter(
            f"emergence_in_context.{property_}",
            "logit",
            -3.0,
            1.5,
            "the argument: about 0; critics: memory and long contexts make it real",
            hazard=True,
        )


def _distribution(node: str, means: Mapping[str, float], sd: float, reason: str) -> Iterator[Parameter]:
    """Logistic-normal: the first state is the reference and has no spread of its own."""
    for i, (state, mean) in enumerate(means.items()):
        yield Parameter(f"p_{node}.{state}", "simplex", mean, sd if i else 0.0, reason)


def _assumptions() -> Iterator[Parameter]:
    yield Parameter(
        "p_tai_by_2100",
        "logit",
        1.5,
        1.0,
        "most forecasters hold transformative AI by 2100 likelier than not (.5 to .97)",
    )
    yield Parameter(
        "p_prosaic_paradigm",
        "logit",
        2.0,
        1.0,
        "both sides reason about gradient-trained systems; a shift of paradigm is granted some room",
    )
    yield Parameter("p_unsupervised_pretraining", "logit", 2.5, 1.0, "today's practice throughout; alternatives exist")
    yield Parameter(
        "p_data_rich_domain", "logit", 1.5, 1.0, "text and video lead; robotics and science may matter more"
    )
    yield Parameter("p_goal_prompting", "logit", 2.0, 1.0, "today's practice throughout")
    yield Parameter("p_deployment_memory", "logit", 0.0, 1.0, "fresh contexts are usual, memory is being built")
    yield Parameter(
        "p_objective_revision",
        "logit",
        0.0,
        1.0,
        "developers revise what they train for; how often between these phases is open",
    )
    yield Parameter(
        "p_differential_adversarial_examples",
        "logit",
        1.5,
        1.2,
        "both sides' stories need them; a near-perfect proxy is the exception",
    )
    yield from _distribution(
        "fine_tuning_objective",
        {"human_feedback": 0.0, "ai_feedback": -0.5, "task_automation": -0.5},
        1.0,
        "three objectives in use, none dominant for long",
    )
    yield from _distribution(
        "long_horizon_training",
        {"after_short_horizon": 0.0, "from_start": -1.5, "none": -1.5},
        1.0,
        "short before long is the easier way; all three occur",
    )
    yield from _distribution(
        "train_deploy_regime",
        {"frozen": 0.0, "alternating": 0.0, "continual_same": -0.5, "continual_opposed": -2.0},
        1.0,
        "the argument's three regimes are near even; opposed selection is the exception",
    )
    yield from _distribution(
        "model_outcome_not_prosaic",
        dict(zip(OUTCOMES, (-1.0, 0.0, 0.0, -1.0), strict=True)),
        1.0,
        "hardly anything is known of other paradigms",
    )


def _by_governance(node: str, strong: float, weak: float, level: str, reason: str) -> Iterator[Parameter]:
    for state, mean in (("strong", strong), ("weak", weak)):
        yield Parameter(f"p_{node}.{state}", "logit", mean, 0.7, reason, ((level, 1.2),))


def _downstream() -> Iterator[Parameter]:
    danger = "how dangerous misaligned systems are"
    yield Parameter("p_governance", "logit", 0.0, 1.0, "whether oversight will be strong is open")
    yield Parameter(
        "p_deceptive_defection", "logit", 0.5, 1.5, "a deceptive model waits for a moment; whether one comes is open"
    )
    yield from _by_governance(
        "oversight_contains",
        0.5,
        -0.5,
        "grip of oversight",
        "control measures may or may not catch it; strong governance helps",
    )
    yield Parameter(
        "p_direct_reward_optimizer",
        "logit",
        -1.5,
        1.2,
        "from rare to common; the literature disagrees on whether reward itself becomes a goal",
    )
    yield from _by_governance(
        "reward_catastrophe", -3.0, -2.0, danger, "reward hacking is visible and can be fixed, mostly"
    )
    yield from _by_governance(
        "proxy_catastrophe", -3.0, -2.0, danger, "honest misgeneralisation is visible and can be fixed, mostly"
    )
    yield from _by_governance(
        "multipolar_catastrophe",
        -3.0,
        -2.0,
        "how dangerous many obedient systems are",
        "conflict, races and lock-in among systems that do as told",
    )
    for pathway in PATHWAYS:
        mean = 0.0 if pathway == "deception_catastrophe" else -1.0
        yield Parameter(
            f"p_existential.{pathway}",
            "logit",
            mean,
            0.8,
            "from a disaster to an existential one is a further step, shorter for a planned take-over",
            (("severity of catastrophes", 1.5),),
        )
    yield Parameter(
        "p_existential_leak", "logit", -5.5, 1.5, "whatever the four pathways leave out: small, not nothing"
    )
    yield Parameter(
        "p_human_extinction",
        "logit",
        -0.3,
        1.2,
        "authors put extinction at a fifth to a half of existential catastrophes, with wide doubt",
    )


def _single() -> Iterator[Parameter]:
    yield Parameter(
        "guard",
        "logit",
        -1.5,
        2.0,
        "0: a schemer is no longer corrected (argument and many critics); 1: guarding fails; both are held",
    )
    yield Parameter(
        "p_goal_shift", "logit", 0.5, 1.8, "the argument: pre-training goals must change; critics: they survive"
    )
    yield Parameter(
        "p_pointer_outdated", "logit", 0.0, 1.5, "whether a revised objective leaves the old goal behind is open"
    )
    yield Parameter(
        "p_plays_along",
        "logit",
        2.0,
        1.5,
        "the argument calls the four properties precursors; sceptics doubt that they suffice",
    )
    yield Parameter(
        "hr_long_term_goals_given_awareness",
        "log",
        0.8,
        1.2,
        "the argument: 1; critics: far above; below 1 is possible",
    )
    yield Parameter("hr_awareness_given_long_term_goals", "log", 0.8, 1.2, "as for the other coupling")
    yield Parameter(
        "hr_understanding_given_awareness",
        "log",
        0.7,
        0.7,
        "knowing that one is trained reveals what for; all sides agree on the sign",
    )
    yield Parameter(
        "hr_data_poor_on_understanding",
        "log",
        -0.7,
        0.7,
        "little data to learn the goal from; aligned text models would help",
    )
    yield Parameter(
        "hr_no_prompting_on_understanding", "log", -0.5, 0.5, "a goal that is not stated is learnt more slowly"
    )
    yield Parameter(
        "hr_no_long_horizon_on_long_term_goals",
        "log",
        -1.5,
        1.0,
        "without training for them long goals are rarer; by how much divides the sides",
    )
    yield Parameter("hr_wild_on_awareness", "log", 0.3, 0.7, "training on deployment shows the model its situation")
    yield Parameter(
        "deployment_exposure",
        "log",
        0.0,
        0.75,
        "deployment counts about as much as one phase of training, within a factor of four",
    )
    yield Parameter(
        "drift",
        "log",
        -1.5,
        1.0,
        "hazard of goals turning away under opposed selection: below one over the long phase's length, not zero",
    )


def _indicator(id_: str, about: Event) -> Iterator[Parameter]:
    """How likely it is to be seen, given its event and without; of a finding also how relevant its setting is."""
    event, not_event = (f"p_indicator.{id_}.{given}" for given in ("event", "not_event"))
    if finding_read(about) is not None:
        reason = "an experiment is a reading of its finding: seen mostly where that holds, by how much is open"
        level = ((f"frequency of {id_}", 1.0),)
        yield Parameter(event, "logit", 2.0, 0.7, reason, level)
        yield Parameter(not_event, "logit", -2.0, 0.7, reason, level)
        return
    own, common = (2.0, 1.0) if is_finding(id_) else (0.7, 1.5)
    reason = "how often it is seen says nothing yet about what it tells: the ratio is centred on one"
    if is_finding(id_):
        reason += ", and wide, so that its experiments' ratios, weakened by relevance, keep the tails of a lone one's"
    for name in (event, not_event):
        yield Parameter(name, "logit", 0.0, own, reason, ((f"frequency of {id_}", common),))
    if is_finding(id_):
        yield Parameter(
            f"p_indicator_relevance.{id_}",
            "logit",
            0.0,
            1.0,
            "whether what is elicited in a test carries over to the wild is what the debate is about: a half, .16 to .84",
        )


@cache
def _parameters(indicators: tuple[tuple[str, Event], ...]) -> tuple[Parameter, ...]:
    made = [
        *_emergence(),
        *_correction(),
        *_point_base(),
        *_single(),
        *_objectives(),
        *_in_context(),
        *_assumptions(),
        *_downstream(),
    ]
    for id_, about in indicators:
        made += _indicator(id_, about)
    return tuple(made)


def parameters(indicators: Mapping[str, Event] | None = None) -> tuple[Parameter, ...]:
    """Return all parameters: those of the argument, then those of the indicators, by id.

    An indicator has two; the finding of a dependence group has its relevance besides.
    """
    return _parameters(_in_order(indicators))


def _in_order(indicators: Mapping[str, Event] | None) -> tuple[tuple[str, Event], ...]:
    return tuple(sorted((indicators or {}).items(), key=lambda one: one[0]))
