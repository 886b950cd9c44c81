"""Assumption nodes that shape training, and the rates of every phase under each of their states.

A *configuration* is what a phase's rates depend on.  Rates are cumulative hazards over the phase; hazard ratios of
the reference configuration are one.  Equations: section 2 of the model description (README, "The model").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from precursor.emergence.histories import (
    BASE_GOAL_UNDERSTOOD,
    GOAL_DIRECTED,
    LONG,
    LONG_TERM_GOALS,
    PRETRAINING,
    SHORT,
    SITUATIONALLY_AWARE,
)
from precursor.emergence.state_space import RateClass, StartClass
from precursor.exact.algebra import Algebra, Scalar

# Reference state first.
TRAINING_ASSUMPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unsupervised_pretraining": ("substantial", "absent"),
        "fine_tuning_objective": ("human_feedback", "ai_feedback", "task_automation"),
        "data_rich_domain": ("yes", "no"),
        "goal_prompting": ("yes", "no"),
        "long_horizon_training": ("after_short_horizon", "from_start", "none"),
        "train_deploy_regime": ("frozen", "alternating", "continual_same", "continual_opposed"),
        "deployment_memory": ("fresh", "carried"),
        "objective_revision": ("none", "between_phases"),
        "differential_adversarial_examples": ("present", "absent"),
    }
)

FROZEN = "frozen"
TRAINING_GOES_ON = "training_goes_on"
TRAINED_IN_THE_WILD = "trained_in_the_wild"
OPPOSED = "opposed"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the rates of fine-tuning and deployment depend on; each field is the state of the node of that name."""

    data_rich_domain: str
    goal_prompting: str
    fine_tuning_objective: str
    adversarial_examples: str
    from_start: bool = False
    no_long_horizon: bool = False


@dataclass(frozen=True, slots=True)
class _Hazards:
    """Cumulative hazards of a phase before couplings; ``None`` is impossible."""

    goal: Scalar = None
    understanding: Scalar = None
    long_term: Scalar = None
    awareness: Scalar = None
    correction: Scalar = None
    drift: Scalar = None


def pretraining_rates(algebra: Algebra, data_rich_domain: str, adversarial_examples: str) -> tuple[Scalar, ...]:
    """Return the rates of pre-training, one per `RateClass`: every goal arrives as a proxy, nothing corrects it."""
    hazards = _Hazards(
        goal=_emergence(algebra, PRETRAINING, GOAL_DIRECTED),
        understanding=algebra.product(
            _emergence(algebra, PRETRAINING, BASE_GOAL_UNDERSTOOD), _data_poor(algebra, data_rich_domain)
        ),
        long_term=_emergence(algebra, PRETRAINING, LONG_TERM_GOALS),
        awareness=_emergence(algebra, PRETRAINING, SITUATIONALLY_AWARE),
    )
    return _rates(algebra, hazards, adversarial_examples, points_at_base=False)


def short_rates(algebra: Algebra, configuration: Configuration) -> tuple[Scalar, ...]:
    """Return the rates of short-horizon fine-tuning; if from the start, long goals take the long phase's hazard."""
    hazards = _Hazards(
        goal=_emergence(algebra, SHORT, GOAL_DIRECTED),
        understanding=_understanding(algebra, SHORT, configuration),
        long_term=_emergence(algebra, LONG if configuration.from_start else SHORT, LONG_TERM_GOALS),
        awareness=_emergence(algebra, SHORT, SITUATIONALLY_AWARE),
        correction=_correction(algebra, SHORT, configuration),
    )
    return _rates(algebra, hazards, configuration.adversarial_examples)


def long_rates(algebra: Algebra, configuration: Configuration) -> tuple[Scalar, ...]:
    """Return the rates of long-horizon fine-tuning."""
    return _rates(algebra, _long_hazards(algebra, configuration), configuration.adversarial_examples)


def deployment_rates(
    algebra: Algebra, kind: str, configuration: Configuration | None, adversarial_examples: str
) -> tuple[Scalar, ...]:
    """Return the rates of the whole of deployment (its length included).

    Parameters
    ----------
    kind
        `FROZEN`: only what arises in context.  `TRAINING_GOES_ON`: the long phase too.  `TRAINED_IN_THE_WILD`: with
        awareness multiplied by ``hr_wild_on_awareness``.  `OPPOSED`: the same with drift in place of correction.
    configuration
        Of the long phase; ``None`` when frozen.
    """
    trained = _Hazards() if configuration is None else _long_hazards(algebra, configuration)
    in_the_wild = kind in {TRAINED_IN_THE_WILD, OPPOSED}
    awareness = (
        algebra.product(trained.awareness, algebra.value("hr_wild_on_awareness")) if in_the_wild else trained.awareness
    )
    hazards = _Hazards(
        goal=trained.goal,
        understanding=trained.understanding,
        long_term=algebra.total([trained.long_term, algebra.hazard(f"emergence_in_context.{LONG_TERM_GOALS}")]),
        awareness=algebra.total([awareness, algebra.hazard(f"emergence_in_context.{SITUATIONALLY_AWARE}")]),
        correction=None if kind == OPPOSED else trained.correction,
        drift=algebra.value("drift") if kind == OPPOSED else None,
    )
    exposure = algebra.value("deployment_exposure")
    return tuple(algebra.product(rate, exposure) for rate in _rates(algebra, hazards, adversarial_examples))


def start_weights(algebra: Algebra, adversarial_examples: str) -> Mapping[StartClass, Scalar]:
    """Return the probabilities with which a phase's start moves a goal pointer, by `StartClass`."""
    shift = algebra.value("p_goal_shift")
    return {
        StartClass.SHIFT_UNDERSTOOD: algebra.product(
            shift, algebra.value(f"point_base.understood.{adversarial_examples}")
        ),
        StartClass.SHIFT_NOT_UNDERSTOOD: algebra.product(
            shift, algebra.value(f"point_base.not_understood.{adversarial_examples}")
        ),
        StartClass.OUTDATE: algebra.value("p_pointer_outdated"),
    }


def stay_weights(algebra: Algebra, adversarial_examples: str) -> Mapping[StartClass, Scalar]:
    """Return one minus `start_weights`, as sums of products."""
    shift, stay = algebra.value("p_goal_shift"), algebra.complement("p_goal_shift")
    kept = {
        kind: algebra.total(
            [stay, algebra.product(shift, algebra.complement(f"point_base.{known}.{adversarial_examples}"))]
        )
        for kind, known in (
            (StartClass.SHIFT_UNDERSTOOD, "understood"),
            (StartClass.SHIFT_NOT_UNDERSTOOD, "not_understood"),
        )
    }
    return {**kept, StartClass.OUTDATE: algebra.complement("p_pointer_outdated")}


def _emergence(algebra: Algebra, phase: str, property_: str) -> Scalar:
    return algebra.hazard(f"emergence.{phase}.{property_}")


def _data_poor(algebra: Algebra, data_rich_domain: str) -> Scalar:
    return algebra.one if data_rich_domain == "yes" else algebra.value("hr_data_poor_on_understanding")


def _objective(algebra: Algebra, kind: str, configuration: Configuration) -> Scalar:
    objective = configuration.fine_tuning_objective
    return algebra.one if objective == "human_feedback" else algebra.value(f"hr_objective_on_{kind}.{objective}")


def _understanding(algebra: Algebra, phase: str, configuration: Configuration) -> Scalar:
    prompted = configuration.goal_prompting == "yes"
    return algebra.product(
        _emergence(algebra, phase, BASE_GOAL_UNDERSTOOD),
        _data_poor(algebra, configuration.data_rich_domain),
        algebra.one if prompted else algebra.value("hr_no_prompting_on_understanding"),
        _objective(algebra, "understanding", configuration),
    )


def _correction(algebra: Algebra, phase: str, configuration: Configuration) -> Scalar:
    if configuration.adversarial_examples == "absent":
        return None
    return algebra.product(algebra.hazard(f"correction.{phase}"), _objective(algebra, "correction", configuration))


def _long_hazards(algebra: Algebra, configuration: Configuration) -> _Hazards:
    slowed = algebra.value("hr_no_long_horizon_on_long_term_goals") if configuration.no_long_horizon else algebra.one
    return _Hazards(
        goal=_emergence(algebra, LONG, GOAL_DIRECTED),
        understanding=_understanding(algebra, LONG, configuration),
        long_term=algebra.product(_emergence(algebra, LONG, LONG_TERM_GOALS), slowed),
        awareness=_emergence(algebra, LONG, SITUATIONALLY_AWARE),
        correction=_correction(algebra, LONG, configuration),
    )


def _rates(
    algebra: Algebra, hazards: _Hazards, adversarial_examples: str, points_at_base: bool = True
) -> tuple[Scalar, ...]:
    """Spread the hazards over the rate classes: pointing, couplings, guard."""
    coupled = adversarial_examples == "present"
    guard = algebra.value("guard")

    def pointed(known: str) -> tuple[Scalar, Scalar]:
        if not points_at_base:
            return None, hazards.goal
        name = f"point_base.{known}.{adversarial_examples}"
        return algebra.product(hazards.goal, algebra.value(name)), algebra.product(
            hazards.goal, algebra.complement(name)
        )

    def raised(hazard: Scalar, ratio: str, applies: bool) -> Scalar:
        return algebra.product(hazard, algebra.value(ratio)) if applies else hazard

    base_understood, proxy_understood = pointed("understood")
    base_not_understood, proxy_not_understood = pointed("not_understood")
    by_class = {
        RateClass.GOAL_BASE_UNDERSTOOD: base_understood,
        RateClass.GOAL_PROXY_UNDERSTOOD: proxy_understood,
        RateClass.GOAL_BASE_NOT_UNDERSTOOD: base_not_understood,
        RateClass.GOAL_PROXY_NOT_UNDERSTOOD: proxy_not_understood,
        RateClass.UNDERSTANDING: hazards.understanding,
        RateClass.UNDERSTANDING_AWARE: raised(hazards.understanding, "hr_understanding_given_awareness", applies=True),
        RateClass.LONG_TERM: hazards.long_term,
        RateClass.LONG_TERM_COUPLED: raised(hazards.long_term, "hr_long_term_goals_given_awareness", coupled),
        RateClass.AWARENESS: hazards.awareness,
        RateClass.AWARENESS_COUPLED: raised(hazards.awareness, "hr_awareness_given_long_term_goals", coupled),
        RateClass.CORRECTION: hazards.correction,
        RateClass.CORRECTION_GUARDED: algebra.product(hazards.correction, guard),
        RateClass.DRIFT: hazards.drift,
        RateClass.DRIFT_GUARDED: algebra.product(hazards.drift, guard),
    }
    return tuple(by_class[kind] for kind in RateClass)
