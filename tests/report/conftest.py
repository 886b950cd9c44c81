"""A whole report: a run made of draws of the prior, with the analyses of a real one cut to size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from precursor.analysis.document.report_data import report_data
from precursor.report.document import document
from precursor.report.lint import require_supported
from precursor.report.typeset import typeset
from precursor.report.write import write_document
from tests.analysis.fake_run import fake_run

# Made by `analyses` of the committed baseline; long lists are cut, numbers rounded.
ANALYSES = Path(__file__).parents[1] / "cases" / "report_analyses.json"


BLANK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20"></svg>'


def blank_drawings(made):
    """Drawings that cost nothing, by name."""
    return {block["name"]: BLANK for section in made["sections"] for block in section["blocks"] if "name" in block}


def pages_of(pdf):
    """The text of every page."""
    return [" ".join((page.extract_text() or "").replace("\u00a0", " ").split()) for page in PdfReader(pdf).pages]


def printed(data, folder):
    """The text of every page of a linted report without its drawings."""
    made = document(data)
    require_supported(data, made)
    (folder / "report.pdf").write_bytes(typeset(made, blank_drawings(made), folder))
    return pages_of(folder / "report.pdf")


@pytest.fixture(scope="session")
def analysed():
    return json.loads(ANALYSES.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def data(analysed):
    return report_data(fake_run(), analysed)


@pytest.fixture(scope="session")
def made(data):
    return document(data)


@pytest.fixture(scope="session")
def written(data, tmp_path_factory):
    """The three files, by suffix."""
    return {path.suffix: path for path in write_document(data, tmp_path_factory.mktemp("report"))}
