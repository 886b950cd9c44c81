"""When the four properties emerge, in which order, and what each order leads to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.figures.style import ratio
from precursor.report.blocks import Section, figure, from_queries, paragraph, row, section, table
from precursor.report.words import NONE, between, pct


def emergence(data: Mapping[str, Any]) -> Section:
    """Return the section on emergence."""
    found, labels = data["emergence"], data["labels"]
    means = {r["order"]: r["posterior"]["mean"] for r in found["deceptive_through"]}
    order = {r["state"]: r["mean"] for r in found["order"]["posterior"]}
    window = found["correction_window"]["posterior"]
    return section(
        "emergence",
        "When the properties emerge, and in which order",
        paragraph(
            "The argument turns on order. If a system understands the base goal before it has goals of its own, "
            "training can point its goal there; if long-term goals come first, it has a reason to play along. All of "
            "this is given gradient-trained transformative AI, training regimes averaged.",
        ),
        figure(
            "phases",
            "Understanding comes early, long-term goals late.",
            "Probability that a property is there by the end of each phase. The gap between ",
            {"style": "emphasis", "text": "base goal understood"},
            " and ",
            {"style": "emphasis", "text": "long-term goals"},
            " in one phase is the room in which training can correct a goal.",
            source=from_queries(*(r["query"] for r in found["acquired"])),
            about=[r["query"] for r in found["acquired"]],
        )
        if _early(found)
        else figure(
            "phases",
            "How probable each property is by the end of each phase.",
            source=from_queries(*(r["query"] for r in found["acquired"])),
            about=[r["query"] for r in found["acquired"]],
        ),
        figure(
            "orders",
            f"Understanding first has probability {pct(order['understanding_first'])}; long horizons first, "
            f"{pct(order['long_horizon_first'])}.",
            "Left: how probable each order is. Right: what the system turns out to be in that order; the black part "
            "is deception.",
            source=from_queries(found["order"]["query"], *(r["query"] for r in found["outcome_given_order"])),
        ),
        paragraph(
            f"The probability of deception is made up of {pct(means['understanding_first'])} in which understanding "
            f"came first, {pct(means['goal_then_understanding'])} in which a goal came first and understanding before "
            f"long horizons, and {pct(means['long_horizon_first'])} in which long horizons came before understanding. "
            f"In the argument’s own case a system is expected to spend {ratio(window['mean'])} phase lengths "
            f"({ratio(window['low'])} to {ratio(window['high'])}) in the correction window: goal-directed, "
            "understanding, on a proxy, and not yet a schemer.",
        ),
        table(
            "pairs",
            "Which of two properties comes first.",
            "The rest of each row: neither is acquired.",
            head=("A|l", "B|l*", "A first|r", "90 %|r", "B first|r", "90 %|r", "Neither|r"),
            rows=[
                row(
                    labels.get(p["left"], p["left"]),
                    labels.get(p["right"], p["right"]),
                    pct(p["left_first"]["mean"]),
                    between(p["left_first"]),
                    pct(p["right_first"]["mean"]) if p["possible"] else "cannot",
                    between(p["right_first"]) if p["possible"] else NONE,
                    pct(p["neither"]["mean"]),
                    about=[p["left_first"]["query"], p["right_first"]["query"]],
                )
                for p in found["pairs"]
            ],
            source=from_queries(*(p[side]["query"] for p in found["pairs"] for side in ("left_first", "right_first"))),
        ),
    )


def _early(found: Mapping[str, Any]) -> bool:
    """Whether understanding is the likelier of the two in every phase of training."""
    mean = {(r["property"], r["phase"]): r["posterior"]["mean"] for r in found["acquired"]}
    return all(mean["base_goal_understood", phase] > mean["long_term_goals", phase] for phase in found["phases"])
