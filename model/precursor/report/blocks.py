"""What a page is made of: blocks as plain JSON, set by Typst for the PDF and as HTML, and read by the lint.

A *text* is a list of runs: a string, or ``{"style": "strong" | "emphasis" | "code", "text": string}``.  Strings are set
as they are, never read as markup, so that what people typed stays what they typed.  One more run, ``medium``, has two
texts (see `by_medium`).

A block has a ``block`` (``paragraph``, ``list``, ``callout``, ``heading``, ``numbers``, ``columns``, ``figure``,
``table``) and may have ``says``: names of the claims that it makes, which the lint holds against the checks.  Figures
and tables have a ``source``: the queries, or the command, from which their numbers come; ``about`` names the
quantities that a row or figure shows; ``stamps`` are set on every one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Run = str | dict[str, str]
Text = list[Run]
Block = dict[str, Any]
Section = dict[str, Any]

PRIOR_MARK = "†"


def strong(text: str) -> Run:
    """Return bold text."""
    return {"style": "strong", "text": text}


def emphasis(text: str) -> Run:
    """Return italic text."""
    return {"style": "emphasis", "text": text}


def code(text: str) -> Run:
    """Return a query, a command or a file's name."""
    return {"style": "code", "text": text}


def by_medium(pdf: str, page: str, section: str) -> Run:
    """Return what the PDF and the HTML page each say of something that only the page holds.

    Parameters
    ----------
    pdf, page
        The text in either; the page's is a link.
    section
        The section of the page that holds it.
    """
    return {"style": "medium", "text": pdf, "page": page, "section": section}


def text_of(value: Run | Sequence[Run]) -> Text:
    """Return a text of a single run or several."""
    return [value] if isinstance(value, str | dict) else list(value)


def plain_text(text: Iterable[Run]) -> str:
    """Return a text without its styles."""
    return "".join(run if isinstance(run, str) else run["text"] for run in text)


def section(id_: str, title: str, *blocks: Block | None, place: str = "both") -> Section:
    """Return a section; ``None`` among its blocks is left out.  ``place``: ``both``, or ``page`` for HTML only."""
    return {"id": id_, "title": title, "place": place, "blocks": [block for block in blocks if block is not None]}


def paragraph(*runs: Run, says: Sequence[str] = (), small: bool = False) -> Block:
    """Return a paragraph."""
    return {"block": "paragraph", "text": list(runs), "says": list(says), "small": small}


def heading(title: str) -> Block:
    """Return a heading within a section."""
    return {"block": "heading", "title": title}


def contents(title: str) -> Block:
    """Return the list of sections with their pages; the HTML page has its own at the top."""
    return {"block": "contents", "title": title}


def items(*texts: Run | Sequence[Run], says: Sequence[str] = (), numbered: bool = False) -> Block:
    """Return a list."""
    return {"block": "list", "items": [text_of(one) for one in texts], "numbered": numbered, "says": list(says)}


def callout(title: str, *runs: Run, says: Sequence[str] = ()) -> Block:
    """Return a warning that cannot be overlooked."""
    return {"block": "callout", "title": title, "text": list(runs), "says": list(says)}


def column(*texts: Run | Sequence[Run], title: str, says: Sequence[str] = ()) -> Block:
    """Return one of the lists that `columns` puts side by side."""
    return {"title": title, "items": [text_of(one) for one in texts], "says": list(says)}


def columns(*parts: Block) -> Block:
    """Return numbered lists side by side."""
    return {"block": "columns", "parts": list(parts), "says": [claim for part in parts for claim in part["says"]]}


def figure(
    name: str, title: str, *caption: Run, source: dict[str, Any], about: Sequence[str] = (), wide: bool = False
) -> Block:
    """Return a figure by its name (see `precursor.figures.pictures`); its title says what to take from it."""
    return {
        "block": "figure",
        "name": name,
        "title": title,
        "caption": list(caption),
        "source": source,
        "about": list(about),
        "wide": wide,
        "stamps": [],
    }


def row(
    *cells: Run | Sequence[Run], about: Sequence[str] = (), mark: bool = False, kind: str = "row"
) -> dict[str, Any]:
    """Return a table's row.

    Parameters
    ----------
    about
        Queries or parameters that the row's numbers are of.
    mark
        Whether to mark it as the prior's number.
    kind
        ``row``, ``group`` (a title over rows) or ``total`` (under a rule).
    """
    return {"cells": [text_of(cell) for cell in cells], "about": list(about), "mark": mark, "kind": kind}


def table(
    id_: str, title: str, *caption: Run, head: Sequence[str], rows: Sequence[dict[str, Any]], source: dict[str, Any]
) -> Block:
    """Return a table.

    Parameters
    ----------
    head
        One text a column, ``|l`` or ``|r`` after it for its alignment and ``*`` for the column that takes what room
        is left: ``"Pathway|l*"``.
    """
    heads = [title_.rpartition("|") for title_ in head]
    return {
        "block": "table",
        "id": id_,
        "title": title,
        "caption": list(caption),
        "source": source,
        "stamps": [],
        "columns": [
            {"head": name, "align": "right" if how.startswith("r") else "left", "fill": "*" in how}
            for name, _, how in heads
        ],
        "rows": list(rows),
    }


def from_queries(*queries: str) -> dict[str, Any]:
    """Return the source of numbers that answer queries over the run's draws."""
    return {"queries": list(dict.fromkeys(queries))}


def from_command(command: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - seeds and counts
    """Return the source of numbers that a command prints."""
    return {"command": command, **more}


def from_run(*keys: str) -> dict[str, Any]:
    """Return the source of numbers that the run's own files hold."""
    return {"summary": list(keys)}
