"""Every answer beside what the fit implies, as a table and drawn, for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from precursor.report.blocks import Section, code, figure, from_run, heading, paragraph, row, section, table
from precursor.report.words import pct, value, who, words


def every_answer(data: Mapping[str, Any]) -> Section:
    """Return the section with every answer as typed, and every question with its query."""
    wordings_: dict[str, tuple[str, str]] = {}
    rows = []
    for j in data["judgements"]:
        wordings_.setdefault(j["question"], (j["wording"], j["query"]))
        rows.append(
            row(
                who(j),
                j["camp"] or "",
                words(j["question"]),
                j["answer"],
                value(j["scale"], j["implied"]),
                f"{value(j['scale'], j['predicted_low'])} to {value(j['scale'], j['predicted_high'])}",
                pct(j["surprise"]),
                j["comment"],
                about=[j["query"]],
            )
        )
    asked = [row(words(id_), wording, code(query)) for id_, (wording, query) in wordings_.items()]
    return section(
        "all-answers",
        "Every answer",
        paragraph("What was said, as typed. For authors the comment says where in the text we read it."),
        table(
            "all-answers",
            f"All {len(rows)} answers beside what the fit implies.",
            head=(
                "Whose|l",
                "Camp|l",
                "Question|l*",
                "Answer|r",
                "Implied|r",
                "Expected, 90 %|r",
                "Tail|r",
                "Comment|l",
            ),
            rows=rows,
            source=from_run("posterior.nc: judgements"),
        ),
        heading("What was asked"),
        table(
            "asked",
            "Every question, and the query that it is.",
            head=("Question|l", "Wording|l*", "Query|l"),
            rows=asked,
            source=from_run("posterior.nc: judgements"),
        ),
        place="page",
    )


def answers_drawn(count: int) -> Section:
    """Return the section with every answer drawn, in so many figures."""
    drawn = [
        figure(
            f"answers-{i}",
            f"Every answer against the fit, {i} of {count}.",
            "Pale: the quantity. Grey: where such an answer was expected. Black: the answer. Open: fewer than one in "
            "twenty expected.",
            source=from_run("posterior.nc: judgements"),
        )
        for i in range(1, count + 1)
    ]
    return section("answers-drawn", "Every answer, drawn", *drawn, place="page")
