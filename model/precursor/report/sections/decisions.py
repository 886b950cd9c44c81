"""What is decided of experts, since no data tell: the headline under other decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from precursor.report.blocks import Block, from_run, heading, items, paragraph, row, strong, table
from precursor.report.words import NONE, between, pct, upper_first, words

_MEANINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "extremity": (
            "Extremity",
            "stated log-odds are taken to be this many times what they should be. Default 1; below it people are "
            "taken to understate, above it to overstate.",
        ),
        "shared_error": (
            "Shared error",
            "how far all experts err together, this many times its default. 0: not at all, so that many people who "
            "agree make nearly certain.",
        ),
        "amplified_error": (
            "Shared error and extremity",
            "some people state more extreme odds than others. By default that stretches what they see of the truth "
            "and not the error that all share, so that the scatter of a large crowd tells the two apart. The other "
            "decision: it stretches both alike, and the scatter tells nothing.",
        ),
        "transfer": (
            "Transfer",
            "how far people differ, and how imprecise they are, was learned from forecasts whose outcomes are known; "
            "here it is taken to be this many times as much. Default 1.",
        ),
    }
)


def _stretched(share: float) -> str:
    if share in (0.0, 1.0):
        return "a person’s extremity stretches the shared error too" if share else "the shared error is not stretched"
    return f"a person’s extremity stretches {pct(share)} of the shared error"


_IN_WORDS: Mapping[str, Callable[[float], str]] = MappingProxyType(
    {
        "extremity": lambda times: f"extremity {times:g}",
        "shared_error": lambda times: f"shared error × {times:g}",
        "amplified_error": _stretched,
        "transfer": lambda times: f"transfer × {times:g}",
    }
)
_NOT_DECISIONS = {"default", "quick", "converged", "checks", "headline"}


def decisions(data: Mapping[str, Any]) -> list[Block]:
    """Return the headline under other decisions, and how far people are taken to err."""
    blocks: list[Block] = [heading("The headline under other decisions")]
    if not data["decisions"]:
        return [*blocks, paragraph("This run was not repeated under other decisions.")]
    rows = []
    default: Mapping[str, Any] = next((d for d in data["decisions"] if d["default"]), {})
    for d in data["decisions"]:
        state = "the default" if d["default"] else "shorter run" if d["converged"] else "shorter run, NOT converged"
        cells = [
            c
            for id_ in ("deceptive", "catastrophe")
            for c in (
                (pct(d["headline"][id_]["posterior"]["mean"]), between(d["headline"][id_]["posterior"]))
                if id_ in d["headline"]
                else (NONE, NONE)
            )
        ]
        rows.append(row(_decided(d, default), *cells, strong(state) if "NOT" in state else state))
    return [
        *blocks,
        paragraph(
            "Some things about people as a whole no answer can tell, as long as nobody knows the outcome of what was "
            "asked. Each is a decision, not a finding: the table shows the headline under others, the list below it "
            "says what they mean."
        ),
        table(
            "decisions",
            "The same answers under other decisions.",
            "All answers are fitted again each time; a row differs from the default in what it names, and in nothing "
            "else.",
            head=("Decision|l*", "Deception|r", "90 %|r", "Catastrophe|r", "90 %|r", "Fit|l"),
            rows=rows,
            source=from_run("decisions"),
        ),
        items(*([strong(f"{name}: "), said] for key, (name, said) in _MEANINGS.items() if key in default)),
    ]


def _decided(found: Mapping[str, Any], default: Mapping[str, Any]) -> str:
    """Return in words where a set of decisions differs from the default, whichever decisions there are."""
    if found["default"]:
        return "Default"
    named = [
        _IN_WORDS[key](value) if key in _IN_WORDS else f"{words(key)} {value}"
        for key, value in found.items()
        if key not in _NOT_DECISIONS and value is not None and value != default.get(key)
    ]
    return upper_first(", ".join(named)) or "As the default, shorter"
