"""The page: self-contained, the same content as the PDF and more, and what people typed cannot do anything."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from precursor.analysis.document.experts import judgements
from precursor.report.document import blocks_of, document
from precursor.report.html import inline, page
from tests.analysis.fake_run import HOSTILE, dataset, judgement
from tests.report.conftest import blank_drawings

VOID = {"meta", "br", "hr", "img", "input", "link"}
SCRIPT = '<script>alert("x")</script>'


class Page(HTMLParser):
    """Elements with their attributes, whether they close in order, and every text."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found, self.texts = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def text(written):
    return written[".html"].read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def parsed(text):
    return Page(text)


def test_it_is_well_formed_and_has_every_section(parsed, made):
    assert [section["id"] for section in made["sections"]] == [found["id"] for found in parsed.all("section")]
    assert {f"#{section['id']}" for section in made["sections"]} == {found["href"] for found in parsed.all("a")}


def test_what_only_the_page_holds_is_a_link_in_it_and_a_name_in_the_pdf(parsed, made):
    """Said by medium: the page never calls itself the HTML page, the PDF never says that it is further down."""
    runs = [run for section, block in blocks_of(made) for text in runs_of(block) for run in text]
    both = [run for run in runs if isinstance(run, dict) and run["style"] == "medium"]
    assert len(both) >= 7
    assert {run["section"] for run in both} <= {s["id"] for s in made["sections"] if s["place"] == "page"}
    assert {run["page"] for run in both} <= set(parsed.texts)
    assert not [text for text in parsed.texts if re.search(r"HTML|report\.html", text)]
    assert all(re.search(r"HTML page|report\.html", run["text"]) for run in both)


def runs_of(block):
    """Every text of a block, as its runs."""
    yield from (block.get(key, []) for key in ("text", "caption"))
    yield from block.get("items", [])
    for row in block.get("rows", []):
        yield from row["cells"]


def test_it_needs_nothing_from_elsewhere(parsed, text):
    for name, attributes in parsed.found:
        for key in ("src", "href", "xlink:href", "action", "data", "srcset"):
            assert attributes.get(key, "#").startswith("#"), (name, attributes)
    assert not re.search(r"@import|url\((?!#)|fetch\(|XMLHttpRequest", text)
    assert not parsed.all("link")
    policy = next(found["content"] for found in parsed.all("meta") if "http-equiv" in found)
    assert policy.startswith("default-src 'none'")
    assert "unsafe-inline" not in policy.split("script-src")[1]


def test_ids_are_unique(parsed):
    ids = [attributes["id"] for _, attributes in parsed.found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_every_drawing_has_words(parsed, made):
    drawn = [block for section in made["sections"] for block in section["blocks"] if block["block"] == "figure"]
    assert [found["aria-label"] for found in parsed.all("svg")] == [block["alt"] for block in drawn]
    assert all(found["role"] == "img" for found in parsed.all("svg"))


def test_what_people_typed_is_text(data):
    rows = judgements(
        dataset([judgement(label=SCRIPT, comment=SCRIPT, answer=SCRIPT, question=SCRIPT, wording=HOSTILE)])
    )
    made = document({**data, "judgements": rows})
    found = Page(page(made, blank_drawings(made)))
    assert len(found.all("script")) == 1
    assert sum(SCRIPT in text for text in found.texts) >= 3


def test_a_name_that_would_break_out_of_an_attribute_does_not():
    drawn = inline('<?xml version="1.0"?><svg id="a"><use href="#a"/></svg>', "one", '"><script>x</script>')
    assert Page(drawn).all("script") == []
    assert 'id="one-a"' in drawn
    assert 'href="#one-a"' in drawn


def test_long_tables_fold_and_every_table_scrolls_in_its_own_box(text, parsed):
    assert len(parsed.all("table")) == sum(
        found.get("class", "").startswith("scroll") for found in parsed.all("div")
    ) - len(parsed.all("svg"))
    assert re.search(r"<details><summary>\d+ rows</summary>", text)


def test_a_block_without_a_rule_is_refused(made):
    odd = {**made, "sections": [{"id": "a", "title": "A", "place": "both", "blocks": [{"block": "poem"}]}]}
    with pytest.raises(ValueError, match="poem"):
        page(odd, {})


def test_stamps_are_on_the_page(data):
    synthetic = {**data, "run": {**data["run"], "synthetic": True}}
    made = document(synthetic)
    found = page(made, blank_drawings(made))
    figures = sum(block["block"] in ("table", "figure") for section in made["sections"] for block in section["blocks"])
    assert found.count('<span class="stamps">SYNTHETIC ANSWERS.</span>') == figures
