"""The audit's document: what it holds, what it says, and that nothing in it multiplies medians."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from statistics import median

import numpy as np
import pytest

import precursor
from precursor.analysis.audit.audit import audit_document
from precursor.analysis.audit.coherence import coherence_section, labels_of
from precursor.analysis.audit.posterior import effective_sentence
from precursor.inference.audit.effective import Effective
from precursor.inference.fits.fit import Fit, Settings
from precursor.inference.plan import plan_model
from precursor.inference.surveys import open_reader
from tests.inference.audit.posteriors import prior_of
from tests.survey_header import header

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def surveys(tmp_path_factory):
    reader = open_reader(REPOSITORY / "data")

    def made(id_, responses, experts=""):
        folder = tmp_path_factory.mktemp("audit") / id_
        folder.mkdir()
        (folder / "survey.toml").write_text(header(id_), encoding="utf-8")
        (folder / "responses.csv").write_text(f"expert,question,form,answer\n{responses}\n", encoding="utf-8")
        if experts:
            (folder / "experts.csv").write_text(f"expert,name,group\n{experts}\n", encoding="utf-8")
        return reader.read(folder)

    return (
        made(
            "ours",
            """good,human_extinction_by_2100,point,1%
good,existential_catastrophe_by_2100,point,4%
good,extinction_given_catastrophe,point,25%
odd,human_extinction_by_2100,point,1%
odd,existential_catastrophe_by_2100,point,10%
odd,extinction_given_catastrophe,point,30%
writer,human_extinction_by_2100,point,5%""",
            "good,Good,\nodd,Odd,\nwriter,Writer,authors",
        ),
        made("theirs", "other,human_extinction_by_2100,point,2%\nother,deceptive_if_prosaic,point,5%"),
    )


@pytest.fixture(scope="module")
def document(surveys):
    """Of draws of the prior that the answers have not been shown: enough for the shape of the document."""
    prior = prior_of(plan_model(surveys), 400, 5)
    fit = Fit(prior.plan, Settings(draws=200, chains=2), prior.latent.reshape(2, 200, -1), {})
    return audit_document(fit, surveys)


def test_the_incoherent_are_named_with_their_rows_and_the_coherent_are_not(surveys):
    section = coherence_section(surveys)
    assert section["unit"] == "log-odds"
    found = [(entry["label"], entry["incoherence"] > 0) for entry in section["experts"]]
    assert found == [("Odd", True), ("Good", False)]
    assert section["coherent"] == 1
    (conflict,) = section["conflicts"]
    assert conflict["label"] == "Odd"
    assert {(a["survey"], a["row"]) for a in conflict["answers"]} == {("ours", 5), ("ours", 6), ("ours", 7)}
    assert any("row 5" in sentence and "Odd" in sentence for sentence in section["sentences"])


def test_of_surveys_alone_there_is_no_posterior(surveys):
    document = audit_document(None, surveys)
    assert document["posterior"] is None
    assert document["run"] is None
    assert "leave_out" not in document
    json.dumps(document, allow_nan=False)


def test_the_document_is_json_and_has_every_part(document):
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert {"coherence", "expected", "conflict", "leave_out", "effective_experts"} <= set(document)
    assert {(s["id"], s["synthetic"]) for s in document["surveys"]} == {("ours", True), ("theirs", True)}


def test_everyone_is_left_out_and_no_untrusted_number_is_shown(document):
    section = document["leave_out"]
    assert len(section["with_all"]) == len(section["queries"])
    left = {(row["without"], row["label"]) for row in section["rows"]}
    assert {("expert", "Good"), ("expert", "our reading of Writer"), ("survey", "ours"), ("survey", "theirs")} <= left
    for row in section["rows"]:
        trusted = row["method"] != "none"
        assert (row["estimates"] is not None) == trusted
        assert (row["moves"] is not None) == trusted
    moves = [row["largest_move"] for row in section["rows"] if row["method"] != "none"]
    assert moves == sorted(moves, reverse=True)


def test_every_number_stated_is_beside_what_was_expected(document, surveys):
    section = document["expected"]
    assert len(section["answers"]) == sum(survey.answers for survey in surveys)
    tails = [entry["tail"] for entry in section["answers"]]
    assert tails == sorted(tails)
    assert sum(entry["answers"] for entry in section["experts"]) == len(tails)
    by_row = {(entry["survey"], entry["row"]): entry for entry in section["answers"]}
    assert by_row["ours", 8]["label"] == "our reading of Writer"
    assert by_row["theirs", 2]["stated"] == pytest.approx(np.log(0.02 / 0.98), abs=0.05)


def test_effective_numbers_lie_between_one_and_all(document):
    section = document["effective_experts"]
    (first, *_) = section["questions"]
    assert first["question"] == "human_extinction_by_2100"
    assert first["sources"] == 4
    assert 1 < first["effective"] < 4
    assert "4 who answered human_extinction_by_2100 count as" in "".join(section["sentences"])
    sentence = effective_sentence(Effective("q", 22, 3.14, 2.0, 4.0, 4.5))
    assert sentence.startswith("22 who answered q count as 3.1 independent ones")
    assert sentence.endswith("however many more would count as 4.5 at most.")


def test_authors_are_our_reading(surveys):
    labels = labels_of(surveys)
    assert [label for person, label in labels.items() if "writer" in person] == ["our reading of Writer"]
    assert "Good" in labels.values()


def test_medians_of_products_are_not_products_of_medians():
    """Why nothing here multiplies medians: three coherent people, and a product that none of them believes."""
    condition, given = [0.9, 0.5, 0.1], [0.1, 0.5, 0.9]
    products = [c * g for c, g in zip(condition, given, strict=True)]
    assert median(products) == pytest.approx(0.09)
    assert median(condition) * median(given) == pytest.approx(0.25)
    assert median(condition) * median(given) > max(products) - 1e-12


def _multiplied_medians(source: str) -> list[int]:
    """Lines on which something that is called a median is multiplied."""

    def is_median(node: ast.AST) -> bool:
        names = [getattr(part, "attr", None) or getattr(part, "id", None) or getattr(part, "value", None)
                 for part in ast.walk(node)]  # fmt: skip
        return any(isinstance(name, str) and "median" in name.lower() for name in names)

    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
        and not isinstance(node.left, ast.Constant) and not isinstance(node.right, ast.Constant)
        and (is_median(node.left) and is_median(node.right))
    ]  # fmt: skip


def test_no_analysis_multiplies_medians():
    package = Path(precursor.__file__).parent
    patterns = ("analysis/**/*.py", "inference/audit/*.py", "inference/rounds/*.py")
    files = [file for pattern in patterns for file in package.glob(pattern)]
    assert len(files) > 50
    assert {file.name: _multiplied_medians(file.read_text(encoding="utf-8")) for file in files} == {
        file.name: [] for file in files
    }


@pytest.mark.parametrize(
    "line", ["x = np.median(a) * np.median(b)", "y = one['median'] * other.median", "z = a.median * b.median_of"]
)
def test_the_search_for_multiplied_medians_finds_them(line):
    assert _multiplied_medians(line) == [1]
    assert _multiplied_medians(line.replace("*", "-")) == []
