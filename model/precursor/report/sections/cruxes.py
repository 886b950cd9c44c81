"""Cruxes: what would be worth learning, and which questions to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import (
    Block,
    Section,
    by_medium,
    emphasis,
    from_command,
    heading,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.sections.missing import camps_left_out, missing
from precursor.report.words import NONE, pct, plural, points, upper_first, words

_INDICATORS, _QUESTIONS = 6, 5
TARGETS = ("deception", "catastrophe")


def cruxes(data: Mapping[str, Any]) -> Section:
    """Return the section on the value of information."""
    known = data["analyses"].get("value", {})
    if not known.get("available"):
        return section("cruxes", "What to ask and measure next", missing(data, "value", "The value of information"))
    asked = known["questions"]
    return section(
        "cruxes",
        "What to ask and measure next",
        paragraph(
            f"What would {plural(asked['experts'], 'more expert', 'more experts')} teach, question by question? Shares "
            "of the variance of the target’s log-odds that are expected to go. Questions that as good as ask for the "
            "target itself are left out of the recommended survey: they teach most, and explain least.",
        ),
        *_next(known),
        *_indicators(known),
        camps_left_out(known),
        *_forecasters(known),
    )


def _next(known: Mapping[str, Any]) -> list[Block]:
    asked = known["questions"]
    together = asked["together"]
    by = [{r["question"]: r for r in found["rows"]} for found in asked["targets"]]
    rows = []
    for step in together["next"][:_QUESTIONS]:
        ones = [known_[step["question"]] for known_ in by]
        text = [
            upper_first(words(step["question"].removeprefix("core_"))), ". ", emphasis(_shortened(ones[0]["wording"]))
        ]  # fmt: skip
        rows.append(row(text, *(pct(one[key]) for one in ones for key in ("one_expert", "panel"))))
    removed = list(together["removed"].values())
    rows.append(row("All of them together", *(cell for share in removed for cell in ("", pct(share))), kind="total"))
    gone = " and ".join(
        f"{pct(share)} of the uncertainty about {t}" for share, t in zip(removed, TARGETS, strict=False)
    )
    heads = [f"{upper_first(t)}:\n{who}|r" for t in TARGETS for who in ("1 expert", f"{asked['experts']} experts")]
    count = len(together["next"][:_QUESTIONS])
    return [
        heading(f"The next survey: {count} questions"),
        table(
            "next-survey", f"Together they are expected to remove {gone}.",
            "Chosen as a set, so that no exchange of one question would do better. What experts share as error stays, "
            "however many answer. ",
            by_medium("Every question is in the HTML page.", "Every question is further down.", "questions"),
            head=("Question|l*", *heads), rows=rows, source=from_command(known["command"], draws=asked["draws"]),
        ),
    ]  # fmt: skip


def _shortened(text: str, most: int = 170) -> str:
    """Return what is asked without its definitions: the sentence with the question mark, or the beginning."""
    asked = next((sentence for sentence in text.split(". ") if "?" in sentence), None)
    short = text if asked is None else asked.split("?")[0] + "?"
    if len(short) <= most:
        return short
    return f"{short[:most].rsplit(' ', 1)[0].rstrip(' ,;:')} …"


def _indicators(known: Mapping[str, Any]) -> list[Block]:
    rows = []
    for target, found in zip(TARGETS, known["indicators"], strict=False):
        rows.append(row(strong(f"For {target}"), kind="group"))
        for one in found["rows"][:_INDICATORS]:
            p = one["predictive"]
            names = [f"p_indicator.{one['indicator']}.{side}" for side in ("event", "not_event")]
            rows.append(
                row(
                    words(one["indicator"]),
                    pct(p["p_c"]),
                    pct(p["p_u_given_c"]),
                    pct(p["p_u_given_not_c"]),
                    f"{1000 * p['bits']:.2g}",
                    NONE if one["discrimination_share"] is None else pct(one["discrimination_share"]),
                    about=names,
                    mark=not one["fitted"],
                )
            )
    return [
        heading("What to look out for"),
        table(
            "indicators",
            "What learning each indicator would teach.",
            "The target if the indicator is seen and if it is not; the expected gain in thousandths of a bit; and how "
            "much of two camps’ disagreement it is expected to remove.",
            head=("Indicator|l*", "P(seen)|r", "If seen|r", "If not|r", "Millibits|r", "Camps|r"),
            rows=rows,
            source=from_command(known["command"]),
        ),
    ]


def _forecasters(known: Mapping[str, Any]) -> list[Block]:
    found = known["forecasters"]
    if not found:
        return []
    camps = list(found[0]["camps"])
    rows = [
        row(
            words(r["indicator"]),
            *(points(r["camps"][c]["shift"]).removeprefix("+") for c in camps),
            points(r["model"]["predictive"]["shift"]).removeprefix("+") if r["model"] else NONE,
            str(r["incoherent"]),
        )
        for r in found
    ]
    return [
        table(
            "forecasters",
            "The forecasters’ own value of information beside the model’s.",
            "Expected shift of P(human extinction by 2100), in percentage points, by the forecasters’ formula on "
            "their raw numbers (median member of a camp) and from this run. The model holds one belief for all, "
            "coherent and drawn towards everyone’s answers, so it lies between the camps. Last column: people whose "
            "three numbers no probability can hold.",
            head=("Indicator|l*", *(f"{c}|r" for c in camps), "This run|r", "Incoherent|r"),
            rows=rows,
            source=from_command(known["command"]),
        )
    ]
