"""What only the HTML page holds: every answer, parameter, person, question and input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from precursor.report.blocks import (
    Section,
    from_command,
    from_run,
    row,
    section,
    table,
)
from precursor.report.sections.answers import held_out_rows, held_out_table
from precursor.report.sections.cruxes import TARGETS
from precursor.report.sections.every_answer import answers_drawn, every_answer
from precursor.report.sections.every_parameter import every_parameter
from precursor.report.sections.experiments import wordings
from precursor.report.sections.provenance import hash_rows
from precursor.report.words import pct, upper_first, who, words


def appendix(data: Mapping[str, Any], answer_figures: int) -> list[Section]:
    """Return the sections that the PDF leaves out."""
    return list(_sections(data, answer_figures))


def _sections(data: Mapping[str, Any], answer_figures: int) -> Iterator[Section]:
    if data["judgements"]:
        yield every_answer(data)
    if answer_figures:
        yield answers_drawn(answer_figures)
    if data["held_out"]:
        yield section(
            "bottom-lines",
            "Every bottom line, held out",
            held_out_table(data, held_out_rows(data), "all-held-out"),
            place="page",
        )
    yield every_parameter(data)
    if data["experts"]:
        yield _people(data)
    if data["scales"]:
        yield _scales(data)
    known = data["analyses"].get("value", {})
    if known.get("available"):
        yield _questions(known)
        yield section("experiments", "The experiments in words", wordings(known["evidence"]), place="page")
    if hashes := hash_rows(data):
        yield section(
            "inputs",
            "Every input",
            table(
                "inputs",
                "SHA-256 of every input.",
                head=("File|l*", "SHA-256|l"),
                rows=hashes,
                source=from_run("provenance.json: inputs"),
            ),
            place="page",
        )


def _people(data: Mapping[str, Any]) -> Section:
    def shown(found: Mapping[str, Any]) -> str:
        return f"{found['median']:.2f} ({found['low']:.2f} to {found['high']:.2f})" if found["touched"] else "as prior"

    rows = [
        row(
            who(e),
            str(e["answers"]),
            *(shown(e[name]) for name in ("bias", "extremity", "worldview", "noise_multiplier")),
        )
        for e in sorted(data["experts"], key=lambda e: -e["answers"])
    ]
    return section(
        "people",
        "What was learned of each person",
        table(
            "people",
            "Bias, extremity, worldview and noise of each person.",
            "Medians (90 %). Bias in log-odds towards bad news; extremity: how far odds are stretched; worldview from "
            "−1 (optimists) to +1; noise as a multiple of the group’s. Nothing here was checked against outcomes.",
            head=("Whose answers|l*", "Answers|r", "Bias|r", "Extremity|r", "Worldview|r", "Noise|r"),
            rows=rows,
            source=from_run("experts"),
        ),
        place="page",
    )


def _scales(data: Mapping[str, Any]) -> Section:
    def three(found: Mapping[str, Any]) -> str:
        return f"{found['median']:.2f} ({found['low']:.2f} to {found['high']:.2f})"

    return section(
        "scales",
        "How far people are taken to err",
        table(
            "scales",
            "Scales of the expert model, before and after.",
            "In log-odds; factors plain. Medians (90 %).",
            head=("Scale|l", "Prior|r", "Posterior|r", "Why this prior|l*"),
            rows=[
                row(upper_first(words(s["name"])), three(s["prior"]), three(s["posterior"]), s["reason"])
                for s in data["scales"]
            ],
            source=from_run("scales"),
        ),
        place="page",
    )


def _questions(known: Mapping[str, Any]) -> Section:
    asked = known["questions"]
    tables = [
        table(
            f"questions-{target}",
            f"Every question that could be asked, by what it would teach about {target}.",
            "Shares of the variance of the target’s log-odds expected to go.",
            head=(
                "Question|l",
                "Wording|l*",
                "1 expert|r",
                f"{asked['experts']} experts|r",
                "No noise|r",
                "Camps’ gap|r",
            ),
            rows=[
                row(
                    words(r["question"]) + (" (restates the target)" if r["restated"] else ""),
                    r["wording"],
                    pct(r["one_expert"]),
                    pct(r["panel"]),
                    pct(max(r["perfect"], 0.0)),
                    pct(r["discrimination"])
                    if r["discrimination"] is None or r["discrimination"] >= 0
                    else "parts them",
                )
                for r in found["rows"]
            ],
            source=from_command(known["command"]),
        )
        for target, found in zip(TARGETS, asked["targets"], strict=False)
    ]
    return section("questions", "Every question that could be asked", *tables, place="page")
