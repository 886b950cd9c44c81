"""The PDF: it holds the numbers and the words, literally; warns first; and is the same file each time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import xarray as xr
from pypdf import PdfReader

from precursor.analysis.report_data import report_data
from precursor.argument.parameters import parameter_space
from precursor.figures.style import percent
from precursor.report.letters import printable
from precursor.report.write import write_document, write_report
from tests.analysis.fake_run import HOSTILE, INDICATORS, fake_run, with_summary


@pytest.fixture(scope="module")
def data():
    return report_data(fake_run())


@pytest.fixture(scope="module")
def written(data, tmp_path_factory):
    return write_document(data, tmp_path_factory.mktemp("report"))


def pages_of(pdf):
    return [" ".join((page.extract_text() or "").replace("\u00a0", " ").split()) for page in PdfReader(pdf).pages]


@pytest.fixture(scope="module")
def pages(written):
    return pages_of(written[0])


def spaced(probability):
    return percent(probability).replace("\u00a0", " ")


def squeezed(text):
    return "".join(text.split())


def test_the_pdf_opens_and_page_one_has_the_headline(pages, data):
    assert len(pages) >= 8
    for entry in data["headline"]:
        assert spaced(entry["posterior"]["mean"]) in pages[0]
        assert spaced(entry["posterior"]["low"]) in pages[0]
        assert spaced(entry["prior"]["mean"]) in pages[0]
    assert "not frequencies" in pages[0]
    assert "Nothing here is calibrated against outcomes" in pages[0]


def test_report_json_is_the_document(written, data):
    assert json.loads(written[1].read_text(encoding="utf-8")) == data


def test_what_people_typed_appears_literally(pages):
    assert squeezed(printable(HOSTILE)) in squeezed(" ".join(pages))


def test_letters_without_a_font_are_spelled_out_and_kept_in_the_json(written):
    assert printable("naïve – → ≤ Łódź Ω") == "naïve – → ≤ Łódź Ω"
    assert printable({"a": ["中文\u202e\x07"]}) == {"a": ["[U+4E2D][U+6587][U+202E][U+0007]"]}
    assert HOSTILE in {row["comment"] for row in json.loads(written[1].read_text(encoding="utf-8"))["judgements"]}


def test_an_authors_name_is_always_our_reading(pages):
    text = " ".join(pages[6:])
    assert "our reading of Joe Carlsmith" in text
    numbered = text.replace("our reading of David W.", "")
    assert "David W.:" not in numbered


def test_held_out_bottom_lines_and_waiting_answers_are_shown(pages):
    text = " ".join(pages)
    assert "deceptive if prosaic" in text
    assert "no likelihood for rankings yet" in text


def test_it_is_tagged_and_has_a_title(written):
    reader = PdfReader(written[0])
    assert reader.metadata is not None
    assert "deceptive alignment" in str(reader.metadata.title)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_sound_run_does_not_warn(pages):
    assert "did not pass" not in pages[0]
    assert "A quick run" not in pages[0]
    assert "Invented answers" not in pages[0]


def test_an_unsound_run_says_so_first(tmp_path):
    checks = [{"name": "r_hat_max", "passed": False, "value": 1.2, "threshold": 1.01}]
    surveys = [{"id": "demo", "answers": 2, "experts": 1, "synthetic": True}]
    run = with_summary(fake_run(), converged=False, quick=True, checks=checks, surveys=surveys)
    page = pages_of(write_report(run, tmp_path)[0])[0]
    title = page.index("What the judgements imply")
    for sentence in ("This run did not pass its checks", "A quick run", "Invented answers"):
        assert page.index(sentence) < title


def test_same_run_same_bytes_in_any_folder(data, written, tmp_path):
    again = write_document(data, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "report.pdf"]


def test_a_report_that_cannot_be_made_leaves_the_old_one(data, written, tmp_path):
    for path in written:
        (tmp_path / path.name).write_bytes(b"old")
    broken = {**data, "checks": [{"name": "no value"}]}
    with pytest.raises(RuntimeError):
        write_document(broken, tmp_path)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"old"}


def test_a_run_with_little_in_it_is_still_a_report(tmp_path):
    run = with_summary(fake_run(), stances=[], stated=[], waiting=[], headline=[])
    assert len(pages_of(write_report(run, tmp_path)[0])) >= 6


def test_a_run_without_any_answer_is_still_a_report(tmp_path):
    space = parameter_space(tuple(sorted(INDICATORS)))
    run = replace(fake_run(), judgements=xr.Dataset(), untouched=list(space.names))
    run = with_summary(run, surveys=[], checks=[], stances=[], stated=[], waiting=[])
    pages = pages_of(write_report(run, tmp_path)[0])
    assert "0 answers" in " ".join(pages)
