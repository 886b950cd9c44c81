"""The PDF: it holds the numbers and the words, literally; warns first; and is the same file each time."""

from __future__ import annotations

import json

import pytest
from pypdf import PdfReader

from precursor.analysis.document.drivers import cautions, drivers
from precursor.analysis.document.experts import whose
from precursor.analysis.words.parameter_words import parameter_words
from precursor.figures.style import percent
from precursor.report.letters import printable
from precursor.report.write import write_document
from tests.analysis.fake_run import HOSTILE
from tests.report.conftest import pages_of, printed


@pytest.fixture(scope="module")
def pages(written):
    return pages_of(written[".pdf"])


def spaced(probability):
    return percent(probability).replace("\u00a0", " ")


def squeezed(text):
    return "".join(text.split())


def test_page_one_is_enough(pages, data):
    for entry in data["headline"]:
        assert spaced(entry["posterior"]["mean"]) in pages[0]
        assert spaced(entry["posterior"]["high"]) in pages[0]
        assert spaced(entry["prior"]["mean"]) in pages[0]
    for words in ("next expert", "not how often something happens", "Three things that drive", "Three cautions",
                  "No outcome has tested this number", "all checks passed", "no synthetic answers",
                  "Whom one listens to"):  # fmt: skip
        assert words in pages[0]
    assert "The model in a page" in pages[1]


def test_it_has_the_length_of_something_that_is_read(pages):
    assert 12 <= len(pages) <= 20


def test_report_json_holds_the_numbers_and_the_pages(written, data, made):
    found = json.loads(written[".json"].read_text(encoding="utf-8"))
    assert {key: value for key, value in found.items() if key != "document"} == data
    assert found["document"] == made


def test_what_people_typed_appears_literally(pages):
    assert squeezed(printable(HOSTILE)) in squeezed(" ".join(pages))


def test_letters_without_a_font_are_spelled_out_and_kept_in_the_json(written):
    assert printable("naïve – → ≤ Łódź Ω") == "naïve – → ≤ Łódź Ω"
    assert printable({"a": ["中文\u202e\x07"]}) == {"a": ["[U+4E2D][U+6587][U+202E][U+0007]"]}
    assert HOSTILE in {row["comment"] for row in json.loads(written[".json"].read_text(encoding="utf-8"))["judgements"]}


def test_held_out_bottom_lines_and_waiting_answers_are_shown(pages):
    text = " ".join(pages)
    assert "deceptive if prosaic" in text
    assert "no likelihood for rankings yet" in text


def test_it_is_tagged_and_has_a_title(written):
    reader = PdfReader(written[".pdf"])
    assert reader.metadata is not None
    assert "deceptive alignment" in str(reader.metadata.title)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_tables_and_figures_are_tagged(written, made):
    """A table whose figure had an alternative text would lose its tags, silently."""
    kinds = []

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif hasattr(node, "get"):
            kinds.append(str(node.get("/S")))
            if "/K" in node and not isinstance(node["/K"], int):
                walk(node["/K"])

    walk(PdfReader(written[".pdf"]).trailer["/Root"]["/StructTreeRoot"])
    printed = [b["block"] for s in made["sections"] if s["place"] == "both" for b in s["blocks"]]
    assert kinds.count("/Table") == printed.count("table") > 10
    assert kinds.count("/Figure") >= printed.count("figure") > 8


def test_an_unsound_run_says_so_first(data, tmp_path):
    checks = [{"name": "r_hat_max", "passed": False, "value": 1.2, "threshold": 1.01}]
    run = {**data["run"], "converged": False, "quick": True, "synthetic": True, "synthetic_surveys": ["demo"]}
    pages = printed({**data, "run": run, "checks": checks}, tmp_path)
    number = pages[0].index("90 % interval")
    for sentence in ("This run did not pass its checks", "A quick run", "Synthetic answers."):
        assert pages[0].index(sentence) < number
    assert all("SYNTHETIC ANSWERS · NOT CONVERGED" in page for page in pages[1:])


def test_same_run_same_bytes_in_any_folder(data, written, tmp_path):
    again = write_document(data, tmp_path)
    assert {path.suffix: path.read_bytes() for path in again} == {k: path.read_bytes() for k, path in written.items()}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json", "report.pdf"]


def test_a_report_that_cannot_be_made_leaves_the_old_one(data, written, tmp_path):
    for path in written.values():
        (tmp_path / path.name).write_bytes(b"old")
    broken = {**data, "checks": [{"name": "no value"}]}
    with pytest.raises(KeyError):
        write_document(broken, tmp_path)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"old"}


def test_a_run_with_little_in_it_is_still_a_report(data, tmp_path):
    empty = {key: [] for key in ("stances", "held_out", "waiting", "decisions", "scales", "experts")}
    ranges = {"deceptive": None, "catastrophe": None}
    little = {**data, **empty, "stance_range": ranges, "audit": None, "analyses": {}}
    little |= {"drivers": drivers(little), "cautions": cautions(little)}
    text = " ".join(printed(little, tmp_path))
    for said in ("was not repeated for single stances", "was not repeated under other decisions", "was not audited",
                 "was not computed for this report", "No author’s bottom line"):  # fmt: skip
        assert said in text


def test_a_run_without_any_answer_is_still_a_report(data, tmp_path):
    none = {**data, "judgements": [], "whose": whose([]), "surveys": [], "checks": [], "held_out": [], "waiting": []}
    pages = printed({**none, "cautions": cautions(none)}, tmp_path)
    assert "0 answers" in pages[0]
    assert "No survey was fitted" in " ".join(pages)


def test_a_run_that_taught_nothing_says_that_it_is_no_better_than_the_prior(data, tmp_path):
    nothing = {**data, "headline": [{**entry, "prior_dominated": True} for entry in data["headline"]]}
    page = printed({**nothing, "cautions": cautions(nothing)}, tmp_path)[0]
    assert page.index("No better than the prior.") < page.index("90 % interval")
    assert "†" in page


def test_an_analysis_that_could_not_be_made_gives_its_reason(data, tmp_path):
    missing = {"available": False, "reason": "There is no scenario 'critic'."}
    found = dict.fromkeys(("pathways", "sensitivity", "value", "difference", "pooling"), missing)
    text = " ".join(printed({**data, "analyses": found}, tmp_path))
    assert text.count("There is no scenario 'critic'.") >= 5


def test_camps_that_could_not_be_had_are_missed_aloud(data, analysed, pages, tmp_path):
    reason = "Too few of the prior's draws lie near what the skeptical camp stated of extinction (0.087 %)."
    left = {name: {**analysed[name], "camps_left_out": reason} for name in ("pathways", "value")}
    gone = {"camps_difference": {"available": False, "reason": reason}}
    text = " ".join(printed({**data, "analyses": {**analysed, **left, **gone}}, tmp_path))
    assert text.count(f"The two camps of forecasters are not shown. {reason}") == 2
    assert f"The same for two camps of forecasters could not be computed. {reason}" in text
    assert "are not shown" not in " ".join(pages)


def test_every_decision_is_explained_and_named_where_a_row_takes_another(data, tmp_path):
    default = {**data["decisions"][0], "amplified_error": 0.0, "transfer": 1.0}
    others = [{**default, "default": False, "amplified_error": share} for share in (1.0, 0.5)]
    text = " ".join(printed({**data, "decisions": [default, *others]}, tmp_path))
    for name in ("Extremity", "Shared error", "Shared error and extremity", "Transfer"):
        assert f"{name}: " in text
    assert "A person’s extremity stretches the shared error too" in text
    assert "A person’s extremity stretches 50 % of the shared error" in text
    text = " ".join(printed({**data, "decisions": [data["decisions"][0]]}, tmp_path))
    assert "Shared error and extremity" not in text


def test_a_figure_of_single_unknowns_is_titled_by_the_one_that_moves_most(pages, made, data):
    bars = data["analyses"]["sensitivity"]["queries"][0]["tornado"]
    furthest = max(bars, key=lambda bar: abs(bar["moved"]["high"] - bar["moved"]["low"]))
    title = next(b["title"] for s in made["sections"] for b in s["blocks"] if b.get("name") == "tornado")
    assert f"“{parameter_words(furthest['parameter'])}”" in title
    assert spaced(furthest["moved"]["high"]) in title.replace("\u00a0", " ")
    assert squeezed(title) in squeezed(" ".join(pages))


def test_what_counts_beyond_chance_is_said_as_it_is_computed(pages, data):
    """The rule in the caption, applied to the numbers, gives the column beside them."""
    assert "√(size² − chance²) is beyond chance; from 0.05 it counts" in " ".join(pages)
    parts = [q["power_scaling"][side] for q in data["analyses"]["sensitivity"]["queries"]
             for side in ("prior", "likelihood")]  # fmt: skip
    assert parts
    for part in parts:
        assert part["pulls"] == (max(part["sensitivity"] ** 2 - part["noise"] ** 2, 0.0) ** 0.5 >= 0.05)


def test_page_one_says_what_its_words_mean(pages):
    for word, meaning in (("schemer", "(A schemer has lasting goals"), ("base goal", "(The base goal is what training"),
                          ("Multipolar", "(Many AI systems in conflict"), ("camp", "A camp: the people")):  # fmt: skip
        assert word not in pages[0] or meaning in pages[0]
    assert "David W., 2023" in pages[0]


def test_other_structures_and_other_decisions_are_shown_as_they_come(data, tmp_path):
    decision = {**data["decisions"][1], "transfer": 2.0, "extremity": 1.0}
    default = {**data["decisions"][0], "transfer": 1.0}
    text = " ".join(printed({**data, "decisions": [default, decision]}, tmp_path))
    for said in ("Order ignored", "Transfer × 2", "if the model itself were built differently", "Not of order alone"):
        assert said in text
    assert "extremity 1" not in text.lower()
