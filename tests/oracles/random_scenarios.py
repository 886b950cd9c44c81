"""Random complete scenarios, from moderate to extreme, and queries that use all of the grammar."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from precursor.network.grammar import parse_event
from tests.oracles.joint import ASSUMPTIONS, OUTCOMES, PATHWAYS
from tests.oracles.training_chain import FINE_TUNING, PHASES, PROPERTIES, L, S

OBJECTIVES = ("ai_feedback", "task_automation")
HAZARDS = (
    *(f"emergence.{phase}.{name}" for phase in PHASES[:3] for name in PROPERTIES),
    *(f"correction.{phase}" for phase in FINE_TUNING),
)
IN_CONTEXT = tuple(f"emergence_in_context.{name}" for name in (L, S))
RATIOS = (
    "hr_long_term_goals_given_awareness",
    "hr_awareness_given_long_term_goals",
    "hr_understanding_given_awareness",
    "hr_data_poor_on_understanding",
    "hr_no_prompting_on_understanding",
    "hr_no_long_horizon_on_long_term_goals",
    "hr_wild_on_awareness",
    *(f"hr_objective_on_understanding.{objective}" for objective in OBJECTIVES),
    *(f"hr_objective_on_correction.{objective}" for objective in OBJECTIVES),
)
BY_GOVERNANCE = ("oversight_contains", "reward_catastrophe", "proxy_catastrophe", "multipolar_catastrophe")
PROBABILITIES = (
    *(f"p_{node}" for node, states in ASSUMPTIONS.items() if len(states) == 2),
    *(f"point_base.{known}.{x}" for known in ("understood", "not_understood") for x in ("present", "absent")),
    "p_pointer_outdated",
    "p_governance",
    "p_deceptive_defection",
    "p_direct_reward_optimizer",
    *(f"p_{node}.{state}" for node in BY_GOVERNANCE for state in ("strong", "weak")),
    *(f"p_existential.{pathway}" for pathway in PATHWAYS),
    "p_existential_leak",
    "p_human_extinction",
)
ENDS_ALLOWED = ("guard", "p_goal_shift", "p_plays_along")
SIMPLEXES = {
    **{f"p_{node}": states for node, states in ASSUMPTIONS.items() if len(states) > 2},
    "p_model_outcome_not_prosaic": OUTCOMES,
}
INDICATOR_KEYS = ("event", "not_event")
INDICATORS = {
    "warning_shot": "deceptive_defection=yes",
    "crux": "human_extinction=yes",
    "early_awareness": "situationally_aware@short_horizon_fine_tuning=yes",
    "order_study": "base_goal_understood < goal_directed",
    "robot_boom": "data_rich_domain=no",
    "outcome_audit": "model_outcome=deceptive",
    "pointer_probe": "goal_pointer=proxy",
    "follow_up": "warning_shot=yes",
    "finding_faking": "model_outcome=deceptive",
    "faking_prompted": "finding_faking=yes",
    "faking_documents": "finding_faking=yes",
    "awareness_eval": "finding_awareness=yes",
    "awareness_probe": "finding_awareness=yes",
    "finding_awareness": "situationally_aware@long_horizon_fine_tuning=yes",
    "finding_order": "goal_directed < base_goal_understood",
    "order_replication": "finding_order=yes",
}
"""Indicators that `QUERIES` mention, with the event each is about: one of every kind, one about another, findings of
dependence groups with their experiments (which may stand before their finding)."""
INDICATOR_EVENTS = {name: parse_event(about) for name, about in INDICATORS.items()}


def random_probability(rng: np.random.Generator, extreme: float) -> float:
    """Return a probability strictly between 0 and 1, with chance ``extreme`` down to 1e-9 from one of the ends."""
    if rng.random() >= extreme:
        return float(rng.uniform(0.01, 0.99))
    tail = float(10.0 ** rng.uniform(-9.0, -2.0))
    return tail if rng.random() < 0.5 else 1.0 - tail


def random_ratio(rng: np.random.Generator, extreme: float) -> float:
    """Return a ratio between 1/5 and 5, with chance ``extreme`` between 0.01 and 100."""
    width = 2.0 if rng.random() < extreme else np.log10(5.0)
    return float(10.0 ** rng.uniform(-width, width))


def sometimes(rng: np.random.Generator, choices: Iterable[float], otherwise: float, chance: float) -> float:
    """Return one of the choices with some chance, else the other value."""
    return float(rng.choice(list(choices))) if rng.random() < chance else otherwise


def random_parameters(
    rng: np.random.Generator, indicators: Iterable[str] = (), *, extreme: float = 0.25
) -> dict[str, float]:
    """Return a complete random scenario, flat, with dotted names.

    Parameters
    ----------
    indicators
        Ids of the indicators that need probabilities.
    extreme
        How often a value is drawn from the extremes.  With zero, no value is extreme and none is exactly 0 or 1.

    Returns
    -------
    dict
        Probabilities that stand for hazards are between 1e-9 and 1 - 1e-9, ratios between 0.01 and 100.  Exactly 0 or 1
        are, at times, the guard, `p_goal_shift` and `p_plays_along`; exactly 0 are hazards in context, drift and the
        exposure.
    """
    indicators = tuple(indicators)
    names = (*HAZARDS, *PROBABILITIES, *(f"p_indicator.{name}.{key}" for name in indicators for key in INDICATOR_KEYS))
    names += tuple(f"p_indicator_relevance.{name}" for name in indicators if name.startswith("finding_"))
    drawn = {name: random_probability(rng, extreme) for name in names}
    drawn |= {name: random_ratio(rng, extreme) for name in RATIOS}
    drawn |= {name: sometimes(rng, (0.0, 1.0), random_probability(rng, extreme), extreme) for name in ENDS_ALLOWED}
    drawn |= {name: sometimes(rng, (0.0,), random_probability(rng, extreme), extreme) for name in IN_CONTEXT}
    drawn |= {
        name: sometimes(rng, (0.0,), random_ratio(rng, extreme), extreme) for name in ("drift", "deployment_exposure")
    }
    for name, states in SIMPLEXES.items():
        drawn |= _random_simplex(rng, name, states)
    return drawn


def _random_simplex(rng: np.random.Generator, name: str, states: tuple[str, ...]) -> dict[str, float]:
    shares = rng.dirichlet(np.ones(len(states)))
    return {f"{name}.{state}": float(share) for state, share in zip(states, shares, strict=True)}


def random_regime(rng: np.random.Generator, *, share: float = 0.5) -> dict[str, str]:
    """Return random states for a random ``share`` of the assumption nodes."""
    return {node: str(rng.choice(states)) for node, states in ASSUMPTIONS.items() if rng.random() < share}


QUERIES = (
    # The outcome, and what it is conditional on.
    "P(model_outcome=deceptive)",
    "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)",
    "P(model_outcome)",
    "P(model_outcome | prosaic_paradigm=no)",
    "P(model_outcome | differential_adversarial_examples=absent, prosaic_paradigm=yes)",
    "P(model_outcome | emergence_order=long_horizon_first)",
    "P(model_outcome | do(train_deploy_regime=continual_opposed))",
    "P(model_outcome | do(train_deploy_regime=continual_same, differential_adversarial_examples=present))",
    "P(model_outcome=proxy | goal_pointer@long_horizon_fine_tuning=base, prosaic_paradigm=yes)",
    "P(model_outcome=proxy, goal_pointer=proxy | prosaic_paradigm=yes)",
    # Assumptions, forwards and backwards.
    "P(tai_by_2100=yes)",
    "P(tai_by_2100=yes | existential_catastrophe=no)",
    "P(prosaic_paradigm | model_outcome=deceptive)",
    "P(train_deploy_regime | model_outcome=deceptive)",
    "P(fine_tuning_objective | aligned=yes)",
    "P(long_horizon_training | long_term_goals@short_horizon_fine_tuning=yes)",
    "P(unsupervised_pretraining=substantial | base_goal_understood@pretraining=no)",
    "P(data_rich_domain=no, goal_prompting=no | base_goal_understood=yes)",
    "P(deployment_memory=carried | situationally_aware=yes, situationally_aware@long_horizon_fine_tuning=no)",
    "P(objective_revision | goal_pointer@short_horizon_fine_tuning=base, goal_pointer@long_horizon_fine_tuning=proxy)",
    "P(differential_adversarial_examples=present | human_extinction=yes)",
    # Properties at the end of phases.
    "P(goal_directed)",
    "P(goal_directed@pretraining=yes)",
    "P(long_term_goals@pretraining | do(unsupervised_pretraining=substantial))",
    "P(base_goal_understood@short_horizon_fine_tuning=yes)",
    "P(situationally_aware@long_horizon_fine_tuning=yes)",
    "P(situationally_aware@deployment=yes)",
    "P(goal_pointer@pretraining)",
    "P(goal_pointer@short_horizon_fine_tuning)",
    "P(goal_pointer@long_horizon_fine_tuning | do(objective_revision=between_phases))",
    "P(goal_pointer | do(train_deploy_regime=frozen))",
    "P(goal_pointer=base | goal_pointer@short_horizon_fine_tuning=proxy)",
    "P(goal_pointer=proxy | goal_pointer@long_horizon_fine_tuning=base, do(train_deploy_regime=continual_opposed))",
    "P(long_term_goals=yes | long_term_goals@pretraining=no, goal_directed@pretraining=no)",
    "P(long_term_goals@short_horizon_fine_tuning=yes, base_goal_understood@short_horizon_fine_tuning=no)",
    "P(goal_directed@short_horizon_fine_tuning=no, goal_directed@long_horizon_fine_tuning=yes, goal_pointer=base)",
    "P(base_goal_understood@pretraining=no, base_goal_understood@long_horizon_fine_tuning=yes | goal_directed=yes)",
    "P(situationally_aware@short_horizon_fine_tuning=yes | long_term_goals@long_horizon_fine_tuning=yes)",
    # The order of acquisition.
    "P(base_goal_understood < goal_directed)",
    "P(base_goal_understood < long_term_goals)",
    "P(long_term_goals < base_goal_understood)",
    "P(long_term_goals < goal_directed)",
    "P(situationally_aware < long_term_goals | model_outcome=deceptive)",
    "P(goal_directed < base_goal_understood, base_goal_understood < situationally_aware)",
    "P(base_goal_understood < goal_directed | goal_pointer@short_horizon_fine_tuning=base)",
    "P(model_outcome=deceptive | long_term_goals < base_goal_understood)",
    "P(long_term_goals < situationally_aware | goal_directed@pretraining=no, model_outcome=proxy)",
    "P(emergence_order)",
    "P(emergence_order | model_outcome=base_goal)",
    "P(emergence_order=understanding_first | existential_catastrophe=yes, tai_by_2100=yes)",
    "P(emergence_order=goal_only | base_goal_understood@pretraining=no)",
    "order(goal_directed, base_goal_understood)",
    "order(long_term_goals, base_goal_understood, goal_directed)",
    "order(base_goal_understood, goal_directed, long_term_goals, situationally_aware)",
    "order(situationally_aware, base_goal_understood | model_outcome=deceptive, do(prosaic_paradigm=yes))",
    "order(situationally_aware | goal_pointer=proxy)",
    # Downstream, towards the catastrophe.
    "P(governance | existential_catastrophe=yes)",
    "P(deceptive_defection=yes)",
    "P(oversight_contains=yes | deceptive_defection=yes)",
    "P(deception_catastrophe=yes)",
    "P(direct_reward_optimizer=yes | reward_catastrophe=no)",
    "P(aligned)",
    "P(aligned=yes, multipolar_catastrophe=yes)",
    "P(reward_catastrophe=yes | governance=weak)",
    "P(proxy_catastrophe=yes | existential_catastrophe=yes)",
    "P(multipolar_catastrophe=yes | human_extinction=yes)",
    "P(existential_catastrophe=yes)",
    "P(existential_catastrophe=yes | tai_by_2100=yes)",
    "P(existential_catastrophe=yes | tai_by_2100=no)",
    "P(existential_catastrophe=yes | tai_by_2100=yes, base_goal_understood < goal_directed)",
    "P(human_extinction=yes)",
    "P(human_extinction=yes | model_outcome=not_goal_directed)",
    # From downstream back to the chain.
    "P(goal_directed@pretraining=yes | deception_catastrophe=yes)",
    "P(situationally_aware=yes | aligned=no, tai_by_2100=yes)",
    "P(goal_pointer@short_horizon_fine_tuning | proxy_catastrophe=yes)",
    "P(long_term_goals@short_horizon_fine_tuning=yes, goal_directed < base_goal_understood | human_extinction=yes)",
    # Interventions below the chain.
    "P(existential_catastrophe=yes | do(deceptive_defection=no))",
    "P(existential_catastrophe=yes | do(deceptive_defection=yes, governance=weak), tai_by_2100=yes)",
    "P(model_outcome | existential_catastrophe=yes, do(oversight_contains=yes))",
    "P(human_extinction=yes | do(existential_catastrophe=yes))",
    "P(tai_by_2100 | do(existential_catastrophe=yes))",
    "P(human_extinction=yes | do(aligned=yes, proxy_catastrophe=no))",
    "P(existential_catastrophe=yes | do(model_outcome=deceptive))",
    "P(existential_catastrophe=yes | do(model_outcome=not_goal_directed), tai_by_2100=yes)",
    "P(goal_pointer | do(model_outcome=deceptive))",
    "P(base_goal_understood < goal_directed | do(model_outcome=base_goal), aligned=yes)",
    "P(deception_catastrophe=yes | do(model_outcome=proxy, deceptive_defection=yes))",
    "P(goal_directed=no | model_outcome=base_goal, do(model_outcome=base_goal))",
    # Interventions on assumptions, that override the scenario's.
    "P(model_outcome=deceptive | do(prosaic_paradigm=yes, tai_by_2100=yes, long_horizon_training=from_start))",
    "P(aligned=yes | do(fine_tuning_objective=ai_feedback), do(goal_prompting=no), do(data_rich_domain=no))",
    "P(existential_catastrophe=yes | do(tai_by_2100=no))",
    "P(situationally_aware=yes | do(train_deploy_regime=alternating, deployment_memory=carried))",
    "P(situationally_aware=yes | do(train_deploy_regime=alternating, deployment_memory=fresh))",
    "P(long_term_goals=yes | do(long_horizon_training=none, unsupervised_pretraining=absent))",
    "P(model_outcome | do(prosaic_paradigm=no))",
    "P(goal_directed=yes | do(prosaic_paradigm=no), model_outcome=deceptive)",
    # The correction window.
    "E(correction_window)",
    "E(correction_window | differential_adversarial_examples=present)",
    "E(correction_window | do(differential_adversarial_examples=absent, unsupervised_pretraining=substantial))",
    "E(correction_window | do(objective_revision=between_phases), fine_tuning_objective=task_automation)",
    # Likelihood ratios.
    "LR(situationally_aware@short_horizon_fine_tuning=yes : model_outcome=deceptive)",
    "LR(existential_catastrophe=yes : base_goal_understood < goal_directed | tai_by_2100=yes)",
    "LR(goal_pointer=base : goal_directed@pretraining=yes | do(unsupervised_pretraining=substantial))",
    "LR(warning_shot=yes : human_extinction=yes | do(tai_by_2100=yes))",
    "LR(early_awareness=yes : long_term_goals@long_horizon_fine_tuning=yes)",
    # Indicators.
    "P(warning_shot)",
    "P(human_extinction=yes | crux=yes)",
    "P(crux=yes | human_extinction=yes)",
    "P(model_outcome=deceptive | warning_shot=yes, crux=no)",
    "P(model_outcome | early_awareness=yes, order_study=no)",
    "P(goal_pointer | pointer_probe=yes, goal_pointer@long_horizon_fine_tuning=proxy)",
    "P(data_rich_domain | robot_boom=yes)",
    "P(crux=yes, warning_shot=yes)",
    "P(outcome_audit=yes | do(model_outcome=deceptive))",
    "P(deceptive_defection=yes | follow_up=yes)",
    "P(follow_up | warning_shot=yes, model_outcome=proxy)",
    # Findings, latent or seen, with experiments that read them.
    "P(model_outcome=deceptive | faking_prompted=yes)",
    "P(model_outcome=deceptive | faking_prompted=yes, faking_documents=no)",
    "P(faking_documents | faking_prompted=yes)",
    "P(faking_documents | faking_prompted=yes, finding_faking=no)",
    "P(finding_faking | faking_prompted=yes, human_extinction=yes)",
    "P(situationally_aware=yes | awareness_eval=yes, awareness_probe=yes)",
    "P(awareness_eval=yes, awareness_probe=no)",
    "P(awareness_probe | finding_awareness=yes, awareness_eval=no)",
    "P(model_outcome | order_replication=yes, awareness_eval=no, faking_documents=yes)",
    "P(model_outcome=deceptive | awareness_eval=yes, do(finding_awareness=yes))",
    "P(goal_directed=yes | finding_order=no, do(finding_order=no))",
    "LR(faking_prompted=yes : model_outcome=deceptive)",
    "LR(faking_documents=yes : model_outcome=deceptive | faking_prompted=yes)",
    "LR(awareness_eval=yes : situationally_aware=yes)",
    "P(human_extinction=yes | do(crux=yes))",
    "P(existential_catastrophe=yes | outcome_audit=no, pointer_probe=no, tai_by_2100=yes)",
)
"""Queries that use every node, every kind of question and every kind of condition.

In some scenarios the conditions of a few are impossible (no pre-training, say): then there is no answer.
"""
