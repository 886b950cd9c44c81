"""What the report calls a parameter: a short phrase for its dotted name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from precursor.analysis.words.labels import LABELS

_PLAIN: Mapping[str, str] = MappingProxyType(
    {
        "guard": "a schemer is still corrected",
        "drift": "goals drift in opposed deployment (hazard)",
        "deployment_exposure": "length of deployment, in phases",
        "p_goal_shift": "a goal is drawn anew when fine-tuning starts",
        "p_pointer_outdated": "a revised aim leaves the old goal behind",
        "p_plays_along": "a schemer plays along",
        "p_existential_leak": "existential catastrophe by anything else",
        "p_human_extinction": "an existential catastrophe is extinction",
        "p_governance": "governance is strong",
        "p_deceptive_defection": "a deceptive system defects",
        "p_direct_reward_optimizer": "a base-goal system optimises reward itself",
        "p_objective_revision": "the wanted goal stays the same",
        "p_deployment_memory": "training starts afresh, without memory of deployment",
        "p_prosaic_paradigm": "it is gradient-trained (prosaic)",
        "hr_long_term_goals_given_awareness": "awareness hastens long-term goals",
        "hr_awareness_given_long_term_goals": "long-term goals hasten awareness",
        "hr_understanding_given_awareness": "awareness hastens understanding",
        "hr_data_poor_on_understanding": "understanding in a data-poor domain",
        "hr_no_prompting_on_understanding": "understanding without goals in prompts",
        "hr_no_long_horizon_on_long_term_goals": "long-term goals without long-horizon training",
        "hr_wild_on_awareness": "awareness in the wild",
    }
)
_SHORT_PHASES: Mapping[str, str] = MappingProxyType(
    {
        "pretraining": "pre-training",
        "short_horizon_fine_tuning": "short horizon",
        "long_horizon_fine_tuning": "long horizon",
    }
)


def parameter_words(name: str) -> str:
    """Return a phrase for a parameter's dotted name.

    >>> parameter_words("correction.long_horizon_fine_tuning")
    'a proxy goal is corrected, long horizon'
    >>> parameter_words("p_oversight_contains.weak")
    'oversight contains it, governance weak'
    """
    if name in _PLAIN:
        return _PLAIN[name]
    first, *rest = name.split(".")
    if first in _COMPOSED and rest:
        return _COMPOSED[first](rest)
    base = _label(first.removeprefix("p_"))
    return f"{base}: {', '.join(map(_label, rest))}" if rest else base


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " "))


def _phase(name: str) -> str:
    return _SHORT_PHASES.get(name, _label(name))


def _pointing(rest: list[str]) -> str:
    understood = "base goal understood" if rest[0] == "understood" else "not understood"
    return f"a new goal is the base goal ({understood}, adversarial examples {rest[-1]})"


def _indicator(rest: list[str]) -> str:
    return f"{rest[0].replace('_', ' ')}: seen {'if it holds' if rest[-1] == 'event' else 'if not'}"


def _by_governance(what: str) -> Callable[[list[str]], str]:
    return lambda rest: f"{what}, governance {rest[0]}"


_COMPOSED: Mapping[str, Callable[[list[str]], str]] = MappingProxyType(
    {
        "emergence": lambda rest: (
            f"{_label(rest[1])} emerges, {_phase(rest[0])}"
            if rest[1] != "long_term_goals"
            else f"long-term goals emerge, {_phase(rest[0])}"
        ),
        "emergence_in_context": lambda rest: f"{_label(rest[0])}, in context",
        "correction": lambda rest: f"a proxy goal is corrected, {_phase(rest[0])}",
        "point_base": _pointing,
        "hr_objective_on_understanding": lambda rest: f"understanding under {_label(rest[0])}",
        "hr_objective_on_correction": lambda rest: f"correction under {_label(rest[0])}",
        "p_existential": lambda rest: f"a {_label(rest[0])} is existential",
        "p_model_outcome_not_prosaic": lambda rest: f"non-prosaic system: {_label(rest[0])}",
        "p_oversight_contains": _by_governance("oversight contains it"),
        "p_reward_catastrophe": _by_governance("reward catastrophe"),
        "p_proxy_catastrophe": _by_governance("proxy-goal catastrophe"),
        "p_multipolar_catastrophe": _by_governance("multipolar catastrophe"),
        "p_indicator": _indicator,
        "p_indicator_relevance": lambda rest: f"{rest[0].replace('_', ' ')}: holds in the wild as in the test",
    }
)
