"""Every figure: it draws, says in words what it shows, keeps its text as text, and gives the same bytes again."""

from __future__ import annotations

import json

import matplotlib as mpl
import numpy as np
import pytest

from precursor.analysis.document.report_data import report_data
from precursor.figures import experts, network
from precursor.figures.layout import lay_out
from precursor.figures.pictures import alt_texts, pictures
from precursor.figures.style import ACCENT, FAINT, INK, POSTERIOR, PRIOR, WARM, log_odds, percent, svg
from tests.analysis.fake_run import fake_run, judgement
from tests.report.conftest import ANALYSES

NAMES = {
    "headline", "stances", "network", "phases", "orders", "pathways", "interventions", "parameters", "prior_predictive",
    "tornado", "difference", "answers-1", "answers-2",
}  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return report_data(fake_run(), json.loads(ANALYSES.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def drawn(data):
    return {picture.name: (svg(picture.figure), picture.alt) for picture in pictures(data)}


def test_every_figure_has_an_alternative_text(drawn):
    assert set(drawn) == NAMES
    for name, (_, alt) in drawn.items():
        assert len(alt) > 40, name
        assert "nan\u00a0%" not in alt, name


def test_words_can_be_had_without_drawing(drawn, data):
    assert alt_texts(data) == {name: alt for name, (_, alt) in drawn.items()}


def test_what_is_as_in_the_prior_is_marked_in_the_drawing(drawn, data):
    bars = data["analyses"]["sensitivity"]["queries"][0]["tornado"]
    known = {row["name"]: row for row in data["parameters"]}
    untaught = [known[bar["parameter"]]["words"] for bar in bars if known[bar["parameter"]]["prior_dominated"]]
    assert untaught
    assert all(f"{words} †" in drawn["tornado"][0] for words in untaught)


def test_a_drawing_of_synthetic_answers_says_so_itself(data):
    synthetic = {**data, "run": {**data["run"], "synthetic": True}}
    assert all("SYNTHETIC ANSWERS" in svg(picture.figure) for picture in pictures(synthetic))


def test_the_palette_can_be_told_apart_without_colour():
    """Grey tones of the palette rise from dark to light, each at least a tenth of the way from the next."""
    tones = [
        mpl.colors.to_rgb(colour) @ np.array([0.2126, 0.7152, 0.0722])
        for colour in (INK, POSTERIOR, ACCENT, PRIOR, WARM, FAINT)
    ]
    assert np.all(np.diff(tones) > 0.08)


def test_text_stays_text(drawn, data):
    assert all("<text" in text for text, _ in drawn.values())
    assert percent(data["headline"][0]["posterior"]["mean"]) in drawn["headline"][0]
    assert "our reading of David W." in drawn["answers-1"][0]


def test_same_data_same_bytes(drawn, data):
    assert {picture.name: svg(picture.figure) for picture in pictures(data)} == {k: v[0] for k, v in drawn.items()}


def test_the_users_settings_do_not_matter_and_are_left_alone(drawn, data):
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path"}):
        again = {picture.name: svg(picture.figure) for picture in pictures(data)}
        assert mpl.rcParams["font.size"] == 30
    assert again == {name: text for name, (text, _) in drawn.items()}


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.003, "0.3 %"), (0.12, "12 %"), (0.00001, "<0.01 %"), (0.0456, "4.6 %"), (0.925, "92 %"), (0.997, "99.7 %"),
     (0.99999, ">99.99 %"), (0.0, "0 %"), (1.0, "100 %"), (1 + 2e-16, "100 %"), (0.0003, "0.03 %"), (0.0996, "10 %")],
)  # fmt: skip
def test_percentages_read_well(probability, text):
    assert percent(probability).replace("\u00a0", " ") == text


def test_log_odds_of_the_ends_can_be_drawn():
    assert np.isfinite(log_odds([0.0, 0.5, 1.0])).all()
    assert log_odds(0.5) == 0.0


def test_names_are_drawn_literally_whatever_they_hold():
    rows = experts.page_rows({"judgements": [judgement(label="$x^2$ <b> 中 & \\frac", our_reading=False)]})
    text = svg(experts.draw(rows[0]))
    assert "$x^2$ &lt;b&gt; 中 &amp; \\frac" in text


def test_pages_of_answers_hold_every_answer_once():
    rows = [
        judgement(
            question=f"q{i % 9}", label=f"e{i}", our_reading=False, scale="ratio" if i % 9 == 8 else "probability"
        )
        for i in range(400)
    ]
    pages = experts.page_rows({"judgements": rows})
    assert sorted(row["label"] for page in pages for row in page) == sorted(row["label"] for row in rows)
    assert max(map(len, pages)) <= experts.ROWS_ON_A_PAGE
    assert all(len({row["scale"] for row in page}) == 1 for page in pages)


def test_the_graph_shows_every_node_without_overlap(data):
    sizes = {node["node"]: (1.2, 0.5) for node in data["nodes"]}
    layout = lay_out(sizes, data["edges"], network._training(data))
    assert set(layout.boxes) == set(sizes)
    boxes = list(layout.boxes.values())
    for i, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[i + 1 :]:
            assert x + w <= x2 + 1e-6 or x2 + w2 <= x + 1e-6 or y + h <= y2 + 1e-6 or y2 + h2 <= y + 1e-6
    assert len(layout.arrows) == len(data["edges"])
