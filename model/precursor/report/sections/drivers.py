"""The three things that drive the numbers, a sentence or two each, for readers of page one alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from precursor.report.blocks import Run, strong
from precursor.report.words import pct, points, upper_first, value, words

_GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "emergence of long_term_goals": "goals are long-term if they reach so far that waiting would pay",
        "emergence of base_goal_understood": "the base goal is what training rewards",
        "emergence of situationally_aware": "a system that is situationally aware knows that it is a model in training",
        "pointing": "the base goal is what training rewards",
        "couplings": "the properties are goals, long-term goals, understanding of what training rewards, awareness of "
        "being trained",
        "plays along": "a schemer has lasting goals of its own and knows what training wants",
    }
)
_PATHWAYS: Mapping[str, str] = MappingProxyType(
    {
        "reward_catastrophe": "a system that optimises reward itself, by whatever means",
        "proxy_catastrophe": "a goal that training did not want, without deception",
        "multipolar_catastrophe": "many AI systems in conflict, each doing as told",
        "leak": "a way that the model does not spell out",
    }
)


def driver(found: Mapping[str, Any], data: Mapping[str, Any]) -> list[Run]:
    """Return a driver as sentences with their numbers, its words explained."""
    match found["kind"]:
        case "uncertainty":
            return [
                *_named(found["meaning"], _GROUPS.get(found["group"])),
                f"It carries {pct(found['share'])} of the uncertainty about deception, more than any other group of "
                f"beliefs. Over the 90\u00a0% interval of “{found['words']}” ({_range(found)}) deception goes from "
                f"{pct(found['at_low'])} to {pct(found['at_high'])}.",
            ]
        case "pathway":
            return _pathway(found, data["labels"])
        case "gap":
            return [
                *_named(found["meaning"], _GROUPS.get(found["group"])),
                f"It makes {pct(found['share'])} of the gap between the argument’s own numbers "
                f"({pct(found['at_a'])}) and a critic’s ({pct(found['at_b'])}), as we read them, more than any other "
                "disagreement.",
            ]
        case "training":
            name = ": ".join(data["labels"].get(found[key], words(found[key])) for key in ("assumption", "state"))
            return [
                *_named(name),
                f"Of all choices of training it moves deception most, by {points(found['difference']['mean'])} "
                f"percentage points, to {pct(found['posterior']['mean'])}.",
            ]
    low, high = (value(found["scale"], found[side]["median"]) for side in ("prior", "posterior"))
    return [*_named(found["words"]), f"The answers taught most about it: {low} before, {high} after (medians)."]


def _named(name: str, explained: str | None = None) -> list[Run]:
    return [strong(upper_first(name) + ". "), *([f"({upper_first(explained)}.) "] if explained else [])]


def _pathway(found: Mapping[str, Any], labels: Mapping[str, str]) -> list[Run]:
    by_deception = found["pathway"] == "deception_catastrophe"
    rest = "" if by_deception else f" Through deception: {pct(found['deception'])}."
    return [
        *_named(labels.get(found["pathway"], words(found["pathway"])), _PATHWAYS.get(found["pathway"])),
        f"Of the existential risk, {pct(found['share'])} runs through it, the largest share.{rest}",
    ]


def _range(found: Mapping[str, Any]) -> str:
    scale = "ratio" if found["parameter"].startswith(("hr_", "drift", "deployment_exposure")) else "probability"
    return f"{value(scale, found['low'])} to {value(scale, found['high'])}"
