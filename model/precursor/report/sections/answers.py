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
    figure,
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
_TAUGHT = 14
_SEEN = (
    " “Seen if it holds”, “seen if not”: how probable that observation is if what it bears on happens, and if it does "
    "not."
)


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


def moved(data: Mapping[str, Any]) -> Section:
    """Return the section on what the answers changed."""
    spread = data["prior_predictive"]
    own, over_all = spread[0], spread[-1]
    entry = data["headline"][0]
    return section(
        "before-and-after",
        "Before and after the answers",
        paragraph(
            "What the model holds before any answer, what it holds after all of them, and what one more person would "
            "be expected to say.",
        ),
        figure(
            "headline",
            f"The answers moved deception from {pct(entry['prior']['mean'])} to {pct(entry['posterior']['mean'])} "
            f"({entry['bits']:.1f} bits).",
            "A thick bar as wide as the thin one above it: the answers said little. The dotted line is wider than the "
            "bar because people differ and are noisy; more experts would narrow the bar, not the line.",
            source=from_queries(*(e["query"] for e in data["headline"])),
            about=[e["query"] for e in data["headline"]],
        ),
        paragraph(
            "The prior is meant to take no side. In the argument’s own case it puts deception anywhere from "
            f"{pct(own['percentiles']['1'])} (1st percentile) to {pct(own['percentiles']['99'])} (99th), "
            f"{pct(own['share_below']['0.01'])} of it below 1 % and {pct(1 - own['share_below']['0.1'])} above 10 %; "
            f"with training regimes averaged, from {pct(over_all['percentiles']['1'])} to "
            f"{pct(over_all['percentiles']['99'])}.",
        ),
        figure(
            "prior_predictive",
            "Before any answer, both sides of the debate are possible.",
            "What the prior alone says of deception, in log-odds. Look for mass at the argument’s 1 % and at its "
            "critics’ tens of per cent.",
            source=from_queries(own["query"], over_all["query"]),
        ),
        *_learnt(data),
    )


def _learnt(data: Mapping[str, Any]) -> list[Block]:
    rows = data["parameters"]
    dominated = [p for p in rows if p["prior_dominated"]]
    most = sorted(rows, key=lambda p: -(p["bits"] or 0))[:_TAUGHT]
    return [
        heading("What the answers taught"),
        paragraph(
            f"The network has {len(rows)} parameters. On {len(data['untouched'])} no answer bears at all, and on "
            f"{len(dominated)} the answers taught less than a tenth of a bit: there the report shows the prior and "
            "nothing else. ",
            by_medium(
                "The HTML page lists all of them with the reason for each prior.",
                "All of them are listed below with the reason for each prior.",
                "all-parameters",
            ),
        ),
        figure(
            "parameters",
            "The answers taught most about these parameters.",
            "Thin and open: prior. Thick: posterior. Right: bits learnt."
            + (_SEEN if any(p["name"].startswith("p_indicator.") for p in most) else ""),
            source=from_run("posterior.nc"),
            about=[p["name"] for p in most if not p["prior_dominated"]],
        ),
    ]
