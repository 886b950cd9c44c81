"""The data: whose answers, how they were collected, which the fit finds hardest to explain, what was held out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from precursor.report.blocks import (
    Block,
    Run,
    Section,
    by_medium,
    code,
    from_queries,
    from_run,
    heading,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.words import between, pct, plural, upper_first, value, who, words

_SURPRISING = 8
_HELD_OUT = 8


def answers(data: Mapping[str, Any]) -> Section:
    """Return the section on the data."""
    return section(
        "data",
        "The data: whose answers these are",
        paragraph(*_whose(data)),
        paragraph(
            strong("What nobody has published: "),
            "a survey that asks about the four properties phase by phase, the heart of the argument. What is known of "
            "them comes from texts. Forecasters were asked of human extinction, others of existential catastrophe; "
            "the network links the two, the data hardly do.",
        ),
        _surveys(data),
        *_surprising(data),
        *_held_out(data),
        _waiting(data),
    )


def _whose(data: Mapping[str, Any]) -> Iterator[Run]:
    whose = data["whose"]
    groups = ", ".join(
        f"{count} of {words(group) if group else 'no group'}" for group, count in whose["groups"].items()
    )
    yield (
        f"{plural(whose['answers'], 'answer', 'answers')} of "
        f"{plural(whose['people'], 'person or group', 'people and groups')} enter the "
        f"fit{f': {groups}' if groups else ''}."
    )
    orders = sum(s.get("fitted", s["answers"]) for s in data["surveys"]) - whose["answers"]
    if orders > 0:
        yield f" {orders} more, which no single number can stand for (an order of events, say), the table below counts."
    if whose["our_reading"]:
        yield f" {whose['our_reading']} are our readings of what authors wrote; where we read each stands "
        yield by_medium("beside it in the HTML page", "beside it further down", "all-answers")
        yield " and in "
        yield code("report.json")
        yield "."
    if most := whose["most"]:
        yield f" The largest voice is {who(most)}, with {most['answers']} answers ({pct(most['share'])})."


def _surveys(data: Mapping[str, Any]) -> Block | None:
    if not data["surveys"]:
        return paragraph("No survey was fitted: every number below is the prior’s.")
    rows = [
        row(
            [s.get("title") or words(s["id"]), *([f". {upper_first(s['source'])}"] if s.get("source") else [])],
            str(s.get("fitted", s["answers"])),
            str(s["experts"]) if s["experts"] else "group",
            "synthetic" if s["synthetic"] else "real",
        )
        for s in data["surveys"]
    ]
    return table(
        "surveys",
        "What was fitted.",
        "A published group (a median with its spread) counts as a population, never as one expert.",
        head=("Survey and source|l*", "Answers|r", "People|r", "Kind|l"),
        rows=rows,
        source=from_run("surveys"),
    )


def _surprising(data: Mapping[str, Any]) -> list[Block]:
    found = sorted((j for j in data["judgements"] if j["surprise"] is not None), key=lambda j: j["surprise"])
    if not found:
        return []
    odd = sum(j["surprise"] < 0.05 for j in found)  # noqa: PLR2004 - five in a hundred
    rows = [
        row(
            who(j),
            words(j["question"]),
            j["answer"],
            value(j["scale"], j["implied"]),
            f"{value(j['scale'], j['predicted_low'])} to {value(j['scale'], j['predicted_high'])}",
            pct(j["surprise"]),
            about=[j["query"]],
        )
        for j in found[:_SURPRISING]
    ]
    return [
        heading("The answers that the fit finds hardest to explain"),
        table(
            "surprising",
            f"{odd} of {len(found)} answers lie where fewer than one in twenty were expected.",
            "By chance alone about five in a hundred would. ",
            {"style": "emphasis", "text": "Tail"},
            ": the probability of an answer at least as far out. ",
            by_medium("All answers are in the HTML page.", "All answers are further down.", "all-answers"),
            head=("Whose|l", "Of what|l*", "Answer|r", "Implied|r", "Expected, 90 %|r", "Tail|r"),
            rows=rows,
            source=from_run("posterior.nc: judgements"),
        ),
    ]


def held_out_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of authors' bottom lines."""
    return [
        row(
            f"our reading of {h['person']}",
            words(h["question"]),
            h["answer"],
            h.get("basis", "all surveys"),
            pct(h["implied"]["mean"]),
            between(h["implied"]),
            about=[h["query"]],
        )
        for h in data["held_out"]
    ]


def held_out_table(data: Mapping[str, Any], rows: list[dict[str, Any]], id_: str = "held-out") -> Block:
    """Return the table of authors' bottom lines."""
    more = len(data["held_out"]) - len(rows)
    elsewhere = by_medium(f"{more} more are in the HTML page.", f"{more} more are further down.", "bottom-lines")
    return table(
        id_,
        "Authors’ bottom lines, in our reading, beside what premises imply.",
        "Premises: those of the author’s own side where they were fitted alone, else all. ",
        *([elsewhere] if more > 0 else []),
        head=("Whose|l", "Of what|l*", "Stated|r", "Implied by|l", "Implied|r", "90 %|r"),
        rows=rows,
        source=from_queries(*(h["query"] for h in data["held_out"])),
    )


def _held_out(data: Mapping[str, Any]) -> list[Block]:
    if not data["held_out"]:
        return [paragraph("No author’s bottom line is held out in this run.")]
    return [
        heading("Bottom lines, held out"),
        paragraph(
            "An author’s bottom line is not fitted together with the same author’s premises: that would count one "
            "opinion twice. It is compared with what premises imply. A gap is no error of the author’s: it says that "
            "the premises, as we read them, do not yet carry the conclusion.",
        ),
        held_out_table(data, held_out_rows(data)[:_HELD_OUT]),
    ]


def _waiting(data: Mapping[str, Any]) -> Block | None:
    if not data["waiting"]:
        return None
    why: dict[tuple[str, str], list[str]] = {}
    for w in data["waiting"]:
        why.setdefault((w["survey"], w["reason"]), []).append(f"{w['answers']} {w['form']}")
    listed = "; ".join(f"of {words(survey)} {', '.join(of)} ({reason})" for (survey, reason), of in why.items())
    return paragraph(f"Read and checked, but not fitted: {listed}.")
