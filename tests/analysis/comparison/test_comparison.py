"""The document of a comparison: parts that sum to the move, sentences, the figure; runs drawn without a sampler."""

import json

import numpy as np
import pytest

from precursor.analysis.comparison.comparison import REMAINDER, SHARING, UNREADABLE, comparison_document, means_document
from precursor.analysis.comparison.words import sentences, title
from precursor.figures.comparison import alt_text, draw
from precursor.figures.style import svg
from precursor.inference.comparison.runs import compare_sides
from precursor.inference.comparison.sides import Side
from precursor.inference.decisions import Decisions
from precursor.inference.density.pointwise import pointwise
from precursor.inference.fits.headline import HEADLINE
from precursor.inference.plan import plan_model
from precursor.inference.surveys import open_reader
from tests.analysis.fake_run import HOSTILE
from tests.survey_header import header


@pytest.fixture(scope="module")
def surveys(tmp_path_factory):
    reader = open_reader()

    def survey(id_, rows, experts):
        folder = tmp_path_factory.mktemp("surveys") / id_
        folder.mkdir()
        (folder / "survey.toml").write_text(header(id_))
        (folder / "responses.csv").write_text("expert,question,form,answer\n" + rows)
        (folder / "experts.csv").write_text("expert,camp,name\n" + experts)
        return reader.read(folder)

    old = survey("old", "ada,guard,point,20%\nbob,guard,point,30%\n", "ada,skeptical,Ada\nbob,concerned,Bob\n")
    quoted = HOSTILE.replace('"', '""')
    new = survey(
        "new", "cy,deceptive,point,40%\ncy,guard,point,5%\ndee,deceptive,bound,>1%\n", f'cy,concerned,"{quoted}"\n'
    )
    return old, new


def side(name, surveys, seed, draws=400, pool=2000):
    plan = plan_model(surveys)
    rng = np.random.default_rng(seed)
    latent = rng.standard_normal((pool, len(plan.layout.names)))
    log_density = pointwise(plan, latent).total
    weights = np.exp(log_density - log_density.max())
    kept = latent[rng.choice(pool, draws, p=weights / weights.sum())]
    return Side(name, tuple(surveys), Decisions(), plan.layout.names, kept)


@pytest.fixture(scope="module")
def before(surveys):
    return side("first", surveys[:1], 1)


@pytest.fixture(scope="module")
def document(before, surveys):
    return comparison_document(compare_sides(before, side("second", surveys, 2)))


def test_parts_sum_to_the_move_by_question_and_by_expert(document):
    assert [move["query"] for move in document["moves"]] == list(HEADLINE)
    for move in document["moves"]:
        for scale in (move, move["log_odds"]):
            for name in ("by_question", "by_expert"):
                assert sum(scale[name].values()) == pytest.approx(scale["after"] - scale["before"], abs=1e-9)
                assert {SHARING, REMAINDER} < set(scale[name])
        assert sum(e["part"] for e in move["experts"]) == pytest.approx(
            sum(q["part"] for q in move["questions"]), abs=1e-9
        )
        assert {e["expert"] for e in move["experts"]} == {"new/cy", "new/dee"}
        assert {q["question"] for q in move["questions"]} == {"deceptive", "guard"}


def test_every_part_has_an_error(document):
    for entry in (*document["moves"][0]["experts"], *document["moves"][0]["questions"], *document["moves"][0]["cells"]):
        assert entry["error"] > 0
    assert document["moves"][0]["error"] > 0


def test_what_was_said_stands_beside_what_was_implied(document):
    (answer,) = [a for a in document["answers"] if (a["expert"], a["question"]) == ("new/cy", "deceptive")]
    assert (answer["before"], answer["after"], answer["scale"]) == (None, "40%", "probability")
    assert 0 < answer["implied_before"] < answer["implied_after"] < 0.4


def test_sentences_name_who_and_by_how_much(document):
    who, why, doubt = document["sentences"]
    leader = max(document["moves"][0]["experts"], key=lambda e: abs(e["part"]))
    assert leader["label"] in who
    assert f"{100 * leader['part']:+.2f}" in who
    assert "deceptive" in who
    assert "'40%'" in why
    assert doubt.startswith("Doubt")


def test_the_document_is_json_and_names_surveys(document):
    again = json.loads(json.dumps(document, allow_nan=False))
    assert again["surveys"] == {"added": ["new"], "removed": [], "replaced": []}
    assert again["overlap"]["trusted"]
    assert len(again["parameters"]) == 8
    shifts = [abs(p["shift"]) for p in again["parameters"]]
    assert shifts == sorted(shifts, reverse=True)


def test_nothing_new_is_said_in_words(before):
    same = comparison_document(compare_sides(before, before))
    assert same["moves"][0]["by_expert"] == {SHARING: 0.0, REMAINDER: 0.0}
    assert same["sentences"][0].startswith("Nobody moved anything")


def test_posteriors_that_hardly_overlap_are_doubted(document):
    far = {**document, "overlap": {**document["overlap"], "trusted": False}}
    assert "hardly overlap" in sentences(far)[2]
    assert "hardly overlap" not in sentences(document)[2]


@pytest.mark.parametrize("move", range(len(HEADLINE)))
def test_the_figure_shows_every_part_and_repeats(document, move):
    drawn = svg(draw(document, move))
    assert drawn == svg(draw(document, move))
    for label in ("deceptive", "guard", "Monte Carlo, settings", "By expert", "By question"):
        assert label in drawn
    assert f"{100 * document['moves'][move]['experts'][0]['part']:+.2f}" in alt_text(document, move)


def test_a_figure_of_many_experts_gathers_the_small(document):
    first = document["moves"][0]
    crowd = [{**first["experts"][0], "label": f"expert {i}", "part": 0.001 * (i - 15)} for i in range(30)]
    drawn = svg(draw({**document, "moves": [{**first, "experts": crowd}]}))
    assert "22 others" in drawn


def test_titles_go_by_meaning():
    assert title(HEADLINE[0]) == "The system is deceptive"
    assert title(HEADLINE[1]) != HEADLINE[1]
    assert title("P(governance=strong)") == "P(governance=strong)"


class Made:
    """What a run's summary and provenance say."""

    def __init__(self, name, mean, **provenance):
        self.name, self.provenance = name, provenance
        self.summary = {"headline": [{"query": HEADLINE[0], "posterior": {"mean": mean, "low": 0.0, "high": 1.0}}]}


def test_without_answers_the_means_still_stand():
    made = means_document(Made("a", 0.1, seed=1), Made("b", 0.3, seed=2, versions={"x": "1"}), ["gone"])
    (move,) = made["moves"]
    assert move["by_expert"] == {UNREADABLE: pytest.approx(0.2)}
    assert {s["name"] for s in made["settings"]} == {"seed", "versions.x"}
    assert "gone" in made["sentences"]
