"""Two runs compared, on a few pages: what moved, who moved it and through which questions, and what to doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from precursor.analysis.comparison.words import title
from precursor.analysis.queries import CATASTROPHE, DECEPTIVE, meaning
from precursor.analysis.words.parameter_words import parameter_words
from precursor.report.blocks import (
    Block,
    Section,
    callout,
    figure,
    from_command,
    items,
    paragraph,
    row,
    section,
    table,
)
from precursor.report.document import finished, stamps_of
from precursor.report.letters import printable
from precursor.report.lint import UnsupportedClaimError, unstamped, untraceable
from precursor.report.words import NONE, between, pct, plural, points, signed, upper_first, value, words

_LISTED, _ANSWERS = 10, 30
Document = Mapping[str, Any]


def write_comparison(found: Document, converged: bool, folder: Path) -> tuple[Path, ...]:
    """Write ``comparison-<earlier run>.pdf``, ``.html`` and ``.json`` into an existing folder, and return their paths.

    Raises `precursor.report.lint.UnsupportedClaimError` if the pages would claim too much; then nothing is written.

    Parameters
    ----------
    found
        See `precursor.analysis.comparison.comparison`.
    converged
        Whether both runs passed their checks.
    """
    from precursor.figures.comparison import draw
    from precursor.figures.style import svg
    from precursor.report.write import write_pages

    made = comparison_pages(found, converged)
    problems = [*unstamped(made["stamps"], made), *untraceable(made)]
    if problems:
        raise UnsupportedClaimError(problems)
    shown = printable(dict(found))
    drawings = {f"move-{i}": svg(draw(shown, i, heading=title(found["moves"][i]["query"]))) for i in _drawn(found)}
    name = re.sub(r"[^A-Za-z0-9._-]", "_", found["runs"]["before"])
    return write_pages({**found, "document": made}, drawings, folder, f"comparison-{name}")


def comparison_pages(found: Document, converged: bool) -> dict[str, Any]:
    """Return the pages of a comparison (see `precursor.report.document`)."""
    from importlib.metadata import version

    from precursor.figures.comparison import alt_text

    run = {"synthetic": bool(found.get("synthetic")), "converged": converged}
    before, after = found["runs"]["before"], found["runs"]["after"]
    made = {
        "title": "What moved between two runs",
        "run": f"{before} and {after}",
        "version": version("precursor"),
        "sections": [_first(found, run), *(_of_move(found, i) for i in _drawn(found)), *_rest(found)],
    }
    alts = {f"move-{i}": alt_text(dict(found), i) for i in _drawn(found)}
    return finished(made, stamps_of(run), alts, {})


def _drawn(found: Document) -> list[int]:
    """Return which moves are split on pages of their own: deception and catastrophe, where they could be split."""
    wanted = {meaning(DECEPTIVE), meaning(CATASTROPHE)}
    return [i for i, m in enumerate(found["moves"]) if "experts" in m and meaning(m["query"]) in wanted]


def _command(found: Document) -> dict[str, Any]:
    return from_command(f"precursor compare {found['runs']['before']} {found['runs']['after']}")


def _first(found: Document, run: Document) -> Section:
    before, after = found["runs"]["before"], found["runs"]["after"]
    rows = [
        row(
            upper_first(title(m["query"])), pct(m["before"]), between(m["before_estimate"]), pct(m["after"]),
            between(m["after_estimate"]), points(m["after"] - m["before"]),
            f"{100 * m['error']:.2f}" if "error" in m else NONE, about=[m["query"]],
        )
        for m in found["moves"]
    ]  # fmt: skip
    return section(
        "moved",
        f"What moved from {before} to {after}",
        *_warnings(found, run),
        items(*found["sentences"]),
        table(
            "moves",
            "The headline before and after.",
            "Probability and 90 % in each run; the change in percentage points, and its Monte Carlo standard error.",
            head=("|l*", "Before|r", "90 %|r", "After|r", "90 %|r", "Change|r", "Error|r"),
            rows=rows,
            source=_command(found),
        ),
        _surveys(found),
    )


def _warnings(found: Document, run: Document) -> Iterator[Block]:
    if not run["converged"]:
        yield callout(
            "A run did not pass its checks.", "No number below should be quoted or acted on.", says=["not_converged"]
        )
    if run["synthetic"]:
        yield callout(
            "Synthetic answers.", "Some answers were made up to try out the program: this is no statement about the "
            "world.", says=["synthetic"],
        )  # fmt: skip
    overlap = found.get("overlap")
    if overlap and not overlap["trusted"]:
        yield callout(
            "The runs hardly overlap.",
            f"The parts rest on {overlap['effective_draws']:.0f} effective draws where {overlap['wanted']:.0f} are "
            "wanted: read who moved the number as a rough sketch.",
        )


def _surveys(found: Document) -> Block | None:
    changed = found.get("surveys")
    if not changed:
        return None
    said = "; ".join(f"{how}: {', '.join(map(words, names))}" for how, names in changed.items() if names)
    return paragraph(f"Surveys {said}." if said else "Both runs hold the same surveys.")


def _of_move(found: Document, i: int) -> Section:
    move = found["moves"][i]
    name = upper_first(title(move["query"]))
    return section(
        f"move-{i}",
        f"Who moved it: {name}",
        figure(
            f"move-{i}",
            f"{name}: {pct(move['before'])} to {pct(move['after'])}.",
            "Each step starts where the one above ends; dark raises, hatched lowers, grey is nobody’s answer; lines: "
            "one standard error.",
            source=_command(found),
            about=[move["query"]],
        ),
        _parts(found, move, "experts", "label", "By expert"),
        _parts(found, move, "questions", "question", "By question"),
    )


def _parts(found: Document, move: Document, key: str, label: str, what: str) -> Block | None:
    entries: Sequence[Document] = move[key]
    if not entries:
        return None
    rows = [
        row(
            words(str(e[label])),
            points(e["part"]),
            f"{100 * e['error']:.2f}",
            signed(e["log_odds"]),
        )
        for e in entries[:_LISTED]
    ]
    rest = entries[_LISTED:]
    if rest:
        log_odds = sum(e["log_odds"] for e in rest)
        rows.append(row(f"{len(rest)} others", points(sum(e["part"] for e in rest)), NONE, signed(log_odds)))
    for name, said in (
        ("sharing", "What sharing of errors and decisions add"),
        ("remainder", "Remainder: Monte Carlo, settings"),
    ):
        rows.append(row(said, points(move[name]["part"]), f"{100 * move[name]['error']:.2f}", NONE))
    rows.append(row("In all", points(move["after"] - move["before"]), f"{100 * move['error']:.2f}", NONE, kind="total"))
    return table(
        f"{key}-{found['moves'].index(move)}",
        f"{what}: parts of the move, in percentage points.",
        "Parts sum to the move. Third column: one standard error; last: the part in log-odds.",
        head=(f"{what.removeprefix('By ').capitalize()}|l*", "Part|r", "Error|r", "Log-odds|r"),
        rows=rows,
        source=_command(found),
    )


def _rest(found: Document) -> Iterator[Section]:
    if found.get("answers"):
        yield _answers(found)
    if found.get("parameters"):
        rows = [
            row(upper_first(parameter_words(p["parameter"])), f"{p['before']:.3g}", f"{p['after']:.3g}",
                signed(p["shift"]), f"{p['error']:.2f}", about=[p["parameter"]])
            for p in found["parameters"]
        ]  # fmt: skip
        yield section(
            "parameters",
            "Which beliefs moved",
            table(
                "parameters", "Parameters that moved most.",
                "Medians; the shift in prior standard deviations, and its error.",
                head=("Parameter|l*", "Before|r", "After|r", "Shift|r", "Error|r"), rows=rows, source=_command(found),
            ),
        )  # fmt: skip
    settings = "; ".join(f"{s['name']} {s['before']} → {s['after']}" for s in found["settings"])
    yield section(
        "doubts",
        "How this was computed",
        paragraph(found.get("method", "Means of both runs; nothing could be divided.")),
        paragraph(
            f"Made differently, answers apart: {settings}."
            if settings
            else "Both runs were made with the same settings."
        ),
    )


def _answers(found: Document) -> Section:
    answers = found["answers"]
    rows = [
        row(
            words(a["expert"]), words(a["question"]), a["before"] or NONE, a["after"] or NONE,
            value(a["scale"], a["implied_before"]), value(a["scale"], a["implied_after"]),
        )
        for a in answers[:_ANSWERS]
    ]  # fmt: skip
    more = len(answers) - len(rows)
    return section(
        "answers",
        "Which answers changed",
        table(
            "answers",
            f"{plural(len(answers), 'answer', 'answers')} changed.",
            "What was said in each run, and what each run implies of the quantity."
            + (f" {more} more are in the JSON file." if more else ""),
            head=("Expert|l", "Question|l*", "Before|r", "After|r", "Implied before|r", "Implied after|r"),
            rows=rows,
            source=_command(found),
        ),
    )
