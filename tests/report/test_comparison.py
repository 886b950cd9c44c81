"""The comparison of two runs as pages: parts beside the move, stamps, and what could not be split."""

from __future__ import annotations

import json

import pytest

from precursor.analysis.queries import CATASTROPHE, DECEPTIVE
from precursor.report.comparison import comparison_pages, write_comparison
from tests.report.conftest import pages_of

HOSTILE = '<script>alert("x")</script>'


def move(query, before, after):
    part = {"part": after - before - 0.001, "error": 0.002, "log_odds": 0.3, "log_odds_error": 0.02}
    estimates = [{"mean": m, "median": m, "low": m / 2, "high": 2 * m} for m in (before, after)]
    return {
        "query": query, "before": before, "after": after, "error": 0.003, "before_estimate": estimates[0],
        "after_estimate": estimates[1], "experts": [{"expert": "new/cy", "label": HOSTILE, **part}],
        "questions": [{"question": "deceptive", **part}], "sharing": {"part": 0.0, "error": 0.0},
        "remainder": {"part": 0.001, "error": 0.003},
    }  # fmt: skip


@pytest.fixture
def found():
    answer = {
        "expert": "new/cy", "question": "deceptive", "before": None, "after": HOSTILE, "scale": "probability",
        "implied_before": 0.05, "implied_after": 0.1,
    }  # fmt: skip
    parameter = {"parameter": "guard", "shift": -0.3, "error": 0.05, "before": 0.1, "after": 0.05}
    return {
        "runs": {"before": "first", "after": "second"},
        "moves": [move(DECEPTIVE, 0.1, 0.14), move(CATASTROPHE, 0.07, 0.06)],
        "answers": [answer], "parameters": [parameter], "synthetic": False, "settings": [],
        "overlap": {"trusted": False, "effective_draws": 40.0, "wanted": 100},
        "surveys": {"added": ["new"], "removed": [], "replaced": []}, "method": "By paths.", "sentences": [HOSTILE],
    }  # fmt: skip


def test_it_is_short_and_says_what_moved_and_what_to_doubt(found, tmp_path):
    paths = {path.suffix: path for path in write_comparison(found, True, tmp_path)}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "comparison-first.html", "comparison-first.json", "comparison-first.pdf",
    ]  # fmt: skip
    pages = pages_of(paths[".pdf"])
    assert 2 <= len(pages) <= 5
    text = " ".join(pages)
    for said in ("10 %", "14 %", "+4.0", "The runs hardly overlap", "Remainder", "Surveys added: new", "By paths."):
        assert said in text
    assert HOSTILE in text
    page = paths[".html"].read_text(encoding="utf-8")
    assert "alert(" in page
    assert HOSTILE not in page
    assert json.loads(paths[".json"].read_text(encoding="utf-8"))["moves"] == found["moves"]
    again = {path.suffix: path.read_bytes() for path in write_comparison(found, True, tmp_path)}
    assert again == {suffix: path.read_bytes() for suffix, path in paths.items()}


def test_parts_in_every_table_sum_to_the_move(found):
    made = comparison_pages(found, True)
    tables = {b["id"]: b for section in made["sections"] for b in section["blocks"] if b["block"] == "table"}
    for i, whole in enumerate((4.0, -1.0)):
        cells = [row["cells"][1][0].replace("−", "-") for row in tables[f"experts-{i}"]["rows"]]
        assert sum(map(float, cells[:-1])) == pytest.approx(whole, abs=0.02)
        assert float(cells[-1]) == pytest.approx(whole)


def test_synthetic_and_unsound_runs_are_stamped(found):
    made = comparison_pages({**found, "synthetic": True}, False)
    assert made["stamps"] == ["synthetic answers", "not converged"]
    stamped = [b for section in made["sections"] for b in section["blocks"] if b["block"] in ("table", "figure")]
    assert all(block["stamps"] == made["stamps"] for block in stamped)
    kinds = [block["block"] for block in made["sections"][0]["blocks"]]
    assert kinds.index("callout") < kinds.index("table")


def test_means_alone_are_still_a_report(found, tmp_path):
    whole = {key: found[key] for key in ("runs", "settings")}
    keys = ("query", "before", "after", "before_estimate", "after_estimate")
    means = {**whole, "moves": [{key: m[key] for key in keys} for m in found["moves"]], "sentences": ["Gone."]}
    (pdf, *_) = write_comparison(means, True, tmp_path)
    assert "Gone." in " ".join(pages_of(pdf))
