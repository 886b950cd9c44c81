"""What stands behind the numbers: checks, versions, seed, and where every number can be found again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from precursor.report.blocks import (
    Run,
    Section,
    by_medium,
    code,
    from_run,
    paragraph,
    row,
    section,
    strong,
    table,
)
from precursor.report.words import upper_first, words

_LENGTH = 64


def provenance(data: Mapping[str, Any]) -> Section:
    """Return the section on checks, versions and where every number can be found again."""
    checks = [
        row(
            upper_first(data["labels"].get(c["name"], words(c["name"]))),
            _number(c["value"]),
            _number(c["threshold"]),
            "yes" if c["passed"] else strong("NO"),
        )
        for c in data["checks"]
    ]
    return section(
        "provenance",
        "What stands behind the numbers",
        table(
            "checks",
            "Whether the sampler did its work.",
            "These say nothing about whether the model is right.",
            head=("Check|l*", "Value|r", "Threshold|r", "Passed|l"),
            rows=checks,
            source=from_run("checks"),
        )
        if checks
        else paragraph("This run has no sampler’s checks."),
        paragraph(
            "Every number is in ",
            code("report.json"),
            " beside this file: under ",
            code("document"),
            " the pages themselves, each table and figure with the queries or the command that its numbers come from. "
            "Any query can be asked again: ",
            code(f'precursor query "P(...)" --run {data["run"]["name"]}'),
            ". ",
            by_medium(
                "The page report.html beside it has every answer, parameter and input besides.",
                "Every answer, parameter and input stands below; report.pdf has the same pages without them.",
                "all-parameters",
            ),
        ),
        table(
            "made-with",
            "Versions, seed, command and time.",
            *_where_hashes_are(data),
            head=("What|l", "Value|l*"),
            rows=[row("run", data["run"]["name"]), row("draws", f"{data['run']['draws']:,}"), *_made(data)],
            source=from_run("provenance.json"),
        ),
    )


def _where_hashes_are(data: Mapping[str, Any]) -> list[Run]:
    if not hash_rows(data):
        return []
    there = by_medium("in the HTML page", "further down", "inputs")
    return ["The SHA-256 of every input is ", there, " and in report.json."]


def _made(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return provenance in few lines: a group a line, hashes apart."""
    rows = []
    for key, value in data["provenance"].items():
        if isinstance(value, Mapping):
            if key == "inputs" or any(_is_hash(v) for v in value.values()):
                continue
            rows.append(row(words(key), ", ".join(f"{words(k)} {v}" for k, v in value.items())))
        else:
            rows.append(row(words(key), str(value)))
    return rows


def hash_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each input's hash, for the page."""
    return [row(name, code(value)) for name, value in _leaves(data["provenance"]) if _is_hash(value)]


def _leaves(value: Mapping[str, Any], stem: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _leaves(inner, f"{key}/" if stem == "" and key != "inputs" else "")
        else:
            yield f"{stem}{key}", inner


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and len(value) == _LENGTH and set(value) <= set("0123456789abcdef")


def _number(value: float) -> str:
    if float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3f}"  # noqa: PLR2004
