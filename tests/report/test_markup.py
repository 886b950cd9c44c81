"""Markup that people typed is set as text: nothing of it is run by Typst, by a browser, in a drawing, in a terminal."""

from __future__ import annotations

import csv
import unicodedata
from itertools import cycle

import numpy as np
import pytest
from defusedxml import ElementTree

from precursor.analysis.document.experts import judgements
from precursor.cli.main import main
from precursor.figures import experts
from precursor.figures.style import svg
from precursor.inference.fits.fit import Fit, Settings
from precursor.inference.plan import plan_model
from precursor.inference.runs.run import write_run
from precursor.inference.runs.summary import summarise
from precursor.inference.surveys import open_reader
from precursor.report.html import page
from precursor.report.letters import printable
from precursor.report.typeset import typeset
from precursor.report.write import write_report
from tests.analysis.fake_run import dataset, judgement
from tests.report.conftest import blank_drawings, pages_of
from tests.report.test_html import Page

SUM, COMPUTED = "#(6*7000003)", "42000018"
CANARY = "31415926535"
MARKUP = (
    f"{SUM} #let x = 1", f'{SUM}#read("canary.txt")', f'{SUM}#include "canary.txt"', f"{SUM}$ x^2 $ *b* _e_ `r`",
    f"{SUM} @label <label>", f"{SUM}\\ \\u{{41}} // a /* b */", f"{SUM}] [#{{", f'{SUM}")+panic("', f"{SUM} = a",
    f"{SUM}<script>alert(1)</script>", f'{SUM}"><img src=x onerror=alert(1)>', f"{SUM}</td></table></figure>",
    f"{SUM}&lt;b&gt;&#60;i>", f"{SUM}</style></title>", f"{SUM}--><!--", f"{SUM}]]>", f"{SUM}$\\frac$", f"{SUM}' on='1",
)  # fmt: skip
STRUCTURE = {"block", "name", "id", "kind", "place", "says", "about", "style", "align", "seed", "draws"}
ESCAPES = f"{SUM}\x1b[2J\x1b]0;t\x07\u202e\x9b31m"
UNPRINTED = {"alt", "source"}
DRAWN = {
    "svg", "metadata", "RDF", "Work", "type", "format", "creator", "Agent", "title", "defs", "style", "g", "path",
    "use", "text", "tspan", "clipPath", "rect",
}  # fmt: skip


def squeezed(text):
    return "".join(text.split())


def infected(value, texts):
    """Return a document with markup after every string that is shown."""
    if isinstance(value, str):
        return f"{value} {next(texts)}" if value else value
    if isinstance(value, dict):
        return {key: inner if key in STRUCTURE else infected(inner, texts) for key, inner in value.items()}
    return [infected(inner, texts) for inner in value] if isinstance(value, list) else value


def count(value):
    """Return how often markup is in what comes in print."""
    if isinstance(value, str):
        return value.count(SUM)
    if isinstance(value, dict):
        return sum(count(inner) for key, inner in value.items() if key not in UNPRINTED)
    return sum(map(count, value)) if isinstance(value, list) else 0


@pytest.fixture(scope="module")
def infection(made):
    """The report's document with markup at every place that shows a text."""
    return infected(made, cycle(MARKUP))


def test_typst_runs_nothing_of_it(infection, tmp_path):
    document = printable(infection)
    (tmp_path / "canary.txt").write_text(CANARY)
    (tmp_path / "a.pdf").write_bytes(typeset(document, blank_drawings(document), tmp_path))
    text = squeezed(" ".join(pages_of(tmp_path / "a.pdf")))
    expected = count([section for section in document["sections"] if section["place"] == "both"])
    assert text.count(SUM) >= expected > 300
    assert COMPUTED not in text
    assert CANARY not in text
    assert [markup for markup in MARKUP if squeezed(markup) not in text] == []


def test_markup_that_is_run_would_be_noticed(tmp_path):
    """The negative control: the same words in the template itself."""
    (tmp_path / "canary.txt").write_text(CANARY)
    source = tmp_path / "a.typ"
    source.write_text(f'{SUM} #read("canary.txt")')
    import typst

    (tmp_path / "a.pdf").write_bytes(typst.compile(str(source), root=str(tmp_path)))
    text = squeezed(" ".join(pages_of(tmp_path / "a.pdf")))
    assert COMPUTED in text
    assert CANARY in text


def test_a_browser_sees_no_element_of_it(infection, made):
    drawings = blank_drawings(made)
    sound, found = Page(page(made, drawings)), Page(page(infection, drawings))
    assert elements(found) == elements(sound)
    assert "".join(found.texts).count(SUM) >= count(infection)


def elements(page):
    """Return every element with the names of its attributes."""
    return [(tag, sorted(attributes)) for tag, attributes in page.found]


@pytest.mark.parametrize("text", MARKUP)
def test_a_drawing_holds_it_as_text(text):
    row = judgement(label=text, question=text, wording=text, camp=text)
    (answers,) = experts.page_rows({"judgements": judgements(dataset([row]))})
    drawn = list(ElementTree.fromstring(svg(experts.draw(answers))).iter())
    assert {element.tag.rpartition("}")[2] for element in drawn} <= DRAWN
    assert not [key for element in drawn for key in element.attrib if key.startswith("on")]
    assert text in {element.text for element in drawn}


# --- from the files of a survey to the pages --------------------------------------------------------------------


def infected_survey(root):
    """Write a survey with markup wherever its files may hold any, and return the texts that were used."""
    # TOML itself forbids control characters.
    used = [text for text in MARKUP if "'" not in text]
    texts = cycle(used)
    folder = root / "data" / "surveys" / "odd"
    folder.mkdir(parents=True)
    free = "".join(f"{key} = '{next(texts)}'\n" for key in ("title", "population", "elicited", "source", "licence"))
    (folder / "survey.toml").write_text(
        f'id = "odd"\nprotocol = "delphi"\nsynthetic = false\nfit_by_default = false\n{free}'
    )
    (folder / "questions.toml").write_text(
        f'[[question]]\nid = "deceptive"\nwording = \'{next(texts)}\'\nforms = ["point"]\n'
        'query = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes)"\n'
    )
    answers = [["expert", "question", "form", "answer", "comment"]]
    people = [["expert", "camp", "institution"]]
    used.append(ESCAPES)
    texts = cycle(used)
    for person in used:
        answers.append([person, "deceptive", "point", "2%", next(texts)])
        people.append([person, next(texts), next(texts)])
    for name, rows in (("responses.csv", answers), ("experts.csv", people)):
        with (folder / name).open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(rows)
    return used


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of a survey full of markup, its draws those of the prior, and the texts."""
    root = tmp_path_factory.mktemp("markup")
    (root / "data" / "questions").mkdir(parents=True)
    (root / "data" / "indicators").mkdir()
    used = infected_survey(root)
    plan = plan_model([open_reader(root).read("odd")])
    latent = np.random.default_rng(1).standard_normal((2, 50, len(plan.layout.names)))
    fit = Fit(plan, Settings(draws=50, chains=2), latent, {})
    summary = summarise(fit, [], [], quick=True)
    made = write_run(root / "reports" / "odd", fit, summary, {"seed": 1, "made": "now", "versions": {}})
    return root, made, used


@pytest.mark.slow
def test_the_report_of_such_a_survey(run):
    _, made, used = run
    (made.folder / "canary.txt").write_text(CANARY)
    write_report(made, made.folder)
    text = squeezed(" ".join(pages_of(made.folder / "report.pdf")))
    html = Page((made.folder / "report.html").read_text(encoding="utf-8"))
    printed = [printable(person) for person in used]
    assert [person for person in printed if squeezed(person) in text]
    assert [person for person in printed if not any(person in shown for shown in html.texts)] == []
    for shown in (text, "".join(html.texts)):
        assert COMPUTED not in shown
        assert CANARY not in shown
    assert len(html.all("script")) == 1
    assert html.all("img") == []
    assert not [key for _, attributes in html.found for key in attributes if key.startswith("on")]


@pytest.mark.slow
@pytest.mark.parametrize("words", [["check", "odd"], ["surveys"], ["experts", "odd"], ["runs"], ["audit", "odd"]])
def test_a_terminal_of_such_a_survey(run, capsys, words):
    root, _, _ = run
    main([*words, "--root", str(root)])
    shown = "".join(capsys.readouterr())
    assert shown
    assert {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs")} <= {"\n"}
