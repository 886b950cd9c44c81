"""What a report may not claim: the pages held against the checks of the run that they speak of.

The lint reads the document's blocks, not rendered pages: which quantities a row is of, which marks and stamps it
carries, which claims a block makes (``says``), whose answers a text names.  What it finds stops the report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from precursor.report.blocks import PRIOR_MARK, Block, plain_text
from precursor.report.document import blocks_of, stamps_of
from precursor.report.marks import prior_dominated

_TOLERANCE = 1e-6
_CLAIM = re.compile(r"\bcalibrated\b", re.IGNORECASE)


class UnsupportedClaimError(ValueError):
    """The report says what its checks do not allow; ``problems`` says where and what."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def require_supported(data: Mapping[str, Any], made: Mapping[str, Any]) -> None:
    """Raise `UnsupportedClaimError` with everything that the document may not say."""
    problems = problems_of(data, made)
    if problems:
        raise UnsupportedClaimError(problems)


def problems_of(data: Mapping[str, Any], made: Mapping[str, Any]) -> list[str]:
    """Return what a document claims that the numbers' own checks do not allow, every problem at once.

    Parameters
    ----------
    data
        The numbers (see `precursor.analysis.document.report_data`).
    made
        The pages (see `precursor.report.document`).
    """
    return [
        *_said_first(data, made),
        *_outcomes(data, made),
        *unstamped(stamps_of(data["run"]), made),
        *_marks(data, made),
        *_names(data, made),
        *untraceable(made),
        *_never_alone(data, made),
        *_sums(data),
    ]


def _said_first(data: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    """Find what must be said on page one before any number, and is not."""
    run, first = data["run"], made["sections"][0]["blocks"]
    numbers = next((i for i, b in enumerate(first) if b["block"] in ("numbers", "table", "figure")), len(first))
    before = {claim for block in first[:numbers] for claim in block.get("says", [])}
    holds = {
        "not_converged": not run["converged"],
        "synthetic": run["synthetic"],
        "quick": run["quick"],
        "no_better_than_prior": any(entry["prior_dominated"] for entry in data["headline"]),
    }
    for claim, needed in holds.items():
        if needed and claim not in before:
            yield f"page one does not say first: {claim.replace('_', ' ')}"


def _outcomes(data: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    """Find calibration claimed of what no outcome has checked; and that nobody says so of the headline."""
    scored = bool(data["analyses"].get("pooling", {}).get("available")) or data["whose"]["seeds"] > 0
    said = {claim for _, block in blocks_of(made) for claim in block.get("says", [])}
    if "uncalibrated" not in said:
        yield "nowhere is it said that no outcome has tested the headline"
    for section, block in blocks_of(made):
        claims = block.get("says", [])
        if "checked_against_outcomes" in claims and not scored:
            yield f"{section['id']}: says that outcomes checked it, and there are none"
        if any(_CLAIM.search(text) for text in texts_of(block)) and not {
            "uncalibrated",
            "checked_against_outcomes",
        } & set(claims):
            yield f"{section['id']}: says calibrated of what no outcome has checked"


def unstamped(wanted: Sequence[str], made: Mapping[str, Any]) -> Iterator[str]:
    """Find tables and figures that do not carry every stamp."""
    for section, block in blocks_of(made):
        if block["block"] in ("figure", "table"):
            for stamp in wanted:
                if stamp not in block["stamps"]:
                    yield f"{section['id']}: {_named(block)} is not stamped: {stamp}"


def _marks(data: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    """Find numbers of the prior's that are shown without a mark."""
    dominated = prior_dominated(data)
    texts = {words: name for name, words in dominated.items()}
    for section, block in blocks_of(made):
        if block["block"] == "table":
            for row in block["rows"]:
                own = {name for name in row["about"] if name in dominated}
                own |= {texts[plain_text(cell)] for cell in row["cells"][:1] if plain_text(cell) in texts}
                if own and not row["mark"]:
                    yield f"{section['id']}: {_named(block)} shows {sorted(own)[0]} unmarked: it is as in the prior"
        elif block["block"] == "figure":
            own = {name for name in block["about"] if name in dominated}
            if own and PRIOR_MARK not in plain_text(block["caption"]) + block["title"]:
                yield f"{section['id']}: {_named(block)} does not say that {sorted(own)[0]} is as in the prior"
        elif block["block"] == "numbers":
            for entry in block["entries"]:
                if entry["query"] in dominated and PRIOR_MARK not in entry["value"]:
                    yield f"{section['id']}: {entry['query']} is shown unmarked: it is as in the prior"


def _names(data: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    """Find authors' names beside numbers that are our reading of them."""
    authors = {row["label"] for row in data["judgements"] if row["our_reading"]}
    authors |= {row["person"] for row in data["held_out"]}
    for section, block in blocks_of(made):
        if block["block"] != "table":
            continue
        for row in block["rows"]:
            first = plain_text(row["cells"][0])
            if any(first.startswith(name) for name in authors if name):
                yield f"{section['id']}: {_named(block)} gives {first!r} a number without 'our reading of'"


def untraceable(made: Mapping[str, Any]) -> Iterator[str]:
    """Find tables and figures without a source, and figures without words for those who cannot see them."""
    for section, block in blocks_of(made):
        if block["block"] in ("figure", "table") and not any(block["source"].values()):
            yield f"{section['id']}: {_named(block)} has no source"
        if block["block"] == "figure" and not block.get("alt"):
            yield f"{section['id']}: {_named(block)} has no alternative text"


def _never_alone(data: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    """Find headline numbers without their interval or without the next expert."""
    known = {entry["id"]: entry for entry in data["headline"]}
    for section, block in blocks_of(made):
        if block["block"] == "numbers":
            for entry in block["entries"]:
                if not entry["interval"]:
                    yield f"{section['id']}: {entry['id']} stands without its interval"
                if known[entry["id"]]["next_expert"] is not None and len(entry["next_expert"]) < 2:  # noqa: PLR2004
                    yield f"{section['id']}: {entry['id']} stands without the next expert"


def _sums(data: Mapping[str, Any]) -> Iterator[str]:
    found = data["pathways"]
    total = sum(row["existential_through"]["mean"] for row in found["pathways"])
    if abs(total - found["total"]["mean"]) > _TOLERANCE:
        yield "pathways: the shares do not sum to the total"


def texts_of(block: Block) -> Iterator[str]:
    """Yield every text of a block."""
    for key in ("title", "alt"):
        if isinstance(block.get(key), str):
            yield block[key]
    for key in ("text", "caption"):
        if key in block:
            yield plain_text(block[key])
    yield from (plain_text(item) for item in block.get("items", []))
    for part in block.get("parts", []):
        yield from (plain_text(item) for item in part["items"])
    for row in block.get("rows", []):
        yield from (plain_text(cell) for cell in row["cells"])


def _named(block: Block) -> str:
    return f"figure {block['name']}" if block["block"] == "figure" else f"table {block['id']}"
