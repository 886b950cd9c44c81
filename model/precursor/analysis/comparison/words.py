"""A comparison in three plain sentences: who moved the number and by how much, why, and what to doubt."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from precursor.analysis.queries import HEADLINE, meaning

Document = dict[str, Any]
_MOSTLY = 0.5
_SIGNIFICANT = 2.0


def sentences(document: Mapping[str, Any]) -> list[str]:
    """Return three sentences about the first move of a comparison's document."""
    if not document["moves"]:
        return []
    move = document["moves"][0]
    if not document["answers"]:
        return _nothing_new(move)
    return [_who(move), _why(document, move), _doubt(document, move)]


def title(query: str) -> str:
    """Return what a headline query is about, in words; of others the query."""
    return _titles().get(meaning(query), query)


@cache
def _titles() -> Mapping[object, str]:
    return {meaning(query): words for words, query in HEADLINE.values()}


def percent(probability: float) -> str:
    """Return a probability in per cent, to two or three digits."""
    return f"{100 * probability:.3g} %" if probability >= 1e-4 else "<0.01 %"  # noqa: PLR2004 - what is worth telling


def points(change: float) -> str:
    """Return a change of a probability, signed, in percentage points."""
    return f"{100 * change:+.2f}"


def _nothing_new(move: Document) -> list[str]:
    change = move["after"] - move["before"]
    span = f"{percent(move['before'])} to {percent(move['after'])}"
    if change == 0:
        return [
            "Nobody moved anything: no answer differs between the runs.",
            f"{title(move['query'])!r} stands at {percent(move['before'])} in both.",
            f"Its standard error is {100 * move['error']:.2f} points.",
        ]
    return [
        f"No answer differs between the runs; {title(move['query'])!r} moved by {points(change)} points, {span}.",
        f"That is a matter of Monte Carlo error ({100 * move['error']:.2f} points, one standard error) "
        "and of the settings listed.",
        "There is nothing to attribute: more draws would bring the two closer.",
    ]


def _who(move: Document) -> str:
    change = move["after"] - move["before"]
    span = f"{percent(move['before'])} to {percent(move['after'])}"
    whole = f"{title(move['query'])!r} moved by {points(change)} points, {span}"
    first, cell = _leader(move, change)
    label, part = first["label"], first["part"]
    own = [c for c in move["cells"] if c["expert"] == first["expert"]]
    through = (
        f", through {cell['question']} ({points(cell['part'])})" if len(own) > 1 else f", through {cell['question']}"
    )
    if len(move["experts"]) == 1:
        return f"All by {label}{through}: {whole}."
    # Parts may cancel: who moved most of the sum need not have moved most of what was moved.
    moved = sum(abs(expert["part"]) for expert in move["experts"])
    if abs(part) >= _MOSTLY * moved and part * change > 0:
        return f"Mostly {label}{through}: {points(part)} points, where {whole}."
    others = ", ".join(f"{e['label']} {points(e['part'])}" for e in move["experts"][:3])
    question = max(move["questions"], key=lambda q: q["part"] * (1 if change > 0 else -1))
    return (
        f"{len(move['experts'])} experts together, none of them alone: {whole}, most through {question['question']} "
        f"({points(question['part'])}); the largest parts are {others}."
    )


def _leader(move: Document, change: float) -> tuple[Document, Document]:
    """Return the expert with the largest part in the direction of the change, and that expert's largest question."""
    towards = [expert for expert in move["experts"] if expert["part"] * change > 0] or move["experts"]
    first = max(towards, key=lambda expert: abs(expert["part"]))
    return first, next(cell for cell in move["cells"] if cell["expert"] == first["expert"])


def _why(document: Mapping[str, Any], move: Document) -> str:
    first, cell = _leader(move, move["after"] - move["before"])
    answer = next(a for a in document["answers"] if (a["expert"], a["question"]) == (cell["expert"], cell["question"]))
    if answer["after"] is None:
        what = f"{first['label']}’s answer {answer['before']!r} to {cell['question']} is no longer there"
    elif answer["before"] is None:
        what = f"{first['label']} answered {answer['after']!r} to {cell['question']}"
    else:
        what = f"{first['label']} answered {answer['after']!r} to {cell['question']} instead of {answer['before']!r}"
    if answer["implied_before"] is None:
        return f"{what}."
    show = percent if answer["scale"] == "probability" else lambda value: f"{value:.3g}"
    implied = f"{show(answer['implied_before'])}, and the later implies {show(answer['implied_after'])}"
    return f"{what}, where the earlier run implied {implied} of that question (mean of the log-odds)."


def _doubt(document: Mapping[str, Any], move: Document) -> str:
    change = move["after"] - move["before"]
    first, _ = _leader(move, change)
    overlap, remainder = document["overlap"], move["remainder"]["part"]
    if not overlap["trusted"]:
        draws = f"{overlap['effective_draws']:.0f} effective draws at the worst point, {overlap['wanted']:.0f} wanted"
        return (
            f"Doubt the split: the two posteriors hardly overlap ({draws}); "
            f"before and after themselves stand, and {points(remainder)} points are not attributed."
        )
    if abs(change) < _SIGNIFICANT * move["error"]:
        return f"Doubt that it moved at all: one standard error of the change is {100 * move['error']:.2f} points."
    if abs(remainder) > abs(first["part"]):
        return (
            f"Doubt the split: {points(remainder)} points are Monte Carlo error and settings, more than any one part."
        )
    errors = f"its standard error is {100 * first['error']:.2f} points, and {points(remainder)} points are Monte Carlo"
    return (
        f"Doubt that one more opinion is one more fact: {first['label']}’s part rests on the bias and error that "
        f"experts are assumed to share; {errors} error and settings."
    )
