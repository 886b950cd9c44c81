"""Pages as one self-contained HTML file: nothing is fetched, and everything that people typed is escaped.

A content security policy forbids the page every connection, and every script but the one whose hash it names.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from html import escape
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from precursor.report.blocks import PRIOR_MARK, Block, Section, Text

_TAGS = {"strong": "strong", "emphasis": "em", "code": "code"}
_LONG = 14
_SERIF = "'STIXGeneral', 'STIX Two Text', 'Times New Roman', 'Liberation Serif', serif"


def page(made: Mapping[str, Any], drawings: Mapping[str, str]) -> str:
    """Return a document as an HTML page.

    Parameters
    ----------
    drawings
        By its name, every figure as SVG.
    """
    style, script = (
        files("precursor.report").joinpath(name).read_text(encoding="utf-8") for name in ("page.css", "page.js")
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    counter = _Counter()
    body = "\n".join(_section(section, i, drawings, counter) for i, section in enumerate(made["sections"]))
    stamps = f'<p class="stamps">{escape(" · ".join(made["stamps"]).upper())}</p>' if made["stamps"] else ""
    return f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{escape(made["title"])}</title>
<style>
{style}</style>
</head>
<body>
<header><p>Precursor {escape(made["version"])}, run {escape(made["run"])}</p>{stamps}</header>
<nav aria-label="Contents"><details><summary>Contents</summary><ol>{_contents(made["sections"])}</ol></details></nav>
<main>
{body}
</main>
<script>{script}</script>
</body>
</html>
"""


class _Counter:
    """Numbers of figures and tables, as they come."""

    def __init__(self) -> None:
        self.seen = {"figure": 0, "table": 0}

    def next(self, kind: str) -> int:
        self.seen[kind] += 1
        return self.seen[kind]


def _contents(sections: Iterable[Section]) -> str:
    return "".join(f'<li><a href="#{escape(s["id"])}">{escape(s["title"])}</a></li>' for s in sections)


def _section(section: Section, index: int, drawings: Mapping[str, str], counter: _Counter) -> str:
    level = "h1" if index == 0 else "h2"
    inner = "\n".join(_block(block, drawings, counter) for block in section["blocks"])
    title = f"<{level}>{escape(section['title'])}</{level}>"
    return f'<section id="{escape(section["id"])}">\n{title}\n{inner}\n</section>'


def _block(block: Block, drawings: Mapping[str, str], counter: _Counter) -> str:
    if block["block"] == "figure":
        return _figure(block, drawings, counter)
    if block["block"] == "table":
        return _table(block, counter)
    if block["block"] not in _PLAIN:
        raise ValueError(f"There is no block {block['block']!r}.")
    return _PLAIN[block["block"]](block)


def _paragraph(block: Block) -> str:
    return f"<p{' class="small"' if block['small'] else ''}>{_text(block['text'])}</p>"


def _heading(block: Block) -> str:
    return f"<h3>{escape(block['title'])}</h3>"


def _items(block: Block) -> str:
    return _list(block["items"], "ol" if block["numbered"] else "ul")


def _callout(block: Block) -> str:
    return f'<aside class="callout"><strong>{escape(block["title"])}</strong> {_text(block["text"])}</aside>'


def _numbers(block: Block) -> str:
    return f'<div class="side-by-side">{"".join(map(_number, block["entries"]))}</div>'


def _columns(block: Block) -> str:
    parts = (f"<div><h3>{escape(p['title'])}</h3>{_list(p['items'], 'ol')}</div>" for p in block["parts"])
    return f'<div class="side-by-side">{"".join(parts)}</div>'


_PLAIN: Mapping[str, Callable[[Block], str]] = MappingProxyType(
    {
        "paragraph": _paragraph, "heading": _heading, "list": _items, "callout": _callout, "numbers": _numbers,
        "columns": _columns, "contents": lambda _: "",
    }
)  # fmt: skip


def _text(text: Text) -> str:
    return "".join(escape(run) if isinstance(run, str) else _styled(run) for run in text)


def _styled(run: Mapping[str, str]) -> str:
    if run["style"] == "medium":
        return f'<a href="#{escape(run["section"])}">{escape(run["page"])}</a>'
    tag = _TAGS[run["style"]]
    return f"<{tag}>{escape(run['text'])}</{tag}>"


def _list(items: Iterable[Text], tag: str) -> str:
    return f"<{tag}>{''.join(f'<li>{_text(item)}</li>' for item in items)}</{tag}>"


def _number(entry: Mapping[str, Any]) -> str:
    odds = f"<span>{escape(entry['odds'])}</span>" if entry["odds"] else ""
    return (
        f'<div class="number"><p><b>{escape(entry["value"])}</b> {odds}'
        f"<span>90 % interval {escape(entry['interval'])}</span> "
        f"<span>next expert {escape(entry['next_expert'])}</span></p><p>{_text(entry['text'])}</p></div>"
    )


def _caption(block: Block, counter: _Counter) -> str:
    kind = block["block"]
    stamps = f'<span class="stamps">{escape(" · ".join(block["stamps"]).upper())}.</span> ' if block["stamps"] else ""
    marked = f" {PRIOR_MARK} As in the prior." if any(row["mark"] for row in block.get("rows", [])) else ""
    return (
        f'<figcaption>{stamps}<span class="kind">{kind.capitalize()} {counter.next(kind)}.</span> '
        f"<strong>{escape(block['title'])}</strong> "
        f"{_text(block['caption'])}{marked}{_source(block['source'])}</figcaption>"
    )


def _source(source: Mapping[str, Any]) -> str:
    parts = [f"<li><code>{escape(query)}</code></li>" for query in source.get("queries", [])]
    parts += [f"<li><code>{escape(source['command'])}</code></li>"] if "command" in source else []
    parts += [f"<li>{escape(key)} {escape(str(source[key]))}</li>" for key in ("seed", "draws") if key in source]
    parts += [f"<li>the run’s own files: {escape(key)}</li>" for key in source.get("summary", [])]
    return f'<details class="source"><summary>Source</summary><ul>{"".join(parts)}</ul></details>'


def _figure(block: Block, drawings: Mapping[str, str], counter: _Counter) -> str:
    drawing = inline(drawings[block["name"]], block["name"], block["alt"])
    wide = " wide" if block["wide"] else ""
    return f'<figure>{_caption(block, counter)}<div class="scroll{wide}" tabindex="0">{drawing}</div></figure>'


def inline(svg: str, name: str, alt: str) -> str:
    """Return an SVG file's text as an element of a page: named for those who cannot see it, its ids its own.

    Parameters
    ----------
    name
        What its ids begin with, so that two drawings on a page do not share any.
    """
    text = svg[svg.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', text)
    text = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', text)
    text = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", text)
    text = re.sub(r"'?STIXGeneral'?(, '?DejaVu Sans'?)?", _SERIF, text)
    return text.replace("<svg", f'<svg role="img" aria-label="{escape(alt)}"', 1).strip()


def _table(block: Block, counter: _Counter) -> str:
    plain = all(row["kind"] == "row" for row in block["rows"])
    heads = "".join(f'<th scope="col"{_class(column)}>{escape(column["head"])}</th>' for column in block["columns"])
    rows = "".join(_row(row, block["columns"]) for row in block["rows"])
    # An empty table still has its head; one that a reader may sort has no rows that belong to others.
    sortable = ' class="sortable"' if plain and len(block["rows"]) > 1 else ""
    inner = f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"
    found = f'<div class="scroll" tabindex="0"><table{sortable}>{inner}</table></div>'
    if len(block["rows"]) > _LONG:
        found = f"<details><summary>{len(block['rows'])} rows</summary>{found}</details>"
    return f"<figure>{_caption(block, counter)}{found}</figure>"


def _row(row: Mapping[str, Any], columns: list[dict[str, Any]]) -> str:
    mark = f"\u00a0{PRIOR_MARK}" if row["mark"] else ""
    first, *rest = row["cells"]
    if row["kind"] == "group":
        return f'<tr class="group"><th scope="rowgroup" colspan="{len(columns)}">{_text(first)}</th></tr>'
    cells = [f'<th scope="row"{_class(columns[0])}>{_text(first)}{mark}</th>']
    cells += [f"<td{_class(column)}>{_text(cell)}</td>" for cell, column in zip(rest, columns[1:], strict=True)]
    return f"<tr{' class="total"' if row['kind'] == 'total' else ''}>{''.join(cells)}</tr>"


def _class(column: Mapping[str, Any]) -> str:
    return ' class="right"' if column["align"] == "right" else ' class="fill"' if column["fill"] else ""
