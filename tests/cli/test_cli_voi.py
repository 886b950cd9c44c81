import numpy as np
import pytest
import xarray as xr

from precursor.analysis import camps
from precursor.analysis.disagreement import concessions
from precursor.inference.ask import query
from precursor.inference.runs.run import POSTERIOR
from tests.cli.made_runs import make_run

TARGET = "P(model_outcome=deceptive | prosaic_paradigm=yes, tai_by_2100=yes, do(train_deploy_regime=frozen))"
MORE = """
[[question]]
id = "guard"
wording = "How far is a schemer still corrected?"
query = "parameter(guard)"
forms = ["point"]

[[question]]
id = "extinct"
wording = "How probable is extinction?"
query = "P(human_extinction=yes)"
forms = ["point"]

[[question]]
id = "extinct_again"
wording = "How probable is it that humanity dies out?"
query = "P(human_extinction=yes)"
forms = ["point"]
"""


@pytest.fixture
def run(root, monkeypatch):
    monkeypatch.setattr(camps, "PRIOR_DRAWS", 4000)
    monkeypatch.setattr(camps, "DRAWS", 200)
    monkeypatch.setattr(concessions, "MOST_EXHAUSTIVE", 6)
    (root / "data" / "questions" / "b.toml").write_text(MORE)
    (root / "data" / "indicators" / "a.toml").write_text(
        '[[indicator]]\nid = "smoke"\nwording = "Smoke."\nabout = "model_outcome=deceptive"\nsource = "us"\n'
        '[[indicator]]\nid = "shots"\nwording = "Shots."\nabout = "human_extinction=yes"\n'
        '[[indicator]]\nid = "test"\nwording = "Test."\nabout = "model_outcome=deceptive"\ndependence_group = "lab"\n'
        '[[indicator]]\nid = "again"\nwording = "Again."\nabout = "model_outcome=deceptive"\n'
        'dependence_group = "lab"\n'
    )
    folder = make_run(root, draws=60, indicators=FITTED)
    add_judgements(folder)
    return folder


FITTED = {
    "smoke": "model_outcome=deceptive",
    "finding_lab": "model_outcome=deceptive",
    "test": "finding_lab=yes",
}


def add_judgements(folder):
    """Write the bottom lines of two camps into the run."""
    tree = xr.open_datatree(folder / POSTERIOR, engine="h5netcdf").load()
    stated = np.array([0.001, 0.004, 0.002, 0.08, 0.2, 0.1])
    tree["judgements"] = xr.Dataset(
        {
            "camp": ("judgement", ["skeptical"] * 3 + ["concerned"] * 3),
            "query": ("judgement", ["P(human_extinction=yes)"] * 6),
            "stated": ("judgement", stated),
        }
    )
    tree.close()
    (folder / POSTERIOR).unlink()
    tree.to_netcdf(folder / POSTERIOR, engine="h5netcdf")


@pytest.mark.usefixtures("run")
def test_indicators_questions_and_experiments(precursor):
    words = ("voi", "made", "--query", TARGET, "--experts", "4", "--questions", "2")
    status, document, _ = precursor(*words, "--json")
    assert status == 0
    assert [camp["name"] for camp in document["camps"]] == ["skeptical", "concerned"]
    (indicators,) = document["indicators"]
    assert {row["indicator"] for row in indicators["rows"]} == {"smoke", "shots", "test", "again"}
    for row in indicators["rows"]:
        found = row["predictive"]
        back = found["p_c"] * found["p_u_given_c"] + (1 - found["p_c"]) * found["p_u_given_not_c"]
        assert back == pytest.approx(found["p_u"])
        assert found["bits"] >= 0
    questions = document["questions"]
    (asked,) = questions["targets"]
    rows = {row["question"]: row for row in asked["rows"]}
    assert rows["extinct"]["same"] == ["extinct_again"]
    assert "extinct_again" not in rows
    assert rows["deceptive"]["panel"] > rows["deceptive"]["one_expert"] > 0
    assert questions["experts"] == 4
    assert len(asked["next"]) == 2 or rows["deceptive"]["restated"]
    together = questions["together"]
    assert TARGET in together["removed"]
    assert not {"deceptive"} & {step["question"] for step in together["next"]} or not rows["deceptive"]["restated"]
    # An experiment: beliefs after both findings average to the belief before, at any relevance.
    experiment, test, again = (one for one in document["evidence"])
    assert (experiment["indicator"], experiment["fitted"], experiment["wording"]) == ("smoke", True, "Smoke.")
    (effects,) = experiment["targets"].values()
    for row in effects["by_relevance"]:
        ends = sorted([row["observed"]["mean"], row["not_observed"]["mean"]])
        assert ends[0] <= effects["before"] <= ends[1]
    assert (experiment["finding"], effects["relevance"]) == (None, None)
    assert effects["judged"]["observed"] == pytest.approx(effects["by_relevance"][-1]["observed"])
    assert (test["finding"], again["finding"], again["fitted"]) == ("finding_lab", "finding_lab", False)
    assert 0 < test["targets"][effects_of(test)]["relevance"]["median"] < 1
    out = precursor(*words)[1]
    assert max(map(len, out.splitlines())) <= 80


def effects_of(row):
    (target,) = row["targets"]
    return target


def test_an_experiment_moves_what_the_network_says(precursor, run):
    """Over the draws, weighted by how likely each made what was seen: sums of joint over sums of marginal."""
    _, document, _ = precursor("voi", "made", "--query", TARGET, "--experts", "4", "--questions", "2", "--json")
    (row,) = (one for one in document["evidence"] if one["indicator"] == "test")
    effects = row["targets"][effects_of(row)]
    events, given = TARGET.removeprefix("P(").removesuffix(")").split(" | ")
    asked = [f"P({events}, test=yes | {given})", f"P(test=yes | {given})", "LR(test=yes : model_outcome=deceptive)"]
    both, seen, ratio = (values.values for values in query(asked, run=run, root=run.parents[1]))
    assert effects["judged"]["observed"]["mean"] == pytest.approx(both.sum() / seen.sum())
    assert effects["likelihood_ratio"]["median"] == pytest.approx(np.median(ratio))


@pytest.mark.slow
@pytest.mark.usefixtures("run")
def test_the_camps_can_be_compared(precursor):
    words = ("scenario", "diff", "camp:skeptical:made", "camp:concerned:made", "--query", "P(human_extinction=yes)")
    status, document, _ = precursor(*words, "--json")
    assert status == 0
    (found,) = document["differences"]
    assert found["a"]["log_odds"] == pytest.approx(np.log(0.002 / 0.998), abs=0.6)
    assert sum(row["share"] for row in found["groups"]) == pytest.approx(found["gap"])
    assert found["groups"][0]["group"] == "downstream"


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(
    "words",
    [
        ["made", "--experts", "0"],
        ["made", "--questions", "-1"],
        ["made", "--query", "parameter(guard)"],
        ["made", "--query", "P(model_outcome)"],
        ["nowhere"],
    ],
)
def test_bad_input(precursor, words):
    status, document, _ = precursor("voi", *words, "--json")
    assert status == 2
    assert document["errors"]


@pytest.mark.usefixtures("run")
def test_a_camp_that_is_not_there(precursor):
    words = ("scenario", "diff", "camp:hopeful:made", "argument", "--query", "P(human_extinction=yes)", "--json")
    status, document, _ = precursor(*words)
    assert status == 2
    assert "skeptical" in document["errors"][0]["allowed"]
